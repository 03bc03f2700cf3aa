/**
 * The lines of a run by how long they are out of sync, in the same buckets as the measures. Never decides the buckets: see
 * core/measure.
 */
import { AGES } from '../../core/measure/line-measures.ts';
import type { CodedTexts, LineColumns } from './line-columns.ts';

const known = new WeakMap<LineColumns, CodedTexts>();

/** The bucket of each line, as if it were a column; '' where the run does not say since when. */
export function ageTexts(columns: LineColumns): CodedTexts {
  const made = known.get(columns) ?? makeAges(columns);
  known.set(columns, made);
  return made;
}

function makeAges({ numbers, count }: LineColumns): CodedTexts {
  const days = numbers.days_out_of_sync;
  const codes = new Uint8Array(count);
  // NaN is within no bucket, and so gets the first place, which is ''.
  for (let index = 0; index < count; index++)
    codes[index] = AGES.findIndex(([, last]) => (days[index] as number) <= last) + 1;
  return { values: ['', ...AGES.map(([name]) => name)], codes };
}

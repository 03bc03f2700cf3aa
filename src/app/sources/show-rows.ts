/** Reads the first rows of a file as its settings say, as they stand there and as they are understood. Never reads it to its end. */
import type { Configuration } from '../../contract/configuration.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { OpenedSource } from '../../ingest/open-source.ts';
import { type JudgedRow, type JudgedSource, judgeRows } from '../judge-rows.ts';

export interface ShownRows {
  readonly rows: readonly JudgedRow[];
  readonly rejections: readonly JudgedRow[];
  /** Of the rows that were looked at. */
  readonly counts: Readonly<Record<'rows' | 'accepted' | 'excluded' | 'rejected', number>>;
}

/** What is wrong where nothing can be shown. */
export interface ShownProblem {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

const SHOWN_MAX = 20;
/** Rows that are judged: more say no more. */
const JUDGED_MAX = 5_000;

export const NO_ROWS: ShownRows = {
  rows: [],
  rejections: [],
  counts: { rows: 0, accepted: 0, excluded: 0, rejected: 0 },
};

/** The first rows of a source, each raw, parsed and judged, in the order of the file; counts are of those rows alone. */
export async function showRows(
  opened: OpenedSource,
  source: JudgedSource,
  frame: { readonly configuration: Configuration; readonly plan: Plan; readonly work: string },
): Promise<ShownRows> {
  const counts = { rows: 0, accepted: 0, excluded: 0, rejected: 0 };
  const rows: JudgedRow[] = [];
  const rejections: JudgedRow[] = [];
  for await (const batch of judgeRows(opened, source, frame.configuration, frame.plan, frame.work)) {
    for (const row of batch.slice(0, JUDGED_MAX - counts.rows)) {
      counts.rows++;
      counts[row.outcome]++;
      if (rows.length < SHOWN_MAX) rows.push(row);
      if (row.outcome === 'rejected' && rejections.length < SHOWN_MAX) rejections.push(row);
    }
    if (counts.rows >= JUDGED_MAX) break;
  }
  return { rows, rejections, counts };
}

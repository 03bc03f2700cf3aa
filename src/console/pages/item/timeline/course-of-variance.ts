/**
 * How the variance of one category moved from document to document, and since when it is there.
 * Decides the onset; never a cause.
 */
import type { CategoryUnits, ItemPlace, ItemTimeline, TimelineRow } from '../../../../contract/item-view.ts';
import { isNothing, sumOf } from '../exact-sums.ts';

/** One document that moved the variance. `index`: of its row in the timeline. */
export interface CourseStep {
  readonly index: number;
  readonly at: string;
  readonly document: string;
  readonly effect: string;
  readonly after: string;
}

/** `is`: the variance was there before the first row, a document began it, or nothing tells. */
export type Onset =
  | { readonly is: 'before' }
  | { readonly is: 'document'; readonly step: CourseStep }
  | { readonly is: 'unknown' };

export interface Course {
  readonly before: string;
  readonly steps: readonly CourseStep[];
  readonly moved: string;
  readonly unaccounted: string;
  readonly end: string;
  readonly onset: Onset;
}

/** Each document counts where its first row was made. undefined where a ledger is missing: then no sum can be told. */
export function courseOf({ given, ...timeline }: ItemTimeline, category: string): Course | undefined {
  if (!given.erp_ledger || !given.wms_ledger) return undefined;
  const before = unitsOf(timeline.before, category);
  const unaccounted = unitsOf(timeline.unaccounted, category);
  const steps: CourseStep[] = [];
  let running = before;
  let onset: Onset = isNothing(before) ? { is: 'unknown' } : { is: 'before' };
  timeline.rows.forEach(({ effects, at, document }, index) => {
    const effect = unitsOf(effects, category);
    if (isNothing(effect)) return;
    running = sumOf([running, effect]);
    const step = { index, at, document, effect, after: running };
    steps.push(step);
    if (isNothing(running)) onset = { is: 'unknown' };
    else if (onset.is === 'unknown') onset = { is: 'document', step };
  });
  const moved = sumOf(steps.map(({ effect }) => effect));
  const end = sumOf([running, unaccounted]);
  return { before, steps, moved, unaccounted, end, onset: isNothing(end) ? { is: 'unknown' } : onset };
}

function unitsOf(units: readonly CategoryUnits[], category: string): string {
  return sumOf(units.filter((each) => each.category === category).map(({ quantity }) => quantity));
}

/** Categories that are off or that anything moved, in the order of the place; all of it where there is none. */
export function movedCategories({ keys, timeline }: ItemPlace): string[] {
  const moved = new Set([
    ...[...timeline.before, ...timeline.unaccounted, ...timeline.rows.flatMap(({ effects }) => effects)].map(
      ({ category }) => category,
    ),
    ...keys.filter(({ variance_quantity }) => !isNothing(variance_quantity)).map(({ category }) => category),
  ]);
  const named = keys.map(({ category }) => category).filter((category) => moved.has(category));
  return named.length > 0 ? named : keys.map(({ category }) => category);
}

/** What stands in the list: a document, or several in a row that agree. */
export type ListEntry =
  | { readonly row: TimelineRow; readonly index: number }
  | { readonly agreeing: number; readonly from: string; readonly to: string; readonly index: number };

/** Rows between two moments; where only what differs is wanted, those that agree are counted between the others. */
export function listEntries(
  rows: readonly TimelineRow[],
  { from, to, isAll }: { readonly from: number; readonly to: number; readonly isAll: boolean },
): ListEntry[] {
  const entries: ListEntry[] = [];
  rows.forEach((row, index) => {
    const at = Date.parse(row.at);
    if (at < from || at > to) return;
    const last = entries.at(-1);
    if (isAll || row.state !== 'matched') entries.push({ row, index });
    else if (last !== undefined && 'agreeing' in last)
      entries[entries.length - 1] = { ...last, agreeing: last.agreeing + 1, to: row.at };
    else entries.push({ agreeing: 1, from: row.at, to: row.at, index });
  });
  return entries;
}

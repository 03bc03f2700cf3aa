/**
 * Decides which rows of a timeline are worth a line of their own, and adds up the others between them.
 * Never changes a row.
 */
import Big from 'big.js';
import type { TimelinePosting, TimelineRow } from '../contract/item-view.ts';

/** Rows one after the other that are not shown. `erp` and `wms` are the units that they booked before the cut-offs. */
export interface FoldedRows {
  readonly agreeing: number;
  readonly differing: number;
  readonly from: string;
  readonly to: string;
  readonly erp: string;
  readonly wms: string;
}

export type TimelineEntry = { readonly row: TimelineRow } | { readonly folded: FoldedRows };

/** Rows in their order: those that contributions name and the latest others that differ, `rowsMax` at most; the rest folded. */
export function foldTimeline(rows: readonly TimelineRow[], rowsMax: number): TimelineEntry[] {
  const notable = rows.filter(({ state }) => state !== 'matched');
  const named = notable.filter(({ state }) => state === 'named');
  const others = notable.filter(({ state }) => state !== 'named');
  const shown = new Set(
    [...named, ...others.slice(Math.max(0, others.length - Math.max(0, rowsMax - named.length)))].slice(0, rowsMax),
  );
  const entries: TimelineEntry[] = [];
  let pending: TimelineRow[] = [];
  const fold = (): void => {
    if (pending.length > 0) entries.push({ folded: folded(pending) });
    pending = [];
  };
  for (const row of rows) {
    if (!shown.has(row)) {
      pending.push(row);
      continue;
    }
    fold();
    entries.push({ row });
  }
  fold();
  return entries;
}

function folded(rows: readonly TimelineRow[]): FoldedRows {
  const agreeing = rows.filter(({ state }) => state === 'matched').length;
  return {
    agreeing,
    differing: rows.length - agreeing,
    from: rows[0]?.at ?? '',
    to: rows.at(-1)?.at ?? '',
    erp: sum(rows.flatMap(({ erp }) => erp)),
    wms: sum(rows.flatMap(({ wms }) => wms)),
  };
}

function sum(postings: readonly TimelinePosting[]): string {
  return postings
    .filter((posting) => !posting.after_cut_off)
    .reduce((total, { quantity }) => total.plus(quantity), Big(0))
    .toFixed();
}

/**
 * Decides which of several equal movements of the WMS belongs to which of several equal postings of the ERP: the pairs that
 * are the likeliest together, in the order of time. Never looks at what the entries are.
 */
import type { Entry } from './ledger-entry.ts';
import type { Habits } from './traits.ts';

/** A posting up to three days late is still likelier than a movement that was lost beside a posting without a cause. */
const LATE_MAX_MS = 3 * 86_400_000;
/** Clocks differ: a posting may stand this much before what the earliest ones do. */
const EARLY_SLACK_MS = 3_600_000;
const SPREAD_MIN_MS = 300_000;
const USUAL_SLACK_MS = 600_000;
/** −ln of how rarely a document has no twin: about 3 in 100 of what strong evidence has left open. */
const ALONE_COST = 3.5;
/** A pair that costs more is left apart. */
export const PAIR_COST_MAX = 2 * ALONE_COST;
/** How far pairs may lie off the diagonal beyond what the lengths of both lists ask for. */
const BAND = 60;
/** Bounds time and memory for items with very many equal movements. */
const CELLS_MAX = 4_000_000;

/** How much later the ERP posts than the WMS, and how unusual a given delay is. */
export class DelayScale {
  readonly median: number;
  readonly earliest: number;
  readonly latest: number;
  private readonly spread: number;

  constructor(delay: Habits['delay'], lagMs: number) {
    this.median = delay?.median ?? 0;
    this.spread = Math.max(SPREAD_MIN_MS, ((delay?.high ?? lagMs) - (delay?.low ?? 0)) / 2);
    this.earliest = (delay?.low ?? 0) - EARLY_SLACK_MS;
    this.latest = (delay?.high ?? lagMs) + LATE_MAX_MS;
  }

  /** How far from the median a delay is still nothing special. */
  get usualMs(): number {
    return 2 * this.spread + USUAL_SLACK_MS;
  }

  /** 0 for the usual delay; Infinity where two entries cannot be the same event. */
  costOf(wms: Entry, erp: Entry): number {
    const delay = erp.at - wms.at;
    if (delay < this.earliest || delay > this.latest) return Number.POSITIVE_INFINITY;
    return Math.log1p(Math.abs(delay - this.median) / this.spread);
  }
}

export type Pair = readonly [wms: Entry, erp: Entry];

/**
 * Pairs of entries that are all alike, the cheapest together: each entry is paired or stays alone, and pairs do not cross.
 * Both lists are in the order of time. `costOf` may refuse a pair with Infinity.
 */
export function alignInTime(
  wms: readonly Entry[],
  erp: readonly Entry[],
  costOf: (wms: Entry, erp: Entry) => number,
): Pair[] {
  if (wms.length === 0 || erp.length === 0) return [];
  if (wms.length === 1 && erp.length === 1) {
    const [[event], [posting]] = [wms, erp] as [[Entry], [Entry]];
    return costOf(event, posting) < PAIR_COST_MAX ? [[event, posting]] : [];
  }
  const pairs = new Alignment(wms, erp, costOf).pairs();
  if (pairs.length === 0) return [];
  // What was held back and came late crosses the others.
  const paired = new Set(pairs.flat());
  const isLeft = (entry: Entry): boolean => !paired.has(entry);
  return [...pairs, ...alignInTime(wms.filter(isLeft), erp.filter(isLeft), costOf)];
}

const PAIR = 0;
const SKIP_WMS = 1;
const SKIP_ERP = 2;

/** Dynamic programming over a band around the diagonal: row i is the WMS, column j the ERP, each cell the cost so far. */
class Alignment {
  private readonly wms: readonly Entry[];
  private readonly erp: readonly Entry[];
  private readonly costOf: (wms: Entry, erp: Entry) => number;
  private readonly half: number;
  private readonly width: number;
  private readonly steps: Uint8Array;

  constructor(wms: readonly Entry[], erp: readonly Entry[], costOf: (wms: Entry, erp: Entry) => number) {
    this.wms = wms;
    this.erp = erp;
    this.costOf = costOf;
    this.half = Math.min(erp.length, Math.abs(wms.length - erp.length) + BAND, Math.ceil(CELLS_MAX / wms.length));
    this.width = 2 * this.half + 1;
    this.steps = new Uint8Array((wms.length + 1) * this.width);
  }

  /** The column in which a row's band begins; may be below 0. */
  private firstColumn(row: number): number {
    return Math.round((row * this.erp.length) / this.wms.length) - this.half;
  }

  private fill(): void {
    const { width, steps } = this;
    let above = new Float64Array(width);
    let current = new Float64Array(width);
    let aboveFirst = 0;
    for (let row = 0; row <= this.wms.length; row++) {
      const first = this.firstColumn(row);
      for (let at = 0; at < width; at++) {
        const column = first + at;
        current[at] = Number.POSITIVE_INFINITY;
        if (column < 0 || column > this.erp.length) continue;
        if (row === 0 && column === 0) current[at] = 0;
        const over = column - aboveFirst;
        const skipWms = row === 0 ? Number.POSITIVE_INFINITY : (above[over] ?? Number.POSITIVE_INFINITY) + ALONE_COST;
        const skipErp = at === 0 ? Number.POSITIVE_INFINITY : (current[at - 1] as number) + ALONE_COST;
        const before = row === 0 || column === 0 ? undefined : above[over - 1];
        const pair =
          before === undefined || before === Number.POSITIVE_INFINITY
            ? Number.POSITIVE_INFINITY
            : before + this.costOf(this.wms[row - 1] as Entry, this.erp[column - 1] as Entry);
        const best = Math.min(pair, skipWms, skipErp);
        if (best === Number.POSITIVE_INFINITY) continue;
        current[at] = best;
        steps[row * width + at] = best === pair ? PAIR : best === skipWms ? SKIP_WMS : SKIP_ERP;
      }
      [above, current] = [current, above];
      aboveFirst = first;
    }
  }

  pairs(): Pair[] {
    this.fill();
    const pairs: Pair[] = [];
    for (let row = this.wms.length, column = this.erp.length; row > 0 && column > 0; ) {
      const step = this.steps[row * this.width + column - this.firstColumn(row)];
      if (step === PAIR) pairs.push([this.wms[row - 1] as Entry, this.erp[column - 1] as Entry]);
      if (step !== SKIP_ERP) row--;
      if (step !== SKIP_WMS) column--;
    }
    return pairs.reverse();
  }
}

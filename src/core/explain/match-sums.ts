/**
 * Decides which movements one posting adds up: an hourly summary, or one movement that was posted in parts.
 * Never adds up entries of different keys or signs, and never more than lie together in time.
 */
import { append } from '../compare/ledger-evidence.ts';
import { type DelayScale, PAIR_COST_MAX } from './align-in-time.ts';
import type { ItemCase } from './item-case.ts';
import { claim, type Entry, isBalanced, isOpen, type Part } from './ledger-entry.ts';
import type { EvidenceGrade } from './priors.ts';

const HOUR_MS = 3_600_000;
/** Where summaries are no habit, only a few movements that lie close together are taken for the parts of one. */
const PARTS_MAX = 4;
const PARTS_WITHIN_MS = 2 * HOUR_MS;
/** Movements of one summary lie within this time. */
const SUMMARY_WITHIN_MS = 26 * HOUR_MS;

/** Units of an entry, whatever their sign: all legs of a move have as many. */
function sizeOf({ parts }: Entry): number {
  return Math.abs((parts[0] as Part).quantity);
}

/** Entries of one kind raise and lower the same keys, so that they can be added up. */
export function kindOf({ parts }: Entry): string {
  return parts.map(({ key, quantity }) => `${key}${quantity > 0 ? '+' : '-'}`).join(' ');
}

/** Within one document: each posting with the movements that add up to it, and the other way round. */
export function sumMatches(wms: readonly Entry[], erp: readonly Entry[], grade: EvidenceGrade): void {
  for (const posting of erp) {
    const found = isOpen(posting) ? findSubset(wms, posting) : undefined;
    if (found !== undefined && isBalanced(found, [posting])) claim(found, [posting], grade);
  }
  for (const event of wms) {
    const found = isOpen(event) ? findSubset(erp, event) : undefined;
    if (found !== undefined && isBalanced([event], found)) claim([event], found, grade);
  }
}

const SUBSET_OF_MAX = 12;

/** Two or more open entries that add up to a whole one, as many as possible; undefined where none do, or too many are to be tried. */
function findSubset(entries: readonly Entry[], whole: Entry): readonly Entry[] | undefined {
  const kind = kindOf(whole);
  const size = sizeOf(whole);
  const free = entries.filter((entry) => isOpen(entry) && kindOf(entry) === kind && sizeOf(entry) < size);
  if (free.length < 2 || free.length > SUBSET_OF_MAX) return undefined;
  for (let mask = (1 << free.length) - 1; mask > 2; mask--) {
    let sum = 0;
    for (let at = 0; at < free.length; at++) if (mask & (1 << at)) sum += sizeOf(free[at] as Entry);
    if (sum === size) return free.filter((_, at) => mask & (1 << at));
  }
  return undefined;
}

/** Without documents: postings with runs of movements before them, then movements with runs of postings behind them. */
export function matchSums(item: ItemCase, scale: DelayScale): void {
  const limits = { withinMs: PARTS_WITHIN_MS, partsMax: PARTS_MAX };
  const wms = byKind(item.wms);
  for (const posting of item.erp) {
    if (!isOpen(posting)) continue;
    const latest = posting.at - scale.earliest;
    const near = (wms.get(kindOf(posting)) ?? []).filter(
      (entry) => isOpen(entry) && entry.at <= latest && entry.at >= latest - PARTS_WITHIN_MS - HOUR_MS,
    );
    const run =
      findRun(near, posting, limits) ?? (item.traits.habits.postsSummaries ? findSubset(near, posting) : undefined);
    if (run?.some((entry) => !entry.isTied || !posting.isTied) && isBalanced(run, [posting]))
      claim(run, [posting], 'time');
  }
  const erp = byKind(item.erp);
  for (const event of item.wms) {
    if (!isOpen(event)) continue;
    const earliest = event.at + scale.earliest;
    const near = (erp.get(kindOf(event)) ?? []).filter(
      (entry) =>
        isOpen(entry) &&
        entry.at >= earliest &&
        entry.at <= event.at + Math.max(PARTS_WITHIN_MS, scale.median + HOUR_MS),
    );
    const run = findRun(near, event, limits);
    if (run?.some((entry) => !entry.isTied || !event.isTied) && isBalanced([event], run)) claim([event], run, 'time');
  }
}

function byKind(entries: readonly Entry[]): Map<string, Entry[]> {
  const kinds = new Map<string, Entry[]>();
  for (const entry of entries) if (isOpen(entry)) append(kinds, kindOf(entry), entry);
  return kinds;
}

interface RunLimits {
  readonly withinMs: number;
  readonly partsMax: number;
}

/** The latest run of neighbours in time that adds up to a whole one: all have one sign, so two ends that move on find it. */
function findRun(
  free: readonly Entry[],
  whole: Entry,
  { withinMs, partsMax }: RunLimits,
): readonly Entry[] | undefined {
  const size = sizeOf(whole);
  let sum = 0;
  let first = free.length;
  for (let last = free.length - 1; last > 0; last--) {
    while (first > 0 && sum < size) sum += sizeOf(free[--first] as Entry);
    const length = last - first + 1;
    const isWithin = (free[last] as Entry).at - (free[first] as Entry).at <= withinMs;
    if (sum === size && length > 1 && length <= partsMax && isWithin) return free.slice(first, last + 1);
    sum -= sizeOf(free[last] as Entry);
  }
  return undefined;
}

/**
 * Where postings are summaries: each posting with a run of one or more movements right before it, the cheapest together. Rows are
 * postings, columns movements, both in the order of time.
 */
export function matchSummaries(item: ItemCase, scale: DelayScale): void {
  const erp = byKind(item.erp);
  for (const [kind, wms] of byKind(item.wms)) {
    const postings = erp.get(kind);
    if (postings === undefined || wms.length * postings.length > SUMMARY_CELLS_MAX) continue;
    for (const [run, posting] of alignRuns(wms, postings, scale)) {
      const isLike = run.every((event) => item.isOneKind(event.first.type, posting.first.type));
      if (isLike && isBalanced(run, [posting])) claim(run, [posting], 'time');
    }
  }
}

const SUMMARY_CELLS_MAX = 2_000_000;

function alignRuns(wms: readonly Entry[], erp: readonly Entry[], scale: DelayScale): [Entry[], Entry][] {
  const width = wms.length + 1;
  const sums = [0];
  const columnOf = new Map([[0, 0]]);
  for (const [at, event] of wms.entries()) {
    sums.push((sums[at] as number) + sizeOf(event));
    columnOf.set(sums[at + 1] as number, at + 1);
  }
  const costs = new Float64Array(width * (erp.length + 1));
  // How many movements a posting takes: 0 where it stays alone, −1 where the last movement does.
  const takes = new Int32Array(costs.length);
  for (let at = 1; at < costs.length; at++) {
    const [row, column] = [Math.floor(at / width), at % width];
    const skipErp = row === 0 ? Number.POSITIVE_INFINITY : (costs[at - width] as number) + PAIR_COST_MAX / 2;
    const skipWms = column === 0 ? Number.POSITIVE_INFINITY : (costs[at - 1] as number) + PAIR_COST_MAX / 2;
    costs[at] = Math.min(skipErp, skipWms);
    takes[at] = skipErp <= skipWms ? 0 : -1;
    if (row === 0 || column === 0) continue;
    const posting = erp[row - 1] as Entry;
    const from = columnOf.get((sums[column] as number) - sizeOf(posting));
    if (from === undefined || from >= column) continue;
    const [first, last] = [wms[from] as Entry, wms[column - 1] as Entry];
    if (last.at - first.at > SUMMARY_WITHIN_MS) continue;
    const cost =
      (costs[(row - 1) * width + from] as number) + Math.max(scale.costOf(first, posting), scale.costOf(last, posting));
    if (cost > (costs[at] as number)) continue;
    costs[at] = cost;
    takes[at] = column - from;
  }
  const found: [Entry[], Entry][] = [];
  for (let row = erp.length, column = wms.length; row > 0 && column > 0; ) {
    const taken = takes[row * width + column] as number;
    if (taken > 0) found.push([wms.slice(column - taken, column), erp[row - 1] as Entry]);
    if (taken >= 0) row--;
    column -= Math.abs(taken);
  }
  return found;
}

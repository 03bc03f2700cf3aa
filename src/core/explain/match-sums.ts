/**
 * Decides which movements one posting adds up: an hourly summary, or one movement that was posted in parts.
 * Never adds up entries of different keys or signs, and never more than lie together in time.
 */
import type { DelayScale } from './align-in-time.ts';
import type { ItemCase } from './item-case.ts';
import { claim, type Entry, isOpen, type Part } from './ledger-entry.ts';
import type { EvidenceGrade } from './priors.ts';

const HOUR_MS = 3_600_000;
/** Where summaries are no habit, only a few movements that lie close together are taken for the parts of one. */
const PARTS_MAX = 4;
const PARTS_WITHIN_MS = 2 * HOUR_MS;
const SUMMARY_WITHIN_MS = 26 * HOUR_MS;

const isSingle = ({ parts }: Entry): boolean => parts.length === 1;
const partOf = ({ parts }: Entry): Part => parts[0] as Part;

/** Within one document: each posting with the movements that add up to it, and the other way round. */
export function sumMatches(wms: readonly Entry[], erp: readonly Entry[], grade: EvidenceGrade): void {
  for (const posting of erp) {
    if (!isSingle(posting) || !isOpen(posting)) continue;
    const found = findSubset(
      wms.filter((entry) => isOpen(entry) && isLike(entry, posting)),
      partOf(posting).quantity,
    );
    if (found !== undefined) claim(found, [posting], grade);
  }
  for (const event of wms) {
    if (!isSingle(event) || !isOpen(event)) continue;
    const found = findSubset(
      erp.filter((entry) => isOpen(entry) && isLike(entry, event)),
      partOf(event).quantity,
    );
    if (found !== undefined) claim([event], found, grade);
  }
}

const SUBSET_OF_MAX = 12;

/** Two or more entries that add up to `quantity`; undefined where there are none or too many to look at. */
function findSubset(entries: readonly Entry[], quantity: number): readonly Entry[] | undefined {
  if (entries.length < 2 || entries.length > SUBSET_OF_MAX) return undefined;
  for (let mask = 3; mask < 1 << entries.length; mask++) {
    let sum = 0;
    for (let at = 0; at < entries.length; at++) if (mask & (1 << at)) sum += partOf(entries[at] as Entry).quantity;
    if (sum === quantity) {
      const found = entries.filter((_, at) => mask & (1 << at));
      if (found.length > 1) return found;
    }
  }
  return undefined;
}

/** Whether an entry can be a part of another one: of the same key and sign. */
function isLike(entry: Entry, whole: Entry): boolean {
  if (!isSingle(entry) || !isSingle(whole)) return false;
  const [part, all] = [partOf(entry), partOf(whole)];
  return part.key === all.key && part.quantity > 0 === all.quantity > 0;
}

/** Without documents: postings with runs of movements before them, then movements with runs of postings behind them. */
export function matchSums(item: ItemCase, scale: DelayScale): void {
  const { postsSummaries } = item.traits.habits;
  const limits: RunLimits = postsSummaries
    ? { withinMs: SUMMARY_WITHIN_MS, partsMax: Number.POSITIVE_INFINITY }
    : { withinMs: PARTS_WITHIN_MS, partsMax: PARTS_MAX };
  const wms = runsByKind(item.wms);
  for (const posting of item.erp) {
    if (!isOpen(posting) || !isSingle(posting)) continue;
    const latest = posting.at - scale.earliest;
    const run = findRun(
      wms.get(kindOf(posting)) ?? [],
      partOf(posting).quantity,
      limits,
      (entry) => entry.at <= latest && entry.at >= latest - limits.withinMs - HOUR_MS,
    );
    if (run !== undefined && run.some((entry) => !entry.isTied || !posting.isTied)) claim(run, [posting], 'time');
  }
  const erp = runsByKind(item.erp);
  for (const event of item.wms) {
    if (!isOpen(event) || !isSingle(event)) continue;
    const earliest = event.at + scale.earliest;
    const run = findRun(
      erp.get(kindOf(event)) ?? [],
      partOf(event).quantity,
      { withinMs: PARTS_WITHIN_MS, partsMax: PARTS_MAX },
      (entry) => entry.at >= earliest && entry.at <= event.at + Math.max(PARTS_WITHIN_MS, scale.median + HOUR_MS),
    );
    if (run !== undefined && run.some((entry) => !entry.isTied || !event.isTied)) claim([event], run, 'time');
  }
}

interface RunLimits {
  readonly withinMs: number;
  readonly partsMax: number;
}

function kindOf(entry: Entry): string {
  const { key, quantity } = partOf(entry);
  return `${key}${quantity > 0 ? '+' : '-'}`;
}

function runsByKind(entries: readonly Entry[]): Map<string, Entry[]> {
  const runs = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (!isOpen(entry) || !isSingle(entry)) continue;
    const kind = kindOf(entry);
    const run = runs.get(kind);
    if (run === undefined) runs.set(kind, [entry]);
    else run.push(entry);
  }
  return runs;
}

/** The latest run of neighbours in time that adds up to `quantity`: all have one sign, so two ends that move on find it. */
function findRun(
  entries: readonly Entry[],
  quantity: number,
  { withinMs, partsMax }: RunLimits,
  fits: (entry: Entry) => boolean,
): readonly Entry[] | undefined {
  const free = entries.filter((entry) => isOpen(entry) && fits(entry));
  const size = Math.abs(quantity);
  let sum = 0;
  let first = free.length;
  for (let last = free.length - 1; last > 0; last--) {
    while (first > 0 && sum < size) sum += Math.abs(partOf(free[--first] as Entry).quantity);
    const length = last - first + 1;
    const isWithin = (free[last] as Entry).at - (free[first] as Entry).at <= withinMs;
    if (sum === size && length > 1 && length <= partsMax && isWithin) return free.slice(first, last + 1);
    sum -= Math.abs(partOf(free[last] as Entry).quantity);
  }
  return undefined;
}

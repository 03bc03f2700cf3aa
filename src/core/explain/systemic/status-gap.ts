/**
 * Decides whether the units of a native stock status are missing from one side, or stand in the wrong category, on most keys
 * that hold it: then the map or an extract is wrong, and nothing has happened in the warehouse.
 * Never takes stock for such a gap of which only the posting is missing.
 */
import { append, CLOCK_SLACK_MS } from '../../compare/ledger-evidence.ts';
import { type Role, UNMAPPED } from '../../model/balance.ts';
import type { Posting, StatusBalance } from '../evidence.ts';
import { SUPPORT_MIN } from './support.ts';

/** Share of the keys holding the status whose variance must be its units: "on most keys". */
const FIT_SHARE_MIN = 0.6;
/** How many times more often than by chance. */
const LIFT_MIN = 10;
/** Statuses that one extract leaves out together; more than three are looked at one after the other. */
const TOGETHER_MAX = 3;
/** Statuses of a category that are looked at, those first that most keys out of sync hold. */
const SUSPECTS_MAX = 10;
/** Faults of their own may hide the second category of some keys. */
const TELLING_SHARE = 0.8;
/** Without a common reference, a posting this much later is no twin. */
const TWIN_WINDOW_MS = 12 * 3_600_000;

/** One site, item, owner and lot. */
export interface SampledStock {
  /** Net variance by category, less what gaps found before have explained; of each category that is compared. */
  readonly variances: Map<number, number>;
  /** Units by native status in the snapshots, by category, UNMAPPED among them. */
  readonly held: ReadonlyMap<number, readonly StatusBalance[]>;
  /** The same by what the ledgers say, of statuses that the snapshot of the side holds nowhere. */
  readonly unlisted: ReadonlyMap<number, readonly StatusBalance[]>;
  /** Postings of the item at the site, in both ledgers and all categories. */
  readonly postings: readonly Posting[];
}

/** One way to read statuses: whose they are, and where their units belong. */
interface Reading {
  readonly statuses: readonly string[];
  readonly heldBy: Role;
  /** The side's own snapshot leaves them out; only its ledger knows them. */
  readonly isUnlisted: boolean;
  /** Category that the map gives them; UNMAPPED: none. */
  readonly from: number;
  /** Category in which the other side has them; undefined: the same, and the other side or the snapshot leaves them out. */
  readonly to: number | undefined;
}

export interface StatusGap extends Reading {
  readonly holding: number;
  readonly fitting: number;
}

/** The gaps of one side's statuses, the widest first; each takes its units off the variances before the next is looked for. */
export function findStatusGaps(heldBy: Role, stocks: readonly SampledStock[], categories: number): StatusGap[] {
  const gaps: StatusGap[] = [];
  for (;;) {
    const taken = new Set(gaps.flatMap(({ statuses }) => statuses));
    const outOfSync = stocks.filter(({ variances }) => [...variances.values()].some((variance) => variance !== 0));
    const judged = readingsOf(heldBy, outOfSync, categories, taken).flatMap(
      (reading) => judge(reading, stocks, outOfSync) ?? [],
    );
    const [best] = judged
      .filter((gap) => !judged.some((other) => isMoreTelling(other, gap)))
      .sort((a, b) => b.fitting - a.fitting || a.statuses.length - b.statuses.length || a.holding - b.holding);
    if (best === undefined) return gaps;
    gaps.push(best);
    for (const stock of stocks)
      for (const [category, units] of effectsOf(best, stock))
        stock.variances.set(category, (stock.variances.get(category) ?? 0) - units);
  }
}

/** Units missing in one category and too many in another are missing nowhere, though each category alone looks like it. */
function isMoreTelling(other: StatusGap, gap: StatusGap): boolean {
  return (
    gap.to === undefined &&
    other.to !== undefined &&
    other.from === gap.from &&
    other.fitting >= TELLING_SHARE * gap.fitting &&
    other.statuses.join() === gap.statuses.join()
  );
}

function readingsOf(
  heldBy: Role,
  outOfSync: readonly SampledStock[],
  categories: number,
  taken: ReadonlySet<string>,
): Reading[] {
  return [false, true].flatMap((isUnlisted) =>
    [...suspectsOf(heldBy, isUnlisted, outOfSync, taken)].flatMap(([from, suspects]) =>
      subsetsOf(suspects).flatMap((statuses) =>
        destinationsOf(from, isUnlisted, categories).map((to) => ({ statuses, heldBy, isUnlisted, from, to })),
      ),
    ),
  );
}

/** By category, the statuses that most keys out of sync hold. */
function suspectsOf(
  heldBy: Role,
  isUnlisted: boolean,
  stocks: readonly SampledStock[],
  taken: ReadonlySet<string>,
): Map<number, string[]> {
  const counts = new Map<number, Map<string, number>>();
  for (const stock of stocks)
    for (const [category, balances] of isUnlisted ? stock.unlisted : stock.held)
      for (const { role, status } of balances) {
        if (role !== heldBy || taken.has(status)) continue;
        const own = counts.get(category) ?? new Map<string, number>();
        counts.set(category, own.set(status, (own.get(status) ?? 0) + 1));
      }
  const mostFirst = (own: ReadonlyMap<string, number>): string[] =>
    [...own].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([status]) => status);
  return new Map([...counts].map(([category, own]) => [category, mostFirst(own).slice(0, SUSPECTS_MAX)]));
}

function subsetsOf(statuses: readonly string[]): string[][] {
  let all: string[][] = [[]];
  for (const status of statuses)
    all = [...all, ...all.filter(({ length }) => length < TOGETHER_MAX).map((subset) => [...subset, status])];
  return all.filter(({ length }) => length > 0);
}

function destinationsOf(from: number, isUnlisted: boolean, categories: number): (number | undefined)[] {
  if (isUnlisted) return [undefined];
  const others = Array.from({ length: categories }, (_, category) => category).filter((category) => category !== from);
  return from === UNMAPPED ? others : [...others, undefined];
}

function unitsOf({ statuses, heldBy, isUnlisted, from }: Reading, stock: SampledStock): number {
  const balances = (isUnlisted ? stock.unlisted : stock.held).get(from) ?? [];
  return balances.reduce(
    (sum, { role, status, quantity }) => (role === heldBy && statuses.includes(status) ? sum + quantity : sum),
    0,
  );
}

/** What the gap makes of the variances, by category, where the statuses hold so many units. */
function effectsOf(reading: Reading, stock: SampledStock, units = unitsOf(reading, stock)): [number, number][] {
  const { heldBy, isUnlisted, from, to } = reading;
  const signed = heldBy === 'wms' ? units : -units;
  if (isUnlisted) return [[from, -signed]];
  const effects: [number, number][] = from === UNMAPPED ? [] : [[from, signed]];
  return to === undefined ? effects : [...effects, [to, -signed]];
}

function fits(reading: Reading, stock: SampledStock, units?: number): boolean {
  return effectsOf(reading, stock, units).every(([category, effect]) => stock.variances.get(category) === effect);
}

function judge(
  reading: Reading,
  stocks: readonly SampledStock[],
  outOfSync: readonly SampledStock[],
): StatusGap | undefined {
  const fitting = outOfSync.filter((stock) => unitsOf(reading, stock) !== 0 && fits(reading, stock));
  if (fitting.length < SUPPORT_MIN) return undefined;
  const holders = stocks.filter((stock) => unitsOf(reading, stock) !== 0);
  if (fitting.length < FIT_SHARE_MIN * holders.length) return undefined;
  if (fitting.length < LIFT_MIN * holders.length * chanceOf(reading, stocks, holders)) return undefined;
  if (!reading.isUnlisted && isMissingPosting(reading, fitting)) return undefined;
  return { ...reading, holding: holders.length, fitting: fitting.length };
}

/**
 * How often a holder would fit by chance: the share of the other keys that are out of sync at all, times the share of holders
 * whose variance is what the next holder has.
 */
function chanceOf(reading: Reading, stocks: readonly SampledStock[], holders: readonly SampledStock[]): number {
  const category = reading.to ?? reading.from;
  const others = stocks.filter((stock) => unitsOf(reading, stock) === 0 && stock.variances.has(category));
  const outOfSync = others.filter(({ variances }) => variances.get(category) !== 0).length;
  const swapped = holders.filter((stock, index) =>
    fits(reading, stock, unitsOf(reading, holders[(index + 1) % holders.length] as SampledStock)),
  );
  return ((outOfSync + 1) / (others.length + 2)) * (swapped.length / holders.length);
}

/**
 * Whether the units of most keys came by movements that the other ledger does not hold. Then these are missing, and the map is
 * right: an interface that is down leaves all stock of a short-lived status on one side.
 */
function isMissingPosting(reading: Reading, fitting: readonly SampledStock[]): boolean {
  let missing = 0;
  for (const { postings } of fitting) {
    const arrivals = arrivalsOf(reading, postings);
    if (arrivals.length === 0) continue;
    const others = postings.filter(({ role }) => role !== reading.heldBy);
    const to = reading.to ?? reading.from;
    if (!arrivals.some((arrival) => others.some((other) => areTwins(arrival, other, to)))) missing++;
  }
  // Stock that was there at the opening, or came from within the category, lacks no posting: a few arrivals do not outvote it.
  return missing * 2 > fitting.length;
}

/** Movements that brought units into the statuses from outside of their category; those within it need no twin. */
function arrivalsOf({ statuses, heldBy, from }: Reading, postings: readonly Posting[]): readonly Posting[] {
  const byMovement = new Map<string, Posting[]>();
  for (const [index, posting] of postings.entries())
    if (posting.role === heldBy) append(byMovement, posting.movementId || `row ${index}`, posting);
  return [...byMovement.values()].flatMap((legs) => {
    const within = legs.filter(({ category }) => category === from);
    const isMoveWithin = within.reduce((sum, { quantity }) => sum + quantity, 0) === 0;
    return isMoveWithin ? [] : within.filter(({ status, quantity }) => statuses.includes(status) && quantity > 0);
  });
}

/**
 * Whether the other side booked the arrival: under the same reference, or soon after as many units or more into the category
 * that they belong to, as a summary of several documents would.
 */
function areTwins(arrival: Posting, other: Posting, to: number): boolean {
  if (arrival.reference !== '' && arrival.reference === other.reference) return true;
  const later = other.postedAt - arrival.postedAt;
  const isSoon = later >= -CLOCK_SLACK_MS && later <= TWIN_WINDOW_MS;
  return isSoon && other.category === to && other.quantity >= arrival.quantity;
}

/**
 * Decides which factor failing lines have in common more than any other: where most of what had it failed, and hardly anything
 * else did. Never takes fewer than eight documents, nor a factor that only many documents have.
 */
import { append } from '../../compare/ledger-evidence.ts';
import type { FactorCounts, Population } from './factor-counts.ts';
import { ATTRIBUTES, type Attribute, type Factor, type PopulationCounts, slotStart } from './population-counts.ts';
import { SUPPORT_MIN } from './support.ts';

const FAILING_SHARE_MIN = 0.25;
/** Of whole packs, half are told as pieces: those cannot fail. */
const FAILING_SHARE_OF_WHOLE_PACKS_MIN = 0.125;
const RISK_RATIO_MIN = 10;
/** A factor that says nearly as much as the best one with fewer attributes, or with one that people act on, is preferred. */
const NEARLY = 0.9;
/** Failing shares that a time range is searched for: an outage takes nearly all, a fault of some units a part. */
const RANGE_SHARES = [0.9, 0.4];
const USUAL_SHARE_MAX = 0.05;

/** One line of a document that failed, with what it had. */
export interface FailingLine {
  readonly document: string;
  readonly at: number | undefined;
  readonly attributes: Factor;
}

export interface CommonFactor {
  readonly factor: Factor;
  /** First and last failure; undefined where time is no part of the factor. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly lines: readonly FailingLine[];
  readonly documents: number;
  readonly exposed: number;
  readonly riskRatio: number;
}

/** Where lines are counted, and from which failing share on they have a factor in common. */
interface Book {
  readonly counts: PopulationCounts;
  readonly shareMin: number;
}

interface Candidate extends CommonFactor {
  /** Twice the gain in log-likelihood over one failing share for all. */
  readonly gain: number;
}

/** The factor that tells most about the lines, or undefined where none does. `books`: those that such lines stand in, the most telling first. */
export function findCommonFactor(
  lines: readonly FailingLine[],
  counts: FactorCounts,
  books: readonly Population[],
): CommonFactor | undefined {
  const known = books.map((name) => ({
    counts: counts.populations[name],
    shareMin: name === 'whole-packs' ? FAILING_SHARE_OF_WHOLE_PACKS_MIN : FAILING_SHARE_MIN,
  }));
  const candidates = groupsOf(lines).flatMap(({ factor, own }) => [
    ...withoutTime(factor, own, lines.length, known),
    ...withTime(factor, own, lines.length, known),
  ]);
  const most = Math.max(0, ...candidates.map(({ gain }) => gain));
  const [best] = candidates
    .filter(({ gain }) => gain >= NEARLY * most)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.gain - a.gain);
  return best;
}

/** Fewer attributes first, then by what people act on. */
function rankOf({ factor, range }: Candidate): number {
  const attributes = Object.keys(factor) as Attribute[];
  const size = attributes.length + (range === undefined ? 0 : 1);
  return size * 1000 + attributes.reduce((sum, attribute) => sum + ATTRIBUTES.indexOf(attribute) * 10, 0);
}

/** Every value of an attribute, and every pair of values, that enough documents have; and all lines together, for time alone. */
function groupsOf(lines: readonly FailingLine[]): { factor: Factor; own: readonly FailingLine[] }[] {
  const singles = ATTRIBUTES.flatMap((attribute) =>
    split(lines, attribute).map((own) => ({ factor: pick(own, [attribute]), own })),
  );
  const pairs = singles.flatMap(({ factor, own }) => {
    const [first] = Object.keys(factor) as [Attribute];
    const later = ATTRIBUTES.slice(ATTRIBUTES.indexOf(first) + 1);
    return later.flatMap((attribute) =>
      split(own, attribute).flatMap((both) =>
        both.length === own.length ? [] : [{ factor: pick(both, [first, attribute]), own: both }],
      ),
    );
  });
  return [{ factor: {}, own: lines }, ...singles, ...pairs];
}

function split(lines: readonly FailingLine[], attribute: Attribute): (readonly FailingLine[])[] {
  const groups = new Map<string, FailingLine[]>();
  for (const line of lines) append(groups, line.attributes[attribute] ?? '', line);
  groups.delete('');
  return [...groups.values()].filter((own) => own.length >= SUPPORT_MIN && documentsOf(own) >= SUPPORT_MIN);
}

function pick([line]: readonly FailingLine[], attributes: readonly Attribute[]): Factor {
  return Object.fromEntries(attributes.map((attribute) => [attribute, line?.attributes[attribute] ?? '']));
}

function documentsOf(lines: readonly FailingLine[]): number {
  return new Set(lines.map(({ document }) => document)).size;
}

/** The first book that knows lines of the factor. */
function bookOf(factor: Factor, books: readonly Book[]): Book | undefined {
  return books.find(({ counts }) => (counts.linesWith(factor) ?? 0) > 0);
}

function withoutTime(factor: Factor, own: readonly FailingLine[], all: number, books: readonly Book[]): Candidate[] {
  if (Object.keys(factor).length === 0) return [];
  const book = bookOf(factor, books);
  return book === undefined
    ? []
    : judge({ factor, range: undefined, lines: own }, book.counts.linesWith(factor) ?? 0, book, all);
}

function withTime(factor: Factor, own: readonly FailingLine[], all: number, books: readonly Book[]): Candidate[] {
  const book = bookOf(factor, books);
  const exposed = book?.counts.linesBySlot(factor);
  if (book === undefined || exposed === undefined) return [];
  const failing = new Map<number, FailingLine[]>();
  for (const line of own) {
    if (line.at === undefined) continue;
    const start = slotStart(line.at, exposed.slotMs);
    const there = failing.get(start);
    if (there === undefined) failing.set(start, [line]);
    else there.push(line);
  }
  const starts = [...new Set([...failing.keys(), ...exposed.slots.keys()])].sort((a, b) => a - b);
  const slots = starts.map((start) => {
    const lines = failing.get(start) ?? [];
    return { lines, exposed: Math.max(exposed.slots.get(start) ?? 0, lines.length) };
  });
  const usual = Math.min(USUAL_SHARE_MAX, all / Math.max(all, book.counts.lines));
  return RANGE_SHARES.flatMap((share) => {
    const range = densest(slots, share, usual);
    const lines = range.flatMap((slot) => slot.lines);
    if (lines.length === 0 || range.length === slots.length) return [];
    const times = lines.map(({ at }) => at as number);
    const within = range.reduce((sum, slot) => sum + slot.exposed, 0);
    const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
    return judge({ factor, range: { from, to }, lines }, within, book, all);
  });
}

interface Slot {
  readonly lines: readonly FailingLine[];
  readonly exposed: number;
}

/** The run of slots that speaks most for a failing share of `share` against the usual one; slots in between may be sound. */
function densest(slots: readonly Slot[], share: number, usual: number): readonly Slot[] {
  const gain = ({ lines, exposed }: Slot): number =>
    lines.length * Math.log(share / usual) + (exposed - lines.length) * Math.log((1 - share) / (1 - usual));
  let best = { sum: 0, from: 0, end: 0 };
  let sum = 0;
  let from = 0;
  for (const [index, slot] of slots.entries()) {
    if (sum <= 0) [sum, from] = [0, index];
    sum += gain(slot);
    if (sum > best.sum) best = { sum, from, end: index + 1 };
  }
  return slots.slice(best.from, best.end);
}

function judge(
  found: Pick<CommonFactor, 'factor' | 'range' | 'lines'>,
  counted: number,
  { counts, shareMin }: Book,
  failingTotal: number,
): Candidate[] {
  const failing = found.lines.length;
  const documents = documentsOf(found.lines);
  // The books may know less than the evidence of the keys.
  const exposed = Math.max(counted, failing);
  const outside = Math.max(counts.lines - exposed, failingTotal - failing, 1);
  const failingOutside = failingTotal - failing;
  const riskRatio = failingOutside === 0 ? Number.POSITIVE_INFINITY : failing / exposed / (failingOutside / outside);
  if (documents < SUPPORT_MIN || failing < shareMin * exposed || riskRatio < RISK_RATIO_MIN) return [];
  const gain =
    2 *
    (likelihood(failing, exposed) + likelihood(failingOutside, outside) - likelihood(failingTotal, exposed + outside));
  return [{ ...found, documents, exposed, riskRatio, gain }];
}

/** Log-likelihood of so many failures at their own share. */
function likelihood(failing: number, all: number): number {
  const part = (count: number): number => (count === 0 ? 0 : count * Math.log(count / all));
  return part(failing) + part(all - failing);
}

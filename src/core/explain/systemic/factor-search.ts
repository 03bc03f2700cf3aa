/**
 * Decides which factor failing lines have in common more than any other: where most of what had it failed, and hardly anything
 * else did. Never takes fewer than eight documents, nor a factor that only many documents have.
 */
import { append } from '../../compare/ledger-evidence.ts';
import type { FactorCounts, Population } from './factor-counts.ts';
import { ATTRIBUTES, COUNTED_TOGETHER, type Factor, type PopulationCounts, slotStart } from './population-counts.ts';
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
  /** A number for each document: those of a hundred thousand lines are compared again and again. */
  readonly document: number;
  readonly at: number | undefined;
  readonly attributes: Factor;
}

export interface CommonFactor<Line extends FailingLine = FailingLine> {
  readonly factor: Factor;
  /** First and last failure; undefined where time is no part of the factor. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly lines: readonly Line[];
  readonly documents: number;
  readonly exposed: number;
  readonly riskRatio: number;
}

/** Where lines are counted, and from which failing share on they have a factor in common. */
interface Book {
  readonly counts: PopulationCounts;
  readonly shareMin: number;
}

/** Lines with a factor, before it is known whether it tells anything. */
interface Suspect<Line> extends Pick<CommonFactor, 'factor' | 'range' | 'exposed'> {
  readonly lines: readonly Line[];
  readonly book: Book;
}

interface Judged<Line> {
  readonly suspect: Suspect<Line>;
  readonly riskRatio: number;
  /** In log-likelihood, over one failing share for all. */
  readonly gain: number;
}

/** Lines that have the same values. `suspects` are kept until a line of it is taken. */
interface Group<Line> {
  readonly factor: Factor;
  lines: readonly Line[];
  suspects: readonly Suspect<Line>[] | undefined;
}

/**
 * Takes the most telling factors off failing lines, one after the other. Each line belongs to one factor at most.
 * `books`: those that such lines stand in, the most telling first.
 */
export class FactorSearch<Line extends FailingLine> {
  private readonly books: readonly Book[];
  private readonly groups: readonly Group<Line>[];
  private left: number;

  constructor(lines: readonly Line[], counts: FactorCounts, books: readonly Population[]) {
    this.left = lines.length;
    this.groups = groupsOf(lines);
    this.books = books.map((name) => ({
      counts: counts.populations[name],
      shareMin: name === 'whole-packs' ? FAILING_SHARE_OF_WHOLE_PACKS_MIN : FAILING_SHARE_MIN,
    }));
  }

  /** The factor that tells most about the lines that are left; undefined where none does. */
  next(): CommonFactor<Line> | undefined {
    const judged = this.groups.flatMap((group) => {
      group.suspects ??= this.suspectsOf(group);
      return group.suspects.flatMap((suspect) => judge(suspect, this.left) ?? []);
    });
    const most = judged.reduce((best, { gain }) => Math.max(best, gain), 0);
    const [best] = judged
      .filter(({ gain }) => gain >= NEARLY * most)
      .sort((a, b) => rankOf(a.suspect) - rankOf(b.suspect) || b.gain - a.gain);
    if (best === undefined) return undefined;
    const { factor, range, lines, exposed } = best.suspect;
    this.take(new Set(lines));
    const documents = new Set(lines.map(({ document }) => document)).size;
    return { factor, range, lines, documents, exposed, riskRatio: best.riskRatio };
  }

  private take(lines: ReadonlySet<Line>): void {
    this.left -= lines.size;
    for (const group of this.groups) {
      const rest = group.lines.filter((line) => !lines.has(line));
      if (rest.length === group.lines.length) continue;
      group.lines = rest;
      group.suspects = undefined;
    }
  }

  private suspectsOf({ factor, lines }: Group<Line>): Suspect<Line>[] {
    const book = this.books.find(({ counts }) => (counts.linesWith(factor) ?? 0) > 0);
    if (book === undefined || !areEnough(lines)) return [];
    const counted = book.counts.linesWith(factor) ?? 0;
    const ofTime = this.rangesOf(factor, lines, book);
    // All lines together have nothing in common but the time.
    if (Object.keys(factor).length === 0) return ofTime;
    return [{ factor, range: undefined, lines, exposed: Math.max(counted, lines.length), book }, ...ofTime];
  }

  private rangesOf(factor: Factor, lines: readonly Line[], book: Book): Suspect<Line>[] {
    const exposed = book.counts.linesBySlot(factor);
    if (exposed === undefined) return [];
    const usual = Math.min(USUAL_SHARE_MAX, this.left / Math.max(this.left, book.counts.lines));
    const failing = failuresBySlot(lines, exposed.slotMs);
    return RANGE_SHARES.flatMap((share) => {
      const dense = densest(exposed.slots, failing, share, usual);
      if (dense === undefined) return [];
      const end = dense.last + exposed.slotMs;
      const own = lines.filter(({ at }) => at !== undefined && at >= dense.first && at < end);
      if (!areEnough(own)) return [];
      const times = own.map(({ at }) => at as number);
      const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
      return [{ factor, range: { from, to }, lines: own, exposed: Math.max(dense.exposed, own.length), book }];
    });
  }
}

/** All lines, and those that have the same values of attributes that are counted together. */
function groupsOf<Line extends FailingLine>(lines: readonly Line[]): Group<Line>[] {
  const combined = COUNTED_TOGETHER.flatMap(([first, second]) => {
    const groups = new Map<string, Line[]>();
    for (const line of lines) {
      const value = line.attributes[first] ?? '';
      const more = second === undefined ? '' : (line.attributes[second] ?? '');
      if (value !== '' && (second === undefined || more !== '')) append(groups, `${value}\u0000${more}`, line);
    }
    return [...groups.values()].flatMap((own) => {
      const named = second === undefined ? [first] : [first, second];
      const factor = Object.fromEntries(named.map((attribute) => [attribute, own[0]?.attributes[attribute]]));
      return own.length < SUPPORT_MIN ? [] : [{ factor, lines: own, suspects: undefined }];
    });
  });
  return [{ factor: {}, lines, suspects: undefined }, ...combined];
}

/** Whether the lines are of enough documents. */
function areEnough(lines: readonly FailingLine[]): boolean {
  const documents = new Set<number>();
  for (const { document } of lines) if (documents.add(document).size >= SUPPORT_MIN) return true;
  return false;
}

function failuresBySlot(lines: readonly FailingLine[], slotMs: number): Map<number, number> {
  const failing = new Map<number, number>();
  for (const { at } of lines) {
    if (at === undefined) continue;
    const start = slotStart(at, slotMs);
    failing.set(start, (failing.get(start) ?? 0) + 1);
  }
  return failing;
}

/**
 * The run of slots that speaks most for a failing share of `share` against the usual one; slots in between may be sound.
 * undefined where none does, or where it is all of the time.
 */
function densest(
  exposed: ReadonlyMap<number, number>,
  failing: ReadonlyMap<number, number>,
  share: number,
  usual: number,
): { readonly first: number; readonly last: number; readonly exposed: number } | undefined {
  const [ofFailing, ofSound] = [Math.log(share / usual), Math.log((1 - share) / (1 - usual))];
  let best = { sum: 0, first: 0, last: 0, exposed: 0 };
  let sum = 0;
  let first = 0;
  let within = 0;
  let all = 0;
  for (const [start, lines] of exposed) {
    if (sum <= 0) [sum, first, within] = [0, start, 0];
    const failed = failing.get(start) ?? 0;
    // The books may know less than the evidence of the keys.
    const had = Math.max(lines, failed);
    sum += failed * ofFailing + (had - failed) * ofSound;
    within += had;
    all += had;
    if (sum > best.sum) best = { sum, first, last: start, exposed: within };
  }
  return best.sum > 0 && best.exposed < all ? best : undefined;
}

function judge<Line>(suspect: Suspect<Line>, failingTotal: number): Judged<Line> | undefined {
  const { lines, exposed, book } = suspect;
  const failing = lines.length;
  const failingOutside = failingTotal - failing;
  const outside = Math.max(book.counts.lines - exposed, failingOutside, 1);
  const riskRatio = failingOutside === 0 ? Number.POSITIVE_INFINITY : failing / exposed / (failingOutside / outside);
  if (failing < book.shareMin * exposed || riskRatio < RISK_RATIO_MIN) return undefined;
  const gain =
    likelihood(failing, exposed) + likelihood(failingOutside, outside) - likelihood(failingTotal, exposed + outside);
  return { suspect, riskRatio, gain };
}

/** Log-likelihood of so many failures at their own share. */
function likelihood(failing: number, all: number): number {
  const part = (count: number): number => (count === 0 ? 0 : count * Math.log(count / all));
  return part(failing) + part(all - failing);
}

/** Fewer attributes first, then what people act on. */
function rankOf({ factor, range }: Pick<CommonFactor, 'factor' | 'range'>): number {
  const attributes = ATTRIBUTES.filter((attribute) => factor[attribute] !== undefined);
  const size = attributes.length + (range === undefined ? 0 : 1);
  return size * 1000 + attributes.reduce((sum, attribute) => sum + ATTRIBUTES.indexOf(attribute) * 10, 0);
}

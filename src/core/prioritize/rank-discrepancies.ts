/**
 * Decides the order of discrepancies: by dollars, the most expensive first and unvalued lines last, by units; or by what
 * they cost the business; or by points. Never decides what a line costs.
 */
import { ImpactBook, type ImpactFacts, type ImpactTerms, type PricedLine } from './impact-book.ts';
import type { PriorityParameters } from './priority-parameters.ts';
import { PRIORITIES, type Priority } from './priority-points.ts';

/** What the order depends on. `valueMinor` is null where no cost is known. */
export interface Rankable {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly categoryName: string;
  readonly netVariance: number;
  readonly valueMinor: bigint | null;
  /** |valueMinor| as a double, −1 where no cost is known: settles nearly every comparison in a twentieth of the time. */
  readonly valueSize: number;
}

/** Negative where `a` comes first. A total order over distinct keys, so that the same input gives the same file. */
export function compareByDollars(a: Rankable, b: Rankable): number {
  if (a.valueSize !== b.valueSize) return b.valueSize - a.valueSize;
  if (a.valueMinor !== null && b.valueMinor !== null) {
    const left = a.valueMinor < 0n ? -a.valueMinor : a.valueMinor;
    const right = b.valueMinor < 0n ? -b.valueMinor : b.valueMinor;
    if (left !== right) return left > right ? -1 : 1;
  } else {
    const difference = Math.abs(b.netVariance) - Math.abs(a.netVariance);
    if (difference !== 0) return difference;
  }
  return (
    byText(a.site, b.site) ||
    byText(a.item, b.item) ||
    byText(a.owner, b.owner) ||
    byText(a.lot, b.lot) ||
    byText(a.categoryName, b.categoryName)
  );
}

/** The lines in the order of compareByDollars. Most are told apart by their sizes alone, which stand together for that. */
export function sortByDollars<T extends Rankable>(lines: readonly T[]): T[] {
  const sizes = Float64Array.from(lines, (line) => line.valueSize);
  const order = Uint32Array.from(lines, (_, index) => index);
  order.sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || compareByDollars(lines[a] as T, lines[b] as T));
  return Array.from(order, (index) => lines[index] as T);
}

/** Discrepancies in rank order, with what each costs and how urgent it is. `index` counts from 0 in that order. */
export class RankedDiscrepancies<T extends PricedLine> {
  readonly lines: readonly T[];
  private readonly book: ImpactBook<T>;
  private readonly order: Uint32Array;

  constructor(book: ImpactBook<T>, lines: readonly T[], order: Uint32Array) {
    this.book = book;
    this.order = order;
    this.lines = Array.from(order, (position) => lines[position] as T);
  }

  /** In minor units of the currency; null where nothing is known of it. */
  impactMinor(index: number): bigint | null {
    return this.book.impactMinor(this.order[index] as number);
  }

  priority(index: number): Priority {
    return this.book.urgencyOf(this.order[index] as number).priority;
  }

  terms(index: number): ImpactTerms {
    return this.book.termsOf(this.order[index] as number);
  }
}

/**
 * Ranks lines that come in the order of dollars, which decides between equals. By points, the word comes first: a floor
 * would be of no use to who reads from the top.
 */
export function rankDiscrepancies<T extends PricedLine>(
  lines: readonly T[],
  facts: ImpactFacts<T>,
  parameters: PriorityParameters,
): RankedDiscrepancies<T> {
  const book = new ImpactBook(lines, facts, parameters);
  const { ranking } = parameters;
  const order =
    ranking === 'impact'
      ? orderByImpact(book, lines.length)
      : ranking === 'points'
        ? orderByPoints(book, lines.length)
        : inOrder(lines.length);
  return new RankedDiscrepancies(book, lines, order);
}

function inOrder(count: number): Uint32Array {
  return new Uint32Array(count).map((_, position) => position);
}

function orderByImpact<T extends PricedLine>(book: ImpactBook<T>, count: number): Uint32Array {
  const order = inOrder(count);
  const sizes = Float64Array.from(order, (position) => Number(book.impactMinor(position) ?? -1n));
  return order.sort(
    (a, b) => (sizes[b] as number) - (sizes[a] as number) || compareImpact(book, a, b, sizes[a] as number) || a - b,
  );
}

/** At most 100 points, in hundredths, lie between two words. */
const WORD_STEP = 10_001;

/** One whole number holds word, points and position, so that numbers are sorted without a comparison of ours. */
function orderByPoints<T extends PricedLine>(book: ImpactBook<T>, count: number): Uint32Array {
  const keys = new Float64Array(count);
  for (let position = 0; position < count; position++) {
    const { points, priority } = book.urgencyOf(position);
    keys[position] = ((PRIORITIES.indexOf(priority) + 1) * WORD_STEP - points.total) * count + position;
  }
  return Uint32Array.from(keys.sort(), (key) => key % count);
}

/** Tells apart impacts that are one and the same double `size`. */
function compareImpact<T extends PricedLine>(book: ImpactBook<T>, a: number, b: number, size: number): number {
  if (size <= Number.MAX_SAFE_INTEGER) return 0;
  const difference = (book.impactMinor(b) as bigint) - (book.impactMinor(a) as bigint);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** By code unit, the same on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

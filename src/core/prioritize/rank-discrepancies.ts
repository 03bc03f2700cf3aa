/**
 * Decides the order of discrepancies: by dollars, the most expensive first and unvalued lines last, by units; or by what
 * they cost the business; or by points. Never decides what a line costs.
 */
import { ImpactBook, type ImpactFacts, type ImpactTerms, type OrdersAtRisk, type PricedLine } from './impact-book.ts';
import { orderBySize } from './order-by-size.ts';
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

/** The lines in the order of compareByDollars. Most are told apart by their sizes alone; only equal ones are compared. */
export function sortByDollars<T extends Rankable>(lines: readonly T[]): T[] {
  const sizes = Float64Array.from(lines, (line) => line.valueSize);
  const order = orderBySize(sizes);
  sortEqualSizes(order, sizes, (a, b) => compareByDollars(lines[a] as T, lines[b] as T));
  return Array.from(order, (position) => lines[position] as T);
}

/** Puts runs of equal sizes into the order of `compare`. */
function sortEqualSizes(order: Uint32Array, sizes: Float64Array, compare: (a: number, b: number) => number): void {
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && sizes[order[to] as number] === sizes[order[from] as number]) to++;
    if (to - from > 1) order.subarray(from, to).sort(compare);
    from = to;
  }
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

  /** By site; sites without any are not in it. */
  get ordersAtRisk(): ReadonlyMap<string, OrdersAtRisk> {
    return this.book.ordersAtRisk;
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
        : new Uint32Array(lines.length).map((_, position) => position);
  return new RankedDiscrepancies(book, lines, order);
}

function orderByImpact<T extends PricedLine>(book: ImpactBook<T>, count: number): Uint32Array {
  const sizes = new Float64Array(count).map((_, position) => Number(book.impactMinor(position) ?? -1n));
  const order = orderBySize(sizes);
  // Beyond that, different amounts may be one and the same double.
  if (sizes.some((size) => size > Number.MAX_SAFE_INTEGER))
    sortEqualSizes(order, sizes, (a, b) => compareBig(book.impactMinor(b), book.impactMinor(a)) || a - b);
  return order;
}

/** At most 100 points, in hundredths, lie between two words. */
const WORD_STEP = 10_001;

function orderByPoints<T extends PricedLine>(book: ImpactBook<T>, count: number): Uint32Array {
  const sizes = new Float64Array(count).map((_, position) => {
    const { points, priority } = book.urgencyOf(position);
    return points.total - PRIORITIES.indexOf(priority) * WORD_STEP;
  });
  return orderBySize(sizes);
}

function compareBig(a: bigint | null, b: bigint | null): number {
  const [left, right] = [a ?? -1n, b ?? -1n];
  return left > right ? 1 : left < right ? -1 : 0;
}

/** By code unit, the same on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Decides how well counts hit the books: hits ÷ counted, within the tolerance of the item's class. Never rounds a hit up. */
import { shareText } from './judge-comparison.ts';

/** One count of one key, scaled integers of one scale: what the books said when it was counted, and what was found. */
export interface CountedKey {
  readonly abcClass: string;
  readonly book: number;
  readonly counted: number;
}

/** As in run.json; '' where nothing was counted. */
export interface CountAccuracy {
  readonly abc_class: string;
  readonly counted: number;
  readonly hits: number;
  readonly count_accuracy: string;
}

/** Percent of the book quantity. An item without a known class is held to the strictest. */
const TOLERANCE_PERCENT: ReadonlyMap<string, bigint> = new Map([
  ['A', 1n],
  ['B', 3n],
  ['C', 5n],
]);
const STRICTEST_PERCENT = 1n;

/** Of each class that was counted, by name, and of all counts under the class ''. Empty where nothing was counted. */
export function countAccuracy(counts: Iterable<CountedKey>): CountAccuracy[] {
  const sums = new Map<string, { counted: number; hits: number }>();
  for (const count of counts) {
    const abcClass = TOLERANCE_PERCENT.has(count.abcClass) ? count.abcClass : 'unclassified';
    for (const name of ['', abcClass]) {
      const sum = sums.get(name) ?? { counted: 0, hits: 0 };
      sum.counted++;
      if (isHit(count)) sum.hits++;
      sums.set(name, sum);
    }
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { counted, hits }]) => ({
      abc_class: name,
      counted,
      hits,
      count_accuracy: shareText(BigInt(hits), BigInt(counted)),
    }));
}

function isHit({ abcClass, book, counted }: CountedKey): boolean {
  const percent = TOLERANCE_PERCENT.get(abcClass) ?? STRICTEST_PERCENT;
  const miss = BigInt(counted) - BigInt(book);
  const bound = BigInt(book) * percent;
  return (miss < 0n ? -miss : miss) * 100n <= (bound < 0n ? -bound : bound);
}

/** Where the bars of contributions stand beside each other, and whether they add up. Never rounds the sum. */
import type { ItemContribution, ItemKey } from '../../../contract/item-view.ts';
import { differenceOf, isNothing, sumOf } from './exact-sums.ts';

/** `start`, `end`: where its bar begins and ends, as shares of the width from the left. */
export interface WaterfallStep {
  readonly contribution: ItemContribution;
  /** The running sum with it. */
  readonly after: string;
  readonly start: number;
  readonly end: number;
}

export interface Waterfall {
  readonly steps: readonly WaterfallStep[];
  /** Where nothing is out of sync. */
  readonly zero: number;
  /** Where the variance is. */
  readonly whole: number;
  /** What the contributions leave over of the variance; nothing where they add up. */
  readonly missing: string;
  readonly addsUp: boolean;
}

export function waterfallOf({
  contributions,
  variance_quantity: variance,
}: Pick<ItemKey, 'contributions' | 'variance_quantity'>): Waterfall {
  const sums = ['0'];
  for (const { quantity } of contributions) sums.push(sumOf([sums.at(-1) ?? '0', quantity]));
  const reached = [...sums, variance].map(Number);
  const lowest = Math.min(...reached);
  const width = Math.max(...reached) - lowest || 1;
  const shareOf = (decimal: string): number => (Number(decimal) - lowest) / width;
  const missing = differenceOf(variance, sums.at(-1) ?? '0');
  return {
    steps: contributions.map((contribution, index) => ({
      contribution,
      after: sums[index + 1] ?? '0',
      start: shareOf(sums[index] ?? '0'),
      end: shareOf(sums[index + 1] ?? '0'),
    })),
    zero: shareOf('0'),
    whole: shareOf(variance),
    missing,
    addsUp: isNothing(missing),
  };
}

/** The earlier contribution with the same document and proof: the other leg of a move between categories. */
export function otherLegOf(
  contribution: ItemContribution,
  keys: readonly Pick<ItemKey, 'contributions'>[],
): ItemContribution | undefined {
  if (contribution.document === '') return undefined;
  const proof = JSON.stringify(contribution.evidence);
  return keys
    .flatMap(({ contributions }) => contributions)
    .find(
      ({ number, document, cause, evidence }) =>
        number < contribution.number &&
        document === contribution.document &&
        cause === contribution.cause &&
        JSON.stringify(evidence) === proof,
    );
}

/** Decides the order in which lines are listed. Lines that say nothing in the sorted column come last, equals by their rank. */
import { orderBySize } from '../../core/prioritize/order-by-size.ts';
import { PRIORITIES } from '../../core/prioritize/priority-points.ts';
import type { CodedTexts, LineColumns } from './line-columns.ts';

export const LINE_SORTS = ['rank', 'value', 'units', 'item', 'site', 'impact', 'priority', 'days_out_of_sync'] as const;
export type LineSort = (typeof LINE_SORTS)[number];

/** A sort and whether it is turned round. Each begins with what matters most: largest, most urgent, longest, first of the alphabet. */
export interface LineOrder {
  readonly by: LineSort;
  readonly isReversed: boolean;
}

/** Positions of the lines in this order. */
export function orderLines(columns: LineColumns, { by, isReversed }: LineOrder): Uint32Array {
  const sizes = sizesOf(columns, by);
  for (let index = 0; index < sizes.length; index++) {
    const size = sizes[index] as number;
    sizes[index] = Number.isNaN(size) ? Number.NEGATIVE_INFINITY : isReversed ? -size : size;
  }
  return orderBySize(sizes);
}

/** How early each line comes: the larger, the earlier; NaN where it says nothing. */
function sizesOf({ count, coded, numbers }: LineColumns, by: LineSort): Float64Array {
  switch (by) {
    case 'rank':
      return new Float64Array(count).map((_, index) => -index);
    case 'value':
      return numbers.variance_value.map(Math.abs);
    case 'units':
      return numbers.net_variance_quantity.map(Math.abs);
    case 'impact':
      return numbers.impact_value.slice();
    case 'days_out_of_sync':
      return numbers.days_out_of_sync.slice();
    case 'priority':
      return byText(coded.priority, (text) => -(PRIORITIES as readonly string[]).indexOf(text), count);
    default:
      // The texts of a column stand in their order.
      return byText(coded[by], (_, code) => -code, count);
  }
}

function byText({ values, codes }: CodedTexts, sizeOf: (text: string, code: number) => number, count: number) {
  const sizes = Float64Array.from(values, (text, code) => (text === '' ? Number.NaN : sizeOf(text, code)));
  return new Float64Array(count).map((_, index) => sizes[codes[index] as number] as number);
}

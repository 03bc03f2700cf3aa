/** How large an amount is, whatever its sign, in whole minor units: what discrepancies are compared by. Never rounds to the smaller side. */
import { rescale } from '../model/decimal.ts';
import { parseDecimal } from '../normalize/number.ts';

/** Of what no cost is known. */
export const SIZE_UNKNOWN = -1;

/** Minor units, rounded up; -1 where the text is no decimal, as that of a line without a cost. */
export function valueSizeOf(amount: string, minorDecimals: number): number {
  const read = parseDecimal(amount, {});
  if (!read.ok) return SIZE_UNKNOWN;
  const { value } = read;
  const exact = rescale(value, Math.max(minorDecimals, value.scale)) as bigint;
  const size = exact < 0n ? -exact : exact;
  const step = 10n ** BigInt(Math.max(0, value.scale - minorDecimals));
  return Number((size + step - 1n) / step);
}

/** Says how much lines are off by: in dollars, or in units where none of them has a cost. Never says 0 for what is not known. */
import { formatMoney, formatQuantity } from '../../format/decimals.ts';
import { texts } from '../../texts/texts.ts';
import type { LineSums } from './line-store.ts';

export function grossWords(sums: LineSums, currency: string, isWhole: boolean): string {
  return isUnvalued(sums)
    ? texts.run.units(formatQuantity(sums.gross_variance_quantity))
    : formatMoney(sums.gross_variance_value, currency, isWhole);
}

export function netWords(sums: LineSums, currency: string): string {
  return isUnvalued(sums)
    ? texts.run.units(formatQuantity(sums.net_variance_quantity))
    : formatMoney(sums.net_variance_value, currency);
}

function isUnvalued({ discrepancies, unvalued }: LineSums): boolean {
  return discrepancies > 0 && unvalued === discrepancies;
}

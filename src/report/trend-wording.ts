/**
 * Decides how the figures of a trend are written and how high they are drawn, for every form of it. Never lays anything out.
 */
import type { TrendRow } from '../contract/measures.ts';
import { formatCount, formatMoney, formatQuantity, formatShare } from './figures.ts';
import { formatTime } from './wording.ts';

/** Stands for a figure that a run did not measure. */
export const UNKNOWN = '—';

/** One measure over time, the oldest first. Heights from 0 to 1 are for drawing only. */
export interface TrendSeries {
  readonly heights: readonly number[];
  readonly texts: readonly string[];
  readonly last: string;
  /** "98.1% to 99.4%": the least and the most. */
  readonly range: string;
}

/** "22 Nov", "22 Nov 2026". */
export function dateOf(iso: string, hasYear: boolean): string {
  const [date = ''] = formatTime(iso).split(',');
  return hasYear ? date : date.replace(/ \d{4}$/, '');
}

/** Whether variances are shown by value: not where no run knows a cost. */
export function isValued(rows: readonly TrendRow[]): boolean {
  const has = (amount: string): boolean => /[1-9]/.test(amount);
  return rows.every(({ discrepancies }) => discrepancies === 0) || rows.some((row) => has(row.gross_variance_value));
}

function grossText(row: TrendRow, valued: boolean): string {
  return valued
    ? formatMoney(row.gross_variance_value, row.currency, true)
    : formatQuantity(row.gross_variance_quantity);
}

export function accuracyText(row: TrendRow): string {
  return row.sync_accuracy_keys === '' ? UNKNOWN : formatShare(row.sync_accuracy_keys, row.discrepancies === 0);
}

/** The measures that are drawn. `rows` has at least one. `explained` is undefined where fewer than two runs explain anything. */
export function trendSeries(rows: readonly TrendRow[]): {
  readonly accuracy: TrendSeries;
  readonly gross: TrendSeries;
  readonly discrepancies: TrendSeries;
  readonly explained: TrendSeries | undefined;
} {
  const valued = isValued(rows);
  const amount = (row: TrendRow): string => (valued ? row.gross_variance_value : row.gross_variance_quantity);
  // Where nothing is off there is nothing to explain.
  const explained = rows.filter(({ explained_value_share: share }) => share !== '');
  const isExplained = explained.filter(({ explained_value_share: share }) => Number(share) > 0).length > 1;
  return {
    accuracy: series(rows, (row) => Number(row.sync_accuracy_keys), accuracyText, 'least'),
    gross: series(
      rows,
      (row) => Number(amount(row)),
      (row) => grossText(row, valued),
      'zero',
    ),
    discrepancies: series(
      rows,
      (row) => row.discrepancies,
      (row) => formatCount(row.discrepancies),
      'zero',
    ),
    explained: isExplained
      ? series(
          explained,
          (row) => Number(row.explained_value_share),
          (row) => formatShare(row.explained_value_share),
          'zero',
        )
      : undefined,
  };
}

/** Amounts are drawn from zero; accuracies are all near 1, and from zero they would look the same. */
function series(
  rows: readonly TrendRow[],
  numberOf: (row: TrendRow) => number,
  textOf: (row: TrendRow) => string,
  base: 'zero' | 'least',
): TrendSeries {
  const values = rows.map(numberOf);
  const texts = rows.map(textOf);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [floor, flat] = base === 'zero' ? [0, 0] : [least, 0.5];
  const [low = '', high = ''] = [texts[values.indexOf(least)], texts[values.indexOf(most)]];
  return {
    heights: values.map((value) => (most === floor ? flat : (value - floor) / (most - floor))),
    texts,
    last: texts.at(-1) ?? '',
    range: low === high ? low : `${low} to ${high}`,
  };
}

/** Reads the exact decimals of a run's lines back as scaled integers. Never reads what a source wrote: see normalize/number.ts. */
import { formatFixed } from '../model/decimal.ts';

/** A plain decimal ("-12.5") as an integer scaled by 10^decimals; undefined where it has more decimals than that. */
export function scaledInteger(text: string, decimals: number): bigint | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length > decimals ? undefined : BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** The exact sum of plain decimals, with as many decimals as the one that has most; '' counts nothing. */
export function sumOfDecimals(texts: readonly string[]): string {
  const scale = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const sum = texts.reduce((all, text) => all + (text === '' ? 0n : (scaledInteger(text, scale) ?? 0n)), 0n);
  return formatFixed(sum, scale);
}

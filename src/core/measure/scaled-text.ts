/** Reads the exact decimals of a run's lines back as scaled integers. Never reads what a source wrote: see normalize/number.ts. */

/** A plain decimal ("-12.5") as an integer scaled by 10^decimals; undefined where it has more decimals than that. */
export function scaledInteger(text: string, decimals: number): bigint | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length > decimals ? undefined : BigInt(whole + fraction.padEnd(decimals, '0'));
}

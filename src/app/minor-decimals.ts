/** Decides with how many decimals values in a currency are written. Never rounds. */

/** Decimals of the currency's minor unit: 2 for USD, 0 for JPY. */
export function minorDecimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

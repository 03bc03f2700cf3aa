/** Sums of decimals as text, to the last digit. Never a float: those are for places on the screen only. */
import Big from 'big.js';

export function sumOf(decimals: readonly string[]): string {
  return decimals.reduce((sum, each) => sum.plus(each), Big(0)).toFixed();
}

export function differenceOf(whole: string, part: string): string {
  return Big(whole).minus(part).toFixed();
}

export function isNothing(decimal: string): boolean {
  return decimal === '' || Big(decimal).eq(0);
}

/** The larger amount first, whatever its sign; what is not known last. */
export function bySize(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return Big(b).abs().cmp(Big(a).abs());
}

export function sizesOf(decimals: readonly string[]): string {
  return decimals
    .filter((each) => each !== '')
    .reduce((sum, each) => sum.plus(Big(each).abs()), Big(0))
    .toFixed();
}

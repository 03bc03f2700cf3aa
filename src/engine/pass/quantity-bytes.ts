/** Reads plain decimal numbers straight from bytes. Never judges: what is not plain is NaN, and the core decides about it. */

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * The number in bytes[start, end) scaled by 10^scale, spaces around it allowed, or NaN where it is not of the form
 * [+-]digits[mark digits] with at most `scale` decimals and 15 digits in all after scaling (below which a double is exact).
 */
export function plainScaled(bytes: Uint8Array, start: number, end: number, scale: number, mark = 46): number {
  let at = start;
  let last = end;
  while (at < last && bytes[at] === 32) at++;
  while (last > at && bytes[last - 1] === 32) last--;
  let negative = false;
  const first = bytes[at];
  if (first === 45 || first === 43) {
    negative = first === 45;
    at++;
  }
  const from = at;
  let value = 0;
  let decimals = -1;
  for (; at < last; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
    } else if (digit === mark - 48 && decimals < 0 && at > from) {
      decimals = 0;
    } else {
      return Number.NaN;
    }
  }
  if (at === from || decimals === 0 || last - from > 16) return Number.NaN;
  const missing = scale - (decimals < 0 ? 0 : decimals);
  if (missing < 0) return Number.NaN;
  const scaled = value * (POWERS[missing] as number);
  if (scaled >= 1e15) return Number.NaN;
  return negative ? 0 - scaled : scaled;
}

/** A share of counts as exact text. Never a float: it is cut off, and never rounded up to the whole. */

/** With six decimals, cut off and never rounded up; '' of nothing. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0) return '';
  const millionths = String((BigInt(part) * 1_000_000n) / BigInt(whole)).padStart(7, '0');
  return `${millionths.slice(0, -6)}.${millionths.slice(-6)}`;
}

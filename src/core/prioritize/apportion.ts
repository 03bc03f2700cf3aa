/** Decides how an amount is divided among several lines so that the parts add up to it exactly. Never rounds a part by itself. */

/**
 * Parts of `total` in proportion to `weights` (whole, not negative, not all 0): each is cut to a whole number, and what is
 * left over goes by one to those that lost most, the first of equals first.
 */
export function apportion(total: bigint, weights: readonly number[]): bigint[] {
  if (weights.length === 1) return [total];
  const exact = weights.map(BigInt);
  const sum = exact.reduce((all, weight) => all + weight, 0n);
  const parts = exact.map((weight) => (total * weight) / sum);
  const left = Number(total - parts.reduce((all, part) => all + part, 0n));
  exact
    .map((weight, index) => ({ index, lost: (total * weight) % sum }))
    .sort((a, b) => (a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1))
    .slice(0, left)
    .forEach(({ index }) => {
      parts[index] = (parts[index] as bigint) + 1n;
    });
  return parts;
}

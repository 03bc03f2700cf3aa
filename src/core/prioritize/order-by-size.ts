/**
 * Decides which of many numbers comes first: the largest, and of equals the one that stood first. Never
 * looks at anything but the numbers, which makes it several times as fast as a sort with a comparison.
 */

/** Where in a double's two words the one with the sign and the exponent is. */
const HIGH_WORD = new Uint32Array(Float64Array.of(1).buffer)[1] === 0 ? 0 : 1;
const DIGIT_BITS = 16;
const DIGIT_MASK = 0xffff;

/** Positions of `sizes`, the largest first; none is NaN. Sorted by digits of 16 bits, the lowest first, each pass stable. */
export function orderBySize(sizes: Float64Array): Uint32Array {
  // A negative zero is a zero.
  const words = new Uint32Array(sizes.map((size) => size + 0).buffer);
  const low = new Uint32Array(sizes.length);
  const high = new Uint32Array(sizes.length);
  for (let at = 0; at < sizes.length; at++) {
    const top = words[2 * at + HIGH_WORD] as number;
    const bottom = words[2 * at + 1 - HIGH_WORD] as number;
    // Bits of doubles above zero rise with them, and so fall here; those of doubles below zero fall with them.
    const isNegative = top >>> 31 === 1;
    high[at] = isNegative ? top : top ^ 0x7fffffff;
    low[at] = isNegative ? bottom : ~bottom;
  }
  let order = new Uint32Array(sizes.length).map((_, position) => position);
  for (const word of [low, high]) for (const shift of [0, DIGIT_BITS]) order = sortByDigit(order, word, shift);
  return order;
}

function sortByDigit(order: Uint32Array<ArrayBuffer>, word: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(DIGIT_MASK + 2);
  for (let at = 0; at < word.length; at++) {
    const digit = ((word[at] as number) >>> shift) & DIGIT_MASK;
    next[digit + 1] = (next[digit + 1] as number) + 1;
  }
  for (let digit = 1; digit < next.length; digit++) next[digit] = (next[digit] as number) + (next[digit - 1] as number);
  const sorted = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const position = order[at] as number;
    const digit = ((word[position] as number) >>> shift) & DIGIT_MASK;
    const place = next[digit] as number;
    sorted[place] = position;
    next[digit] = place + 1;
  }
  return sorted;
}

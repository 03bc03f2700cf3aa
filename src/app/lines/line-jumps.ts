/**
 * Finds the n-th of the marked lines in an order without walking to it: how many are marked before each block of the order is
 * counted once. Never looks at what a line says.
 */

const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;

/** How many lines are marked before each block of 4,096 places of the order, and at the end how many are in all. */
export function countBlocks(marks: Uint8Array, positions: Uint32Array): Uint32Array {
  const counts = new Uint32Array(Math.ceil(positions.length / BLOCK) + 1);
  let count = 0;
  for (let place = 0; place < positions.length; place++) {
    if ((place & (BLOCK - 1)) === 0) counts[place >> BLOCK_BITS] = count;
    count += marks[positions[place] as number] as number;
  }
  counts[counts.length - 1] = count;
  return counts;
}

/** The place of the marked line that has `before` marked ones before it; behind the last place where there is none. */
export function findMarked(marks: Uint8Array, positions: Uint32Array, counts: Uint32Array, before: number): number {
  let [low, high] = [0, counts.length - 1];
  if (before >= (counts[high] as number)) return positions.length;
  // The last block that begins with no more than `before`: the line is in it.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((counts[middle] as number) <= before) low = middle;
    else high = middle;
  }
  let left = before - (counts[low] as number);
  let place = low << BLOCK_BITS;
  for (; ; place++) {
    if (marks[positions[place] as number] !== 1) continue;
    if (left === 0) return place;
    left--;
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countBlocks, findMarked } from './line-jumps.ts';

/** Runs of marked and unmarked lines, so that whole blocks are empty and others full. */
const marked = fc
  .array(
    fc.record({
      mark: fc.constantFrom(0, 1),
      lines: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9_000 })),
    }),
    {
      maxLength: 12,
    },
  )
  .map((runs) => Uint8Array.from(runs.flatMap(({ mark, lines }) => new Array<number>(lines).fill(mark))));

test('the n-th marked line in any order is the one that counting finds', () => {
  fc.assert(
    fc.property(marked, fc.boolean(), fc.array(fc.nat(20_000), { maxLength: 20 }), (marks, isReversed, offsets) => {
      const positions = Uint32Array.from(marks, (_, index) => (isReversed ? marks.length - 1 - index : index));
      const places = [...positions.keys()].filter((place) => marks[positions[place] as number] === 1);
      const counts = countBlocks(marks, positions);
      expect(counts.at(-1)).toBe(places.length);
      for (const before of [0, places.length - 1, places.length, ...offsets].filter((each) => each >= 0))
        expect(findMarked(marks, positions, counts, before)).toBe(places[before] ?? positions.length);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('a jump into the far end of a million is a few thousand steps, not a million', () => {
  const marks = new Uint8Array(1_000_000).fill(1).map((_, index) => (index % 3 === 0 ? 0 : 1));
  const positions = new Uint32Array(1_000_000).map((_, index) => 999_999 - index);
  const counts = countBlocks(marks, positions);
  const began = performance.now();
  for (let jump = 0; jump < 1_000; jump++) findMarked(marks, positions, counts, 600_000 + jump);
  // A thousand walks from the beginning would take seconds; a loaded machine is given a hundred times what it needs.
  expect(performance.now() - began).toBeLessThan(1_000);
});

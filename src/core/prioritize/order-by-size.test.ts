import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderBySize } from './order-by-size.ts';

it('largest first, of equals the first one first', () => {
  expect([...orderBySize(Float64Array.of(0, 2, -1, 2, -0, 3e15, -1e-9, -4, 0.5))]).toEqual([5, 1, 3, 8, 0, 4, 6, 2, 7]);
  expect([...orderBySize(new Float64Array(0))]).toEqual([]);
});

it('is the order that a stable sort gives', () => {
  const size = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -2, max: 9 }),
    fc.maxSafeInteger(),
    fc.constantFrom(-1, 0, -0, 1, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY, 2 ** 53),
  );
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
      const expected = sizes
        .map((_, at) => at)
        .sort((a, b) => {
          const [left, right] = [sizes[a] as number, sizes[b] as number];
          return left === right ? a - b : left > right ? -1 : 1;
        });
      expect([...orderBySize(Float64Array.from(sizes))]).toEqual(expected);
    }),
  );
});

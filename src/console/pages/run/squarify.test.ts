import fc from 'fast-check';
import { expect, test } from 'vitest';
import { squarify } from './squarify.ts';

const within = { left: 0, top: 0, width: 400, height: 480 };
const sizes = fc
  .array(fc.double({ min: 0.5, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((given) => given.toSorted((a, b) => b - a));

test('areas are as large as their sizes, lie within, and cover no other', () => {
  fc.assert(
    fc.property(sizes, (given) => {
      const areas = squarify(given, within);
      const whole = given.reduce((sum, size) => sum + size, 0);
      expect(areas.length).toBe(given.length);
      for (const [index, { left, top, width, height }] of areas.entries()) {
        expect((width * height) / (within.width * within.height)).toBeCloseTo((given[index] as number) / whole, 6);
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(-1e-6);
        expect(left + width).toBeLessThanOrEqual(within.width + 1e-6);
        expect(top + height).toBeLessThanOrEqual(within.height + 1e-6);
        for (const other of areas.slice(0, index)) {
          const across = Math.min(left + width, other.left + other.width) - Math.max(left, other.left);
          const down = Math.min(top + height, other.top + other.height) - Math.max(top, other.top);
          expect(Math.min(across, down)).toBeLessThanOrEqual(1e-6);
        }
      }
    }),
  );
});

test('equal sizes become squares as far as it goes', () => {
  const areas = squarify([1, 1, 1, 1], { left: 0, top: 0, width: 100, height: 100 });
  for (const { width, height } of areas) expect([width, height]).toEqual([50, 50]);
});

test('nothing has no areas', () => {
  expect(squarify([], within)).toEqual([]);
});

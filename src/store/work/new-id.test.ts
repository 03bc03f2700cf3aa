import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from './new-id.ts';

const zeros = new Uint8Array(10);
const moments = fc.nat({ max: 2 ** 48 - 1 });
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

test('an id is a ULID', () => {
  // The example of the ULID specification: its first ten characters are this moment.
  expect(newId(1469918176385, zeros)).toBe(`01ARYZ6S41${'0'.repeat(16)}`);
  expect(newId(0, new Uint8Array(10).fill(255))).toBe(`${'0'.repeat(10)}${'Z'.repeat(16)}`);
});

test('ids sort by time, and are as different as their randomness', () => {
  fc.assert(
    fc.property(moments, moments, bytes, bytes, (a, b, first, second) => {
      const [left, right] = [newId(a, first), newId(b, second)];
      expect(left).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
      if (a !== b) expect(left < right).toBe(a < b);
      else expect(left === right).toBe(first.join() === second.join());
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from './apportion.ts';

describe('apportion', () => {
  it.each([
    ['one takes all', 100n, [7], [100n]],
    ['evenly', 90n, [2, 2, 2], [30n, 30n, 30n]],
    ['the first of equals takes what is left over', 100n, [1, 1, 1], [34n, 33n, 33n]],
    ['the one that lost most takes it', 10n, [1, 2, 4], [1n, 3n, 6n]],
    ['a weight of nothing takes nothing', 5n, [0, 3], [0n, 5n]],
    ['nothing to divide', 0n, [1, 2], [0n, 0n]],
  ])('%s', (_name, total, weights, parts) => expect(apportion(total, weights)).toEqual(parts));

  it('adds up exactly, and no part is off its share by a whole', () => {
    const weights = fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 9 }).filter((all) => all.some((w) => w > 0));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), weights, (total, given) => {
        const parts = apportion(total, given);
        const sum = given.reduce((all, weight) => all + BigInt(weight), 0n);
        expect(parts.reduce((all, part) => all + part, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const off = part * sum - total * BigInt(given[index] as number);
          expect(off < sum && off > -sum).toBe(true);
        });
      }),
    );
  });
});

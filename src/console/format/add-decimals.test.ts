import Big from 'big.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDecimals, subtractDecimals } from './add-decimals.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, places]) => new Big(String(digits)).div(new Big(10).pow(places)).toFixed());

it('adds as a library of decimals does', () => {
  fc.assert(
    fc.property(fc.array(decimal), decimal, (texts, other) => {
      const sum = texts.reduce((total, text) => total.plus(text), new Big(0));
      expect(addDecimals(texts)).toBe(sum.toFixed());
      expect(subtractDecimals(addDecimals(texts), other)).toBe(sum.minus(other).toFixed());
    }),
  );
});

it('nothing adds up to 0', () => {
  expect(addDecimals([])).toBe('0');
  expect(addDecimals(['', '1.50', '-1.5'])).toBe('0');
});

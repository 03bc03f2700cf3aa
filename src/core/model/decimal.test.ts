import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  divideHalfAway,
  ExactSum,
  formatDecimal,
  formatFixed,
  formatScaled,
  multiply,
  powerOfTen,
  rescale,
  SCALED_MAX,
} from './decimal.ts';

describe('writing', () => {
  it.each([
    [0, 6, '0', '0.000000'],
    [-0, 2, '0', '0.00'],
    [5_000_000, 6, '5', '5.000000'],
    [-12_500_000, 6, '-12.5', '-12.500000'],
    [1, 6, '0.000001', '0.000001'],
    [-1, 2, '-0.01', '-0.01'],
    [100, 0, '100', '100'],
    [SCALED_MAX, 6, '9007199254.740991', '9007199254.740991'],
    [10n ** 20n, 2, '1000000000000000000', '1000000000000000000.00'],
  ])('%s with %i decimals', (scaled, scale, plain, fixed) => {
    expect(formatScaled(scaled, scale)).toBe(plain);
    expect(formatFixed(scaled, scale)).toBe(fixed);
  });
});

describe('rounding', () => {
  it.each([
    [5n, 10n, 1n],
    [4n, 10n, 0n],
    [-5n, 10n, -1n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [7n, 2n, 4n],
    [0n, 3n, 0n],
  ])('%s / %s is %s, halves away from zero', (numerator, denominator, expected) =>
    expect(divideHalfAway(numerator, denominator)).toBe(expected),
  );

  it('never rounds a rescaled value', () => {
    expect(rescale({ coefficient: 125n, scale: 2 }, 3)).toBe(1250n);
    expect(rescale({ coefficient: 120n, scale: 2 }, 1)).toBe(12n);
    expect(rescale({ coefficient: 125n, scale: 2 }, 1)).toBeNull();
    expect(rescale({ coefficient: -120n, scale: 2 }, 1)).toBe(-12n);
  });

  it('multiplies exactly', () =>
    expect(formatDecimal(multiply({ coefficient: 25n, scale: 1 }, { coefficient: -5n, scale: 1 }))).toBe('-1.25'));
  it('knows powers beyond its table', () => expect(powerOfTen(61)).toBe(10n ** 61n));
});

describe('ExactSum', () => {
  it('adds any number of safe integers exactly', () => {
    const addend = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(SCALED_MAX, -SCALED_MAX, 2 ** 52, -(2 ** 52), 1, -1));
    fc.assert(
      fc.property(fc.array(addend), (addends) => {
        const sum = new ExactSum();
        for (const each of addends) sum.add(each);
        expect(sum.total).toBe(addends.reduce((all, each) => all + BigInt(each), 0n));
      }),
    );
  });

  it('adds bigints too', () => {
    const sum = new ExactSum();
    sum.add(1);
    sum.addBig(10n ** 20n);
    expect(sum.total).toBe(10n ** 20n + 1n);
  });
});

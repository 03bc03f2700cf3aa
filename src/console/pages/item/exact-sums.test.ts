import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bySize, differenceOf, isNothing, sizesOf, sumOf } from './exact-sums.ts';

describe('exact sums', () => {
  it.each([
    [['0.1', '0.2'], '0.3'],
    [['9007199254740993', '1'], '9007199254740994'],
    [['-12', '3'], '-9'],
    [['0.000001', '-0.000001'], '0'],
    [[], '0'],
  ])('%j is %s', (decimals, sum) => {
    expect(sumOf(decimals)).toBe(sum);
  });

  it('a whole less its parts is nothing, however many there are', () => {
    const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 6 }));
    const text = decimal.map(([number, digits]) => `${number}.${'0'.repeat(digits)}1`.replace('-0.', '-0.'));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (parts) => {
        expect(isNothing(parts.reduce(differenceOf, sumOf(parts)))).toBe(true);
      }),
    );
  });

  it('what is not known is nothing, and comes last', () => {
    expect(isNothing('')).toBe(true);
    expect(['', '-3', '2', '-10'].sort(bySize)).toEqual(['-10', '-3', '2', '']);
    expect(sizesOf(['-3', '2', ''])).toBe('5');
  });
});

import { describe, expect, it } from 'vitest';
import type { Decimal } from '../model/decimal.ts';
import { parseDecimal } from '../normalize/number.ts';
import { exceeds, limitsFor, type Tolerance, type ToleranceLimits } from './tolerance.ts';

const decimal = (text: string | undefined): Decimal | undefined => {
  const read = text === undefined ? undefined : parseDecimal(text, {});
  return read?.ok ? read.value : undefined;
};
const limits = (quantity?: string, percent?: string, value?: string): ToleranceLimits => ({
  quantity: decimal(quantity),
  percent: decimal(percent),
  value: decimal(value),
});

describe('exceeds: quantities in thousandths, values in cents', () => {
  const cases: readonly [
    name: string,
    variance: number,
    erp: number,
    value: bigint | null,
    limits: ToleranceLimits,
    expected: boolean,
  ][] = [
    ['nothing is no discrepancy', 0, 5000, 0n, limits(), false],
    ['anything is one without limits', 1, 5000, 1n, limits(), true],
    ['limits of 0 widen nothing', -1, 5000, 0n, limits('0', '0', '0'), true],
    ['at the quantity', 2000, 5000, 200n, limits('2'), false],
    ['at the quantity, the other sign', -2000, 5000, -200n, limits('2'), false],
    ['above the quantity', 2001, 5000, 200n, limits('2'), true],
    ['a quantity with more decimals than are kept', 2001, 5000, 200n, limits('2.0005'), true],
    ['the same, below', 2000, 5000, 200n, limits('2.0005'), false],
    ['at the percentage', 100, 10_000, 1n, limits(undefined, '1'), false],
    ['above the percentage', 101, 10_000, 1n, limits(undefined, '1'), true],
    ['a part of a percent', 26, 10_000, 1n, limits(undefined, '0.25'), true],
    ['a part of a percent, at it', 25, 10_000, 1n, limits(undefined, '0.25'), false],
    ['a percentage of nothing is nothing', 1, 0, 1n, limits(undefined, '50'), true],
    ['a percentage of a negative balance', -101, -10_000, 1n, limits(undefined, '1'), true],
    ['at the value', 5000, 10_000, -1000n, limits(undefined, undefined, '10'), false],
    ['above the value', 5000, 10_000, -1001n, limits(undefined, undefined, '10'), true],
    ['without a cost every value limit is exceeded', 5000, 10_000, null, limits(undefined, undefined, '10'), true],
    ['a cost of 0 is a value of 0', 5000, 10_000, 0n, limits(undefined, undefined, '10'), false],
    ['every limit must be exceeded: one is not', 3000, 10_000, 5n, limits('2', '50', '0.01'), false],
    ['every limit must be exceeded: all are', 6000, 10_000, 5n, limits('2', '50', '0.01'), true],
    ['without a cost the other limits still hold', 1000, 10_000, null, limits('2', undefined, '10'), false],
  ];
  it.each(cases)('%s', (_name, variance, erp, value, given, expected) => {
    expect(exceeds(variance, erp, value, given, 3, 2)).toBe(expected);
  });
});

describe('limitsFor', () => {
  const facts = { site: 'DC1', owner: '', item: 'bolt', category: 'available', family: 'bolts', abc_class: 'C' };
  const tolerance: Tolerance = {
    ...limits('1', '2', '3'),
    rules: [
      { when: { family: ['catch*'] }, ...limits(undefined, '9') },
      { when: { abc_class: ['C'], site: ['DC1', 'DC2'] }, ...limits('7') },
      { when: { item: ['bolt'] }, ...limits('8') },
    ],
  };
  it('the first rule that fits, its unnamed limits from the general ones', () => {
    expect(limitsFor(tolerance, facts)).toEqual(limits('7', '2', '3'));
    expect(limitsFor(tolerance, { ...facts, site: 'DC3' })).toEqual(limits('8', '2', '3'));
    expect(limitsFor(tolerance, { ...facts, family: 'catch-weight' })).toEqual(limits('1', '9', '3'));
    expect(limitsFor(tolerance, { ...facts, site: 'DC3', item: 'nut' })).toMatchObject(limits('1', '2', '3'));
  });
});

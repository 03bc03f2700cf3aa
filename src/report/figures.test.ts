import { describe, expect, test } from 'vitest';
import { formatMoney, formatQuantity, formatShare, formatSigned, plural } from './figures.ts';

describe('formatMoney', () => {
  test.each([
    ['48200.00', 'USD', '$48,200.00'],
    ['-1430.5', 'USD', '−$1,430.50'],
    ['0.0125', 'USD', '$0.0125'],
    ['5', 'CHF', 'CHF 5.00'],
    ['-12', 'EUR', '−€12.00'],
    ['1500', 'JPY', '¥1,500'],
    ['123456789012345678.123456789', 'USD', '$123,456,789,012,345,678.123456789'],
    ['0.1', 'USD', '$0.10'],
    ['', 'USD', ''],
    ['12', '', '12'],
    ['12.50', 'points', '12.5 points'],
    ['n/a', 'USD', 'n/a'],
  ])('%s %s is %s', (amount, currency, expected) => {
    expect(formatMoney(amount, currency)).toBe(expected);
  });

  test.each([
    ['48200.00', '$48,200'],
    ['-48200', '−$48,200'],
    ['48200.10', '$48,200.10'],
    ['0', '$0'],
  ])('leaves out a fraction of zeros where asked: %s is %s', (amount, expected) => {
    expect(formatMoney(amount, 'USD', true)).toBe(expected);
  });
});

test.each([
  ['1234567.500', '1,234,567.5'],
  ['-12.000', '−12'],
  ['-0.00', '0'],
  ['007', '7'],
  ['99999999999999999999.000001', '99,999,999,999,999,999,999.000001'],
  ['', ''],
  ['12 EA', '12 EA'],
])('formatQuantity %s is %s', (amount, expected) => {
  expect(formatQuantity(amount)).toBe(expected);
});

test.each([
  ['12', '+12'],
  ['-12', '−12'],
  ['0', '0'],
  ['', ''],
])('formatSigned %s is %s', (amount, expected) => {
  expect(formatSigned(amount)).toBe(expected);
});

test.each([
  ['0.992345', false, '99.2%'],
  ['0.999870', false, '99.98%'],
  ['0.999999', false, '99.99%'],
  ['1.000000', false, 'over 99.99%'],
  ['1.000000', true, '100%'],
  ['0.9', true, '90.0%'],
  ['0.0004', true, 'under 0.1%'],
  ['0.000000', true, '0%'],
  ['', true, ''],
])('formatShare %s (whole: %s) is %s', (share, whole, expected) => {
  expect(formatShare(share, whole)).toBe(expected);
});

test('plural', () => {
  expect([
    plural(1, 'key'),
    plural(0, 'key'),
    plural(23_104, 'key'),
    plural(2, 'discrepancy', 'discrepancies'),
  ]).toEqual(['1 key', '0 keys', '23,104 keys', '2 discrepancies']);
});

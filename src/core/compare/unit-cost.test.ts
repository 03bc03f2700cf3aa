import { describe, expect, it } from 'vitest';
import { type Decimal, formatDecimal } from '../model/decimal.ts';
import { CostAverage, CostBook, valueMinor } from './unit-cost.ts';

const cents = (amount: number): Decimal => ({ coefficient: BigInt(amount), scale: 2 });
const average = (rows: readonly (readonly [quantity: number, cost: Decimal])[]): string | undefined => {
  const costs = new CostAverage();
  for (const [quantity, cost] of rows) costs.add(quantity, cost);
  return costs.value && formatDecimal(costs.value);
};

describe('CostAverage', () => {
  it.each([
    ['no row', [], undefined],
    ['one row', [[5, cents(250)]], '2.5'],
    [
      'weighted by quantity',
      [
        [1, cents(100)],
        [3, cents(200)],
      ],
      '1.75',
    ],
    [
      'a negative quantity weighs as much',
      [
        [-1, cents(100)],
        [3, cents(200)],
      ],
      '1.75',
    ],
    [
      'rows without a quantity do not count beside others',
      [
        [0, cents(900)],
        [2, cents(100)],
      ],
      '1',
    ],
    [
      'unless all are',
      [
        [0, cents(100)],
        [0, cents(200)],
      ],
      '1.5',
    ],
    [
      'six decimals, halves away from zero',
      [
        [1, cents(100)],
        [2, cents(200)],
      ],
      '1.666667',
    ],
    ['more than twelve decimals are cut', [[1, { coefficient: 1n, scale: 13 }]], '0'],
    ['zero is a cost', [[5, cents(0)]], '0'],
  ] as const)('%s', (_name, rows, expected) => expect(average(rows)).toBe(expected));
});

describe('CostBook', () => {
  const book = new CostBook();
  book.add('wms', 'DC1', 'bolt', 5, cents(900));
  book.add('erp', 'DC2', 'bolt', 1, cents(100));
  book.add('erp', 'DC3', 'bolt', 1, cents(300));
  book.add('wms', 'DC1', 'nut', 1, cents(50));
  it.each([
    ['the ERP’s at the same site', 'DC2', 'bolt', '1'],
    ['else the ERP’s over all sites, before the WMS’s at the site', 'DC1', 'bolt', '2'],
    ['else the WMS’s', 'DC9', 'nut', '0.5'],
    ['none, and not zero', 'DC1', 'screw', undefined],
  ])('%s', (_name, site, item, expected) => {
    const cost = book.find(site, item);
    expect(cost && formatDecimal(cost)).toBe(expected);
  });
});

describe('valueMinor', () => {
  it.each([
    [-9_000_000, 6, cents(1250), 2, -11_250n],
    [1, 6, cents(1), 2, 0n],
    [500_000, 6, cents(1), 2, 1n],
    [-500_000, 6, cents(1), 2, -1n],
    [3, 0, { coefficient: 5n, scale: 0 }, 2, 1500n],
    [3, 0, { coefficient: 1005n, scale: 3 }, 0, 3n],
    [10n ** 20n, 6, cents(100), 2, 10n ** 16n],
  ])('case %#', (quantity, decimals, cost, minorDecimals, expected) =>
    expect(valueMinor(quantity, decimals, cost, minorDecimals)).toBe(expected),
  );
});

import { describe, expect, it } from 'vitest';
import type { DiscrepancyLine } from '../contract/run.ts';
import { sampleLine } from '../report/sample-report-fixture.ts';
import { selectLines } from './report-run-selection.ts';

const none = { site: [], category: [], cause: [], minValue: undefined };
const lineOf = (net: string, value: string, more: Partial<DiscrepancyLine> = {}): DiscrepancyLine => ({
  ...sampleLine({ erp: 0, wms: 0, cents: 0 }),
  net_variance_quantity: net,
  variance_value: value,
  cause: 'unexplained',
  ...more,
});

describe('selectLines', () => {
  it('adds exactly where doubles would not, and counts what has no value', () => {
    const lines = [
      lineOf('0.1', '9007199254740993.01'),
      lineOf('0.2', '0.02'),
      lineOf('-0.000001', '-0.01'),
      lineOf('-7', ''),
    ];
    expect(selectLines(lines, none, 2).selection).toEqual({
      site: [],
      category: [],
      cause: [],
      min_value: '',
      discrepancies: 4,
      gross_variance_quantity: '7.300001',
      net_variance_quantity: '-6.700001',
      gross_variance_value: '9007199254740993.04',
      net_variance_value: '9007199254740993.02',
      erp_overstated_value: '0.01',
      erp_understated_value: '9007199254740993.03',
      unvalued: 1,
    });
  });

  it('writes values with the decimals of the currency', () => {
    for (const [decimals, text] of [
      [0, '12'],
      [3, '12.000'],
    ] as const) {
      expect(selectLines([lineOf('1', '12')], none, decimals).selection.gross_variance_value).toBe(text);
    }
    expect(selectLines([], none, 2).selection.net_variance_value).toBe('0.00');
  });

  it.each([
    ['500', ['500.00', '-500.00', '500.01']],
    ['500.001', ['500.01']],
    ['0', ['500.00', '-500.00', '499.99', '500.01']],
  ])('takes lines worth at least %s, whatever the sign, and none without a value', (minValue, expected) => {
    const lines = ['500.00', '-500.00', '499.99', '', '500.01'].map((value) => lineOf('1', value));
    expect(selectLines(lines, { ...none, minValue }, 2).lines.map((line) => line.variance_value)).toEqual(expected);
  });

  it('takes lines that fit every filter, any name of each', () => {
    const lines = ['DC1', 'DC2', 'DC3'].flatMap((site) =>
      ['a', 'b'].map((category) => lineOf('1', '1.00', { site, category })),
    );
    const { lines: taken } = selectLines(lines, { ...none, site: ['DC3', 'DC1'], category: ['b'] }, 2);
    expect(taken.map(({ site, category }) => site + category)).toEqual(['DC1b', 'DC3b']);
  });
});

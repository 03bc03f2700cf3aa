import { describe, expect, it } from 'vitest';
import type { Comparison, KeyVariance } from '../compare/variance.ts';
import { addItem, emptyMasterData } from '../normalize/master-data.ts';
import { Plan } from '../normalize/plan.ts';
import { type JudgeOptions, judgeComparison, shareText } from './judge-comparison.ts';

const master = emptyMasterData('EA', 'exact', 'USD');
addItem(master, { item: 'bolt', unit_cost: '2.50', family: 'bolts' }, {});
const plan = new Plan({
  rules: { available: {}, held: {} },
  ignore: [],
  master,
  quantityDecimals: 0,
  grain: { owner: false, lot: false },
  grainRules: [],
  systems: [],
  sites: [],
  items: [],
  isCaseDeclared: false,
});
const limit = (units: number) => ({ quantity: { coefficient: BigInt(units), scale: 0 } });
const options = (change: Partial<JudgeOptions['tolerance']> = {}): JudgeOptions => ({
  tolerance: { rules: [], ...change },
  minorDecimals: 2,
});

const key = (item: string, erp: number, wms: number, change: Partial<KeyVariance> = {}): KeyVariance => ({
  site: 'DC1',
  item,
  owner: '',
  lot: '',
  category: 0,
  erp,
  wms,
  inFlight: 0,
  erpPresent: true,
  wmsPresent: true,
  rowCost: undefined,
  ...change,
}); // prettier-ignore
const comparison = (...variances: KeyVariance[]): Comparison => ({
  variances,
  cells: [
    { site: 'DC1', category: 0, keys: 10, erpKeys: 10, wmsKeys: 10, bothKeys: 10, erp: 100n, wms: 90n },
    { site: 'DC2', category: 1, keys: 5, erpKeys: 5, wmsKeys: 5, bothKeys: 5, erp: 50n, wms: 50n },
  ],
  unmapped: [],
  uncoveredKeys: 0,
});

describe('what a key is', () => {
  const cost = { coefficient: 100n, scale: 2 };
  const cases: readonly [
    name: string,
    key: KeyVariance,
    options: JudgeOptions,
    expected: 'discrepancy' | 'timing' | 'in-sync',
  ][] = [
    ['a variance', key('bolt', 10, 8), options(), 'discrepancy'],
    ['a variance that is all in flight', key('bolt', 10, 8, { inFlight: -2 }), options(), 'timing'],
    ['a variance that is partly in flight', key('bolt', 10, 8, { inFlight: -1 }), options(), 'discrepancy'],
    ['in flight against a variance of nothing', key('bolt', 10, 10, { inFlight: -2 }), options(), 'discrepancy'],
    ['in flight the wrong way', key('bolt', 10, 8, { inFlight: 2 }), options(), 'discrepancy'],
    ['within the tolerance', key('bolt', 10, 8), options(limit(2)), 'in-sync'],
    ['beyond the tolerance', key('bolt', 10, 7), options(limit(2)), 'discrepancy'],
    [
      'beyond it, and within it without what is in flight',
      key('bolt', 10, 5, { inFlight: -3 }),
      options(limit(2)),
      'timing',
    ],
    [
      'within it, and beyond it without what is in flight',
      key('bolt', 10, 9, { inFlight: 2 }),
      options(limit(2)),
      'discrepancy',
    ],
    [
      'a value tolerance without a cost',
      key('nut', 10, 9),
      options({ value: { coefficient: 1000n, scale: 0 } }),
      'discrepancy',
    ],
    [
      'a value tolerance with the cost of a row',
      key('nut', 10, 9, { rowCost: cost }),
      options({ value: { coefficient: 1n, scale: 0 } }),
      'in-sync',
    ],
    [
      'a rule for its family',
      key('bolt', 10, 8),
      options({ rules: [{ when: { family: ['bolts'] }, ...limit(2) }] }),
      'in-sync',
    ],
    [
      'a rule for another family',
      key('bolt', 10, 8),
      options({ rules: [{ when: { family: ['nuts'] }, ...limit(2) }] }),
      'discrepancy',
    ],
  ];
  it.each(cases)('%s', (_name, given, how, expected) => {
    const { discrepancies, timing, total } = judgeComparison(comparison(given), plan, how);
    expect([discrepancies.length, timing.length, total.discrepancies, total.timingOnly]).toEqual([
      expected === 'discrepancy' ? 1 : 0,
      expected === 'timing' ? 1 : 0,
      expected === 'discrepancy' ? 1 : 0,
      expected === 'timing' ? 1 : 0,
    ]);
  });

  it('prices the net variance: the items file first, then the rows, then not at all', () => {
    const { discrepancies } = judgeComparison(
      comparison(
        key('bolt', 10, 5, { inFlight: -1, rowCost: cost }),
        key('nut', 1, 4, { rowCost: cost }),
        key('screw', 1, 2),
      ),
      plan,
      options(),
    );
    expect(
      discrepancies.map(({ item, variance, netVariance, valueMinor }) => [item, variance, netVariance, valueMinor]),
    ).toEqual([
      ['bolt', -5, -4, -1000n],
      ['nut', 3, 3, 300n],
      ['screw', 1, 1, null],
    ]);
  });
});

describe('totals are over the lines that are listed', () => {
  const { total, bySite, byCategory, timing } = judgeComparison(
    comparison(
      key('bolt', 10, 6),
      key('bolt', 10, 12, { category: 1, site: 'DC2' }),
      key('screw', 1, 4),
      key('z', 10, 8, { inFlight: -2 }),
      key('a', 10, 8, { inFlight: -2 }),
    ),
    plan,
    options(),
  );

  it('gross, net, overstated, understated and unvalued', () => {
    expect(total).toMatchObject({
      keys: 15,
      discrepancies: 3,
      timingOnly: 2,
      erp: 150n,
      wms: 140n,
      grossQuantity: 9n,
      netQuantity: 1n,
      overstatedMinor: 1000n,
      understatedMinor: 500n,
      unvalued: 1,
      allGross: 9n,
      notExact: 3,
    }); // prettier-ignore
  });

  it('sites and categories add up to them, and every category is there', () => {
    for (const groups of [bySite, byCategory]) {
      for (const name of ['keys', 'discrepancies', 'timingOnly', 'unvalued', 'notExact'] as const) {
        expect(
          [...groups.values()].reduce((sum, group) => sum + group[name], 0),
          name,
        ).toBe(total[name]);
      }
      for (const name of [
        'erp',
        'wms',
        'grossQuantity',
        'netQuantity',
        'overstatedMinor',
        'understatedMinor',
        'allGross',
      ] as const) {
        expect(
          [...groups.values()].reduce((sum, group) => sum + group[name], 0n),
          name,
        ).toBe(total[name]);
      }
    }
    expect([...byCategory.keys()]).toEqual(['available', 'held']);
  });

  it('timing is in order of its keys', () => expect(timing.map(({ item }) => item)).toEqual(['a', 'z']));
});

describe('shareText', () => {
  it.each([
    [1n, 1n, '1.000000'],
    [0n, 5n, '0.000000'],
    [1n, 3n, '0.333333'],
    [2n, 3n, '0.666666'],
    [999_999_999n, 1_000_000_000n, '0.999999'],
    [0n, 0n, ''],
  ])('%s of %s', (part, whole, expected) => expect(shareText(part, whole)).toBe(expected));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImpactBook, type ImpactFacts } from './impact-book.ts';
import { decimal, demandOf, factsOf, lineOf, type TestLine } from './priced-line-fixture.ts';
import { DEFAULT_PRIORITY, type PrioritySettings, priorityParameters } from './priority-parameters.ts';

const CATEGORIES = ['available', 'damaged'];

function book(
  lines: readonly TestLine[],
  facts: Partial<ImpactFacts<TestLine>> = {},
  settings: Partial<PrioritySettings> = {},
): ImpactBook<TestLine> {
  // Sure orders only, so that every figure is a product of whole numbers: 10 open orders of A at DC1.
  const known = { ...factsOf<TestLine>([['DC1', 'A', demandOf(0, 10)]]), ...facts };
  return new ImpactBook(lines, known, priorityParameters({ ...DEFAULT_PRIORITY, ...settings }, CATEGORIES));
}

describe('the impact of one line', () => {
  it('is what its place costs and its exposure: 8 available in the ERP, 5 in truth, 10 ordered', () => {
    expect(book([lineOf(8, 5)], {}, { cancel_cost: '1' }).termsOf(0)).toMatchObject({
      exposureMinor: 750n, // 3 · 2.50
      oversellMinor: 2_097n, // 3 · (5.99 + 1)
      lostSalesMinor: 0n,
      purchaseMinor: 0n,
      impactMinor: 2_847n,
      priority: 'critical',
      floor: 'orders at risk',
      service: { ordersAtRisk: 3, available: { erp: 8, wms: 5 } },
    });
  });

  it('is only its exposure where the category cannot be sold', () => {
    const lines = [lineOf(8, 5, { category: 1 })];
    expect(book(lines).termsOf(0)).toMatchObject({
      impactMinor: 750n,
      oversellMinor: 0n,
      service: undefined,
      floor: '',
    });
    expect(book(lines, {}, { available: ['damaged'] }).termsOf(0)).toMatchObject({ oversellMinor: 1_797n });
  });

  it('leaves out what is in flight: it will be in the ERP', () => {
    const { service, oversellMinor } = book([lineOf(9, 5, { inFlight: -1 })]).termsOf(0);
    expect({ available: service?.available, oversellMinor }).toEqual({
      available: { erp: 8, wms: 5 },
      oversellMinor: 1_797n,
    });
  });

  it('shrinks with the chance that it heals, and is rounded once more: (7.50 + 17.97) · 0.5 = 12.735', () => {
    expect(book([lineOf(8, 5)], { persistenceOf: () => 0.5 }).termsOf(0)).toMatchObject({
      oversellMinor: 1_797n,
      persistence: 0.5,
      impactMinor: 1_274n,
    });
  });

  it.each([
    ['no cost', { unitCost: undefined }, 1_797n],
    ['no cost and no margin', { unitCost: undefined, record: undefined }, null],
    ['no margin', { record: undefined }, 750n],
    ['no cost of what cannot be sold', { unitCost: undefined, category: 1 }, null],
  ])('with %s', (_name, rest, expected) => expect(book([lineOf(8, 5, rest)]).impactMinor(0)).toBe(expected));
});

describe('an item at a site', () => {
  it('is the sum of its lots; lines in the direction of the whole carry it by their units', () => {
    const lines = [
      lineOf(6, 3, { lot: 'L1' }), // −3
      lineOf(4, 0, { lot: 'L2' }), // −4
      lineOf(0, 2, { lot: 'L3' }), // +2
      lineOf(1, 0, { item: 'B' }),
      lineOf(1, 0, { site: 'DC2' }),
    ];
    const made = book(lines);
    // 11 in the ERP and 5 in the WMS: 10 − 5 = 5 units · 5.99 = 29.95, of which 3/7 and 4/7.
    expect(lines.map((_, position) => made.termsOf(position).oversellMinor)).toEqual([1_284n, 1_711n, 0n, 0n, 0n]);
    expect(lines.map((_, position) => made.termsOf(position).service?.ordersAtRisk)).toEqual([5, 5, undefined, 0, 0]);
    expect(lines.map((_, position) => made.urgencyOf(position).floor !== '')).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('costs nothing where its lots make up for each other', () => {
    const made = book([lineOf(6, 3, { lot: 'L1' }), lineOf(0, 3, { lot: 'L2' })]);
    expect(made.termsOf(0)).toMatchObject({ impactMinor: 750n, service: undefined });
  });

  it('counts what both sides agree on beside its lines', () => {
    const agreedOf = (site: string, item: string): number => (site === 'DC1' && item === 'A' ? 5 : 77);
    const { service, oversellMinor } = book([lineOf(8, 5, { lot: 'L1' })], { agreedOf }).termsOf(0);
    // 13 in the ERP and 10 in the WMS: no order is at risk, and nobody else asks.
    expect({ available: service?.available, oversellMinor }).toEqual({
      available: { erp: 13, wms: 10 },
      oversellMinor: 0n,
    });
  });

  it('of one key only needs no sums', () => {
    const lines = [
      lineOf(8, 5),
      lineOf(8, 5, { category: 1 }),
      lineOf(4, 2, { site: 'DC2' }),
      lineOf(7, 3, { item: 'B' }),
    ];
    const terms = (made: ImpactBook<TestLine>) => lines.map((_, position) => made.termsOf(position));
    expect(terms(book(lines, { agreedOf: undefined }))).toEqual(terms(book(lines)));
  });
});

describe('urgency', () => {
  const sold = factsOf<TestLine>([['DC1', 'A', demandOf(2)]]);

  it('knows class, cover and age', () => {
    const facts = { demand: sold.demand, ageDaysOf: () => 7 };
    // 30 units last 15 days: 15 · (1 − 15/30); the greatest value and impact of the run: 60.
    expect(book([lineOf(10, 30)], facts).urgencyOf(0)).toMatchObject({
      points: { value: 3000, impact: 3000, turnover: 750, event: 0, age: 500, total: 7250 },
      priority: 'critical',
      floor: '',
    });
    expect(book([lineOf(10, 30, { category: 1 })], facts).urgencyOf(0).points.turnover).toBe(0);
  });

  it('knows special items and near promotions', () => {
    const record = { abcClass: 'C', isSpecial: true };
    const small = (rest: Partial<TestLine>): TestLine[] => [lineOf(9000, 1), lineOf(2, 1, rest)];
    expect(book(small({ item: 'B', record })).urgencyOf(1)).toMatchObject({ priority: 'high', floor: 'special item' });
    expect(book(small({ item: 'B' })).urgencyOf(1)).toMatchObject({ priority: 'low', floor: '' });
    for (const [firstDay, floor] of [
      [20_006, 'promotion'],
      [20_007, ''],
    ] as const) {
      const { promotions } = factsOf<TestLine>([]);
      promotions.add('B', { site: '', firstDay, lastDay: firstDay + 20, uplift: 2 });
      expect(book(small({ item: 'B' }), { promotions }).urgencyOf(1).floor).toBe(floor);
    }
  });

  it('a promotion raises the demand within the horizon', () => {
    const { promotions } = factsOf<TestLine>([]);
    promotions.add('A', { site: 'DC1', firstDay: 20_004, lastDay: 20_030, uplift: 3 });
    const { service } = book([lineOf(40, 10)], { demand: sold.demand, promotions }).termsOf(0);
    expect(service?.expectedSales).toBe(2 * (4 + 3 * 3));
  });
});

it('the worked example of docs/guides/priority.md', () => {
  const facts = factsOf<TestLine>([
    ['DC1', 'LAMP', demandOf(4, 30)],
    ['DC1', 'BOLT', demandOf(1)],
  ]);
  facts.promotions.add('BOLT', { site: 'DC1', firstDay: 20_003, lastDay: 20_008, uplift: 2 });
  const lamp = lineOf(60, 24, { item: 'LAMP', record: { abcClass: 'B', margin: decimal('5.99') } });
  const bolt = lineOf(9000, 8000, {
    item: 'BOLT',
    unitCost: decimal('0.10'),
    record: { abcClass: 'C', margin: decimal('0.02') },
  });
  const made = book([bolt, lamp], facts, { cancel_cost: '4' });
  expect(made.termsOf(0)).toMatchObject({
    exposureMinor: 10_000n,
    oversellMinor: 0n,
    impactMinor: 10_000n,
    points: { value: 3000, impact: 2294, turnover: 0, event: 1500, age: 0, total: 6794 },
    priority: 'high',
    floor: '',
  });
  expect(made.termsOf(1)).toMatchObject({
    exposureMinor: 9_000n,
    oversellMinor: 32_690n,
    impactMinor: 41_690n,
    points: { value: 2932, impact: 3000, turnover: 1200, event: 0, age: 0, total: 7132 },
    priority: 'critical',
    floor: '',
    service: { ordersAtRisk: 6, expectedSales: 28, unitsAtStake: 32_722_625n },
  });
});

it('parts of a place add up to what the place costs, and a line that carries nothing costs its exposure', () => {
  const lots = fc.array(fc.record({ erp: fc.nat(50), wms: fc.nat(50) }), { minLength: 1, maxLength: 6 });
  const demand = fc.record({ daily: fc.nat(9), open: fc.nat(60), reorder: fc.nat(90) });
  fc.assert(
    fc.property(lots, demand, (given, { daily, open, reorder }) => {
      const lines = given.map(({ erp, wms }, index) =>
        lineOf(erp, wms, { lot: String(index), record: { abcClass: '', margin: decimal('3.33') } }),
      );
      const facts = factsOf<TestLine>([['DC1', 'A', demandOf(daily, open, { reorderPoint: reorder })]]);
      const made = book(lines, facts, { order_cost: '7.77' });
      const terms = lines.map((_, position) => made.termsOf(position));
      const service = terms.find((each) => each.service !== undefined)?.service;
      for (const term of ['oversellMinor', 'lostSalesMinor', 'purchaseMinor'] as const)
        expect(terms.reduce((sum, each) => sum + each[term], 0n)).toBe(service?.[term] ?? 0n);
      terms.forEach((each, position) => {
        const carried = each.oversellMinor + each.lostSalesMinor + each.purchaseMinor;
        expect(each.impactMinor).toBe((each.exposureMinor as bigint) + carried);
        if (lines[position]?.netVariance === 0) expect(each.impactMinor).toBe(0n);
        if (each.service === undefined) expect(carried).toBe(0n);
      });
    }),
  );
});

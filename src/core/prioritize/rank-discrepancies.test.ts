import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, demandOf, factsOf, lineOf, type TestLine } from './priced-line-fixture.ts';
import { DEFAULT_PRIORITY, priorityParameters, type Ranking } from './priority-parameters.ts';
import { PRIORITIES } from './priority-points.ts';
import { compareByDollars, type Rankable, rankDiscrepancies, sortByDollars } from './rank-discrepancies.ts';

const line = (item: string, valueMinor: bigint | null, netVariance = 1, site = 'DC1'): Rankable => ({
  site,
  item,
  owner: '',
  lot: '',
  categoryName: 'available',
  netVariance,
  valueMinor,
  valueSize: valueMinor === null ? -1 : Math.abs(Number(valueMinor)),
});

describe('compareByDollars', () => {
  it('puts the most expensive first, whatever its sign; then the unvalued by units; then by name', () => {
    const inOrder = [
      line('a', -500n),
      line('b', 400n),
      line('c', 0n),
      line('d', null, -9),
      line('A', null, 5),
      line('a', null, 5),
      line('a', null, 5, 'DC2'),
    ];
    expect([...inOrder].reverse().sort(compareByDollars)).toEqual(inOrder);
  });

  it('ties of value are broken by site, item, owner, lot and category, by code unit', () => {
    const tied = ['Z', 'a', 'ä', '日'].map((item) => line(item, 5n));
    expect([...tied].reverse().sort(compareByDollars)).toEqual(tied);
    const base = line('a', 5n);
    for (const name of ['site', 'item', 'owner', 'lot', 'categoryName'] as const) {
      expect(compareByDollars({ ...base, [name]: 'a1' }, { ...base, [name]: 'a2' })).toBeLessThan(0);
      expect(compareByDollars({ ...base, [name]: 'a2' }, { ...base, [name]: 'a1' })).toBeGreaterThan(0);
    }
    expect(compareByDollars(base, { ...base })).toBe(0);
  });

  it('is a total order', () => {
    const any = fc
      .record({
        item: fc.constantFrom('a', 'b'),
        value: fc.constantFrom(null, 0n, 5n, -5n),
        net: fc.constantFrom(1, -1, 2),
      })
      .map(({ item, value, net }) => line(item, value, net));
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(compareByDollars(a, b))).toBe(-Math.sign(compareByDollars(b, a)) + 0);
        if (compareByDollars(a, b) <= 0 && compareByDollars(b, c) <= 0)
          expect(compareByDollars(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('rankDiscrepancies', () => {
  const facts = factsOf<TestLine>([
    ['DC1', 'ordered', demandOf(0, 10)],
    ['DC1', 'plenty', demandOf(0, 1)],
  ]);
  const rank = (ranking: Ranking, lines: readonly TestLine[]) =>
    rankDiscrepancies(
      sortByDollars(lines),
      facts,
      priorityParameters({ ...DEFAULT_PRIORITY, ranking }, ['available', 'damaged']),
    );
  // Values 500.00, 100.00, 25.00 and unknown; 10 · 5.99 more for the ordered one, whose orders are at risk.
  const LINES = [
    lineOf(300, 100, { item: 'plenty' }),
    lineOf(60, 20, { item: 'unasked', record: { abcClass: '', isSpecial: true } }),
    lineOf(10, 0, { item: 'ordered' }),
    lineOf(10, 0, { item: 'worthless', unitCost: undefined }),
  ];

  it.each<[Ranking, string[]]>([
    ['dollars', ['plenty', 'unasked', 'ordered', 'worthless']],
    ['impact', ['plenty', 'unasked', 'ordered', 'worthless']],
    ['points', ['ordered', 'plenty', 'unasked', 'worthless']],
  ])('by %s', (ranking, items) => {
    const ranked = rank(ranking, LINES);
    expect(ranked.lines.map(({ item }) => item)).toEqual(items);
    expect(ranked.lines.map((_, index) => [ranked.impactMinor(index), ranked.priority(index)])).toEqual(
      ranked.lines.map((_, index) => [ranked.terms(index).impactMinor, ranked.terms(index).priority]),
    );
  });

  it('by impact, orders that cannot be served pass by what is only expensive', () => {
    const lines = [lineOf(40, 0, { item: 'unasked' }), lineOf(15, 0, { item: 'ordered' })];
    expect(rank('dollars', lines).lines.map(({ item }) => item)).toEqual(['unasked', 'ordered']);
    // 100.00 against 37.50 + 59.90; one unit more decides.
    expect(rank('impact', lines).lines[0]?.item).toBe('unasked');
    expect(rank('impact', [lines[0] as TestLine, lineOf(17, 0, { item: 'ordered' })]).lines[0]?.item).toBe('ordered');
  });

  it('tells apart amounts beyond what a double holds', () => {
    const huge = (item: string, valueMinor: bigint): TestLine =>
      lineOf(1, 0, {
        item,
        valueMinor,
        valueSize: Number(valueMinor),
        record: { abcClass: '', margin: decimal('0.02') },
      });
    // One cent less in the books, two more for the order that cannot be served: the same double.
    const lines = [huge('unasked', 10n ** 18n + 1n), huge('ordered', 10n ** 18n)];
    expect(rank('dollars', lines).lines.map(({ item }) => item)).toEqual(['unasked', 'ordered']);
    expect(rank('impact', lines).lines.map(({ item }) => item)).toEqual(['ordered', 'unasked']);
  });

  it('is one order whatever the order of the lines, and none is lost', () => {
    const line = fc
      .record({
        item: fc.constantFrom('ordered', 'plenty', 'unasked'),
        lot: fc.constantFrom('1', '2', '3'),
        category: fc.constantFrom(0, 1),
        erp: fc.nat(30),
        wms: fc.nat(30),
        isCostKnown: fc.boolean(),
      })
      .map(({ erp, wms, isCostKnown, category, ...rest }) =>
        lineOf(erp, wms, {
          ...rest,
          category,
          categoryName: ['available', 'damaged'][category] as string,
          ...(isCostKnown ? {} : { unitCost: undefined }),
        }),
      );
    const distinct = fc.uniqueArray(line, { selector: ({ item, lot, category }) => `${item} ${lot} ${category}` });
    fc.assert(
      fc.property(
        fc.constantFrom<Ranking>('dollars', 'impact', 'points'),
        distinct,
        fc.nat(),
        (ranking, lines, turn) => {
          const turned = lines.map((_, index) => lines[(index + turn) % lines.length] as TestLine);
          const [ranked, again] = [rank(ranking, lines), rank(ranking, turned)];
          expect(again.lines).toEqual(ranked.lines);
          expect(new Set(ranked.lines)).toEqual(new Set(lines));
          const sizes = ranked.lines.map((_, index) => {
            const { impactMinor, priority, points } = ranked.terms(index);
            if (ranking === 'impact') return Number(impactMinor ?? -1n);
            return ranking === 'points' ? points.total - PRIORITIES.indexOf(priority) * 20_000 : 0;
          });
          expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
          if (ranking === 'dollars') expect(ranked.lines).toEqual(sortByDollars(lines));
        },
      ),
    );
  });
});

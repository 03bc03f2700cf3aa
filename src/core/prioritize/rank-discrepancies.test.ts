import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareByDollars, type Rankable } from './rank-discrepancies.ts';

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

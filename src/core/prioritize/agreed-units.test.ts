import { expect, it } from 'vitest';
import { agreedUnits } from './agreed-units.ts';
import { lineOf } from './priced-line-fixture.ts';

it('is what the ERP holds beside the lines, in categories that can be sold, and what is in flight to it', () => {
  const held = (quantity: number, rest: Partial<{ site: string; item: string; category: number }> = {}) => ({
    site: 'DC1',
    item: 'A',
    category: 0,
    quantity,
    ...rest,
  });
  // Lot 1 holds 8 and is a line, lot 2 holds 30 + 5 in two statuses, of lot 3 one of 6 has left; 7 are damaged, 4 elsewhere.
  const balances = [
    held(8),
    held(30),
    held(5),
    held(6),
    held(7, { category: 1 }),
    held(4, { site: 'DC2' }),
    held(2, { item: 'B' }),
  ];
  const timing = [lineOf(6, 5, { lot: '3', inFlight: -1 })];
  const lines = [lineOf(8, 5, { lot: '1' }), lineOf(7, 0, { category: 1 }), lineOf(0, 3, { item: 'C' })];
  const agreedOf = agreedUnits(balances, timing, lines, new Set([0]));
  const places = [
    ['DC1', 'A'],
    ['DC2', 'A'],
    ['DC1', 'B'],
    ['DC1', 'C'],
    ['DC3', 'A'],
  ] as const;
  expect(places.map(([site, item]) => agreedOf(site, item))).toEqual([40, 4, 2, 0, 0]);
});

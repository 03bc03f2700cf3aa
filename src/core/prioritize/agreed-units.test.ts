import { expect, it } from 'vitest';
import { agreedUnits } from './agreed-units.ts';
import { lineOf } from './priced-line-fixture.ts';

it('is what the ERP holds in keys that do not differ, in categories that can be sold', () => {
  const held = (quantity: number, rest: Partial<{ site: string; item: string; category: number }> = {}) => ({
    site: 'DC1',
    item: 'A',
    category: 0,
    quantity,
    ...rest,
  });
  // Lot 1 holds 8 and differs, lot 2 holds 30 + 5 in two statuses; 7 are damaged, 4 are at another site.
  const balances = [
    held(8),
    held(30),
    held(5),
    held(7, { category: 1 }),
    held(4, { site: 'DC2' }),
    held(2, { item: 'B' }),
  ];
  const differing = [lineOf(8, 5, { lot: '1' }), lineOf(7, 0, { category: 1 }), lineOf(0, 3, { item: 'C' })];
  const agreedOf = agreedUnits(balances, differing, new Set([0]));
  expect([
    agreedOf('DC1', 'A'),
    agreedOf('DC2', 'A'),
    agreedOf('DC1', 'B'),
    agreedOf('DC1', 'C'),
    agreedOf('DC3', 'A'),
  ]).toEqual([35, 4, 2, 0, 0]);
});

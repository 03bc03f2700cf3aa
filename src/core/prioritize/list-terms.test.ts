import { expect, it } from 'vitest';
import { ImpactBook } from './impact-book.ts';
import { listTerms } from './list-terms.ts';
import { demandOf, factsOf, lineOf, type TestLine } from './priced-line-fixture.ts';
import { DEFAULT_PRIORITY, priorityParameters } from './priority-parameters.ts';

const FORM = { quantityDecimals: 0, minorDecimals: 2, currency: 'USD', uom: 'EA' };

function listed(line: TestLine, facts = factsOf<TestLine>([['DC1', 'A', demandOf(4, 30)]])): string[] {
  const parameters = priorityParameters({ ...DEFAULT_PRIORITY, cancel_cost: '4' }, ['available', 'damaged']);
  const terms = new ImpactBook([line], facts, parameters).termsOf(0);
  return listTerms(terms, FORM).map(({ name, amount, unit }) => [name, amount, unit].filter(Boolean).join(' '));
}

it('lists every term with its exact amount', () => {
  expect(listed(lineOf(60, 24))).toEqual([
    'book exposure 90.00 USD',
    'available in the ERP 60 EA',
    'available in the WMS 24 EA',
    'open orders 30 EA',
    'expected sales 28 EA',
    'orders at risk 6 EA',
    'demand at stake 32.722625 EA',
    'oversold 326.90 USD',
    'lost sales 0.00 USD',
    'needless purchase 0.00 USD',
    'chance that it stays 100 %',
    'for the value 30 points',
    'for the impact 30 points',
    'for the class or the cover 12 points',
    'for a special item or a promotion 0 points',
    'for the age 0 points',
    'together 72 points',
  ]);
});

it('says which floor raised a line, and what nobody gave', () => {
  const line = lineOf(60, 24, { unitCost: undefined, record: { abcClass: '', isSpecial: true } });
  const facts = factsOf<TestLine>([]);
  expect(listed(line, facts).filter((text) => /^book|:/.test(text))).toEqual([
    'raised to high: special item',
    'no unit cost is known: neither exposure nor holding cost is counted',
    'no margin is known: what is not sold counts without it',
    'no demand is known: nothing is counted as oversold or lost',
  ]);
});

it('says that the cost is missing of what cannot be sold, too', () => {
  const listedTexts = listed(lineOf(60, 24, { unitCost: undefined, category: 1 }));
  expect(listedTexts.at(-1)).toBe('no unit cost is known: neither exposure nor holding cost is counted');
});

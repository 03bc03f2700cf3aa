import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromColumns, isColumnTable, toColumns } from './column-table.ts';

const throughJson = (rows: readonly object[]) => fromColumns(JSON.parse(JSON.stringify(toColumns(rows))));

it('gives back the rows that it was given', () => {
  const text = fc.constantFrom('', 'DC1', 'all', 'rows', '1', 'Größe "x"\n');
  const row = fc.record({
    site: text,
    lot: fc.constant(''),
    quantity: fc.integer(),
    eventAt: fc.option(fc.integer(), { nil: undefined }),
    none: fc.constant(undefined),
    postedAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
    sentAt: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
    placed: fc.option(fc.record({ site: text, quantity: fc.integer() }), { nil: undefined }),
    source: fc.record({ file: fc.constant('a.csv'), row: fc.nat() }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      expect(throughJson(rows)).toEqual(rows);
    }),
  );
});

it('writes once what all rows share', () => {
  const rows = [1, 2, 3].map((row) => ({ item: 'A', source: { file: 'a.csv', row } }));
  expect(toColumns(rows)).toEqual({
    rows: 3,
    columns: { item: { all: 'A' }, source: { rows: 3, columns: { file: { all: 'a.csv' }, row: [1, 2, 3] } } },
  });
});

it('writes words that come again once, and times by their differences', () => {
  const rows = Array.from({ length: 18 }, (_, index) => ({
    status: index % 2 === 0 ? 'HOLD' : 'AVAILABLE',
    id: `M${index}`,
    at: 1_700_000_000_000 + index,
  }));
  expect(toColumns(rows).columns).toEqual({
    status: { words: ['HOLD', 'AVAILABLE'], at: rows.map((_, index) => index % 2) },
    id: rows.map(({ id }) => id),
    at: { steps: [1_700_000_000_000, ...Array(17).fill(1)] },
  });
});

it('is told from what is none', () => {
  expect([toColumns([]), [], null, { rows: 1 }].map(isColumnTable)).toEqual([true, false, false, false]);
});

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
    placed: fc.option(fc.record({ site: text, quantity: fc.integer() }), { nil: undefined }),
    source: fc.record({ file: fc.constant('a.csv'), row: fc.nat() }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
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

it('is told from what is none', () => {
  expect([toColumns([]), [], null, { rows: 1 }].map(isColumnTable)).toEqual([true, false, false, false]);
});

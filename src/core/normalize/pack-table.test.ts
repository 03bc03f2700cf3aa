import { describe, expect, test } from 'vitest';
import { PackTable } from './pack-table.ts';
import { canonicalUnit } from './unit-code.ts';

const A_CASE = { coefficient: 12n, scale: 0 };

function filled(): PackTable {
  const table = new PackTable(canonicalUnit);
  table.add('A', 'CASE', 12, 0, 2);
  table.add('A', 'each', 2, 0, 3);
  table.add('B', 'PCE', 10, 1, 4);
  return table;
}

function loaded(): PackTable {
  const table = new PackTable(canonicalUnit);
  table.load(filled().toColumns());
  return table;
}

describe.each([
  ['filled', filled],
  ['loaded', loaded],
])('a table that was %s', (_, make) => {
  test('finds factors and base units', () => {
    const table = make();
    expect(table.find('A', 'CASE')).toEqual(A_CASE);
    expect(table.find('A', 'PALLET')).toBeUndefined();
    expect(table.find('C', 'CASE')).toBeUndefined();
    expect([table.baseUomOf('A'), table.baseUomOf('B'), table.baseUomOf('C')]).toEqual(['', 'PCE', '']);
    expect([...table].map(([item]) => item)).toEqual(['A', 'B']);
  });

  test('knows its size and conflicts without being asked for an item', () => {
    expect(make().size).toBe(2);
    const conflicts = make().findConflicts((item) => (item === 'A' ? 'EA' : ''));
    expect(conflicts).toEqual([{ row: 3, unit: 'EA', factor: '2' }]);
  });

  test('gives the columns that it would be loaded from', () => {
    expect(make().toColumns()).toEqual(filled().toColumns());
  });
});

test('an empty table stays one', () => {
  const table = new PackTable(canonicalUnit);
  table.load(new PackTable(canonicalUnit).toColumns());
  expect([table.size, [...table].length, table.find('', 'EA')]).toEqual([0, 0, undefined]);
});

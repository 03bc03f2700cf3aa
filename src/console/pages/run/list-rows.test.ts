import { expect, test } from 'vitest';
import { type Line, LineStore } from './line-store.ts';
import { type Group, ListRows } from './list-rows.ts';

const group = (name: string, lines: number): Group => ({ group: name, discrepancies: lines }) as Group;

/** Lines are named by their group and place. */
async function storeOf(name: string, count: number): Promise<{ store: LineStore; asked: number[] }> {
  const asked: number[] = [];
  const store = new LineStore(async (offset, limit) => {
    asked.push(offset);
    const size = Math.min(limit, count - offset);
    const items = Array.from({ length: size }, (_, index) => ({ rank: `${name}${offset + index}` }) as Line);
    return { items, totals: { discrepancies: count } as never };
  });
  await store.between(0, count - 1);
  asked.length = 0;
  return { store, asked };
}

test('rows of groups and of the lines of open ones stand one under the other', async () => {
  const { store } = await storeOf('b', 3);
  const rows = new ListRows([
    { group: group('a', 5), store: undefined, lines: 5 },
    { group: group('b', 3), store, lines: 3 },
    { group: group('c', 1), store: undefined, lines: 1 },
  ]);
  const said = Array.from({ length: rows.count }, (_, index) => {
    const row = rows.rowAt(index);
    return row.kind === 'group' ? `${row.group.group} ${row.isOpen ? 'open' : 'closed'}` : row.line?.rank;
  });
  expect(said).toEqual(['a closed', 'b open', 'b0', 'b1', 'b2', 'c closed']);
  expect((await rows.linesBetween(0, 5)).map(({ rank }) => rank)).toEqual(['b0', 'b1', 'b2']);
  expect((await rows.linesBetween(3, 3)).map(({ rank }) => rank)).toEqual(['b1']);
});

test('without groups, each row is a line; an empty list has none', async () => {
  const { store } = await storeOf('x', 250);
  const rows = new ListRows([{ group: undefined, store, lines: 250 }]);
  expect(rows.count).toBe(250);
  expect(rows.rowAt(249)).toMatchObject({ kind: 'line', line: { rank: 'x249' } });
  expect(new ListRows([]).count).toBe(0);
});

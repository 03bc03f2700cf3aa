import { expect, test } from 'vitest';
import { exportAddress, nextSort, queryOf, savedQuery, toggled, valuesOf, viewOf, without } from './run-view.ts';

test('what stands in the address is the view, and what means nothing is left out', () => {
  const view = viewOf({
    cause: 'rounding,message-lost',
    site: 'DC1',
    sort: '-value',
    group: 'cause',
    chart: 'pie',
    line: '7',
  });
  expect(view).toEqual({
    filter: { cause: 'rounding,message-lost', site: 'DC1' },
    since: undefined,
    sort: '-value',
    group: 'cause',
    chart: undefined,
    line: '7',
  });
  expect(viewOf({ sort: 'colour', group: 'item', line: '0', text: '  ' })).toMatchObject({
    filter: {},
    sort: 'rank',
    group: undefined,
    line: undefined,
  });
});

test('a filter is put in and taken out value by value', () => {
  const filter = { cause: 'rounding' };
  expect(toggled(filter, 'cause', 'message-lost')).toBe('rounding,message-lost');
  expect(toggled(filter, 'cause', 'rounding')).toBeUndefined();
  expect(valuesOf({}, 'cause')).toEqual([]);
  expect(without({ cause: 'a', site: 'b' }, 'cause')).toEqual({ site: 'b' });
});

test('a second choice of an order turns it round, a third turns it back', () => {
  expect(nextSort('rank', 'value')).toBe('value');
  expect(nextSort('value', 'value')).toBe('-value');
  expect(nextSort('-value', 'value')).toBe('value');
  expect(nextSort('value', 'rank')).toBeUndefined();
  expect(nextSort('rank', 'rank')).toBe('-rank');
});

test('an export asks for what is seen', () => {
  const view = viewOf({ text: 'a&b, c', change: 'new', since: 'run-1', sort: 'item' });
  expect(exportAddress('run/2', queryOf(view), view.sort, 'xlsx')).toBe(
    '/api/v1/runs/run%2F2/discrepancies/export?change=new&text=a%26b%2C+c&since=run-1&sort=item&format=xlsx',
  );
});

test('a saved view is the same text however it came about, without the line that is open', () => {
  expect(savedQuery({ line: '4', group: 'site', cause: 'rounding', other: 'x' })).toBe('cause=rounding&group=site');
  expect(savedQuery({ cause: 'rounding', group: 'site', site: '' })).toBe('cause=rounding&group=site');
});

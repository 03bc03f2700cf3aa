import { expect, test } from 'vitest';
import type { Group } from './list-rows.ts';
import { treemapData } from './treemap-data.ts';

const group = (name: string, value: string): Group => ({ group: name, gross_variance_value: value }) as Group;
const line = (cause: string, item: string, value: string) => ({ cause, item, description: '', variance_value: value });

test('lines of an item are one area, and what has none is with the others: sums are those of the causes', () => {
  const groups = [group('message-lost', '1000.30'), group('rounding', '0.02'), group('unit-mismatch', '200.00')];
  const lines = [
    line('message-lost', 'A', '-600.10'),
    line('unit-mismatch', 'A', '200.00'),
    line('message-lost', 'B', '100.10'),
    line('message-lost', 'A', '200.05'),
  ];
  expect(treemapData(groups, lines)).toMatchObject([
    {
      cause: 'message-lost',
      value: '1000.30',
      items: [
        { item: 'A', value: '800.15' },
        { item: 'B', value: '100.10' },
        { item: '', value: '100.05' },
      ],
    },
    { cause: 'unit-mismatch', items: [{ item: 'A', value: '200.00' }] },
  ]);
});

test('lines without a value have no area, and currencies without decimals have sums', () => {
  expect(treemapData([group('rounding', '0')], [line('rounding', 'A', '')])).toEqual([]);
  expect(treemapData([group('rounding', '30')], [line('rounding', 'A', '-30')])).toMatchObject([
    { items: [{ item: 'A', value: '30', size: 30 }] },
  ]);
});

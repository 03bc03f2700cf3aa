import { expect, test } from 'vitest';
import { paretoBars } from './pareto.ts';
import { sampleLine } from './sample-report-fixture.ts';

const line = (item: string, wms: number) => sampleLine({ item, erp: 100, wms, cents: 1_000 });

test('bars by size whatever the rank and sign, with the running share of the gross', () => {
  // Gross 200: 120 + 60 + 20.
  const bars = paretoBars([line('small', 98), line('large', 88), line('middle', 106)], '200.00');
  expect(bars.map((bar) => [bar.line.item, bar.length, bar.cumulative, bar.cumulativeText])).toEqual(
    [
      ['large', 100, 60, '60.0%'],
      ['middle', 50, 90, '90.0%'],
      ['small', (20 / 120) * 100, 100, '100%'],
    ].map(([item, length, ...rest]) => [item, expect.closeTo(Number(length)), ...rest]),
  );
});

test('never 100% while something is left', () => {
  expect(paretoBars([line('a', 90)], '100.000001').map((bar) => bar.cumulativeText)).toEqual(['99.99%']);
});

test('lines without a value are left out; without any there are no bars', () => {
  const uncosted = { ...line('a', 90), variance_value: '' };
  expect(paretoBars([uncosted, line('b', 90)], '100.00')).toHaveLength(1);
  expect(paretoBars([uncosted], '0')).toEqual([]);
  expect(paretoBars([], '')).toEqual([]);
});

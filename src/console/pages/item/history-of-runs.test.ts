import { describe, expect, it } from 'vitest';
import { historyOf, latestOf, onsetOf } from './history-of-runs.ts';
import { placeOf } from './item-place-fixture.ts';

const run = (day: string, ...nets: string[]) => ({
  run_id: `run-${day}`,
  cut_off: `2026-11-${day}T23:59:59-06:00`,
  lines: nets.map((net_variance_quantity) => ({
    ...{ site: 'DC1', owner: '', lot: '', category: 'available' },
    ...{ net_variance_quantity, variance_value: '', cause: '' },
  })),
});

describe('the history of a place', () => {
  const points = historyOf(
    { runs: [run('20', '-9'), run('17'), run('18', '4'), run('19', '-2')] },
    placeOf(),
    'available',
  );

  it('is in the order of the cut-offs, and a run without a line found no difference', () => {
    expect(points.map(({ runId, net }) => [runId, net])).toEqual([
      ['run-17', '0'],
      ['run-18', '4'],
      ['run-19', '-2'],
      ['run-20', '-9'],
    ]);
  });

  it('has one point for each cut-off: what the last run of it found', () => {
    const again = [{ ...run('18', '-5'), run_id: 'run-18-b' }, run('18', '4'), run('17')];
    const all = historyOf({ runs: again }, placeOf(), 'available');
    expect(latestOf(all).map(({ runId, net }) => [runId, net])).toEqual([
      ['run-17', '0'],
      ['run-18-b', '-5'],
    ]);
  });

  it('knows nothing of other places and categories', () => {
    expect(historyOf({ runs: [run('20', '-9')] }, placeOf({ lot: 'L1' }), 'available')).toMatchObject([{ net: '0' }]);
    expect(historyOf({ runs: [run('20', '-9')] }, placeOf(), 'blocked')).toMatchObject([{ net: '0' }]);
  });

  it.each([
    ['the first since which it was off without a break', [run('17'), run('18', '4'), run('19', '-2')], 'run-18'],
    ['after the last that found nothing', [run('17', '4'), run('18'), run('19', '-2')], 'run-19'],
    ['none where the last found nothing', [run('17', '4'), run('18')], undefined],
  ])('its onset is %s', (_, runs, onset) => {
    expect(onsetOf(historyOf({ runs }, placeOf(), 'available'))?.runId).toBe(onset);
  });
});

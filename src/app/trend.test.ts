import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrendDocument, TrendRow } from '../contract/measures.ts';
import { renderTrend } from '../report/trend-terminal.ts';
import { MeasuredRuns } from './measured-runs-fixture.ts';
import { type TrendOptions, trend, trendUpTo } from './trend.ts';

let runs: MeasuredRuns;
beforeEach(() => {
  runs = new MeasuredRuns();
});
afterEach(() => runs.remove());

const at = (day: number, hour = 23): string =>
  `2026-11-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00-06:00`;
const onlySite = (site: string) => ({ options: { filters: { site: [site], item: [] } } });
const read = (change: Partial<TrendOptions> = {}): Promise<TrendDocument> =>
  trend({ dataDirectory: runs.dataDirectory, by: 'day', days: 30, site: undefined, ...change });

/** "22 | 75% | 1 off = 1 new + 0 still | 0 gone 0 again | 0 old | 6.00 gross 6.00 net": the rows as text. */
function said({ rows }: TrendDocument): string[] {
  const count = (value: number | null): string => (value === null ? '?' : String(value));
  return rows.map((row: TrendRow) =>
    [
      row.cut_off.slice(8, 13),
      `${row.sync_accuracy_keys.slice(0, 4)} of ${row.keys}`,
      `${row.discrepancies} off = ${count(row.new)} new + ${count(row.continuing)} still`,
      `${count(row.resolved)} gone, ${count(row.recurring)} again`,
      `${count(row.over_a_week)} old`,
      `${row.gross_variance_value} gross ${row.net_variance_value} net`,
    ].join(' | '),
  );
}

describe('what the days say', () => {
  it('keys come, stay, go and come back', async () => {
    await runs.run(at(1), 'A 10 7, B 5 5, C 8 8, D 1 1');
    await runs.run(at(2), 'A 10 7, B 5 9, C 8 8, D 1 1');
    await runs.run(at(3), 'A 10 10, B 5 9, C 8 8, D 1 1');
    await runs.run(at(12), 'A 10 6, B 5 9, C 8 8, D 1 1');
    expect(said(await read())).toEqual([
      '01T23 | 0.75 of 4 | 1 off = 1 new + 0 still | 0 gone, 0 again | 0 old | 6.00 gross -6.00 net',
      '02T23 | 0.50 of 4 | 2 off = 1 new + 1 still | 0 gone, 0 again | 0 old | 14.00 gross 2.00 net',
      '03T23 | 0.75 of 4 | 1 off = 0 new + 1 still | 1 gone, 0 again | 0 old | 8.00 gross 8.00 net',
      '12T23 | 0.50 of 4 | 2 off = 1 new + 1 still | 0 gone, 1 again | 1 old | 16.00 gross 0.00 net',
    ]);
  });

  it('of a day the last run counts, and what came and went all day is added up', async () => {
    await runs.run(at(1, 6), 'A 10 7, B 5 5');
    await runs.run(at(2, 6), 'A 10 7, B 5 9');
    await runs.run(at(2, 12), 'A 10 10, B 5 9');
    await runs.run(at(2, 18), 'A 10 7, B 5 9');
    const byDay = await read();
    expect(byDay.rows.map(({ run_id, cut_offs }) => [run_id, cut_offs])).toEqual([
      ['run-001', 1],
      ['run-004', 3],
    ]);
    expect(said(byDay).at(-1)).toBe(
      '02T18 | 0.00 of 2 | 2 off = 2 new + 1 still | 1 gone, 1 again | 0 old | 14.00 gross 2.00 net',
    );
    expect(said(await read({ by: 'run' }))).toHaveLength(4);
  });

  it('a run that is made again takes the place of the first, also for what is new since the day before', async () => {
    await runs.run(at(1), 'A 10 7, B 5 5');
    await runs.run(at(2), 'A 10 9, B 5 9');
    await runs.run(at(2), 'A 10 10, B 5 9');
    const { rows, left_out } = await read();
    expect(rows.at(-1)).toMatchObject({ run_id: 'run-003', new: 1, continuing: 0, resolved: 1 });
    expect(left_out).toEqual([{ run_id: 'run-002', cut_off: at(2), reason: 'replaced' }]);
  });

  it('a snapshot that is loaded late stands where it belongs', async () => {
    await runs.run(at(3), 'A 10 7');
    await runs.run(at(1), 'A 10 10');
    const fourth = await runs.run(at(4), 'A 10 7');
    expect((await read()).rows.map(({ run_id }) => run_id)).toEqual(['run-002', 'run-001', 'run-003']);
    expect(fourth.run.measures).toMatchObject({ compared_with: 'run-001', is_latest: true, continuing: 1 });
  });
});

describe('what is left out', () => {
  it('refused and limited runs, and what cannot be read, each with its reason', async () => {
    await runs.run(at(1), 'A 10 7');
    const refused = await runs.run(at(2), 'A 10 7', { erp: 'site,item,status,quantity\n' });
    expect(refused.failure?.kind).toBe('refused');
    await runs.run(at(3), 'A 10 7', onlySite('DC1'));
    mkdirSync(join(runs.store.directory, 'run-004'));
    writeFileSync(join(runs.store.directory, 'run-004', 'run.json'), 'nothing');
    const { rows, left_out } = await read();
    expect(rows.map(({ run_id }) => run_id)).toEqual(['run-001']);
    expect(left_out).toEqual([
      { run_id: 'run-002', cut_off: at(2), reason: 'refused' },
      { run_id: 'run-003', cut_off: at(3), reason: 'filtered' },
      { run_id: 'run-004', cut_off: '', reason: 'unreadable' },
    ]);
  });

  it('days before the period', async () => {
    for (const day of [1, 2, 8, 9]) await runs.run(at(day), 'A 10 7');
    expect((await read({ days: 2 })).rows.map(({ cut_off }) => cut_off)).toEqual([at(8), at(9)]);
    expect((await read({ days: 8 })).rows.map(({ cut_off }) => cut_off)).toEqual([at(2), at(8), at(9)]);
    await runs.run(at(20), 'A 10 7', { erp: 'site,item,status,quantity\n' });
    expect((await read({ days: 2 })).rows, 'a refused run does not move the period').toHaveLength(2);
  });

  it('runs of before there were measures keep what their totals say', async () => {
    await runs.run(at(1), 'A 10 7, B 5 5');
    await runs.run(at(2), 'A 10 7, B 5 5');
    runs.forgetMeasures('run-001');
    expect(said(await read())).toEqual([
      '01T23 | 0.50 of 2 | 1 off = ? new + ? still | ? gone, ? again | ? old | 6.00 gross -6.00 net',
      '02T23 | 0.50 of 2 | 1 off = 0 new + 1 still | 0 gone, 0 again | 0 old | 6.00 gross -6.00 net',
    ]);
  });

  it('without any run, or only with refused ones', async () => {
    await expect(read()).rejects.toMatchObject({ kind: 'usage', code: 'NO_RUNS' });
    await runs.run(at(2), 'A 10 7', { erp: 'site,item,status,quantity\n' });
    const empty = await read();
    expect(empty.rows).toEqual([]);
    expect(renderTrend(empty, { color: false, width: 80 })).toContain('There is no complete run to show.');
  });
});

describe('one site', () => {
  it('its own figures, also of runs that were limited to it', async () => {
    await runs.run(at(1), 'A 10 7, DC2/A 5 5, DC2/B 5 5');
    await runs.run(at(2), 'DC2/A 5 4, DC2/B 5 5', onlySite('DC2'));
    await runs.run(at(3), 'A 10 7, DC2/A 5 4, DC2/B 5 5');
    const { rows, left_out } = await read({ site: 'DC2' });
    expect(said({ rows } as TrendDocument)).toEqual([
      '01T23 | 1.00 of 2 | 0 off = 0 new + 0 still | 0 gone, 0 again | 0 old | 0.00 gross 0.00 net',
      '02T23 | 0.50 of 2 | 1 off = 1 new + 0 still | 0 gone, 0 again | 0 old | 2.00 gross -2.00 net',
      '03T23 | 0.50 of 2 | 1 off = 0 new + 1 still | 0 gone, 0 again | 0 old | 2.00 gross -2.00 net',
    ]);
    expect(left_out).toEqual([]);
    expect((await read({ site: 'DC1' })).left_out).toEqual([{ run_id: 'run-002', cut_off: at(2), reason: 'filtered' }]);
  });

  it('a run of one site does not break the sequence of another', async () => {
    await runs.run(at(1), 'A 10 7, DC2/A 5 5');
    await runs.run(at(2), 'A 10 7, DC2/A 5 4', onlySite('DC2'));
    const third = await runs.run(at(3), 'A 10 7, DC2/A 5 4');
    expect(third.run.measures).toMatchObject({
      compared_with: 'run-002',
      new: 0,
      continuing: 2,
      days_out_of_sync_mean: '1.50',
    });
  });

  it('a site that no run knows is refused by name', async () => {
    await runs.run(at(1), 'A 10 7');
    await expect(read({ site: 'DC9' })).rejects.toMatchObject({
      kind: 'usage',
      message: '--site DC9: the runs know no such site; they have DC1',
    });
  });
});

describe('the trend of a report', () => {
  it('the runs up to its own, which takes the place of others of its cut-off', async () => {
    await runs.run(at(1), 'A 10 7');
    const second = await runs.run(at(2), 'A 10 7');
    const again = await runs.run(at(2), 'A 10 8');
    await runs.run(at(3), 'A 10 7');
    const rowsOf = async (run: typeof again.run) =>
      (await trendUpTo(runs.dataDirectory, run))?.rows.map(({ run_id }) => run_id);
    expect(await rowsOf(again.run)).toEqual(['run-001', 'run-003']);
    expect(await rowsOf(second.run)).toEqual(['run-001', 'run-002']);
  });

  it('not of a limited run', async () => {
    const { run } = await runs.run(at(1), 'A 10 7', onlySite('DC1'));
    expect(await trendUpTo(runs.dataDirectory, run)).toBeUndefined();
  });
});

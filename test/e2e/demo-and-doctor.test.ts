/** `evenstock demo` and `evenstock doctor` from end to end. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/app/doctor-finding.ts';
import type { TrendDocument } from '../../src/contract/measures.ts';
import type { RunDocument } from '../../src/contract/run.ts';
import { change, makeFounding } from './founding-world.ts';
import { filesBelow, makeFolder, readText, runCli, runJson } from './run-cli.ts';

const rowsOf = (...path: string[]) =>
  readText(...path)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

/** Net variance by key as the simulator tells it: what faults made, without what is in flight. */
function trueVariances(demo: string): Map<string, string> {
  const sums = new Map<string, number>();
  for (const [site, item, , lot, category, cause, quantity] of rowsOf(demo, 'truth/contributions.csv')) {
    const key = [site, item, lot, category].join();
    const amount = cause === 'in-flight' ? 0 : Math.round(Number(quantity) * 1000);
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0).map(([key, sum]) => [key, String(sum / 1000)]));
}

describe('demo', () => {
  it('makes a company, reports its faults and nothing else, and ends with the page', async () => {
    const folder = makeFolder('demo');
    const { code, out, err } = await runCli(folder, 'demo');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trimEnd().split('\n').slice(-2)).toEqual([
      'The report as a page: evenstock-demo/out/report.html',
      'The console: evenstock demo --port 8470',
    ]);
    expect(out).toContain('Northfield Supply (simulated)');
    const demo = join(folder, 'evenstock-demo');
    expect(readText(demo, 'out/report.html')).toContain('<!doctype html>');
    const { discrepancies } = (
      await runJson<{ discrepancies: Record<string, string>[] }>(
        folder,
        'report',
        '--data',
        'evenstock-demo/.evenstock',
      )
    ).value;
    const reported = discrepancies.map(
      (line) =>
        [
          [line['site'], line['item'], line['lot'], line['category']].join(),
          line['net_variance_quantity'] as string,
        ] as const,
    );
    expect(new Map(reported)).toEqual(trueVariances(demo));
    expect(reported.length).toBeGreaterThan(12);
    const timing = rowsOf(demo, 'out/timing.csv').map(([site, item]) => `${site},${item}`);
    expect(timing.sort()).toEqual(
      rowsOf(demo, 'in_flight.csv')
        .map(([, site, item]) => `${site},${item}`)
        .sort(),
    );
    expect(timing.length).toBeGreaterThanOrEqual(2);
  });

  it('can be made again, and is data with --json', async () => {
    const folder = makeFolder('demo-again');
    await runCli(folder, 'demo', '--dir', 'd');
    const first = filesBelow(join(folder, 'd'), ['run.json', 'report.html', 'discrepancies.xlsx', 'balances.parquet']);
    const { code, value } = await runJson<RunDocument>(folder, 'demo', '--dir', 'd');
    expect(code).toBe(0);
    expect(value).toMatchObject({
      state: 'complete',
      totals: { keys_timing_only: rowsOf(folder, 'd/in_flight.csv').length },
    });
    const again = filesBelow(join(folder, 'd'), ['run.json', 'report.html', 'discrepancies.xlsx', 'balances.parquet']);
    for (const [name, bytes] of first) {
      // The newest run has another id; those before it are dated by the company's days.
      if (/^\.evenstock\/runs\/202611(1|20)/.test(name) || !name.startsWith('.evenstock/'))
        expect(again.get(name), name).toBe(bytes);
    }
    expect(
      [...again.keys()].filter((name) => name.endsWith('/contributions.csv') && name.includes('runs/')).length,
    ).toBe(10);
  });

  it('looks back on five days: what came, what went, and since when each key is off', async () => {
    const folder = makeFolder('demo-days');
    await runCli(folder, 'demo', '--dir', 'd', '--no-serve');
    const { value } = await runJson<TrendDocument>(folder, 'trend', '--by-run', '--data', 'd/.evenstock');
    const off = value.rows.map(({ discrepancies }) => discrepancies);
    expect(off).toEqual([1, 11, 1, 1, 2, 3, 8, 18, 68, rowsOf(folder, 'd/out/discrepancies.csv').length]);
    const changes = value.rows.map((row) => [row.new, row.resolved]);
    expect(changes[2], 'an hour of refused messages that somebody repeated').toEqual([0, 10]);
    const seen = new Set(value.rows.map(({ cut_off }) => cut_off));
    expect(seen.size).toBe(10);
  });

  it('leaves a folder alone that holds something else', async () => {
    const folder = await makeFounding('demo-foreign');
    const before = filesBelow(folder);
    for (const dir of ['.', 'evenstock.yaml']) {
      const { code, err } = await runCli(folder, 'demo', '--dir', dir);
      expect({ code, err }, dir).toEqual({ code: 2, err: expect.stringContaining('Name a') });
    }
    expect(filesBelow(folder)).toEqual(before);
  });
});

describe('doctor', () => {
  const findings = async (folder: string, ...args: string[]) => {
    const { code, value } = await runJson<{ ok: boolean; findings: Finding[] }>(folder, 'doctor', ...args);
    expect(value.ok).toBe(code === 0);
    return { code, of: (name: string) => value.findings.find((finding) => finding.name === name), all: value.findings };
  };

  it('finds nothing wrong here, and leaves nothing behind', async () => {
    const folder = await makeFounding('doctor');
    await runCli(folder, 'reconcile');
    const before = filesBelow(folder);
    const { code, of, all } = await findings(folder);
    expect(code, JSON.stringify(all)).toBe(0);
    expect(all.map((finding) => finding.name)).toEqual([
      'evenstock',
      'node',
      'platform',
      'engine',
      'data directory',
      'disk',
      'clock',
      'resources',
      'configuration',
      'last run',
      'in use',
      'store',
    ]);
    expect(of('engine')?.message).toMatch(/^DuckDB v\d+\.\d+\.\d+ loads$/);
    expect(of('configuration')?.message).toBe('evenstock.yaml is valid: Northgate Kitchen Supply');
    expect(of('last run')?.message).toMatch(/^\d{8}-\d{9}-[0-9a-f]{6}, .*, complete$/);
    const { out } = await runCli(folder, 'doctor');
    expect(out).toMatch(/^ok {7}evenstock {7}\d+\.\d+\.\d+$/m);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(filesBelow(folder)).toEqual(before);
  });

  it('only warns where nothing was set up yet', async () => {
    const { code, of } = await findings(makeFolder('doctor-new'));
    expect(code).toBe(0);
    expect(of('configuration')).toMatchObject({ state: 'warning', action: expect.stringContaining('evenstock init') });
    expect(of('data directory')?.message).toContain('is not there yet');
    expect(of('last run')?.message).toBe('none yet');
  });

  it('calls what cannot work a problem, and says what to do', async () => {
    const folder = await makeFounding('doctor-bad');
    change(folder, 'evenstock.yaml', /^grain:/m, 'grian:');
    writeFileSync(join(folder, 'file'), '');
    const { code, of } = await findings(folder, '--data', 'file');
    expect(code).toBe(2);
    expect(of('data directory')).toMatchObject({
      state: 'problem',
      message: expect.stringContaining('is a file, not a folder'),
    });
    expect(of('configuration')).toMatchObject({
      state: 'problem',
      message: expect.stringContaining('did you mean "grain"?'),
    });
    expect((await runCli(folder, 'doctor')).out).toMatch(
      /^problem {2}configuration {3}evenstock\.yaml:\d+:1: unknown key/m,
    );
  });

  it('tells of a last run that was refused or is damaged', async () => {
    const folder = await makeFounding('doctor-run');
    change(folder, 'in/wms_stock.csv', /\n[\s\S]*$/, '\n');
    await runCli(folder, 'reconcile');
    const { code, of } = await findings(folder);
    expect(code).toBe(0);
    expect(of('last run')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/refused: .*a header and no rows/),
      action: expect.stringContaining('Send the file again'),
    });
    mkdirSync(join(folder, '.evenstock/runs/29991231-235959-ffffff'));
    expect((await findings(folder)).of('last run')).toMatchObject({
      state: 'problem',
      action: expect.stringContaining('Move that run’s folder away'),
    });
  });
});

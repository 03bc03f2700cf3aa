/** 300,000 rows a side: the same bytes however the work is divided, and nothing left behind when it is cut short. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeStockWorld } from '../../simulator/stock-world.ts';
import type { RunDocument } from '../../src/contract/run.ts';
import { makeFolder, readText, runCli, type StartedCli, slowness, startCli } from './run-cli.ts';

const ERP_ROWS = 300_000;
const folder = makeFolder('large');

beforeAll(async () => {
  await writeStockWorld(folder, { seed: 11, erpRows: ERP_ROWS, quoted: true });
}, 120_000);

const workOf = (data: string) => join(folder, data, 'work');
const namesIn = (path: string) => (existsSync(path) ? readdirSync(path) : []);

/** Waits until the run has its working folder, and then some. */
async function startAndWait(data: string, out: string, afterMs: number): Promise<StartedCli> {
  const started = startCli(folder, 'reconcile', '--data', data, '--out', out, '--quiet');
  for (let tries = 0; namesIn(workOf(data)).length === 0; tries++) {
    if (tries > 1000) throw new Error('the run does not start');
    await wait(5);
  }
  await wait(afterMs);
  return started;
}

describe('threads and memory', () => {
  const ways = [
    ['one', ['--threads', '1']],
    ['two', ['--threads', '2']],
    ['three', ['--threads', '3']],
    ['spilled', ['--threads', '2', '--memory', '256MB']],
  ] as const;

  it('give byte-identical results, equal to the truth', async () => {
    const runs: RunDocument[] = [];
    for (const [name, args] of ways) {
      const { code, err } = await runCli(
        folder,
        'reconcile',
        '--data',
        `data-${name}`,
        '--out',
        name,
        '--format',
        'csv,json',
        '--quiet',
        ...args,
      );
      expect({ code, err }, name).toEqual({ code: 0, err: '' });
      runs.push(JSON.parse(readText(folder, name, 'run.json')) as RunDocument);
    }
    for (const [name] of ways) {
      for (const file of [
        'discrepancies.csv',
        'discrepancies.json',
        'contributions.csv',
        'timing.csv',
        'unmapped.csv',
        'rejections.csv',
      ]) {
        expect(readText(folder, name, file) === readText(folder, 'one', file), `${name}/${file}`).toBe(true);
      }
    }
    for (const run of runs) {
      expect({ ...run.totals, inputs: run.inputs }).toEqual({ ...runs[0]?.totals, inputs: runs[0]?.inputs });
      expect(run.quality.map((note) => note.code)).toEqual(['UNKNOWN_COLUMNS', 'UNKNOWN_COLUMNS']);
    }
    const columns = [
      'site',
      'item',
      'lot',
      'category',
      'erp_quantity',
      'wms_quantity',
      'variance_quantity',
      'variance_value',
    ];
    const lines = JSON.parse(readText(folder, 'one/discrepancies.json')) as Record<string, string>[];
    const truth = readText(folder, 'truth.csv').trimEnd().split('\n').slice(1);
    expect(truth.length).toBeGreaterThan(1000);
    expect(lines.map((line) => columns.map((name) => line[name]).join(','))).toEqual(truth);
  }, 120_000);
});

describe('a run that is cut short', () => {
  let attempt = 0;
  // A second on a machine that does nothing else; where it does, so much more.
  it.each([0, 100, 250])(
    'Ctrl-C after %d ms ends it within a second and leaves nothing',
    { retry: 3 },
    async (afterMs) => {
      const data = `data-interrupt-${attempt++}`;
      const { child, ended } = await startAndWait(data, 'cut', afterMs);
      const at = performance.now();
      child.kill('SIGINT');
      expect(await ended).toEqual({ code: 130, signal: null });
      expect((performance.now() - at) / (await slowness(folder))).toBeLessThan(1000);
      expect(existsSync(join(folder, 'cut'))).toBe(false);
      expect(namesIn(join(folder, data, 'runs'))).toEqual([]);
      expect(namesIn(workOf(data))).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith('.new-'))).toEqual([]);
    },
  );

  it('Ctrl-C once the report is out keeps the report and not the run', { retry: 3 }, async () => {
    const data = `data-history-${attempt++}`;
    const out = `reported-${attempt}`;
    const { child, ended } = await startAndWait(data, out, 0);
    while (!existsSync(join(folder, out))) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, signal: null });
    expect(existsSync(join(folder, out, 'run.json'))).toBe(true);
    expect(namesIn(join(folder, data, 'runs'))).toEqual([]);
    expect(namesIn(workOf(data))).toEqual([]);
  });

  it('kill -9 leaves its working folder, which the next run takes away', async () => {
    const { child, ended } = await startAndWait('data-killed', 'killed', 250);
    child.kill('SIGKILL');
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(namesIn(workOf('data-killed'))).toHaveLength(1);
    expect(existsSync(join(folder, 'killed'))).toBe(false);
    const { code } = await runCli(
      folder,
      'reconcile',
      '--data',
      'data-killed',
      '--out',
      'killed',
      '--format',
      'csv',
      '--quiet',
    );
    expect(code).toBe(0);
    expect(namesIn(workOf('data-killed'))).toEqual([]);
    expect(namesIn(join(folder, 'data-killed/runs'))).toHaveLength(1);
    expect(statSync(join(folder, 'killed/discrepancies.csv')).size).toBeGreaterThan(0);
  });
});

describe('other commands', () => {
  it('check counts the rows of large files as the run does', async () => {
    const { code, out } = await runCli(folder, 'check', '--data', 'data-one', '--json', '--quiet');
    expect(code).toBe(0);
    const { sources, quality } = JSON.parse(out) as {
      sources: { source: string; rows: number; rejected: number }[];
      quality: unknown[];
    };
    const run = JSON.parse(readText(folder, 'one/run.json')) as RunDocument;
    expect(sources.map(({ source, rows, rejected }) => ({ source, rows, rejected }))).toEqual(
      run.inputs.map(({ source, rows, rejected }) => ({ source, rows, rejected })),
    );
    expect(quality).toEqual(run.quality);
  }, 120_000);

  it('report reads a run of thousands of lines back to the byte', async () => {
    const { out } = await runCli(folder, 'report', '--data', 'data-one', '--format', 'csv');
    expect(out === readText(folder, 'one/discrepancies.csv')).toBe(true);
  });
});

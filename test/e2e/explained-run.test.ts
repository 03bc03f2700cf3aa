/** Whole runs over simulated companies: what is explained adds up, is true, and does not depend on how it was computed. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';
import { writeWarehouseWorld } from '../../simulator/warehouse/write-warehouse-world.ts';
import type { RunDocument } from '../../src/contract/run.ts';
import { makeFolder, runCli } from './run-cli.ts';

type Row = Readonly<Record<string, string>>;

/** Rows of a plain CSV file; quoted fields may hold commas. */
function readCsv(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      (quoted ?? plain ?? '').replaceAll('""', '"'),
    );
    return Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']));
  });
}

const keyOf = ({ site, item, owner, lot, category }: Row): string => [site, item, owner, lot, category].join('|');

/** In thousandths: quantities of the simulation have three decimals at most. */
const scaled = (text = ''): number => Math.round(Number(text) * 1000);

function sumByKey(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + scaled(row['quantity']));
  return sums;
}

/** The causes of each key with their units, in an order of their own. */
function causesByKey(rows: readonly Row[]): Map<string, string> {
  const causes = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const own = causes.get(keyOf(row)) ?? new Map<string, number>();
    const cause = row['cause'] === 'unseen' ? 'unexplained' : (row['cause'] as string);
    causes.set(keyOf(row), own.set(cause, (own.get(cause) ?? 0) + scaled(row['quantity'])));
  }
  return new Map(
    [...causes].map(([key, own]) => [
      key,
      [...own]
        .filter(([, units]) => units !== 0)
        .sort()
        .join(' '),
    ]),
  );
}

async function reconcile(world: string, out: string, ...args: string[]) {
  const { code, err } = await runCli(world, 'reconcile', '--out', out, '--data', `${out}-data`, '--quiet', ...args);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  return {
    run: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunDocument,
    lines: [...readCsv(join(out, 'discrepancies.csv')), ...readCsv(join(out, 'timing.csv'))],
    contributions: readCsv(join(out, 'contributions.csv')),
  };
}

describe('a simulated company with ordinary faults', () => {
  const folder = makeFolder('explained');
  const world = join(folder, 'world');
  writeWarehouseWorld(world, { seed: 41, items: 500, sites: 2, days: 8, faults: 'ordinary' });

  it('has contributions that add up to each variance, and nearly all of them are the true ones', async () => {
    const { run, lines, contributions } = await reconcile(world, join(folder, 'out'));
    const sums = sumByKey(contributions);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines)
      expect([keyOf(line), sums.get(keyOf(line))]).toEqual([keyOf(line), scaled(line['variance_quantity'])]);
    expect(sums.size).toBe(lines.length);
    for (const line of lines.filter(({ rank }) => rank !== undefined))
      expect(scaled(line['explained_quantity']) + scaled(line['unexplained_quantity'])).toBe(
        scaled(line['net_variance_quantity']),
      );
    const truth = causesByKey(readCsv(join(world, 'truth', 'contributions.csv')));
    const found = causesByKey(contributions);
    expect([...found.keys()].sort()).toEqual([...truth.keys()].sort());
    const right = [...truth].filter(([key, causes]) => found.get(key) === causes).length;
    expect(right / truth.size).toBeGreaterThan(0.9);
    expect(Number(run.totals?.explained_value_share)).toBeGreaterThan(0.9);
    expect(run.by_cause.reduce((sum, { discrepancies }) => sum + discrepancies, 0)).toBe(run.totals?.discrepancies);
  });
});

describe('a company whose ledgers are read in threads', () => {
  const folder = makeFolder('explained-threads');
  const world = join(folder, 'world');
  writeWarehouseWorld(world, { seed: 42, items: 1500, sites: 2, days: 14, faults: 'ordinary' });

  it('is explained alike in one thread, in three, and wave by wave', async () => {
    const alone = await reconcile(world, join(folder, 'alone'), '--threads', '1');
    const shared = await reconcile(world, join(folder, 'shared'), '--threads', '3');
    const little = join(folder, 'little');
    await runInLittleMemory(world, little);
    const waves = readCsv(join(little, 'contributions.csv'));
    expect(alone.contributions.length).toBeGreaterThan(50);
    expect(shared.contributions).toEqual(alone.contributions);
    expect(waves).toEqual(alone.contributions);
    expect(shared.run.findings).toEqual(alone.run.findings);
    expect(shared.run.inputs).toEqual(alone.run.inputs);
    const interfaces = alone.run.measures?.interfaces ?? [];
    const logged = readCsv(join(world, 'messages.csv')).map((row) =>
      ['interface', 'from_system', 'message_id', 'item', 'line'].map((name) => row[name]).join('|'),
    );
    expect(interfaces.reduce((sum, { messages }) => sum + messages, 0)).toBe(new Set(logged).size);
    expect(interfaces.some(({ lag_p95_seconds }) => (lag_p95_seconds ?? 0) > 0)).toBe(true);
    expect(shared.run.measures).toEqual(alone.run.measures);
  });
});

/** Less memory than the command line allows, so that the evidence does not fit at once. Threads run bundled code only. */
async function runInLittleMemory(world: string, out: string): Promise<void> {
  // Within the repository, where packages are found.
  const bundled = fileURLToPath(new URL(`../../dist/test-${process.pid}`, import.meta.url));
  await bundle(bundled, ['src/config/load-configuration.ts', 'src/app/reconcile.ts']);
  const load = (name: string) => import(pathToFileURL(join(bundled, name)).href);
  const { loadConfiguration } = (await load(
    'load-configuration.js',
  )) as typeof import('../../src/config/load-configuration.ts');
  const { reconcile: run } = (await load('reconcile.js')) as typeof import('../../src/app/reconcile.ts');
  await run({
    loaded: await loadConfiguration(join(world, 'evenstock.yaml'), {}),
    dataDirectory: `${out}-data`,
    out,
    formats: ['csv'],
    filters: { site: [], item: [] },
    isDryRun: false,
    forced: null,
    threads: 2,
    memoryBytes: 20e6,
    runId: 'little',
    pid: process.pid,
    now: () => new Date(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onReport: () => undefined,
  });
  rmSync(bundled, { recursive: true });
}

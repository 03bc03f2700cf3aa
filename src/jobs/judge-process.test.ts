import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileImporter } from '../app/file-importer.ts';
import { findImportSource } from '../app/find-import-source.ts';
import { type ImportVerdict, judgeImport } from '../app/judge-import.ts';
import { configurationSchema } from '../contract/configuration.ts';
import { migrate } from '../store/database/migrate.ts';
import { openDatabase } from '../store/database/open-database.ts';
import { listImports } from '../store/work/imports.ts';
import { judgeInProcesses } from './judge-process.ts';

const HEADER = 'site,item,status,quantity\n';
const ROW = 'DC1,ITEM-000000001,AVAILABLE,12\n';
const TSX = ['--import', 'tsx'];
/** Ends the process once its work has begun. */
const DIES = 'data:text/javascript,setTimeout(() => process.kill(process.pid, "SIGKILL"), 1500)';
const LARGE_ROWS = 1_500_000;

const configuration = configurationSchema.parse({
  version: 1,
  currency: 'USD',
  systems: { sap: { role: 'erp' }, wms1: { role: 'wms' }, wms2: { role: 'wms', sites: ['DC2'] } },
  balances: [
    { system: 'sap', format: 'csv', as_of: '2026-11-24T00:00:00Z' },
    { system: 'wms1', format: 'xlsx', as_of: '2026-11-24T00:00:00Z' },
    { system: 'wms2', format: 'parquet', as_of: '2026-11-24T00:00:00Z' },
  ],
  categories: { available: { erp: ['AVAILABLE'], wms: ['AVAILABLE'] } },
});

let folder: string;
let large: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-judge-test-'));
  // Others of this machine work in the common folder.
  process.env['TMPDIR'] = folder;
  large = join(folder, 'large.csv');
  writeFileSync(large, HEADER + ROW.repeat(LARGE_ROWS));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const loaded = { configuration, directory: '/' };
const never = new AbortController().signal;
const sourceOf = (system: string) => findImportSource(configuration, { part: 'balances', system });
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => /^evenstock-(judge|import)-.{6}$/.test(name));

test.each([
  ['sap', 'large.csv', undefined],
  ['sap', 'small.csv', `${HEADER}${ROW}`],
  ['sap', 'empty.csv', HEADER],
  ['sap', 'cut.csv', `${HEADER}${ROW.repeat(20_000)}DC1,"ITE`],
  ['wms1', 'no.xlsx', 'no workbook'],
  ['wms2', 'no.parquet', 'no parquet at all'],
])('%s %s: the verdict is the same as here', async (system, name, content) => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  const file = { path, rowsBefore: 2_000_000 };
  const here = await judgeImport(loaded, sourceOf(system), file, never);
  expect(await judgeInProcesses(TSX)(loaded, sourceOf(system), file, never)).toEqual(here);
});

test('the server answers while a large file is judged', async () => {
  let last = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }, 5);
  const before = performance.eventLoopUtilization();
  const verdict = await judgeInProcesses(TSX)(loaded, sourceOf('sap'), { path: large, rowsBefore: undefined }, never);
  const { utilization } = performance.eventLoopUtilization(before);
  clearInterval(timer);
  expect(verdict).toMatchObject({ state: 'accepted', rows: LARGE_ROWS });
  // In this process the loop is busy from the beginning to the end.
  expect(utilization).toBeLessThan(0.5);
  expect(longestMs).toBeLessThan(500);
});

test('one that is called off, or whose process dies, leaves nothing behind', async () => {
  const database = openDatabase(join(folder, 'data'));
  await migrate(database.db, database.kind, () => 0);
  const importing = (signal: AbortSignal, execArgv: readonly string[]) =>
    new FileImporter({
      ...{ database, dataDirectory: join(folder, 'data'), loaded, now: () => 0, newId: () => 'id', signal },
      judge: judgeInProcesses(execArgv),
    }).importFile({
      source: sourceOf('sap'),
      content: Readable.from([Buffer.from(HEADER + ROW.repeat(LARGE_ROWS))]),
      ...{ fileName: 'stock.csv', modifiedMs: 0, receivedBy: 'system' },
    });
  const before = leftovers();
  const stopping = new AbortController();
  const called = importing(stopping.signal, TSX);
  await sleep(1_000);
  stopping.abort();
  await expect(called).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(importing(never, [...TSX, '--import', DIES])).rejects.toMatchObject({
    code: 'IMPORT_DIED',
    kind: 'unreachable',
    message: expect.stringContaining('SIGKILL'),
  });
  expect(await listImports(database.db, {}, 9)).toEqual([]);
  expect(readdirSync(join(folder, 'data', 'imports'))).toEqual([]);
  expect(leftovers()).toEqual(before);
  expect((await importing(never, TSX)).row).toMatchObject({ state: 'accepted', rows: LARGE_ROWS });
  await database.close();
});

test('of many that come at once a few are judged at a time, and each gets its verdict', async () => {
  const judge = judgeInProcesses(TSX);
  const files = Array.from({ length: 5 }, (_, at) => {
    const path = join(folder, `many-${at}.csv`);
    writeFileSync(path, HEADER + ROW.repeat(10_000 + at));
    return { path, rowsBefore: undefined };
  });
  const judged = files.map((file) => judge(loaded, sourceOf('sap'), file, never));
  const verdicts: ImportVerdict[] = await Promise.all(judged);
  expect(verdicts.map(({ rows }) => rows)).toEqual([10_000, 10_001, 10_002, 10_003, 10_004]);
});

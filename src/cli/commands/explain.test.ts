import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileImporter } from '../../app/file-importer.ts';
import { findImportSource } from '../../app/find-import-source.ts';
import { explainedRun, keepRun } from '../../app/kept-run-fixture.ts';
import { kettle } from '../../app/sample-items-fixture.ts';
import { loadConfiguration } from '../../config/load-configuration.ts';
import { migrate } from '../../store/database/migrate.ts';
import { openDatabase } from '../../store/database/open-database.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { runExplain } from './explain.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain-command-'));
  await keepRun(join(folder, '.evenstock'), explainedRun('20261122', [kettle()]), [kettle()]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as from a pipe. */
async function run(item: string, flags: Partial<Parameters<typeof runExplain>[2]> = {}) {
  const streams = { out: new PassThrough(), err: new PassThrough() };
  const io = { ...streams, env: {} } as unknown as TerminalIo;
  const config = join(folder, 'evenstock.yaml');
  const code = await runExplain(io, item, { config, ...flags });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, out: textOf(streams.out), err: textOf(streams.err) };
}

it('prints the item at 80 columns into a pipe', async () => {
  const { code, out, err } = await run('00123');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Why available: +95 = +110 − 12 − 3\n');
});

it('--json gives the same as data, and nothing else on stdout', async () => {
  const { out } = await run('00123', { json: true, site: 'DC2' });
  expect(JSON.parse(out)).toMatchObject({ schema: 1, item: '00123', filters: { site: 'DC2', lot: '' } });
});

it('says on stderr for which item a text was taken, unless it shall be quiet', async () => {
  expect((await run('123')).err).toBe('123 is taken for 00123: the same code but for leading zeros.\n');
  expect((await run('123', { quiet: true })).err).toBe('');
});

it('other codes of an item are those of the file that was brought in', async () => {
  writeFileSync(
    join(folder, 'evenstock.yaml'),
    `version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms } }
balances: [{ system: sap, format: csv, path: erp.csv }, { system: wms1, format: csv, path: wms.csv }]
aliases: { format: csv, path: aliases.csv }
categories: { available: { erp: [FREE], wms: [FREE] } }
`,
  );
  writeFileSync(join(folder, 'aliases.csv'), 'system,alias,item\nwms1,LATER-1,00123\n');
  expect((await run('LATER-1')).err).toContain('LATER-1 is taken for 00123');
  const dataDirectory = join(folder, '.evenstock');
  const database = openDatabase(dataDirectory);
  await migrate(database.db, database.kind, () => 0);
  const { configuration } = await loadConfiguration(join(folder, 'evenstock.yaml'), {});
  await new FileImporter({
    ...{ database, dataDirectory, loaded: { configuration, directory: folder }, now: () => 0, newId: () => 'id-1' },
    signal: new AbortController().signal,
  }).importFile({
    source: findImportSource(configuration, { part: 'aliases' }),
    content: Readable.from([Buffer.from('system,alias,item\nwms1,BROUGHT-1,00123\n')]),
    ...{ fileName: 'aliases.csv', modifiedMs: 0, receivedBy: 'system' },
  });
  await database.close();
  expect((await run('BROUGHT-1')).err).toContain('BROUGHT-1 is taken for 00123');
  await expect(run('LATER-1')).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  // Aliases are of help only: without the store the file at the path is.
  expect((await run('LATER-1', { store: 'postgres://127.0.0.1:1/none' })).code).toBe(0);
});

it('a configuration that cannot be read is no obstacle', async () => {
  writeFileSync(join(folder, 'evenstock.yaml'), 'version: [');
  await expect(run('no such item')).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  expect((await run('00123')).code).toBe(0);
});

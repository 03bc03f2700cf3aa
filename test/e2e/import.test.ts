import { cpSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorkStore } from '../../src/app/open-work-store.ts';
import type { RunDocument } from '../../src/contract/run.ts';
import { FOUNDING, makeFolder, runCli, runJson } from './run-cli.ts';

interface Imported {
  readonly id: string;
  readonly state: string;
  readonly is_new: boolean;
  readonly rows: number;
  readonly as_of: string;
}

/** The founding example whose sources have no paths: everything is brought in. */
function makeWorld(name: string): string {
  const folder = makeFolder(name);
  cpSync(FOUNDING, folder, { recursive: true });
  const path = join(folder, 'evenstock.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replaceAll(/^ {4}path: in\/.*\n/gm, '').replaceAll(/, path: in\/\w+\.csv/g, ''));
  return folder;
}

async function bringIn(folder: string): Promise<void> {
  for (const [kind, file, ...more] of [
    ['balances', 'in/erp_stock.csv', '--system', 'sap'],
    ['balances', 'in/wms_stock.csv', '--system', 'wms1'],
    ['items', 'in/items.csv'],
    ['packs', 'in/packs.csv'],
    ['aliases', 'in/aliases.csv'],
  ] as const) {
    const { code, value } = await runJson<Imported[]>(folder, 'import', kind, file, ...more);
    expect(code).toBe(0);
    expect(value).toMatchObject([{ state: 'accepted', is_new: true }]);
  }
}

describe('evenstock import', () => {
  it('a run of what was brought in is the run of the files themselves', async () => {
    const folder = makeWorld('import');
    const before = await runCli(folder, 'reconcile', '--dry-run');
    expect(before.code).toBe(4);
    expect(before.err).toContain('sap balances has no path, and nothing was brought in for it');
    expect(before.err).toContain('evenstock import balances FILE --system sap');
    await bringIn(folder);
    const checked = await runCli(folder, 'check');
    expect(checked.code).toBe(0);
    expect((await runCli(folder, 'reconcile', '--out', 'out', '--format', 'csv,json')).code).toBe(0);
    const direct = makeFolder('import-direct');
    cpSync(FOUNDING, direct, { recursive: true });
    expect((await runCli(direct, 'reconcile', '--out', 'out', '--format', 'csv,json')).code).toBe(0);
    const table = (of: string): string => readFileSync(join(of, 'out/discrepancies.csv'), 'utf8');
    expect(table(folder)).toBe(table(direct));
    const inputs = (of: string) =>
      (JSON.parse(readFileSync(join(of, 'out/run.json'), 'utf8')) as RunDocument).inputs.map(
        ({ source, file, sha256, rows, as_of }) => ({ source, file, sha256, rows, as_of }),
      );
    expect(inputs(folder)).toEqual(inputs(direct));
  });

  it('the same content is brought in once, whatever its name; time and name of the file tell the cut-off', async () => {
    const folder = makeWorld('import-again');
    const path = join(folder, 'evenstock.yaml');
    const text = readFileSync(path, 'utf8');
    const [first, second] = ['as_of: file_time', 'as_of: { file_name: "wms_(?<as_of>.*)\\\\.csv" }'];
    let at = 0;
    writeFileSync(
      path,
      text.replaceAll(/as_of: 2026-.*/g, () => (at++ === 0 ? first : second)),
    );
    const moment = Date.parse('2026-11-20T05:00:00Z') / 1_000;
    utimesSync(join(folder, 'in/erp_stock.csv'), moment, moment);
    cpSync(join(folder, 'in/wms_stock.csv'), join(folder, 'in/wms_2026-11-20T05:00:00Z.csv'));
    const send = async (file: string, system: string) =>
      (await runJson<Imported[]>(folder, 'import', 'balances', file, '--system', system)).value[0];
    const erp = await send('in/erp_stock.csv', 'sap');
    expect(erp).toMatchObject({ as_of: '2026-11-20T05:00:00.000Z' });
    expect(await send('in/wms_2026-11-20T05:00:00Z.csv', 'wms1')).toMatchObject({ as_of: '2026-11-20T05:00:00.000Z' });
    cpSync(join(folder, 'in/erp_stock.csv'), join(folder, 'in/other.csv'));
    expect(await send('in/other.csv', 'sap')).toMatchObject({ id: erp?.id, is_new: false });
    const [kept] = readdirSync(join(folder, '.evenstock/imports', erp?.id as string));
    expect(statSync(join(folder, '.evenstock/imports', erp?.id as string, kept as string)).mtimeMs).toBe(
      moment * 1_000,
    );
  });

  it('what cannot be used is refused with its reason and exit code 3, and a source that is not clear with 2', async () => {
    const folder = makeWorld('import-bad');
    writeFileSync(join(folder, 'bad.csv'), 'WERKS,MATNR\n0001,A\n');
    const refused = await runCli(folder, 'import', 'balances', 'bad.csv', '--system', 'sap');
    expect(refused.code).toBe(3);
    expect(refused.out).toContain('bad.csv: refused for sap balances');
    expect(refused.out).toContain('has no column');
    const unclear = await runCli(folder, 'import', 'balances', 'bad.csv');
    expect(unclear.code).toBe(2);
    expect(unclear.err).toContain('several sources of balances fit: sap balances, wms1 balances');
    expect((await runCli(folder, 'import', 'items', 'none.csv')).code).toBe(4);
    expect((await runCli(folder, 'import', 'counts', 'bad.csv')).code).toBe(2);
  });

  it('while a server works in the data directory no command writes there, and a backup is made all the same', async () => {
    const folder = makeWorld('import-locked');
    await bringIn(folder);
    const dataDirectory = join(folder, '.evenstock');
    const options = {
      address: undefined,
      as: 'server',
      what: 'evenstock serve',
      pid: process.pid,
      now: Date.now,
    } as const;
    const server = await openWorkStore({ dataDirectory, ...options });
    for (const args of [['import', 'items', 'in/items.csv'], ['reconcile'], ['restore', 'backup']]) {
      const { code, err } = await runCli(folder, ...args);
      expect([args[0], code]).toEqual([args[0], 4]);
      if (args[0] !== 'restore') expect(err).toContain(`evenstock serve (process ${process.pid} on `);
    }
    expect((await runCli(folder, 'reconcile', '--dry-run')).code).toBe(0);
    expect((await runCli(folder, 'backup', 'backup')).code).toBe(0);
    await server.close();
    expect((await runCli(folder, 'restore', 'backup', '--data', 'other')).code).toBe(0);
    expect((await runCli(folder, 'reconcile', '--data', 'other')).code).toBe(0);
    expect(existsSync(join(folder, 'other/runs'))).toBe(true);
  });
});

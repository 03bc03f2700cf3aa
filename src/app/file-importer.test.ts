import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Configuration, configurationSchema } from '../contract/configuration.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { migrate } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../store/database/open-database.ts';
import { verifyAudit } from '../store/work/audit.ts';
import { readEvents } from '../store/work/events.ts';
import { listImports, releaseImport, removeImport } from '../store/work/imports.ts';
import { FileImporter } from './file-importer.ts';
import { findImportSource } from './find-import-source.ts';
import { pinImports } from './pin-imports.ts';

const HEADER = 'site,item,status,quantity\n';
const snapshot = (rows: number, quantity = 1): string =>
  HEADER + Array.from({ length: rows }, (_, at) => `DC1,I${at},FREE,${quantity}\n`).join('');

const configuration = (more: object = {}): Configuration =>
  configurationSchema.parse({
    version: 1,
    currency: 'USD',
    systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
    balances: [
      { system: 'sap', format: 'csv', as_of: { file_name: 'erp_(?<as_of>.*)\\.csv' } },
      {
        system: 'wms1',
        format: 'csv',
        path: 'wms.csv',
        as_of: 'file_time',
        total_row: { column: 'item', value: 'SUM' },
      },
    ],
    movements: [{ system: 'sap', format: 'csv' }],
    categories: { available: { erp: ['FREE'], wms: ['FREE'] } },
    ...more,
  });

let ids = 0;
const newId = (): string => `id-${String(++ids).padStart(6, '0')}`;

interface Lake {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly importer: FileImporter;
  send(content: string, name?: string, part?: string, system?: string): ReturnType<FileImporter['importFile']>;
}

function lakeOf(database: WorkDatabase, dataDirectory: string, given = configuration()): Lake {
  let clock = Date.parse('2026-11-24T00:00:00Z');
  const importer = new FileImporter({
    database,
    dataDirectory,
    loaded: { configuration: given, directory: dataDirectory },
    now: () => ++clock,
    newId,
    signal: new AbortController().signal,
  });
  const send: Lake['send'] = (content, name = 'erp_2026-11-23T00:00:00Z.csv', part = 'balances', system = 'sap') =>
    importer.importFile({
      source: findImportSource(given, { part, system }),
      fileName: name,
      content: Readable.from([Buffer.from(content)]),
      modifiedMs: Date.parse('2026-11-22T12:34:56Z'),
      receivedBy: 'person:1',
    });
  return { database, dataDirectory, importer, send };
}

const folders = ({ dataDirectory }: Lake): string[] =>
  existsSync(join(dataDirectory, 'imports')) ? readdirSync(join(dataDirectory, 'imports')) : [];

describeOnBothStores('FileImporter', (store) => {
  const opened: WorkDatabase[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  async function open(given?: Configuration): Promise<Lake> {
    const { dataDirectory, address } = await store.place();
    const database = openDatabase(dataDirectory, address);
    opened.push(database);
    await migrate(database.db, database.kind, () => 0);
    return lakeOf(database, dataDirectory, given);
  }

  it('keeps a file with its name, its time and what is known of it', async () => {
    const lake = await open();
    const { row, isNew } = await lake.send(snapshot(3));
    expect(isNew).toBe(true);
    expect(row).toMatchObject({
      ...{ kind: 'balances', system: 'sap', source: 'sap balances', state: 'accepted', rows: 3, rejected: 0 },
      ...{ as_of: Date.parse('2026-11-23T00:00:00Z'), failure: null, received_by: 'person:1' },
      sha256: createHash('sha256').update(snapshot(3)).digest('hex'),
    });
    const path = join(lake.dataDirectory, row.path as string);
    expect(readFileSync(path, 'utf8')).toBe(snapshot(3));
    expect(path).toMatch(/erp_2026-11-23T00:00:00Z\.csv$/);
    expect(statSync(path).mtimeMs).toBe(Date.parse('2026-11-22T12:34:56Z'));
    expect(await verifyAudit(lake.database.db)).toMatchObject({ isWhole: true, head: { number: 1 } });
    expect(await readEvents(lake.database.db, 0, 9)).toMatchObject([
      { kind: 'import.accepted', document: { rows: 3 } },
    ]);
  });

  it('1,000 uploads of one file at once are one import', async () => {
    const lake = await open();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => lake.send(snapshot(50))));
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(all.map(({ row }) => row.id)).size).toBe(1);
    expect(await listImports(lake.database.db, {}, 9)).toHaveLength(1);
    expect(folders(lake)).toHaveLength(1);
    expect(await readEvents(lake.database.db, 0, 9)).toHaveLength(1);
  });

  it('several servers that get one file at once make one import of it', async () => {
    const lake = await open();
    const others = store.kind === 'sqlite' ? [] : [lake.database, lake.database];
    const lakes = [
      lake,
      ...others.map((database) => lakeOf(database, lake.dataDirectory)),
      lakeOf(lake.database, lake.dataDirectory),
    ];
    const all = await Promise.all(lakes.flatMap((each) => Array.from({ length: 50 }, () => each.send(snapshot(9)))));
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(folders(lake)).toEqual([dirname(all[0]?.row.path as string).replace('imports/', '')]);
  });

  it('a file that cannot be used is a row that says why, leaves nothing behind, and is judged anew when it comes again', async () => {
    const lake = await open();
    const bad = 'site,item,status\nDC1,A,FREE\n';
    const { row } = await lake.send(bad);
    expect(row).toMatchObject({
      state: 'refused',
      path: null,
      rows: null,
      failure: expect.stringContaining('has no column quantity'),
    });
    expect(folders(lake)).toEqual([]);
    expect((await lake.send(bad)).isNew).toBe(true);
    const learned = configuration({
      balances: [
        { system: 'sap', format: 'csv', constants: { quantity: '1' } },
        { system: 'wms1', format: 'csv' },
      ],
    });
    const again = await lakeOf(lake.database, lake.dataDirectory, learned).send(bad);
    expect(again).toMatchObject({ isNew: true, row: { id: row.id, state: 'accepted', failure: null, rows: 1 } });
    expect(existsSync(join(lake.dataDirectory, again.row.path as string))).toBe(true);
    expect(await listImports(lake.database.db, {}, 9)).toHaveLength(1);
  });

  it.each([
    ['empty', '', 'refused', /is empty/],
    ['cut within a record', `${HEADER}DC1,A,FR`, 'refused', /field/],
    ['without its control total', snapshot(5), 'refused', /seems cut off/, 'wms1'],
    ['with its control total', `${snapshot(5)},SUM,,5\n`, 'accepted', /^$/, 'wms1'],
    ['only a header', HEADER, 'held', /no rows/],
  ] as const)(
    'a snapshot that is %s is judged by its end',
    async (_name, content, state, why, system: string = 'sap') => {
      const { row } = await (await open()).send(content, undefined, 'balances', system);
      expect(row.state).toBe(state);
      expect(row.failure ?? '').toMatch(why);
    },
  );

  it('a snapshot with far fewer rows than the one before is held until a person releases it', async () => {
    const lake = await open();
    const pins = () => pinImports(lake.database.db, lake.dataDirectory, configuration(), 'all');
    await lake.send(snapshot(100), 'erp_2026-11-23T00:00:00Z.csv');
    const { row } = await lake.send(snapshot(60), 'erp_2026-11-24T00:00:00Z.csv');
    expect(row).toMatchObject({ state: 'held', failure: 'it has 60 rows, the snapshot before it had 100' });
    expect((await pins())['sap balances']?.[0]?.path).toContain('2026-11-23');
    const release = () =>
      lake.database.db.transaction().execute((tx) => releaseImport(tx, row.id, { actor: 'person:1' }, 1));
    expect((await Promise.all([release(), release()])).filter(Boolean)).toHaveLength(1);
    expect((await pins())['sap balances']?.[0]?.path).toContain('2026-11-24');
  });

  it('an older snapshot that comes later is kept and not used; ledgers add up', async () => {
    const lake = await open();
    await lake.send(snapshot(3, 2), 'erp_2026-11-24T00:00:00Z.csv');
    await lake.send(snapshot(3, 1), 'erp_2026-11-20T00:00:00Z.csv');
    const ledger = 'movement_id,posted_at,site,item,status,quantity\n';
    await lake.send(`${ledger}1,2026-11-20T00:00:00Z,DC1,A,FREE,1\n`, 'mov_1.csv', 'movements');
    await lake.send(`${ledger}2,2026-11-21T00:00:00Z,DC1,A,FREE,1\n`, 'mov_2.csv', 'movements');
    const pinned = await pinImports(lake.database.db, lake.dataDirectory, configuration(), 'without-path');
    expect(
      Object.fromEntries(
        Object.entries(pinned).map(([name, files]) => [name, files.map(({ path }) => path.split('/').at(-1))]),
      ),
    ).toEqual({
      'sap balances': ['erp_2026-11-24T00:00:00Z.csv'],
      'sap movements': ['mov_1.csv', 'mov_2.csv'],
    });
  });

  it('what was removed after its time is not brought in again', async () => {
    const lake = await open();
    const { row } = await lake.send(snapshot(3));
    await lake.database.db.transaction().execute((tx) => removeImport(tx, row.id, 'system', 1));
    expect(await lake.send(snapshot(3))).toMatchObject({ isNew: false, row: { state: 'removed', path: null } });
  });

  it('a stream that breaks off, or another content than announced, leaves nothing', async () => {
    const lake = await open();
    const source = findImportSource(configuration(), { part: 'balances', system: 'sap' });
    const request = { source, fileName: 'erp_2026-11-23T00:00:00Z.csv', modifiedMs: 0, receivedBy: 'person:1' };
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.from(HEADER);
        throw new Error('connection lost');
      })(),
    );
    await expect(lake.importer.importFile({ ...request, content: breaking })).rejects.toThrow('connection lost');
    const content = Readable.from([Buffer.from(snapshot(2))]);
    await expect(lake.importer.importFile({ ...request, content, sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'CONTENT_DIFFERS',
    });
    expect(folders(lake)).toEqual([]);
    expect(await listImports(lake.database.db, {}, 9)).toEqual([]);
  });

  it.each(['../erp.csv', 'a/b.csv', '.hidden', '', 'a\nb', 'x'.repeat(300)])('the name %j is refused', async (name) => {
    const lake = await open();
    await expect(lake.send(snapshot(1), name)).rejects.toMatchObject({ code: 'FILE_NAME_UNUSABLE' });
    expect(readdirSync(lake.dataDirectory).filter((entry) => !/^(work\.|imports$)/.test(entry))).toEqual([]);
  });
});

describe('findImportSource', () => {
  it.each([
    [{ part: 'counts' }, 'KIND_UNKNOWN'],
    [{ part: 'items' }, 'SOURCE_UNKNOWN'],
    [{ part: 'balances', system: 'wms9' }, 'SOURCE_UNKNOWN'],
    [{ part: 'balances' }, 'SOURCE_AMBIGUOUS'],
  ])('%j is refused', (address, code) => {
    expect(() => findImportSource(configuration(), address)).toThrow(expect.objectContaining({ code, kind: 'usage' }));
  });

  it('takes the only one that fits', () => {
    expect(findImportSource(configuration(), { part: 'movements' }).name).toBe('sap movements');
    expect(findImportSource(configuration(), { part: 'balances', source: 'wms1 balances' }).system).toBe('wms1');
  });
});

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileImporter } from '../app/file-importer.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { configurationSchema } from '../contract/configuration.ts';
import { type ScheduleInput, scheduleDocumentSchema } from '../contract/schedule.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { listImports } from '../store/work/imports.ts';
import type { RunPayload } from '../store/work/runs.ts';
import { createSchedule } from '../store/work/schedules.ts';
import { requestArrivalRuns } from './arrival-runs.ts';
import { FolderWatch } from './folder-watch.ts';

const HEADER = 'site,item,status,quantity\n';
const rows = (count: number): string =>
  HEADER + Array.from({ length: count }, (_, at) => `DC1,I${at},FREE,1\n`).join('');
const START = Date.parse('2026-11-24T06:00:00Z');

class Folder {
  readonly path: string;
  clock = START;
  readonly warned: object[] = [];
  private watch: FolderWatch;
  private readonly database: WorkDatabase;
  private ids = 0;
  private hash = 'one';
  private balances: object[] = [
    { system: 'sap', format: 'csv', path: 'erp_*.csv', as_of: { file_name: 'erp_(?<as_of>.*)\\.csv' } },
    { system: 'wms1', format: 'csv', path: 'wms*.csv', as_of: { file_name: 'wms_(?<as_of>.*)\\.csv' } },
  ];

  constructor(database: WorkDatabase, path: string) {
    this.database = database;
    this.path = path;
    this.watch = this.restart();
  }

  private loaded(): LoadedConfiguration {
    const configuration = configurationSchema.parse({
      version: 1,
      currency: 'USD',
      systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
      balances: this.balances,
      watch: { settle: '10s' },
      categories: { available: { erp: ['FREE'], wms: ['FREE'] } },
    });
    return { configuration, directory: this.path, path: '', hash: this.hash, positions: { locate: () => '' } };
  }

  configure(balances: object[]): void {
    this.balances = balances;
    this.hash = 'two';
  }

  restart(): FolderWatch {
    const { database, path } = this;
    const loaded = () => this.loaded();
    const importer = new FileImporter({
      database,
      dataDirectory: join(path, '.evenstock'),
      get loaded() {
        return loaded();
      },
      now: () => this.clock,
      newId: () => `id-${String(++this.ids).padStart(5, '0')}`,
      signal: new AbortController().signal,
    });
    this.watch = new FolderWatch({
      database,
      importer,
      configuration: loaded,
      onLooked: async () => void (await this.arrivals()),
      now: () => this.clock,
      log: { info: () => undefined, warn: (about) => this.warned.push(about), error: () => undefined },
    });
    return this.watch;
  }

  arrivals(): Promise<string[]> {
    const { database, path } = this;
    const dataDirectory = join(path, '.evenstock');
    const storeNow = async (): Promise<number> => this.clock;
    const context = { database, dataDirectory, storeNow, newRunId: () => `run-${++this.ids}` };
    return requestArrivalRuns(context, this.loaded().configuration);
  }

  /** Looks every five seconds for so long. */
  async look(seconds: number): Promise<void> {
    for (let past = 0; past < seconds; past += 5) {
      this.clock += 5_000;
      await this.watch.look();
    }
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.path, name), content);
  }

  waiting(): string[] {
    return this.watch.waitingFiles().map(({ path, reason }) => `${path.slice(this.path.length + 1)}: ${reason}`);
  }

  async imported(): Promise<string[]> {
    const all = await listImports(this.database.db, {}, 99);
    return all.reverse().map(({ file_name, state, rows: count }) => `${file_name} ${state} ${count}`);
  }

  schedule(document: Partial<ScheduleInput> = {}): Promise<unknown> {
    const full = scheduleDocumentSchema.parse({ time_zone: 'UTC', arrival: { sides: 'both' }, ...document });
    const content = { name: 'on arrival', document: full, isEnabled: true };
    const change = { actor: 'person:1', now: this.clock };
    return this.database.db.transaction().execute((tx) => createSchedule(tx, 'schedule-1', content, change));
  }

  async runs(): Promise<string[][]> {
    const jobs = await this.database.db.selectFrom('jobs').select('payload').orderBy('created_at').execute();
    return jobs.map(({ payload }) => {
      const { pinned } = JSON.parse(payload) as RunPayload & { pinned: Record<string, { path: string }[]> };
      return Object.values(pinned).map((files) => files.map(({ path }) => path.split('/').at(-1)).join());
    });
  }
}

describeOnBothStores('FolderWatch', (store) => {
  async function open(): Promise<Folder> {
    const { dataDirectory } = await store.place();
    const path = join(dataDirectory, 'in');
    mkdirSync(path);
    return new Folder(await store.open(), path);
  }

  it('takes a file when it stayed as it is, once', async () => {
    const folder = await open();
    folder.write('erp_2026-11-24T00:00:00Z.csv', rows(3));
    await folder.look(5);
    expect(await folder.imported()).toEqual([]);
    expect(folder.waiting()).toEqual(['erp_2026-11-24T00:00:00Z.csv: it changed a moment ago']);
    await folder.look(60);
    expect(await folder.imported()).toEqual(['erp_2026-11-24T00:00:00Z.csv accepted 3']);
    folder.restart();
    await folder.look(60);
    expect(await folder.imported()).toHaveLength(1);
    expect(folder.waiting()).toEqual([]);
  });

  it('a marker speaks for a file at once, and one of an earlier file does not', async () => {
    const folder = await open();
    folder.write('wms.csv', rows(2));
    folder.write('wms.csv.done', '');
    folder.configure([
      { system: 'sap', format: 'csv' },
      { system: 'wms1', format: 'csv', path: 'wms*' },
    ]);
    await folder.look(5);
    expect(await folder.imported()).toEqual(['wms.csv accepted 2']);
    const later = Date.now() / 1_000 + 60;
    folder.write('wms.csv', rows(1));
    utimesSync(join(folder.path, 'wms.csv'), later, later);
    await folder.look(60);
    expect(folder.waiting()).toEqual(['wms.csv: its marker is older than the file']);
    utimesSync(join(folder.path, 'wms.csv.done'), later + 1, later + 1);
    await folder.look(5);
    expect(await folder.imported()).toEqual(['wms.csv accepted 2', 'wms.csv accepted 1']);
  });

  it('whatever a slow writer does, only what it wrote last and whole is taken', async () => {
    const folder = await open();
    const whole = rows(400);
    const name = 'erp_2026-11-24T00:00:00Z.csv';
    const path = join(folder.path, name);
    // Another process writes, a piece each time it is told to: the file is never left alone for as long as it must be.
    const writer = spawn(
      process.execPath,
      [
        '-e',
        `const fs = require('fs'); let file;
         process.on('message', ({ path, how, text, at }) => {
           if (how === 'append') fs.appendFileSync(path, text);
           else if (how === 'empty') fs.writeFileSync(path, '');
           else { file ??= fs.openSync(path, 'r+'); if (how === 'size') fs.ftruncateSync(file, at); else fs.writeSync(file, text, at); }
           process.send('done');
         });`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    const write = (piece: object): Promise<unknown> => {
      const done = new Promise((resolve) => writer.once('message', resolve));
      writer.send({ path, ...piece });
      return done;
    };
    const pieces: object[] = [];
    for (let at = 0; at < 2_000; at += 37) pieces.push({ how: 'append', text: whole.slice(at, at + 37) });
    pieces.push({ how: 'empty' }, { how: 'size', at: whole.length });
    for (let at = 0; at < whole.length; at += 299) pieces.push({ how: 'write', text: whole.slice(at, at + 299), at });
    for (const piece of pieces) {
      await write(piece);
      // Two looks may see the same file, which is then hashed while more of it is still to come.
      await folder.look(5);
      const taken = await folder.imported();
      if (taken.length > 0) expect(readFileSync(path, 'utf8')).toBe(whole);
    }
    writer.disconnect();
    await folder.look(60);
    expect(await folder.imported()).toEqual([`${name} accepted 400`]);
  });

  it('a file that is written aside, renamed, cut and written again under its name is each time the file that it is then', async () => {
    const folder = await open();
    const path = join(folder.path, 'erp_2026-11-24T00:00:00Z.csv');
    writeFileSync(`${path}.part`, rows(50));
    await folder.look(60);
    expect(await folder.imported()).toEqual([]);
    renameSync(`${path}.part`, path);
    await folder.look(30);
    truncateSync(path, rows(50).length - 3);
    await folder.look(30);
    expect((await folder.imported()).at(-1)).toMatch(/refused null$/);
    const attempts = await folder.imported();
    await folder.look(60);
    expect(await folder.imported()).toEqual(attempts);
    writeFileSync(path, rows(51));
    await folder.look(30);
    expect((await folder.imported()).at(-1)).toMatch(/accepted 51$/);
    rmSync(path);
    await folder.look(5);
    expect(folder.waiting()).toEqual([]);
  });

  it('content that changes under the same size and time is not taken for another', async () => {
    const folder = await open();
    const path = join(folder.path, 'erp_2026-11-24T00:00:00Z.csv');
    const at = START / 1_000;
    const write = (content: string): void => {
      writeFileSync(path, content);
      utimesSync(path, at, at);
    };
    write(`${HEADER}DC1,A,FREE,1\n`);
    await folder.look(10);
    write(`${HEADER}DC1,A,FREE,2\n`);
    await folder.look(5);
    expect(await folder.imported()).toEqual([]);
    expect(folder.waiting()).toEqual(['erp_2026-11-24T00:00:00Z.csv: it is being written to']);
    await folder.look(30);
    expect(await folder.imported()).toEqual(['erp_2026-11-24T00:00:00Z.csv accepted 1']);
  });

  it('of a folder full of old files the last two are taken, and whatever comes after', async () => {
    const folder = await open();
    for (const day of [20, 21, 22, 23]) folder.write(`erp_2026-11-${day}T00:00:00Z.csv`, rows(day));
    await folder.look(60);
    folder.write('erp_2026-11-24T00:00:00Z.csv', rows(24));
    folder.write('erp_2026-11-19T00:00:00Z.csv', rows(19));
    await folder.look(60);
    const names = [22, 23, 19, 24].map((day) => `erp_2026-11-${day}T00:00:00Z.csv accepted ${day}`);
    expect(await folder.imported()).toEqual(names);
  });

  it('a refused file is told with its reason, and judged again under another configuration', async () => {
    const folder = await open();
    folder.write('wms_2026-11-24T00:00:00Z.csv', 'ort,item,status,quantity\nDC1,A,FREE,1\n');
    await folder.look(60);
    expect(await folder.imported()).toEqual(['wms_2026-11-24T00:00:00Z.csv refused null']);
    expect(folder.warned).toMatchObject([{ reason: expect.stringContaining('has no column site') }]);
    folder.configure([
      { system: 'sap', format: 'csv' },
      { system: 'wms1', format: 'csv', path: 'wms*.csv', columns: { site: 'ort' } },
    ]);
    await folder.look(60);
    expect(await folder.imported()).toEqual(['wms_2026-11-24T00:00:00Z.csv accepted 1']);
  });

  it('a run is requested once when the snapshots of both sides of a cut-off are in', async () => {
    const folder = await open();
    await folder.schedule();
    const day = (date: string, side: string, count: number): void =>
      folder.write(`${side}_${date}T00:00:00Z.csv`, rows(count));
    day('2026-11-24', 'erp', 30);
    await folder.look(30);
    expect(await folder.runs()).toEqual([]);
    day('2026-11-24', 'wms', 30);
    await folder.look(30);
    await Promise.all([folder.arrivals(), folder.arrivals(), folder.arrivals()]);
    const first = ['erp_2026-11-24T00:00:00Z.csv', 'wms_2026-11-24T00:00:00Z.csv'];
    expect(await folder.runs()).toEqual([first]);
    day('2026-11-25', 'wms', 31);
    await folder.look(30);
    expect(await folder.runs()).toEqual([first]);
    day('2026-11-25', 'erp', 31);
    await folder.look(30);
    expect(await folder.runs()).toEqual([first, first.map((name) => name.replace('-24T', '-25T'))]);
  });

  it('nothing is requested of what was in before the schedule, within a blackout, or before its wait is over', async () => {
    const folder = await open();
    const both = (date: string, count: number): void => {
      for (const side of ['erp', 'wms']) folder.write(`${side}_${date}T00:00:00Z.csv`, rows(count));
    };
    both('2026-11-23', 30);
    await folder.look(30);
    folder.clock += 1;
    await folder.schedule({ arrival: { sides: 'both', wait: '5m' }, blackouts: [{ from: '06:00', to: '06:30' }] });
    await folder.look(600);
    expect(await folder.runs()).toEqual([]);
    both('2026-11-24', 31);
    await folder.look(900);
    expect(await folder.runs()).toEqual([]);
    await folder.look(600);
    expect(await folder.runs()).toHaveLength(1);
  });

  it('what arrives within a blackout waits for its end, also where half of the next set comes meanwhile', async () => {
    const folder = await open();
    const schedule = { blackouts: [{ from: '06:00', to: '06:30' }], calendar: { weekdays: ['tuesday' as const] } };
    await folder.schedule(schedule);
    const write = (side: string, date: string, count: number): void =>
      folder.write(`${side}_${date}T00:00:00Z.csv`, rows(count));
    // 2026-11-24 is a Tuesday; the clock begins at 06:00.
    write('erp', '2026-11-23', 30);
    write('wms', '2026-11-23', 30);
    await folder.look(60);
    write('erp', '2026-11-24', 31);
    folder.restart();
    await folder.look(1_680);
    expect(await folder.runs()).toEqual([]);
    await folder.look(120);
    const first = ['erp_2026-11-23T00:00:00Z.csv', 'wms_2026-11-23T00:00:00Z.csv'];
    expect(await folder.runs()).toEqual([first]);
    folder.clock = Date.parse('2026-11-25T12:00:00Z');
    write('wms', '2026-11-24', 31);
    await folder.look(60);
    expect(await folder.runs()).toEqual([first]);
    folder.clock = Date.parse('2026-12-01T06:29:00Z');
    await folder.look(30);
    expect(await folder.runs()).toEqual([first]);
    await folder.look(60);
    expect(await folder.runs()).toEqual([first, first.map((name) => name.replace('-23T', '-24T'))]);
  });
});

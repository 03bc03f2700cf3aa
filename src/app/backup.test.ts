import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Failure } from '../core/model/failure.ts';
import type { BackupManifest } from '../store/backup/manifest.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { migrate, readMigrations } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../store/database/open-database.ts';
import { appendAudit, verifyAudit } from '../store/work/audit.ts';
import { appendEvents } from '../store/work/events.ts';
import { backup, restore } from './backup.ts';
import { openWorkStore } from './open-work-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const fresh = (): string => join(folder, `backup-${++folders}`);
const common = { pid: process.pid, now: () => 1_000, signal: new AbortController().signal };

interface Place {
  readonly dataDirectory: string;
  readonly address: string | undefined;
}

const at = ({ dataDirectory, address }: Place, to: string) => ({
  ...common,
  dataDirectory,
  storeAddress: address,
  folder: to,
});
const manifestOf = (path: string): BackupManifest => JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
const contentOf = ({ tables, files, migrations }: BackupManifest) => ({ tables, files, migrations });

/** Rows of several tables, with texts that databases sort and write differently, and files. */
async function fill(database: WorkDatabase, dataDirectory: string): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    for (const name of ['ä', 'Z', 'a', 'é\n"\\', '\u{1f4e6}', '00123'])
      await appendAudit(tx, { actor: 'system', action: 'x', entity: 'item', entityId: name, after: { name } }, 5);
    await appendEvents(
      tx,
      Array.from({ length: 4_321 }, (_, n) => ({ kind: `kind-${n % 7}`, document: { n } })),
      7,
    );
    const person = { id: 'p1', login: 'ann', name: 'Ann', role: 'viewer', sites: null, created_at: 1 } as const;
    await tx.insertInto('people').values(person).execute();
    const session = {
      secret_hash: 's',
      person_id: 'p1',
      csrf_token: 'c',
      address: '',
      created_at: 1,
      seen_at: 1,
      expires_at: 9,
    };
    await tx.insertInto('sessions').values(session).execute();
    const job = {
      id: 'j1',
      kind: 'run',
      payload: '{}',
      state: 'done',
      run_at: 1,
      attempts_max: 1,
      requested_by: 'system',
      created_at: Number.MAX_SAFE_INTEGER,
    } as const;
    await tx.insertInto('jobs').values(job).execute();
    const run = {
      id: 'r1',
      job_id: 'j1',
      state: 'complete',
      cause: 'request',
      schedule_id: null,
      slot_at: null,
      requested_by: 'system',
      created_at: 1,
    } as const;
    await tx.insertInto('runs').values(run).execute();
  });
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(dataDirectory, path)), { recursive: true });
    writeFileSync(join(dataDirectory, path), content);
    utimesSync(join(dataDirectory, path), 1_700_000_000, 1_700_000_000.25);
  };
  write('imports/i1/stock [1] ü.csv', 'a,b\n');
  write('runs/r1/run.json', '{}');
  write('runs/.new-1-r2/half', 'x');
  write('work/scratch', 'x');
}

describeOnBothStores('backup and restore', (store) => {
  async function filled(): Promise<Place & { database: WorkDatabase }> {
    const place = await store.place();
    const database = openDatabase(place.dataDirectory, place.address);
    await migrate(database.db, database.kind, () => 0);
    await fill(database, place.dataDirectory);
    return { ...place, database };
  }

  it('what is restored is what was there, in the same kind of store and in the other one', async () => {
    const { database, ...place } = await filled();
    const to = fresh();
    const summary = await backup(at(place, to));
    expect(summary).toMatchObject({ scope: 'all', files: 2, bytes: 6 });
    const manifest = manifestOf(to);
    expect(manifest.files.map(({ path }) => path)).toEqual(['imports/i1/stock [1] ü.csv', 'runs/r1/run.json']);
    expect(manifest.tables.map(({ name }) => name)).not.toContain('sessions');
    const sqlite: Place = { dataDirectory: fresh(), address: undefined };
    for (const target of [await store.place(), sqlite]) {
      await restore(at(target, to));
      const again = fresh();
      await backup(at(target, again));
      expect(contentOf(manifestOf(again))).toEqual(contentOf(manifest));
      expect(statSync(join(target.dataDirectory, 'imports/i1/stock [1] ü.csv')).mtimeMs).toBe(1_700_000_000_250);
      const restored = openDatabase(target.dataDirectory, target.address);
      expect(await verifyAudit(restored.db)).toEqual(await verifyAudit(database.db));
      expect(await restored.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
      await restored.close();
    }
    await database.close();
  });

  it('under load each backup is one moment: hashes are those of what is restored, and no counter is ahead of its rows', async () => {
    const { database, ...place } = await filled();
    let isOver = false;
    let written = 0;
    const load = (async () => {
      while (!isOver) {
        const path = join(place.dataDirectory, `imports/load-${++written}`);
        mkdirSync(path, { recursive: true });
        writeFileSync(join(path, 'a.csv'), 'x'.repeat(written));
        await database.db.transaction().execute(async (tx) => {
          await appendEvents(tx, [{ kind: 'load', document: { written } }], written);
          await appendAudit(
            tx,
            { actor: 'system', action: 'load', entity: 'load', entityId: String(written) },
            written,
          );
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    for (let round = 0; round < 3; round++) {
      const to = fresh();
      await backup(at(place, to));
      const target = round % 2 === 0 ? await store.place() : { dataDirectory: fresh(), address: undefined };
      await restore(at(target, to));
      const again = fresh();
      await backup(at(target, again));
      expect(contentOf(manifestOf(again))).toEqual(contentOf(manifestOf(to)));
      const restored = openDatabase(target.dataDirectory, target.address);
      const { number } = (await restored.db
        .selectFrom('events')
        .select((row) => row.fn.max('number').as('number'))
        .executeTakeFirstOrThrow()) as { number: number };
      const counters = await restored.db.selectFrom('counters').selectAll().where('name', '=', 'events').execute();
      expect(counters).toEqual([{ name: 'events', value: number }]);
      expect(await verifyAudit(restored.db)).toMatchObject({ isWhole: true });
      await restored.close();
      if (round > 0) expect(number).toBeGreaterThan(4_321);
    }
    isOver = true;
    await load;
    await database.close();
  });

  it('nothing that is there is replaced', async () => {
    const { database, ...place } = await filled();
    const to = fresh();
    await backup(at(place, to));
    await expect(backup(at(place, to))).rejects.toMatchObject({ code: 'OUT_NOT_EMPTY' });
    await expect(restore(at(place, to))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY', kind: 'usage' });
    if (place.address !== undefined) {
      const target = { dataDirectory: fresh(), address: place.address };
      await expect(restore(at(target, to))).resolves.toBeDefined();
      await database.db.transaction().execute((tx) => appendEvents(tx, [{ kind: 'more', document: {} }], 1));
      const other = { dataDirectory: fresh(), address: place.address };
      await expect(restore(at(other, to))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
      expect(readdirSync(other.dataDirectory).filter((name) => !name.startsWith('work.lock'))).toEqual([]);
    }
    await database.close();
  });

  it.each([
    ['a file', 'files/runs/r1/run.json', '{} '],
    ['a table', 'tables/events.jsonl', '{}\n'],
    ['a line of a table', 'tables/people.jsonl', 'not JSON\n'],
    ['the manifest', 'manifest.json', '{"schema":2}'],
  ])('%s that is not what it was restores nothing', async (_name, path, content) => {
    const { database, ...place } = await filled();
    await database.close();
    const to = fresh();
    await backup(at(place, to));
    const bad = fresh();
    cpSync(to, bad, { recursive: true });
    writeFileSync(join(bad, path), content);
    const target = await store.place();
    await expect(restore(at(target, bad))).rejects.toThrow(Failure);
    expect(readdirSync(target.dataDirectory).filter((name) => !name.startsWith('work.lock'))).toEqual([]);
    await restore(at(target, to));
    const again = fresh();
    await backup(at(target, again));
    expect(contentOf(manifestOf(again))).toEqual(contentOf(manifestOf(to)));
  });

  it('a path that leads out of the data directory is refused', async () => {
    const { database, ...place } = await filled();
    await database.close();
    const to = fresh();
    await backup(at(place, to));
    const manifest = manifestOf(to);
    writeFileSync(
      join(to, 'manifest.json'),
      JSON.stringify({ ...manifest, files: [{ ...manifest.files[0], path: '../out' }] }),
    );
    await expect(restore(at(await store.place(), to))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('before tables change they are backed up, and the backup of an older state is brought to this one', async () => {
    const place = await store.place();
    const old = openDatabase(place.dataDirectory, place.address);
    await migrate(old.db, old.kind, () => 0, readMigrations().slice(0, 2));
    await old.db
      .transaction()
      .execute((tx) => appendAudit(tx, { actor: 'system', action: 'x', entity: 'y', entityId: 'z' }, 1));
    await old.close();
    const options = { ...place, as: 'command', what: 'the test', pid: 1, now: () => 0 } as const;
    const opened = await openWorkStore(options);
    const all = readMigrations().length;
    expect(await opened.db.selectFrom('watched_files').selectAll().execute()).toEqual([]);
    await opened.close();
    await (await openWorkStore(options)).close();
    const [made, ...others] = readdirSync(join(place.dataDirectory, 'backups'));
    expect(others).toEqual([]);
    const from = join(place.dataDirectory, 'backups', made as string);
    expect(manifestOf(from)).toMatchObject({ scope: 'work-state', files: [] });
    expect(manifestOf(from).migrations).toHaveLength(2);
    const target = await store.place();
    writeFileSync(join(target.dataDirectory, 'kept'), '');
    await restore(at(target, from));
    const again = fresh();
    await backup(at(target, again));
    expect(manifestOf(again).migrations).toHaveLength(all);
    expect(manifestOf(again).tables.find(({ name }) => name === 'audit')).toEqual(
      manifestOf(from).tables.find(({ name }) => name === 'audit'),
    );
    expect(existsSync(join(target.dataDirectory, 'kept'))).toBe(true);
  });

  it('a restore that was broken off is known as such, and a further one begins anew', async () => {
    const { database, ...place } = await filled();
    await database.close();
    const to = fresh();
    await backup(at(place, to));
    const target = await store.place();
    mkdirSync(join(target.dataDirectory, 'runs/r1'), { recursive: true });
    writeFileSync(join(target.dataDirectory, 'runs/r1/half'), '');
    writeFileSync(join(target.dataDirectory, 'restore-unfinished'), 'all');
    const options = { ...target, as: 'command', what: 'the test', pid: 1, now: () => 0 } as const;
    await expect(openWorkStore(options)).rejects.toMatchObject({ code: 'RESTORE_UNFINISHED' });
    await expect(backup(at(target, fresh()))).rejects.toMatchObject({ code: 'RESTORE_UNFINISHED' });
    await restore(at(target, to));
    await (await openWorkStore(options)).close();
    expect(existsSync(join(target.dataDirectory, 'runs/r1/half'))).toBe(false);
  });
});

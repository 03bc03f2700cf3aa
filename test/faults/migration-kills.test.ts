import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { restore } from '../../src/app/backup.ts';
import { openWorkStore } from '../../src/app/open-work-store.ts';
import { lineOf, readRows, TableDigest } from '../../src/store/backup/table-rows.ts';
import { listTables, type PlainDatabase } from '../../src/store/backup/table-shapes.ts';
import { describeOnBothStores, type StoreUnderTest } from '../../src/store/database/both-stores-fixture.ts';
import { appliedMigrations, migrate, readMigrations } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { appendAudit, verifyAudit } from '../../src/store/work/audit.ts';
import { appendEvents } from '../../src/store/work/events.ts';

/** Kills on each store; `npm run test:faults` asks for more. */
const KILLS = Number(process.env['EVENSTOCK_FAULTS'] ?? 2);
const ENTRY = fileURLToPath(new URL('migration-process.ts', import.meta.url));
/** One store is killed so often on its way to this version at most. */
const KILLS_OF_ONE = 3;
const ROWS = 300;
const MIGRATIONS = readMigrations();

type Place = Awaited<ReturnType<StoreUnderTest['place']>>;

/** What an older version kept, table by table; a migration must not touch it. */
async function contentOf({ db, kind }: WorkDatabase): Promise<Record<string, string>> {
  const plain = db as unknown as PlainDatabase;
  const content: Record<string, string> = {};
  for (const shape of await listTables(plain, kind)) {
    if (!['audit', 'events', 'jobs', 'intake_hashes'].includes(shape.name)) continue;
    const digest = new TableDigest();
    for await (const rows of readRows(plain, shape)) for (const row of rows) digest.add(lineOf(row));
    content[shape.name] = `${digest.rows} ${digest.hex}`;
  }
  return content;
}

/** Names of tables, which tell a state that no version has. */
async function tablesOf({ db }: WorkDatabase): Promise<string[]> {
  return (await db.introspection.getTables()).map(({ name }) => name).sort();
}

/** A work state as a version with so many migrations left it. */
async function makeOlder({ dataDirectory, address }: Place, version: number): Promise<Record<string, string>> {
  const database = openDatabase(dataDirectory, address);
  await migrate(database.db, database.kind, () => 1, MIGRATIONS.slice(0, version));
  await database.db.transaction().execute(async (transaction) => {
    for (let number = 0; number < ROWS; number++) {
      const id = `job-${number}`;
      const job = { id, kind: 'test', payload: '{}', state: 'done', attempts_max: 1, run_at: 0 } as const;
      await transaction
        .insertInto('jobs')
        .values({ ...job, requested_by: 'system', created_at: number })
        .execute();
      await appendAudit(transaction, { actor: 'system', action: 'test', entity: 'job', entityId: id }, number);
    }
    const events = Array.from({ length: ROWS }, (_, number) => ({ kind: 'run.queued', document: { number } }) as const);
    await appendEvents(transaction, events, 1);
    if (version < 2) return;
    const hashes = Array.from({ length: ROWS }, (_, at) => ({ content_hash: `hash ${at}`, received_at: at }));
    await transaction.insertInto('intake_hashes').values(hashes).execute();
  });
  const content = await contentOf(database);
  await database.close();
  return content;
}

/** How long it took from its first word to its last, where it came so far. */
function startAndKill({ dataDirectory, address }: Place, afterMs: number): Promise<number | undefined> {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, dataDirectory, address ?? ''], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let readyAt: number | undefined;
  let openAt: number | undefined;
  let failed = '';
  child.stdout.on('data', (said) => {
    if (readyAt === undefined && afterMs < Number.POSITIVE_INFINITY) setTimeout(() => child.kill('SIGKILL'), afterMs);
    readyAt ??= performance.now();
    if (String(said).includes('open')) openAt = performance.now();
  });
  child.stderr.on('data', (said) => {
    failed += said;
  });
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      if (failed !== '') reject(new Error(failed));
      else resolve(openAt === undefined ? undefined : openAt - (readyAt ?? 0));
    });
  });
}

/** Backups that can be seen, the oldest first. */
function backupsOf({ dataDirectory }: Place): string[] {
  const folder = join(dataDirectory, 'backups');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.new-')) : [];
  return names.sort().map((name) => join(folder, name));
}

describeOnBothStores('a migration that is killed', (store) => {
  /** The tables of each version, to be held against what a kill leaves. */
  async function tablesByVersion(): Promise<string[][]> {
    const { dataDirectory, address } = await store.place();
    const database = openDatabase(dataDirectory, address);
    const tables: string[][] = [await tablesOf(database)];
    for (let version = 1; version <= MIGRATIONS.length; version++) {
      await migrate(database.db, database.kind, () => 1, MIGRATIONS.slice(0, version));
      tables.push(await tablesOf(database));
    }
    await database.close();
    return tables;
  }

  /** What is there is a version, whole, with all that the older one kept. Returns the version. */
  async function checkWhole(place: Place, content: Record<string, string>, tables: string[][]): Promise<number> {
    const database = openDatabase(place.dataDirectory, place.address);
    const applied = await appliedMigrations(database.db);
    expect(applied.map(({ number }) => number)).toEqual(
      MIGRATIONS.slice(0, applied.length).map(({ number }) => number),
    );
    expect(await tablesOf(database)).toEqual(tables[applied.length]);
    expect(await contentOf(database)).toMatchObject(content);
    await database.close();
    return applied.length;
  }

  it(
    `${KILLS} times: the next start completes it, nothing is lost, and each backup is whole`,
    async () => {
      const tables = await tablesByVersion();
      const calibration = await store.place();
      await makeOlder(calibration, 1);
      const wholeMs = (await startAndKill(calibration, Number.POSITIVE_INFINITY)) as number;
      let [kills, interrupted] = [0, 0];
      while (kills < KILLS) {
        const place = await store.place();
        let version = 1 + (kills % (MIGRATIONS.length - 1));
        const content = await makeOlder(place, version);
        for (let kill = 0; kill < KILLS_OF_ONE && kills < KILLS && version < MIGRATIONS.length; kill++) {
          if ((await startAndKill(place, Math.random() * wholeMs)) === undefined) interrupted++;
          kills++;
          const after = await checkWhole(place, content, tables);
          expect(after).toBeGreaterThanOrEqual(version);
          version = after;
        }
        const opening = { ...place, as: 'server', what: 'a test', pid: process.pid, now: Date.now } as const;
        const database = await openWorkStore(opening);
        expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true, head: { number: ROWS } });
        await database.close();
        expect(await checkWhole(place, content, tables)).toBe(MIGRATIONS.length);
        const backups = backupsOf(place);
        // The first of them was made before anything was changed.
        expect(backups.length).toBeGreaterThan(0);
        for (const folder of backups) {
          const other = await store.place();
          const common = { pid: process.pid, now: Date.now, signal: new AbortController().signal };
          await restore({ ...common, dataDirectory: other.dataDirectory, storeAddress: other.address, folder });
          expect(await checkWhole(other, content, tables), folder).toBe(MIGRATIONS.length);
        }
      }
      // Few may all come too late, where the machine was slower when it was measured.
      if (KILLS >= 10) expect(interrupted).toBeGreaterThan(KILLS / 10);
    },
    60_000 + KILLS * 20_000,
  );
});

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { isOver, RunWorld, request, untilRun } from '../../src/jobs/run-world-fixture.ts';
import { describeOnBothStores, type StoreUnderTest } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { verifyAudit } from '../../src/store/work/audit.ts';
import { readEvents } from '../../src/store/work/events.ts';
import { listRuns } from '../../src/store/work/runs.ts';
import { kill, launch, type ServerPlace, untilReady } from './job-processes.ts';

/** How many kills on each store; `npm run test:faults` asks for more. */
const KILLS = Number(process.env['EVENSTOCK_FAULTS'] ?? 3);
/** A kill falls into any step: starting, reading, comparing, publishing, reporting. */
const LIFE_MS_MAX = 5_000;

let world: RunWorld;
afterEach(() => world.remove());

async function openPlace(store: StoreUnderTest): Promise<{ database: WorkDatabase; place: ServerPlace }> {
  world = new RunWorld(2_000);
  const { address } = await store.place();
  const database = openDatabase(world.dataDirectory, address);
  await migrate(database.db, database.kind, Date.now);
  return { database, place: { folder: world.folder, dataDirectory: world.dataDirectory, address } };
}

/** A run that was acknowledged. However often its workers die, it is not given up. */
async function acknowledged(database: WorkDatabase, id: string): Promise<string> {
  await request(database, id);
  const update = (tx: Parameters<Parameters<ReturnType<WorkDatabase['db']['transaction']>['execute']>[0]>[0]) =>
    tx.updateTable('jobs').set({ attempts_max: 1_000_000 }).execute();
  await database.db.transaction().execute(update);
  return id;
}

/** How each run ended, as subscribers were told. */
async function endingsOf({ db }: WorkDatabase): Promise<string[]> {
  const events = await readEvents(db, 0, 1_000_000);
  return events
    .filter(({ kind }) => /^run\.(complete|refused|failed|cancelled)$/.test(kind))
    .map(({ kind, document }) => `${kind} ${(document as { run_id: string }).run_id}`)
    .sort();
}

/** Folders of runs that are seen are whole. */
async function expectWhole(): Promise<void> {
  const store = new RunStore(world.dataDirectory);
  for (const id of await store.list()) {
    expect((await store.read(id)).state).toBe('complete');
    for (const name of ['balances.parquet', 'discrepancies.parquet', 'key-history.jsonl.gz'])
      expect(existsSync(join(store.folderOf(id), name)), `${id}/${name}`).toBe(true);
  }
}

/** Processes whose unfinished folders lie there still. */
function pendingProcesses(): number[] {
  const folders = ['runs', 'work'].map((name) => join(world.dataDirectory, name)).filter(existsSync);
  const names = folders.flatMap((folder) => readdirSync(folder));
  return names.flatMap((name) => /^\.new-(\d+)-/.exec(name)?.[1] ?? []).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describeOnBothStores('servers that are killed at any moment', (store) => {
  test(
    `after ${KILLS} kills every run that was acknowledged is made once, and no half of one was seen`,
    async () => {
      const { database, place } = await openPlace(store);
      const ids: string[] = [];
      for (let round = 0; round < KILLS; round++) {
        ids.push(await acknowledged(database, `run-${String(round).padStart(4, '0')}`));
        const server = launch(place);
        await sleep(Math.random() * LIFE_MS_MAX);
        await kill(server);
        await expectWhole();
      }
      const said: string[] = [];
      const last = launch(place, said);
      for (const id of ids)
        expect(await untilRun(database, id, isOver), said.join('')).toMatchObject({ state: 'complete' });
      await kill(last);
      await expectWhole();
      expect(await endingsOf(database)).toEqual(ids.map((id) => `run.complete ${id}`));
      expect(await new RunStore(world.dataDirectory).list()).toEqual(ids);
      expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true });
      // Processes of runs whose servers are gone end by themselves.
      for (let wait = 0; wait < 100 && pendingProcesses().some(isAlive); wait++) await sleep(100);
      expect(pendingProcesses().filter(isAlive)).toEqual([]);
      await database.close();
    },
    60_000 + KILLS * 30_000,
  );

  test.skipIf(store.kind === 'sqlite')(
    'a server that stands still loses its run to another, and what it says later is refused',
    async () => {
      const { database, place } = await openPlace(store);
      world.writeSnapshots(150_000);
      await request(database, 'run-1');
      const said: string[] = [];
      const still = launch(place, said);
      await untilRun(database, 'run-1', ({ progress }) => progress !== null);
      still.kill('SIGSTOP');
      const stoppedAt = Date.now();
      const other = launch(place);
      await untilReady(other);
      const { db } = database;
      const isTaken = async (): Promise<boolean> =>
        (await db.selectFrom('jobs').select('lease_token').executeTakeFirstOrThrow()).lease_token > 1;
      while (!(await isTaken())) await sleep(20);
      expect(Date.now() - stoppedAt).toBeLessThan(20_000);
      still.kill('SIGCONT');
      const run = await untilRun(database, 'run-1', isOver);
      expect(run).toMatchObject({ state: 'complete' });
      while (!said.join('').includes('was refused')) await sleep(50);
      expect(await endingsOf(database)).toEqual(['run.complete run-1']);
      expect(await listRuns(db, { limit: 9 })).toHaveLength(1);
      await expectWhole();
      await database.close();
    },
    120_000,
  );
});

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { migrate } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../store/database/open-database.ts';
import { RunStore } from '../store/run-store.ts';
import { readEvents } from '../store/work/events.ts';
import { claimJob } from '../store/work/jobs.ts';
import { cancelRun, findRun } from '../store/work/runs.ts';
import { adoptFolderRuns } from './adopt-runs.ts';
import { isOver, RunWorld, request, untilRun } from './run-world-fixture.ts';
import { type Jobs, type JobsContext, startJobs } from './start-jobs.ts';

const worlds: RunWorld[] = [];
const started: Jobs[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
  for (const world of worlds.splice(0)) world.remove();
});

function makeWorld(items?: number): RunWorld {
  const world = new RunWorld(items);
  worlds.push(world);
  return world;
}

async function start(world: RunWorld, database: WorkDatabase, more: Partial<JobsContext> = {}): Promise<Jobs> {
  const jobs = await startJobs(world.context(database, more));
  started.push(jobs);
  return jobs;
}

const cancel = ({ db }: WorkDatabase, id: string): Promise<boolean> =>
  db.transaction().execute((tx) => cancelRun(tx, id, { actor: 'person:1', now: Date.now() }));

const kindsOf = async ({ db }: WorkDatabase): Promise<string[]> =>
  (await readEvents(db, 0, 1_000)).map(({ kind }) => kind);

const LARGE = 120_000;
const isUnderWay = ({ progress }: { progress: unknown }): boolean => progress !== null;

describeOnBothStores('the server', (store) => {
  test('makes a run that was asked for, in a process of its own', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    await request(database, 'run-1', { filters: { site: ['DC1'], item: [] } });
    await start(world, database);
    const run = await untilRun(database, 'run-1', isOver);
    expect(run).toMatchObject({
      state: 'complete',
      summary: { totals: { discrepancies: 2 }, filters: { site: ['DC1'] } },
    });
    expect((await new RunStore(world.dataDirectory).read('run-1')).state).toBe('complete');
    expect((await kindsOf(database)).filter((kind) => kind !== 'run.progress')).toEqual([
      'run.queued',
      'run.started',
      'run.complete',
    ]);
    expect(world.logged).toEqual([]);
  });

  test('keeps a run that the quality gate refuses, and says why; with a reason it is made all the same', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    world.write('wms.csv', 'site,item,status,quantity\nDC1,OTHER,AVAILABLE,1\n');
    await request(database, 'run-1');
    await request(database, 'run-2', { force: { by: 'person:1', reason: 'a new warehouse' }, now: Date.now() + 1 });
    await start(world, database);
    const refused = await untilRun(database, 'run-1', isOver);
    expect(refused).toMatchObject({ state: 'refused', failure: { action: expect.stringMatching(/\w/) } });
    expect(existsSync(new RunStore(world.dataDirectory).folderOf('run-1'))).toBe(true);
    const forced = await untilRun(database, 'run-2', isOver);
    expect(forced).toMatchObject({ state: 'complete', summary: { forced: { reason: 'a new warehouse' } } });
  });

  test('says why a run failed, and that is the end of it', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    rmSync(join(world.folder, 'wms.csv'));
    await request(database, 'run-1');
    await start(world, database);
    const run = await untilRun(database, 'run-1', isOver);
    expect(run).toMatchObject({ state: 'failed', summary: null, failure: { code: 'FILE_NOT_FOUND' } });
    expect(await new RunStore(world.dataDirectory).list()).toEqual([]);
  });

  test('cancels a run that is under way, which leaves nothing', async () => {
    const [world, database] = [makeWorld(LARGE), await store.open()];
    await request(database, 'run-1');
    await start(world, database);
    const { progress } = await untilRun(database, 'run-1', isUnderWay);
    expect(progress).toMatchObject({ stage: expect.any(String), total: expect.any(Number) });
    const cancelledAt = Date.now();
    expect(await cancel(database, 'run-1')).toBe(true);
    expect(await untilRun(database, 'run-1', isOver)).toMatchObject({ state: 'cancelled' });
    expect(Date.now() - cancelledAt).toBeLessThan(12_000);
    expect(await new RunStore(world.dataDirectory).list()).toEqual([]);
    expect(readdirSync(join(world.dataDirectory, 'work'))).toEqual([]);
    expect(await cancel(database, 'run-1')).toBe(false);
  });

  test('that stops hands its run back within ten seconds, and the next server makes it', async () => {
    const [world, database] = [makeWorld(LARGE), await store.open()];
    await request(database, 'run-1');
    const first = await start(world, database);
    await untilRun(database, 'run-1', isUnderWay);
    const stoppedAt = Date.now();
    await first.stop();
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
    expect(await findRun(database.db, 'run-1')).toMatchObject({ state: 'queued' });
    await start(world, database);
    expect(await untilRun(database, 'run-1', isOver)).toMatchObject({ state: 'complete' });
    const job = await database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
    expect(job).toMatchObject({ state: 'done', attempts: 1, lease_token: 2 });
  });

  test('finds a run that was published by a server that died before it could say so', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    await request(database, 'run-1');
    await start(world, database);
    const before = await untilRun(database, 'run-1', isOver);
    // As if the last transaction had not been.
    await database.db.transaction().execute(async (tx) => {
      await tx.updateTable('jobs').set({ state: 'running', lease_until: 0, attempts: 9, finished_at: null }).execute();
      await tx.updateTable('runs').set({ state: 'running', summary: null, finished_at: null }).execute();
    });
    const after = await untilRun(database, 'run-1', isOver);
    expect(after).toMatchObject({ state: 'complete', summary: before.summary });
    expect(await new RunStore(world.dataDirectory).list()).toEqual(['run-1']);
  });

  test('gives a run up whose workers died too often, with the reason', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    await request(database, 'run-1');
    for (let death = 1; death <= 5; death++)
      await claimJob(database.db, { worker: 'dies', kinds: ['run'], now: Date.now(), leaseMs: -1 });
    await start(world, database);
    const run = await untilRun(database, 'run-1', isOver);
    expect(run).toMatchObject({
      state: 'failed',
      failure: { code: 'WORKERS_DIED', message: expect.stringContaining('5') },
    });
  });

  test('outlives the process of a run, and says how it died', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    await request(database, 'run-1');
    await database.db.transaction().execute((tx) => tx.updateTable('jobs').set({ attempts_max: 1 }).execute());
    await start(world, database, { execArgv: ['--import', 'tsx', '--max-old-space-size=1'] });
    const run = await untilRun(database, 'run-1', isOver);
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'RUN_DIED' } });
    expect(world.logged.join()).toContain('OOM');
  });

  test('enters runs of the command line', async () => {
    const [world, database] = [makeWorld(), await store.open()];
    await request(database, 'run-1');
    await start(world, database);
    await untilRun(database, 'run-1', isOver);
    const { dataDirectory, address } = await store.place();
    const other = openDatabase(dataDirectory, address);
    await migrate(other.db, other.kind, () => 0);
    await adoptFolderRuns(other, world.dataDirectory, async () => 5);
    expect(await findRun(other.db, 'run-1')).toMatchObject({ state: 'complete', cause: 'command-line' });
    await other.close();
  });
});

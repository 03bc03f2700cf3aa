import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Failure } from '../core/model/failure.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { cancelJob, claimJob, enqueueJob, finishJob } from '../store/work/jobs.ts';
import type { Attempt, JobEnd, JobHandler } from './job-handler.ts';
import { Worker, type WorkerSettings } from './worker.ts';

const timing = { pollMs: 10, renewMs: 20, leaseMs: 10_000, retryMs: 10 };
const done: JobEnd = { outcome: { state: 'done' } };

/** A worker whose jobs do what the test says. */
function workerOf(database: WorkDatabase, perform: JobHandler['perform'], more: Partial<WorkerSettings> = {}) {
  const logged: string[] = [];
  const log = (_: object, message: string): void => void logged.push(message);
  const handlers = { test: { perform, end: (_, outcome) => ({ outcome }) } satisfies JobHandler };
  const common = { storeNow: async () => Date.now(), name: 'w', capacity: 1, timing };
  const worker = new Worker({ database, handlers, ...common, log: { info: log, warn: log, error: log }, ...more });
  worker.start();
  return { worker, logged };
}

const enqueue = ({ db }: WorkDatabase, id: string): Promise<unknown> =>
  db
    .transaction()
    .execute((tx) => enqueueJob(tx, { id, kind: 'test', payload: {}, requestedBy: 'system' }, Date.now()));

async function untilOver({ db }: WorkDatabase, id: string) {
  for (;;) {
    const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    if (row.state !== 'queued' && row.state !== 'running') return row;
    await sleep(10);
  }
}

const untilAborted = async ({ signal }: Attempt): Promise<JobEnd> => {
  while (!signal.aborted) await sleep(5);
  return { outcome: signal.reason === 'cancelled' ? { state: 'cancelled' } : { state: 'handed-back' } };
};

describeOnBothStores('the worker', (store) => {
  test('says what failed: a Failure in its words, a fault of the program without its insides', async () => {
    const database = await store.open();
    const { worker, logged } = workerOf(database, async ({ job }) => {
      if (job.id === 'a') throw new Failure('unreachable', 'GONE', 'the file is gone', 'Send it again.');
      throw new Error('secret');
    });
    for (const id of ['a', 'b']) await enqueue(database, id);
    const failureOf = async (id: string) => JSON.parse((await untilOver(database, id)).failure ?? 'null');
    expect(await failureOf('a')).toEqual({ code: 'GONE', message: 'the file is gone', action: 'Send it again.' });
    const fault = await failureOf('b');
    expect(fault).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(fault)).not.toContain('secret');
    expect(logged).toEqual(['a job threw']);
    await worker.stop();
  });

  test('does a job after all where the store broke off before it began', async () => {
    const database = await store.open();
    let outages = 2;
    const { worker, logged } = workerOf(database, async () => {
      if (outages-- > 0) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
      return done;
    });
    await enqueue(database, 'a');
    expect(await untilOver(database, 'a')).toMatchObject({ state: 'done', attempts: 1 });
    expect(logged).toEqual([]);
    await worker.stop();
  });

  test('tries again what failed for now', async () => {
    const database = await store.open();
    const failure = { code: 'X', message: 'not yet', action: '' };
    const { worker } = workerOf(database, async ({ job }) =>
      job.attempts < 3 ? { outcome: { state: 'again', afterMs: 5, failure } } : done,
    );
    await enqueue(database, 'a');
    expect(await untilOver(database, 'a')).toMatchObject({ state: 'done', attempts: 3 });
    await worker.stop();
  });

  test('does no more at a time than it may', async () => {
    const database = await store.open();
    let [now, most] = [0, 0];
    const perform = async (): Promise<JobEnd> => {
      most = Math.max(most, ++now);
      while (most < 2) await sleep(5);
      await sleep(30);
      now--;
      return done;
    };
    const { worker } = workerOf(database, perform, { capacity: 2 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await enqueue(database, id);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await untilOver(database, id);
    expect(most).toBe(2);
    await worker.stop();
  });

  test('ends what was cancelled, and what another took over: of the latter nothing is written', async () => {
    const database = await store.open();
    const reasons: unknown[] = [];
    const { worker, logged } = workerOf(database, async (attempt) => {
      const end = await untilAborted(attempt);
      reasons.push(attempt.signal.reason);
      return end;
    });
    const { db } = database;
    const untilRunning = async (id: string): Promise<void> => {
      while ((await db.selectFrom('jobs').select('state').where('id', '=', id).executeTakeFirst())?.state !== 'running')
        await sleep(5);
    };
    await enqueue(database, 'a');
    await untilRunning('a');
    await db.transaction().execute((tx) => cancelJob(tx, 'a', Date.now()));
    expect(await untilOver(database, 'a')).toMatchObject({ state: 'cancelled' });
    await enqueue(database, 'b');
    await untilRunning('b');
    // By the clock of the other server the lease has run out.
    const other = await claimJob(db, {
      worker: 'other',
      kinds: ['test'],
      now: Date.now() + 3_600_000,
      leaseMs: 10_000,
    });
    expect(other).toMatchObject({ id: 'b', token: 2 });
    while (reasons.length < 2) await sleep(5);
    await worker.stop();
    expect(reasons).toEqual(['cancelled', 'lease-lost']);
    expect(logged).toEqual(['the report of a job was refused: another worker has it']);
    await db.transaction().execute(async (tx) => {
      if (other !== undefined) expect(await finishJob(tx, other, { state: 'done' }, Date.now())).toBe(true);
    });
    expect(await untilOver(database, 'b')).toMatchObject({ state: 'done' });
  });

  test('gives back what is under way when it stops', async () => {
    const database = await store.open();
    const { worker } = workerOf(database, untilAborted);
    await enqueue(database, 'a');
    const stateOf = async () => (await database.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow()).state;
    while ((await stateOf()) !== 'running') await sleep(5);
    await worker.stop();
    expect(await stateOf()).toBe('queued');
  });

  test('says what became of a job once the store can hear it', async () => {
    const database = await store.open();
    let outages = 3;
    const storeNow = async (): Promise<number> => {
      if (ended && outages-- > 0) throw new Error('the store is away');
      return Date.now();
    };
    let ended = false;
    const perform = async (): Promise<JobEnd> => {
      ended = true;
      return done;
    };
    const { worker } = workerOf(database, perform, { storeNow });
    await enqueue(database, 'a');
    expect(await untilOver(database, 'a')).toMatchObject({ state: 'done', attempts: 1 });
    await worker.stop();
  });
});

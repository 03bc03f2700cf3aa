import { expect, test } from 'vitest';
import { describeOnBothStores } from '../database/both-stores-fixture.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../database/open-database.ts';
import {
  type ClaimedJob,
  cancelJob,
  claimJob,
  endLeases,
  enqueueJob,
  finishJob,
  type JobOutcome,
  type Lease,
  type NewJob,
  renewLease,
} from './jobs.ts';

const failure = { code: 'X', message: 'it broke', action: 'mend it' };

/** The queue with one line for each step. */
const queueOf = ({ db }: WorkDatabase) => ({
  enqueue: (id: string, now = 0, more: Partial<NewJob> = {}) =>
    db
      .transaction()
      .execute((tx) => enqueueJob(tx, { id, kind: 'run', payload: { id }, requestedBy: 'system', ...more }, now)),
  claim: (now: number, worker = 'w', leaseMs = 100) => claimJob(db, { worker, kinds: ['run'], now, leaseMs }),
  renew: (lease: Lease, until: number, progress?: unknown) =>
    db.transaction().execute((tx) => renewLease(tx, lease, { until, progress })),
  finish: (lease: Lease, outcome: JobOutcome, now = 0) =>
    db.transaction().execute((tx) => finishJob(tx, lease, outcome, now)),
  cancel: (id: string, now = 0) => db.transaction().execute((tx) => cancelJob(tx, id, now)),
  row: (id: string) => db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
});

const held = (job: ClaimedJob | undefined): ClaimedJob => {
  if (job === undefined) throw new Error('no job was claimed');
  return job;
};

describeOnBothStores('the queue', (store) => {
  test('gives the job that waits longest, at its time, of the kinds that are asked for', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('late', 0, { runAt: 50 });
    await queue.enqueue('other', 0, { kind: 'notify' });
    await queue.enqueue('b', 10);
    await queue.enqueue('a', 10);
    expect(held(await queue.claim(20))).toMatchObject({ id: 'a', token: 1, attempts: 1, payload: { id: 'a' } });
    expect(held(await queue.claim(20)).id).toBe('b');
    expect(await queue.claim(20)).toBeUndefined();
    expect(held(await queue.claim(50)).id).toBe('late');
  });

  test('knows a second job of the same key as the first one', async () => {
    const queue = queueOf(await store.open());
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => queue.enqueue(id, 0, { dedupeKey: 'slot 1' })));
    const [first] = answers.filter(({ isNew }) => isNew);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([first?.id]));
  });

  test('gives each job to one of many who ask at once', async () => {
    const { dataDirectory, address } = await store.place();
    const databases = Array.from({ length: 4 }, () => openDatabase(dataDirectory, address));
    await migrate((databases[0] as WorkDatabase).db, store.kind, () => 0);
    const queues = databases.map(queueOf);
    for (let index = 0; index < 20; index++) await queues[0]?.enqueue(`job-${index}`);
    const claims = await Promise.all(
      queues.map(async (queue) => {
        const mine: string[] = [];
        for (let job = await queue.claim(1); job !== undefined; job = await queue.claim(1)) mine.push(job.id);
        return mine;
      }),
    );
    expect(claims.flat().sort()).toEqual(Array.from({ length: 20 }, (_, index) => `job-${index}`).sort());
    await Promise.all(databases.map((database) => database.close()));
  });

  test('a lease that ran out is taken over, and its former holder is refused from then on', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('a');
    const first = held(await queue.claim(0));
    expect(await queue.renew(first, 250)).toEqual({ isHeld: true, isCancelRequested: false });
    expect(await queue.claim(250)).toBeUndefined();
    const second = held(await queue.claim(251, 'w2'));
    expect(second).toMatchObject({ id: 'a', token: 2, attempts: 2, attemptsLeft: 3 });
    expect(await queue.renew(first, 999)).toEqual({ isHeld: false, isCancelRequested: false });
    expect(await queue.finish(first, { state: 'done', result: 1 })).toBe(false);
    expect(await queue.finish(second, { state: 'done', result: 2 })).toBe(true);
    expect(await queue.finish(second, { state: 'failed', failure })).toBe(false);
    expect(await queue.row('a')).toMatchObject({ state: 'done', result: '2', lease_until: null });
  });

  test('says when all attempts were used', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('a', 0, { attemptsMax: 2 });
    const attempts = [];
    for (const now of [0, 1_000, 2_000]) attempts.push(held(await queue.claim(now)).attemptsLeft);
    expect(attempts).toEqual([1, 0, -1]);
  });

  test('an attempt that failed for now waits for its time; one that was handed back does not count', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('a');
    await queue.finish(held(await queue.claim(0)), { state: 'again', afterMs: 500, failure });
    expect(await queue.claim(499)).toBeUndefined();
    const second = held(await queue.claim(500));
    expect(second.attempts).toBe(2);
    await queue.finish(second, { state: 'handed-back' });
    expect(held(await queue.claim(501))).toMatchObject({ attempts: 2, token: 3 });
  });

  test('cancels at once what waits, asks whoever works, and leaves alone what is over', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('waits');
    expect(await queue.cancel('waits', 7)).toBe('cancelled');
    expect(await queue.row('waits')).toMatchObject({ state: 'cancelled', finished_at: 7 });
    await queue.enqueue('runs');
    const lease = held(await queue.claim(0));
    expect(lease.id).toBe('runs');
    expect(await queue.cancel('runs', 8)).toBe('requested');
    expect(await queue.renew(lease, 100, { stage: 'read' })).toEqual({ isHeld: true, isCancelRequested: true });
    expect(await queue.row('runs')).toMatchObject({ progress: '{"stage":"read"}', finished_at: null });
    await queue.finish(lease, { state: 'cancelled' }, 9);
    expect(await queue.cancel('runs', 10)).toBe('over');
    expect(await queue.cancel('nowhere', 10)).toBe('over');
    expect(await queue.row('runs')).toMatchObject({ state: 'cancelled', cancel_requested_at: 8, finished_at: 9 });
  });

  test('a request to cancel outlives the worker', async () => {
    const queue = queueOf(await store.open());
    await queue.enqueue('a');
    await queue.claim(0);
    await queue.cancel('a');
    expect(held(await queue.claim(1_000))).toMatchObject({ isCancelRequested: true, attempts: 2 });
  });

  test('the only server takes over at its start what it had left', async () => {
    const database = await store.open();
    const queue = queueOf(database);
    await queue.enqueue('a');
    await queue.claim(0, 'w', 60_000);
    await database.db.transaction().execute((tx) => endLeases(tx, 5));
    expect(held(await queue.claim(5)).attempts).toBe(2);
  });
});

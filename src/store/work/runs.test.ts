import { expect, test } from 'vitest';
import type { RunDocument } from '../../contract/run.ts';
import { describeOnBothStores } from '../database/both-stores-fixture.ts';
import type { WorkDatabase } from '../database/open-database.ts';
import { readEvents } from './events.ts';
import { claimJob, renewLease } from './jobs.ts';
import {
  adoptRuns,
  cancelRun,
  endRun,
  findRun,
  knownRuns,
  listRuns,
  type RunRequest,
  requestRun,
  startRun,
} from './runs.ts';

const filters = { site: ['DC1'], item: [] };
const failure = { code: 'EMPTY', message: 'the file is empty', action: 'Send it again.' };

const document = (run_id: string, more: Partial<RunDocument> = {}): RunDocument => ({
  schema: 1,
  run_id,
  name: 'Acme',
  state: 'complete',
  currency: 'USD',
  started_at: '2026-11-24T06:00:00.000Z',
  finished_at: '2026-11-24T06:00:05.000Z',
  config_hash: 'hash',
  engine: 'pass',
  grain: ['site', 'item'],
  filters,
  forced: null,
  inputs: [],
  totals: null,
  by_site: [],
  by_category: [],
  by_cause: [],
  findings: [],
  unmapped: [],
  quality: [],
  timings_ms: {},
  ...more,
});

const request = ({ db }: WorkDatabase, id: string, more: Partial<RunRequest> = {}): Promise<string> =>
  db
    .transaction()
    .execute((tx) => requestRun(tx, { id, cause: 'request', requestedBy: 'person:1', filters, now: 1, ...more }));

const eventsOf = async ({ db }: WorkDatabase): Promise<string[]> =>
  (await readEvents(db, 0, 100)).map(({ kind, document }) => `${kind} ${(document as { run_id: string }).run_id}`);

describeOnBothStores('runs', (store) => {
  test('are requested with job, audit and event, or not at all', async () => {
    const database = await store.open();
    const { db } = database;
    const force = { by: 'person:1', reason: 'checked by phone' };
    await request(database, 'a', { force, requestId: 'r-1' });
    expect(await findRun(db, 'a')).toMatchObject({ id: 'a', state: 'queued', filters, force, createdAt: 1 });
    expect(await eventsOf(database)).toEqual(['run.queued a']);
    const [audit] = await db.selectFrom('audit').selectAll().execute();
    expect(audit).toMatchObject({ actor: 'person:1', action: 'run.request', entity_id: 'a', request_id: 'r-1' });
    const failing = db.transaction().execute(async (tx) => {
      await requestRun(tx, { id: 'b', cause: 'request', requestedBy: 'person:1', filters, now: 1 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await findRun(db, 'b')).toBeUndefined();
    expect(await eventsOf(database)).toHaveLength(1);
  });

  test('asked for twice under one key are one', async () => {
    const database = await store.open();
    const ids = await Promise.all(['a', 'b', 'c'].map((id) => request(database, id, { dedupeKey: 'arrival 1' })));
    expect(new Set(ids).size).toBe(1);
    expect(await listRuns(database.db, { limit: 10 })).toHaveLength(1);
  });

  test('are followed from request to end', async () => {
    const database = await store.open();
    const { db } = database;
    await request(database, 'a');
    const job = await claimJob(db, { worker: 'w', kinds: ['run'], now: 2, leaseMs: 10 });
    await db.transaction().execute(async (tx) => {
      await startRun(tx, 'a', 2);
      await renewLease(tx, job as never, { until: 99, progress: { stage: 'read', done: 1, total: 2, msLeft: 5 } });
    });
    const progress = { stage: 'read', done: 1, total: 2, msLeft: 5 };
    expect(await findRun(db, 'a')).toMatchObject({ state: 'running', startedAt: 2, progress });
    const made = document('a', { inputs: [{ file: 'x' } as never] });
    await db.transaction().execute((tx) => endRun(tx, 'a', { state: 'complete', document: made }, 3));
    const run = await findRun(db, 'a');
    expect(run).toMatchObject({ state: 'complete', finishedAt: 3, progress: null, summary: { engine: 'pass' } });
    expect(run?.summary).not.toHaveProperty('inputs');
    expect(await eventsOf(database)).toEqual(['run.queued a', 'run.started a', 'run.complete a']);
  });

  test('are cancelled once, and by name', async () => {
    const database = await store.open();
    const { db } = database;
    const cancel = () => db.transaction().execute((tx) => cancelRun(tx, 'a', { actor: 'person:2', now: 5 }));
    expect(await cancel()).toBe(false);
    await request(database, 'a');
    expect(await cancel()).toBe(true);
    expect(await findRun(db, 'a')).toMatchObject({ state: 'cancelled', finishedAt: 5 });
    expect(await cancel()).toBe(false);
    const trail = await db.selectFrom('audit').select(['actor', 'action']).orderBy('number').execute();
    expect(trail.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'person:1 run.request',
      'person:2 run.cancel',
    ]);
  });

  test('asked for and cancelled by many at once do not stand in each other’s way', async () => {
    const database = await store.open();
    const { db } = database;
    const ids = Array.from({ length: 40 }, (_, index) => `run-${index}`);
    const cancel = (id: string) => db.transaction().execute((tx) => cancelRun(tx, id, { actor: 'person:2', now: 5 }));
    await Promise.all(ids.map((id) => request(database, id).then(() => cancel(id))));
    expect(await listRuns(db, { limit: 99, states: ['cancelled'] })).toHaveLength(40);
  });

  test('are listed in pages, the newest first', async () => {
    const database = await store.open();
    const { db } = database;
    for (const [id, now] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ] as const)
      await request(database, id, { now, ...(id === 'c' && { cause: 'schedule', scheduleId: 's', slotAt: 60 }) });
    const idsOf = async (selection: Parameters<typeof listRuns>[1]) =>
      (await listRuns(db, selection)).map(({ id }) => id);
    expect(await idsOf({ limit: 2 })).toEqual(['d', 'c']);
    expect(await idsOf({ limit: 2, before: { createdAt: 2, id: 'c' } })).toEqual(['b', 'a']);
    expect(await idsOf({ limit: 9, causes: ['schedule'] })).toEqual(['c']);
    expect(await idsOf({ limit: 9, scheduleId: 's', states: ['queued'] })).toEqual(['c']);
    expect(await idsOf({ limit: 9, states: ['complete'] })).toEqual([]);
  });

  test('of the command line are adopted once, with what refused them', async () => {
    const database = await store.open();
    const { db } = database;
    await request(database, 'own');
    const refused = document('refused', {
      state: 'refused',
      quality: [{ severity: 'refused', source: 'balances[0]', ...failure }],
    });
    const adopt = () =>
      db.transaction().execute((tx) => adoptRuns(tx, [document('own'), document('made'), refused], 9));
    await Promise.all([adopt(), adopt()]);
    expect(await knownRuns(db, ['own', 'made', 'refused', 'other'])).toEqual(new Set(['own', 'made', 'refused']));
    expect(await findRun(db, 'own')).toMatchObject({ state: 'queued', cause: 'request' });
    expect(await findRun(db, 'refused')).toMatchObject({ state: 'refused', cause: 'command-line', filters, failure });
    expect((await eventsOf(database)).sort()).toEqual(['run.complete made', 'run.queued own', 'run.refused refused']);
  });
});

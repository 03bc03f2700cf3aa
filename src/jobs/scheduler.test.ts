import { expect, test } from 'vitest';
import { type ScheduleInput, scheduleDocumentSchema } from '../contract/schedule.ts';
import { runIdOf } from '../core/model/run-id.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { readEvents } from '../store/work/events.ts';
import { listRuns } from '../store/work/runs.ts';
import { createSchedule, findSchedule, listSlots, updateSchedule } from '../store/work/schedules.ts';
import { decideDueSlots, Scheduler } from './scheduler.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A Monday, midnight in Chicago. */
const MIDNIGHT = Date.parse('2026-11-23T06:00Z');

/** A schedule, and a scheduler that looks when it is told to. */
async function scheduled(database: WorkDatabase, written: Partial<ScheduleInput>, isEnabled = true) {
  const document = scheduleDocumentSchema.parse({ time_zone: 'America/Chicago', times: [{ hourly: 0 }], ...written });
  const content = { name: 'hourly', document, isEnabled };
  const change = { actor: 'person:1', now: MIDNIGHT };
  const { db } = database;
  await db.transaction().execute((tx) => createSchedule(tx, 's', content, change));
  let random = 0;
  const warned: string[] = [];
  const log = {
    info: () => undefined,
    warn: (_: object, text: string) => void warned.push(text),
    error: () => undefined,
  };
  const newRunId = (now: number): string => runIdOf(now, Uint8Array.of(0, 0, random++));
  return {
    content,
    warned,
    settings: { database, storeNow: async () => MIDNIGHT, newRunId, log },
    look: (now: number) => decideDueSlots({ database, storeNow: async () => now, newRunId, log }),
    runs: async () =>
      (await listRuns(db, { limit: 100 }))
        .map(({ cause, slotAt }) => `${cause} ${((slotAt ?? 0) - MIDNIGHT) / HOUR}`)
        .reverse(),
    slots: async () =>
      (await listSlots(db, 's', 100))
        .map(({ slot_at, decision }) => `${(slot_at - MIDNIGHT) / HOUR} ${decision}`)
        .reverse(),
  };
}

describeOnBothStores('the scheduler', (store) => {
  test('requests a run for each slot when it is due, once', async () => {
    const database = await store.open();
    const { look, runs, slots } = await scheduled(database, { filters: { site: ['DC1'] } });
    for (const at of [10 * MINUTE, HOUR - 1, HOUR, HOUR + 1, HOUR + MINUTE, 2 * HOUR + 500]) await look(MIDNIGHT + at);
    expect(await runs()).toEqual(['schedule 1', 'schedule 2']);
    expect(await slots()).toEqual(['1 run', '2 run']);
    const [run] = await listRuns(database.db, { limit: 1 });
    expect(run).toMatchObject({ requestedBy: 'schedule:s', scheduleId: 's', filters: { site: ['DC1'], item: [] } });
    expect(await findSchedule(database.db, 's')).toMatchObject({ consideredUntil: MIDNIGHT + 2 * HOUR + 500 });
  });

  test('catches up once on what passed while nobody looked', async () => {
    const { look, runs, slots } = await scheduled(await store.open(), {});
    await look(MIDNIGHT + 3 * HOUR + 30 * MINUTE);
    await look(MIDNIGHT + 4 * HOUR + MINUTE);
    expect(await slots()).toEqual(['1 missed', '2 missed', '3 run', '4 run']);
    expect(await runs()).toEqual(['catch-up 3', 'schedule 4']);
  });

  test('catches up on nothing where it is told so', async () => {
    const database = await store.open();
    const { look, runs, slots } = await scheduled(database, { catch_up: 'never' });
    await look(MIDNIGHT + 2 * HOUR + 30 * MINUTE);
    expect([await runs(), await slots()]).toEqual([[], ['1 missed', '2 missed']]);
    await look(MIDNIGHT + 3 * HOUR + MINUTE);
    expect(await runs()).toEqual(['schedule 3']);
    const skipped = (await readEvents(database.db, 0, 100)).filter(({ kind }) => kind === 'schedule.skipped');
    expect(skipped.map(({ document }) => document)).toMatchObject([{ reason: 'missed' }, { reason: 'missed' }]);
  });

  test('makes no runs in blackout windows', async () => {
    const { look, runs, slots } = await scheduled(await store.open(), { blackouts: [{ from: '02:00', to: '04:00' }] });
    for (const hour of [1, 2, 3, 4]) await look(MIDNIGHT + hour * HOUR);
    expect(await slots()).toEqual(['1 run', '2 blackout', '3 blackout', '4 run']);
    expect(await runs()).toEqual(['schedule 1', 'schedule 4']);
  });

  test('lets a schedule rest that is switched off, and catches up on nothing afterwards', async () => {
    const { db, ...database } = await store.open();
    const { look, runs, content } = await scheduled({ db, ...database }, {}, false);
    await look(MIDNIGHT + 2 * HOUR);
    const now = MIDNIGHT + 2 * HOUR + MINUTE;
    const enabled = { ...content, isEnabled: true };
    await db
      .transaction()
      .execute((tx) => updateSchedule(tx, { id: 's', version: 1 }, enabled, { actor: 'person:1', now }));
    await look(now + MINUTE);
    expect(await runs()).toEqual([]);
    await look(MIDNIGHT + 3 * HOUR);
    expect(await runs()).toEqual(['schedule 3']);
  });

  test('a clock that is set back and forth brings no slot twice', async () => {
    const { look, runs, slots } = await scheduled(await store.open(), {});
    for (const at of [1, 2, 1, 1.5, 2, 1, 2.1, 3]) await look(MIDNIGHT + at * HOUR);
    expect(await runs()).toEqual(['schedule 1', 'schedule 2', 'schedule 3']);
    expect(await slots()).toHaveLength(3);
  });

  test('one schedule that cannot be read does not keep the others from their runs', async () => {
    const { db, ...database } = await store.open();
    const { look, runs, warned } = await scheduled({ db, ...database }, {});
    const broken = { name: 'a', document: { times: [{ cron: 'never' }], time_zone: 'UTC' } as never, isEnabled: true };
    const change = { actor: 'person:1', now: MIDNIGHT };
    await db.transaction().execute((tx) => createSchedule(tx, 'a', broken, change));
    await look(MIDNIGHT + HOUR);
    expect(await runs()).toEqual(['schedule 1']);
    expect(warned).toEqual(['a schedule could not be looked at']);
  });

  test('looks by itself until it is stopped', async () => {
    const { settings, runs } = await scheduled(await store.open(), {});
    let now = MIDNIGHT;
    const scheduler = new Scheduler({ ...settings, storeNow: async () => now, pollMs: 5 });
    scheduler.start();
    now = MIDNIGHT + HOUR;
    while ((await runs()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await scheduler.stop();
    now = MIDNIGHT + 2 * HOUR;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await runs()).toEqual(['schedule 1']);
  });
});

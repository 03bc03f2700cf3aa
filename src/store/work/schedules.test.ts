import { expect, test } from 'vitest';
import { type ScheduleInput, scheduleDocumentSchema } from '../../contract/schedule.ts';
import { describeOnBothStores } from '../database/both-stores-fixture.ts';
import type { WorkDatabase } from '../database/open-database.ts';
import {
  createSchedule,
  decideSlot,
  deleteSchedule,
  findSchedule,
  listSchedules,
  listSlots,
  type Schedule,
  takeSlots,
  updateSchedule,
} from './schedules.ts';

const written: ScheduleInput = { time_zone: 'America/Chicago', times: [{ daily: ['06:00'] }] };
const content = { name: 'nightly', document: scheduleDocumentSchema.parse(written), isEnabled: true };
const change = { actor: 'person:1', now: 100 };

const made = ({ db }: WorkDatabase): Promise<Schedule> =>
  db.transaction().execute((tx) => createSchedule(tx, 's', content, change));

describeOnBothStores('schedules', (store) => {
  test('are made, changed and removed by version, with audit', async () => {
    const { db, ...database } = await store.open();
    const schedule = await made({ db, ...database });
    expect(schedule).toMatchObject({ id: 's', version: 1, consideredUntil: 100, ...content });
    const add = (next: typeof content) => db.transaction().execute((tx) => createSchedule(tx, 't', next, change));
    await expect(add(content)).rejects.toMatchObject({ kind: 'conflict', code: 'NAME_TAKEN' });
    const paused = { ...content, isEnabled: false };
    const update = (version: number, next = paused, id = 's') =>
      db.transaction().execute((tx) => updateSchedule(tx, { id, version }, next, { ...change, now: 200 }));
    const answers = await Promise.allSettled([update(1), update(1), update(1)]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ kind: 'stale' });
    expect(await findSchedule(db, 's')).toMatchObject({ version: 2, isEnabled: false, consideredUntil: 200 });
    await add({ ...content, name: 'hourly' });
    await expect(update(2, { ...paused, name: 'hourly' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(update(2, paused, 'x')).rejects.toMatchObject({ kind: 'absent' });
    expect((await listSchedules(db)).map(({ name }) => name)).toEqual(['hourly', 'nightly']);
    const remove = (version: number) =>
      db.transaction().execute((tx) => deleteSchedule(tx, { id: 's', version }, change));
    await expect(remove(1)).rejects.toMatchObject({ kind: 'stale' });
    await remove(2);
    await expect(remove(2)).rejects.toMatchObject({ kind: 'absent' });
    const trail = await db.selectFrom('audit').selectAll().where('entity_id', '=', 's').orderBy('number').execute();
    expect(trail.map(({ action }) => action)).toEqual(['schedule.create', 'schedule.update', 'schedule.delete']);
    expect(JSON.parse(trail[1]?.before_document ?? '')).toMatchObject({ isEnabled: true });
  });

  test('a clock that was set back does not bring decided slots again', async () => {
    const { db, ...database } = await store.open();
    const schedule = await made({ db, ...database });
    await db.transaction().execute((tx) => takeSlots(tx, schedule, 500));
    const back = await db.transaction().execute((tx) => updateSchedule(tx, schedule, content, { ...change, now: 300 }));
    expect(back.consideredUntil).toBe(500);
  });

  test('slots are taken by one of many, and each is decided once', async () => {
    const { db, ...database } = await store.open();
    const schedule = await made({ db, ...database });
    const take = () => db.transaction().execute((tx) => takeSlots(tx, schedule, 160));
    expect((await Promise.all([take(), take(), take()])).filter(Boolean)).toHaveLength(1);
    const decide = (decision: 'run' | 'missed') =>
      db.transaction().execute((tx) => decideSlot(tx, { scheduleId: 's', slotAt: 150, decision }, 160));
    expect((await Promise.all([decide('run'), decide('run'), decide('missed')])).filter(Boolean)).toHaveLength(1);
    expect(await listSlots(db, 's', 10)).toHaveLength(1);
  });

  test('who saw an older version of a schedule takes no slots of it', async () => {
    const { db, ...database } = await store.open();
    const schedule = await made({ db, ...database });
    await db.transaction().execute((tx) => updateSchedule(tx, schedule, content, change));
    expect(await db.transaction().execute((tx) => takeSlots(tx, schedule, 160))).toBe(false);
  });
});

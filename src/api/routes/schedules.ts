/** Schedules: read by all who see all sites, changed by administrators. Never decides a slot. */
import { DateTime } from 'luxon';
import type { z } from 'zod';
import {
  scheduleContentSchema,
  scheduleParams,
  schedulePreviewRequest,
  schedulePreviewSchema,
  scheduleSchema,
  schedulesSchema,
  slotsQuery,
  slotsSchema,
} from '../../contract/api/schedules.ts';
import { Failure } from '../../core/model/failure.ts';
import { nextSlots } from '../../core/schedule/find-slots.ts';
import {
  createSchedule,
  deleteSchedule,
  findSchedule,
  listSchedules,
  listSlots,
  type Schedule,
  updateSchedule,
} from '../../store/work/schedules.ts';
import { storeNow } from '../../store/work/store-clock.ts';
import type { ApiContext } from '../api-context.ts';
import { type Answer, type Route, route } from '../route.ts';

const READ = { tag: 'schedules', role: 'viewer', scope: 'all-sites', method: 'GET' } as const;
const WRITE = { tag: 'schedules', role: 'administrator', scope: 'all-sites', idempotency: 'kept' } as const;

export function scheduleRoutes(context: ApiContext): Route[] {
  return [...readRoutes(context), previewRoute(context), ...writeRoutes(context)];
}

/** Each of them may look at thousands of times. */
const PREVIEWS_PER_MINUTE = 240;

function previewRoute({ database, now }: ApiContext): Route {
  return route({
    ...READ,
    method: 'POST',
    url: '/schedules/preview',
    summary: 'The next times of a schedule as it is written, saved or not; blackouts are left out',
    idempotency: 'repeatable',
    perMinuteMax: PREVIEWS_PER_MINUTE,
    body: schedulePreviewRequest,
    response: schedulePreviewSchema,
    handle: async ({ body: { document, count } }) => {
      const { time_zone } = document;
      const slots = nextSlots(document, await storeNow(database, now), count);
      return { body: { time_zone, items: slots.map((slot) => onClock(slot, time_zone)) } };
    },
  });
}

/** Never with Z: the clock of the reader is another one. */
function onClock(moment: number, zone: string): string {
  return DateTime.fromMillis(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

function readRoutes({ database: { db } }: ApiContext): Route[] {
  return [
    route({
      ...READ,
      url: '/schedules',
      summary: 'Schedules, by name',
      response: schedulesSchema,
      handle: async () => ({ body: { items: (await listSchedules(db)).map(documentOf) } }),
    }),
    route({
      ...READ,
      url: '/schedules/:id',
      summary: 'One schedule',
      params: scheduleParams,
      response: scheduleSchema,
      handle: async ({ params: { id } }) => answerOf(await findSchedule(db, id), id),
    }),
    route({
      ...READ,
      url: '/schedules/:id/slots',
      summary: 'What was decided of its times, the newest first',
      params: scheduleParams,
      query: slotsQuery,
      response: slotsSchema,
      handle: async ({ params: { id }, query: { limit } }) => {
        answerOf(await findSchedule(db, id), id);
        const slots = await listSlots(db, id, limit);
        const items = slots.map(({ slot_at, decision, job_id, decided_at }) => ({
          slot_at: iso(slot_at),
          decision,
          run_id: job_id,
          decided_at: iso(decided_at),
        }));
        return { body: { items } };
      },
    }),
  ];
}

function writeRoutes({ newId, now }: ApiContext): Route[] {
  return [
    route({
      ...WRITE,
      method: 'POST',
      url: '/schedules',
      summary: 'Add a schedule',
      body: scheduleContentSchema,
      status: 201,
      response: scheduleSchema,
      handle: ({ body, by, write }) =>
        write(async (transaction) => {
          const id = newId();
          const changed = await createSchedule(transaction, id, contentOf(body), { ...by, now: now() });
          return { ...answerOf(changed, id), location: `/schedules/${id}` };
        }),
    }),
    route({
      ...WRITE,
      method: 'PUT',
      url: '/schedules/:id',
      summary: 'Change a schedule; times that passed before are not caught up',
      ifMatch: true,
      params: scheduleParams,
      body: scheduleContentSchema,
      response: scheduleSchema,
      handle: ({ params: { id }, body, by, expectedVersion: version, write }) =>
        write(async (transaction) => {
          const changed = await updateSchedule(transaction, { id, version }, contentOf(body), { ...by, now: now() });
          return answerOf(changed, id);
        }),
    }),
    route({
      ...WRITE,
      method: 'DELETE',
      url: '/schedules/:id',
      summary: 'Remove a schedule; its runs stay',
      ifMatch: true,
      params: scheduleParams,
      status: 204,
      handle: ({ params: { id }, by, expectedVersion: version, write }) =>
        write(async (transaction) => {
          await deleteSchedule(transaction, { id, version }, { ...by, now: now() });
          return {};
        }),
    }),
  ];
}

function contentOf({ is_enabled: isEnabled, ...content }: z.output<typeof scheduleContentSchema>) {
  return { ...content, isEnabled };
}

function answerOf(schedule: Schedule | undefined, id: string): Answer<z.input<typeof scheduleSchema>> {
  if (schedule === undefined) throw new Failure('absent', 'SCHEDULE_ABSENT', `there is no schedule ${id}`);
  return { body: documentOf(schedule), version: schedule.version };
}

function documentOf({ id, name, document, isEnabled, version, createdAt, updatedAt }: Schedule) {
  return {
    id,
    name,
    document: { ...document },
    is_enabled: isEnabled,
    version,
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
  };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

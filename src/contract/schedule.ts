/**
 * Decides what people write into a schedule: when runs are made, and of what. Never says which moments that are
 * (core/schedule).
 */
import { z } from 'zod';
import { parseCron } from '../core/schedule/wall-pattern.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 06:30');
const date = z.iso.date();
const localTime = z.iso.datetime({ local: true, precision: -1 }).describe('a local time such as 2026-12-24T18:00');
export const durationSchema = z.string().regex(/^\d+(\.\d+)?(s|m|h|d)$/, 'a duration such as 30m or 4h');
const weekdays = z.array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])).min(1);
const texts = z.array(z.string().min(1)).max(1_000).default([]);

export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'a time zone such as America/Chicago')
  .describe('IANA time zone of all its times');

const cron = z.string().superRefine((text, context) => {
  try {
    parseCron(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

const timeRule = z.union([
  z.strictObject({ daily: z.array(time).min(1) }).describe('each of these times, once a day'),
  z
    .strictObject({ hourly: z.int().min(0).max(59), from: time.optional(), to: time.optional() })
    .describe('this minute of every hour, from and to included'),
  z.strictObject({ cron }).describe('five fields: minute hour day month weekday'),
]);

const reason = z.string().optional();
export const blackoutSchema = z.union([
  z
    .strictObject({ from: time, to: time, weekdays: weekdays.optional(), reason })
    .describe('on every day or on these, over midnight where `to` is not after `from`'),
  z.strictObject({ from: localTime, to: localTime, reason }).describe('once'),
]);

export const scheduleDocumentSchema = z
  .strictObject({
    time_zone: timeZoneSchema,
    times: z.array(timeRule).max(50).default([]),
    arrival: z
      .strictObject({
        sides: z.literal('both'),
        wait: durationSchema.default('0m').describe('how long a run waits for what else arrives'),
      })
      .optional()
      .describe('a run once the snapshots of both sides of one cut-off are in'),
    calendar: z
      .strictObject({
        weekdays: weekdays.optional().describe('only on these; all where not given'),
        holidays: z.array(date).default([]).describe('not on these dates'),
        extra_days: z.array(date).default([]).describe('on these dates all the same'),
      })
      .optional(),
    blackouts: z.array(blackoutSchema).max(100).default([]).describe('`from` included, `to` not'),
    filters: z.strictObject({ site: texts, item: texts }).default({ site: [], item: [] }),
    catch_up: z
      .enum(['once', 'never'])
      .default('once')
      .describe('what becomes of times that passed while no server ran: one run for the last of them, or none'),
  })
  .refine(({ times, arrival }) => times.length > 0 || arrival !== undefined, 'times, arrival or both were expected');

/** As it is written: with what may be left out. */
export type ScheduleInput = z.input<typeof scheduleDocumentSchema>;
export type ScheduleDocument = z.output<typeof scheduleDocumentSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

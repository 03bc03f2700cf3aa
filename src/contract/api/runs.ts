/** How runs are asked for, started and described. Never holds the lines of a run: see discrepancies. */
import { z } from 'zod';
import type { RunSummary } from '../run.ts';
import { pageOf, pageQuery, texts } from './paging.ts';
import { momentSchema as moment } from './people.ts';

const states = ['queued', 'running', 'complete', 'refused', 'failed', 'cancelled'] as const;
const causes = ['request', 'schedule', 'arrival', 'catch-up', 'command-line'] as const;
export const runIdSchema = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);

export const runsQuery = z.strictObject({
  state: texts.pipe(z.array(z.enum(states))).default([]),
  cause: texts.pipe(z.array(z.enum(causes))).default([]),
  schedule: z.string().max(100).optional(),
  ...pageQuery,
});

export const runRequestSchema = z
  .strictObject({
    site: z.array(z.string().min(1)).max(1_000).default([]).describe('only these sites'),
    item: z.array(z.string().min(1)).max(1_000).default([]).describe('only these items'),
    force: z
      .strictObject({ reason: z.string().min(1).max(500) })
      .optional()
      .describe('accept what the quality gate refuses; approvers may'),
  })
  .default({ site: [], item: [] });

export const runSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(states),
    cause: z.enum(causes),
    schedule_id: z.string().nullable(),
    slot_at: moment.nullable(),
    requested_by: z.string(),
    created_at: moment,
    started_at: moment.nullable(),
    finished_at: moment.nullable(),
    filters: z.strictObject({ site: z.array(z.string()), item: z.array(z.string()) }),
    force: z.strictObject({ by: z.string(), reason: z.string() }).nullable(),
    progress: z
      .strictObject({ stage: z.string(), done: z.number(), total: z.number(), ms_left: z.number().nullable() })
      .nullable(),
    is_cancel_requested: z.boolean(),
    summary: z
      .custom<RunSummary>()
      .nullable()
      .describe('run.json without its lists; null until it has ended, and for who does not see all its sites'),
    failure: z.strictObject({ code: z.string(), message: z.string(), action: z.string() }).nullable(),
  })
  .meta({ id: 'Run' });

export type RunView = z.input<typeof runSchema>;

export const runsPage = pageOf(runSchema);

/** Schedules as people edit them, and the times that they come to. Never decides one. */
import { z } from 'zod';
import { scheduleDocumentSchema } from '../schedule.ts';

export const scheduleParams = z.strictObject({ id: z.string().min(1).max(64) });

export const scheduleContentSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  document: scheduleDocumentSchema,
  is_enabled: z.boolean().default(true),
});

export const scheduleSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    document: z.looseObject({}),
    is_enabled: z.boolean(),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Schedule' });

export const schedulesSchema = z.strictObject({ items: z.array(scheduleSchema) });

export const slotsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });

export const slotsSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      slot_at: z.string(),
      decision: z.enum(['run', 'blackout', 'missed']),
      run_id: z.string().nullable(),
      decided_at: z.string(),
    }),
  ),
});

export const schedulePreviewRequest = z.strictObject({
  document: scheduleDocumentSchema,
  count: z.int().min(1).max(50).default(5),
});

export const schedulePreviewSchema = z.strictObject({
  time_zone: z.string(),
  items: z.array(z.string()).describe('on the clock of the time zone, with its offset then'),
});

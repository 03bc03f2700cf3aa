/** The sources of the configuration: what came of each last, and how old it is. Never their credentials. */
import { z } from 'zod';

const received = z.strictObject({
  import_id: z.string(),
  file: z.string(),
  rows: z.int().nullable(),
  rejected: z.int().nullable(),
  as_of: z.string().nullable(),
  state: z.enum(['accepted', 'held', 'refused', 'removed']),
  failure: z.string().nullable(),
  received_at: z.string(),
  received_by: z.string(),
});

const used = z.strictObject({
  run_id: z.string(),
  file: z.string(),
  rows: z.int(),
  rejected: z.int(),
  excluded: z.int(),
  as_of: z.string().describe('empty where the file says none'),
});

export const sourcesSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      name: z.string(),
      part: z.string().describe('balances, movements, messages, …'),
      system: z.string().describe('empty: not of one system'),
      format: z.string(),
      path: z.string().nullable(),
      last_import: received.nullable().describe('the newest file that was brought in'),
      last_used: used.nullable().describe('what the newest run read of it'),
      age_seconds: z.int().nullable().describe('of the newest cut-off; null where none is known'),
      max_age_seconds: z.int().nullable().describe('the oldest that a run accepts'),
      is_stale: z.boolean(),
    }),
  ),
});

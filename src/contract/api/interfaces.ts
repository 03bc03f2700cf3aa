/** How well interfaces carry messages, and the messages of a run as they are found again. Moments are ISO 8601; decimals are text. */
import { z } from 'zod';
import { pageOf, pageQuery, texts } from './paging.ts';
import { momentSchema } from './people.ts';

const run = z.string().min(1).max(100).default('latest');
const HOURS_MAX = 168;

export const interfacesQuery = z.strictObject({
  run: run.describe('the run whose logs are counted; the newest one with what was taken in since'),
  site: texts.optional().describe('messages of these sites only'),
  hours: z.coerce.number().int().min(1).max(HOURS_MAX).default(48).describe('hours of the heartbeat'),
});

const file = z.strictObject({
  source: z.string(),
  file: z.string(),
  state: z.enum(['as-read', 'changed', 'gone']).describe('what became of the file since the run read it'),
  message: z.string(),
});
const seconds = z.int().nullable();

const interfaceSchema = z
  .strictObject({
    interface: z.string().describe('as messages name it; empty: they name none'),
    messages: z.int(),
    lines: z.int().describe('lines of messages, each once however often its states were logged'),
    applied: z.int(),
    rejected: z.int().describe('refused by the receiver, and not applied later'),
    open: z.int().describe('on their way, within the lag that is allowed'),
    late: z.int().describe('neither applied nor rejected although the allowed lag has passed'),
    superseded: z.int().describe('another message took their place'),
    duplicates: z.int().describe('applications beyond the first one of a line'),
    lag: z.strictObject({
      median_seconds: seconds,
      p95_seconds: seconds,
      max_seconds: seconds,
      allowed_seconds: z.int(),
    }),
    errors: z
      .array(z.strictObject({ error: z.string(), lines: z.int(), last_at: momentSchema }))
      .describe('the commonest reasons of rejections'),
    first_seen: momentSchema,
    last_seen: momentSchema.describe('when its last message was sent'),
    heartbeat: z
      .strictObject({ lines: z.array(z.int()), rejected: z.array(z.int()), late: z.array(z.int()) })
      .describe('hour by hour from `heartbeat_from` on, by when lines were sent first'),
    silence: z.strictObject({
      seconds: z.int().describe('since the last message; of a log up to the cut-off, of what is taken in up to now'),
      limit_seconds: seconds.describe('null: the configuration sets none'),
      is_silent: z.boolean(),
      alert_id: z.string().nullable().describe('the open alert about it'),
    }),
    explained: z
      .strictObject({
        findings: z.array(z.string()),
        discrepancies: z.int(),
        gross_variance_quantity: z.string(),
        gross_variance_value: z.string(),
        impact_value: z.string(),
      })
      .nullable()
      .describe('discrepancies of the findings that have the interface as their common factor; null: some sites only'),
  })
  .meta({ id: 'Interface' });

export const interfacesSchema = z.strictObject({
  run_id: z.string().nullable().describe('null: no run is complete yet'),
  currency: z.string(),
  heartbeat_from: momentSchema.nullable().describe('null: there are no messages'),
  files: z.array(file).describe('logs that the run read, without what was taken in'),
  unreadable_rows: z.int().describe('rows that say no message, time or state, or whose values cannot be read'),
  items: z.array(interfaceSchema).describe('silent ones first, then by what was late or rejected'),
});

export const runMessagesQuery = z.strictObject({
  ...pageQuery,
  interface: texts.optional(),
  state: texts.optional().describe('states as they were logged: rejected, applied, …'),
  site: texts.optional(),
  item: texts.optional().describe('by its common code'),
  reference: z.string().max(500).optional(),
  message_id: z.string().max(500).optional(),
  text: z
    .string()
    .max(200)
    .optional()
    .describe('part of the number, reference, error, item, type, interface or batch; case does not matter'),
  from: momentSchema.optional().describe('sent from this moment on'),
  until: momentSchema.optional().describe('and before this one'),
});

const messageSchema = z
  .strictObject({
    source: z.string().describe('empty: it was taken in row by row'),
    file: z.string().describe('empty: it is in no file yet'),
    row: z.int().nullable().describe('as a spreadsheet counts'),
    batch: z.int().nullable().describe('of what was taken in, with its line'),
    line: z.int().nullable(),
    taken_in_at: momentSchema.nullable(),
    site: z.string().describe('by its common name; empty where the row names none'),
    item: z.string().describe('by its common code'),
    sent_at: momentSchema,
    applied_at: momentSchema.nullable(),
    message: z
      .record(z.string(), z.string())
      .describe('the canonical columns that are not blank, as they were written'),
  })
  .meta({ id: 'RunMessage' });

export const runMessagesPage = pageOf(messageSchema);

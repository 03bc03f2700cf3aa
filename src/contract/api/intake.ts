/** How movements and messages are sent, found again, and what is said of each row. Never says what a column means. */
import { z } from 'zod';
import { pageOf, pageQuery, texts } from './paging.ts';
import { momentSchema } from './people.ts';

const system = z.string().min(1).max(200);
const strict = z
  .enum(['true', 'false'])
  .default('false')
  .describe('true: one row that cannot be read refuses all of them; at most 20,000 rows');

export const sendMovementsQuery = z.strictObject({
  system: system.describe('whose movements they are: an id under systems of the configuration'),
  strict,
});
export const sendMessagesQuery = z.strictObject({ strict });
export const sendBalancesQuery = z.strictObject({
  system: system.describe('whose balances they are'),
  source: z.string().min(1).max(200).optional().describe('the name of the source, where the system has several'),
});

const refusedRow = z.strictObject({
  line: z.int().describe('the line, or the position in the array, from 1'),
  column: z.string(),
  value: z.string(),
  reason: z.string(),
});

export const takenInSchema = z
  .strictObject({
    received: z.int(),
    taken: z.int().describe('rows that are new, and committed'),
    duplicates: z.int().describe('rows whose content was taken in before'),
    rejected: z.int(),
    rejections: z.array(refusedRow).describe('the first 1,000'),
  })
  .meta({ id: 'TakenIn' });

export const sentBalancesSchema = z
  .strictObject({
    import_id: z.string(),
    is_new: z.boolean().describe('false: the same content was brought in before'),
    state: z.enum(['accepted', 'held', 'refused', 'removed']),
    rows: z.int().nullable(),
    rejected: z.int().nullable(),
    failure: z.string().nullable(),
  })
  .meta({ id: 'SentBalances' });

const search = {
  ...pageQuery,
  site: texts.optional(),
  item: texts.optional(),
  reference: z.string().max(500).optional(),
  message_id: z.string().max(500).optional(),
  from: momentSchema.optional().describe('posted or sent from this moment on'),
  until: momentSchema.optional().describe('and before this one'),
};
export const movementsQuery = z.strictObject({ ...search, system: system.optional() });
export const messagesQuery = z.strictObject({ ...search, state: texts.optional() });

const intakeRow = z
  .strictObject({
    batch: z.int(),
    line: z.int(),
    system: z.string(),
    site: z.string().describe('by its common name'),
    item: z.string().describe('by its common code'),
    received_at: momentSchema,
    row: z.record(z.string(), z.string()).describe('the canonical columns that are not blank'),
  })
  .meta({ id: 'IntakeRow' });
export const intakePage = pageOf(intakeRow);

/** The sources of the configuration: what came of each last, and how old it is. Never their credentials. */
import { z } from 'zod';
import { configurationSchema } from '../configuration.ts';

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

const kinds = [
  'balances',
  'movements',
  'messages',
  'items',
  'packs',
  'aliases',
  'sites',
  'demand',
  'promotions',
] as const;
const parts = ['opening', ...kinds] as const;
const names = z.record(z.string(), z.string()).optional();
/** What a file says of its own notation; the rest of a source is not needed to read it. */
const fileSettings = configurationSchema.shape.items
  .unwrap()
  .omit({ name: true, path: true, connection: true, query: true })
  .partial()
  .extend({ columns: names, constants: names });

/** Characters of a file in Base64, some 12 MB of it. */
const CONTENT_LENGTH_MAX = 16 * 2 ** 20;

export const sourcePreviewRequest = z
  .strictObject({
    kind: z.enum(kinds),
    system: z.string().max(200).default('').describe('whose balances or movements they are'),
    file_name: z.string().min(1).max(200).default('sample'),
    content_base64: z.string().max(CONTENT_LENGTH_MAX).optional().describe('the file, or its beginning'),
    is_cut: z.boolean().default(false).describe('the content is only the beginning: its last line is left out'),
    import: z
      .string()
      .regex(/^[0-9A-Z]{26}$/)
      .optional()
      .describe('instead of a content: a file that was brought in'),
    settings: fileSettings.default({}).describe('what is decided; the rest is proposed'),
  })
  .refine(
    (given) => (given.content_base64 === undefined) !== (given.import === undefined),
    'content_base64, or import',
  );

const judgedRow = z.strictObject({
  row: z.int(),
  cells: z.array(z.string().nullable()).describe('as they stand in the file, in the order of header'),
  parsed: z.record(z.string(), z.string()).describe('as they are understood, by canonical name'),
  outcome: z.enum(['accepted', 'excluded', 'rejected']),
  column: z.string(),
  value: z.string(),
  reason: z.string().describe('why it is rejected'),
});

const shown = {
  header: z.array(z.string()),
  unknown_columns: z.array(z.string()).describe('columns that have no meaning here'),
  rows: z.array(judgedRow).describe('the first 20'),
  rejections: z.array(judgedRow).describe('the first 20'),
  counts: z
    .strictObject({ rows: z.int(), accepted: z.int(), excluded: z.int(), rejected: z.int() })
    .describe('of the first 5,000 rows'),
  problem: z
    .strictObject({ code: z.string(), message: z.string(), action: z.string() })
    .nullable()
    .describe('why the file cannot be read as the settings say'),
};

export const sourcePreviewSchema = z
  .strictObject({
    settings: z
      .record(z.string(), z.unknown())
      .describe('given and proposed ones, to be changed and sent again, or saved'),
    questions: z.array(z.strictObject({ setting: z.string(), question: z.string() })),
    columns: z.array(z.strictObject({ canonical: z.string(), column: z.string(), is_proposed: z.boolean() })),
    canonical: z
      .strictObject({ known: z.array(z.string()), required: z.array(z.string()) })
      .describe('columns that a source of this kind may have, and those that it must have'),
    ...shown,
  })
  .meta({ id: 'SourcePreview' });

export const newSourceSchema = z.strictObject({
  part: z.enum(parts).describe('where it stands in evenstock.yaml'),
  settings: z.record(z.string(), z.unknown()).describe('as they would stand in evenstock.yaml'),
  is_trial: z.boolean().default(false).describe('true: check it and show the change, and save nothing'),
});

export const savedSourceSchema = z
  .strictObject({
    name: z.string(),
    part: z.enum(parts),
    is_saved: z.boolean(),
    diff: z.string().describe('of evenstock.yaml: lines that go begin with -, those that come with +'),
  })
  .meta({ id: 'SavedSource' });

export const sourceParams = z.strictObject({ name: z.string().min(1).max(200) });

export const sourceCheckSchema = z
  .strictObject({
    name: z.string(),
    part: z.enum(parts),
    file: z.string().nullable().describe('the newest one; null: none was found'),
    bytes: z.int().nullable(),
    modified_at: z.string().nullable(),
    as_of: z.string().nullable(),
    columns: z.array(z.strictObject({ canonical: z.string(), column: z.string() })),
    ...shown,
  })
  .meta({ id: 'SourceCheck' });

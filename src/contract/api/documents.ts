/** A row of a file that a run read: as it stands there, and as its columns are understood. Never any other file. */
import { z } from 'zod';

const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const documentQuery = z
  .strictObject({
    file: z.string().min(1).max(500).optional().describe('the name of a file among the inputs of the run'),
    source: z.string().max(200).optional().describe('its source, where two files have one name'),
    row: number.optional().describe('as a spreadsheet counts; without it the first rows'),
    around: z.coerce.number().int().min(0).max(50).default(3).describe('rows before and after it'),
    kind: z.enum(['movements', 'messages']).default('messages').describe('with batch and line'),
    batch: number.optional().describe('of a row that was taken in, instead of file and row'),
    line: number.optional(),
  })
  .refine(
    ({ file, batch, line }) => (file === undefined ? batch !== undefined && line !== undefined : batch === undefined),
    'file, or batch and line',
  );

const row = z.strictObject({
  row: z.int(),
  is_asked: z.boolean(),
  raw: z
    .string()
    .nullable()
    .describe(
      'the text of the record, of a row of Parquet what it is as JSON; null for a row of a sheet: it is its cells',
    ),
  cells: z.array(z.string().nullable()).describe('in the order of header; empty where the record cannot be read'),
  parsed: z.record(z.string(), z.string()).describe('by canonical name, constants included, without blank ones'),
  fault: z.string().nullable(),
});

export const documentSchema = z
  .strictObject({
    run_id: z.string(),
    source: z.string(),
    kind: z.string(),
    system: z.string(),
    file: z.string(),
    format: z.string(),
    sha256: z.string().describe('of the file as the run read it'),
    state: z
      .enum(['as-read', 'taken-in', 'changed', 'gone', 'unreadable'])
      .describe('changed, gone, unreadable: since the run read it'),
    message: z.string().describe('the state in words'),
    raw_header: z.string().nullable(),
    header: z.array(z.string()),
    columns: z.array(z.strictObject({ canonical: z.string(), column: z.string() })),
    row: z.int().nullable(),
    rows: z.array(row),
  })
  .meta({ id: 'SourceDocument' });

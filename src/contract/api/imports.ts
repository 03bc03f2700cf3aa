/** How files are sent, and what is known of those that were. Never holds their content. */
import { z } from 'zod';
import { pageOf, pageQuery } from './paging.ts';
import { momentSchema as moment } from './people.ts';

const states = ['accepted', 'held', 'refused', 'removed'] as const;

export const importQuery = z.strictObject({
  file_name: z.string().min(1).max(200).describe('as the sender calls it; the cut-off may be read from it'),
  system: z.string().max(200).optional().describe('the system that the file is of'),
  source: z.string().max(200).optional().describe('the source, where a system has several'),
  modified_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the sender wrote it last; now where not given'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('what the content must be'),
});

export const importsQuery = z.strictObject({
  source: z.string().max(200).optional(),
  state: z.enum(states).optional(),
  ...pageQuery,
});

export const importSchema = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    system: z.string().describe('empty: not of one system'),
    source: z.string(),
    file_name: z.string(),
    sha256: z.string(),
    bytes: z.int(),
    rows: z.int().nullable(),
    rejected: z.int().nullable(),
    as_of: moment.nullable().describe('the cut-off of a snapshot'),
    state: z.enum(states),
    failure: z.string().nullable().describe('why it is held or refused'),
    received_by: z.string(),
    received_at: moment,
  })
  .meta({ id: 'Import' });

export type ImportView = z.input<typeof importSchema>;
export const importsPage = pageOf(importSchema);

export const rejectionsQuery = z.strictObject(pageQuery);

const rejection = z.strictObject({
  row: z.int().describe('as a spreadsheet counts'),
  column: z.string().describe('as the file names it'),
  value: z.string(),
  reason: z.string(),
  cells: z.array(z.string().nullable()).describe('the row as it stands in the file, in the order of header'),
});

export const rejectionsPage = pageOf(rejection).extend({ header: z.array(z.string()) });

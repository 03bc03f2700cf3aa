/** The mapping of stock statuses onto categories: what it says, what it would change, and its versions. */
import { z } from 'zod';
import { configurationSchema } from '../configuration.ts';
import { pageOf, pageQuery } from './paging.ts';

const { categories, ignore } = configurationSchema.shape;

const mappingDocumentSchema = z.strictObject({ categories, ignore: ignore.unwrap().default([]) });

const reason = z.string().trim().min(3).max(1_000).describe('why, for those who read it later');

export const mappingChangeSchema = z.strictObject({ ...mappingDocumentSchema.shape, reason });
export const rollBackSchema = z.strictObject({ version: z.int().min(1), reason });

export const mappingVersionParams = z.strictObject({ version: z.coerce.number().int().min(1) });
export const mappingVersionsQuery = z.strictObject(pageQuery);

const document = z.strictObject({ categories: z.record(z.string(), z.unknown()), ignore: z.array(z.unknown()) });

export const mappingVersionSchema = z
  .strictObject({
    version: z.int(),
    origin: z.enum(['file', 'edit', 'roll-back']),
    author: z.string(),
    reason: z.string(),
    created_at: z.string(),
    document,
  })
  .meta({ id: 'MappingVersion' });
export const mappingVersionsPage = pageOf(mappingVersionSchema);

export const matrixQuery = z.strictObject({
  run: z.string().max(100).default('latest').describe('the run whose balances are counted'),
});

export const matrixSchema = z.strictObject({
  run_id: z.string(),
  currency: z.string(),
  systems: z.record(z.string(), z.enum(['erp', 'wms'])),
  costs: z
    .strictObject({
      file: z.string(),
      state: z.enum(['as-read', 'changed', 'gone', 'none']),
      message: z.string(),
    })
    .describe('the items file that values are worked out with, beside the unit costs of the discrepancies'),
  cells: z.array(
    z.strictObject({
      system: z.string(),
      status: z.string(),
      category: z.string().describe('empty: no rule takes it'),
      rows: z.int(),
      keys: z.int(),
      items: z.int(),
      quantity: z.string(),
      value: z.string().describe('at unit cost, of the items that have one; empty: none has'),
      unvalued_items: z.int().describe('items with units and without a unit cost'),
    }),
  ),
  unmapped: z.array(
    z.strictObject({
      system: z.string(),
      status: z.string(),
      rows: z.int(),
      quantity: z.string(),
      value: z.string(),
      currency: z.string(),
    }),
  ),
});

export const previewRequestSchema = z.strictObject({
  ...mappingDocumentSchema.shape,
  run: z.string().max(100).default('latest'),
});

const sums = z
  .strictObject({
    keys: z.int(),
    gross_variance_quantity: z.string(),
    gross_variance_value: z.string(),
    unvalued: z.int(),
  })
  .describe('keys whose balances differ by more than the tolerance, before what is in flight is taken off');

export const previewSchema = z.strictObject({
  run_id: z.string(),
  currency: z.string(),
  before: sums,
  after: sums,
  appear: z.int(),
  vanish: z.int(),
  change: z.int(),
  statuses: z.array(z.strictObject({ system: z.string(), status: z.string() })),
  undecided: z
    .array(z.strictObject({ system: z.string(), status: z.string(), why: z.enum(['location', 'ignored-before']) }))
    .describe('statuses that the kept balances cannot decide; empty: the figures are exact'),
  lines: z.array(
    z.strictObject({
      site: z.string(),
      item: z.string(),
      owner: z.string(),
      lot: z.string(),
      category: z.string(),
      before: z.string().describe('variance, WMS − ERP; empty: within tolerance'),
      after: z.string(),
      value_before: z.string(),
      value_after: z.string(),
    }),
  ),
});

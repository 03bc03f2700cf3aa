/** Discrepancies as they stand now, and alerts, as the API shows them. variance = WMS − ERP; decimals are text. */
import { z } from 'zod';
import { pageOf, pageQuery, texts } from './paging.ts';
import { momentSchema } from './people.ts';

export const liveQuery = z.strictObject({
  ...pageQuery,
  state: z
    .enum(['discrepancy', 'timing'])
    .default('discrepancy')
    .describe('timing: out of sync only by what is on its way'),
  site: texts.optional(),
  item: texts.optional(),
  category: texts.optional(),
  min_value: z.coerce.number().min(0).max(1e15).optional().describe('least |value|, in the currency'),
});

const decimal = z.string().describe('a decimal; empty where it is not known');
const liveLineSchema = z
  .strictObject({
    state: z.enum(['discrepancy', 'timing']),
    site: z.string(),
    item: z.string(),
    owner: z.string(),
    lot: z.string(),
    category: z.string(),
    description: z.string(),
    erp_quantity: decimal,
    wms_quantity: decimal,
    variance_quantity: decimal,
    in_flight_quantity: decimal,
    net_variance_quantity: decimal,
    uom: z.string(),
    unit_cost: decimal,
    variance_value: decimal,
    currency: z.string(),
    direction: z.enum(['erp-overstated', 'erp-understated', '']),
    absent_from: z.enum(['erp', 'wms', '']),
    opened_at: momentSchema.describe('since when the key is out of sync, as seen live'),
    changed_at: momentSchema,
  })
  .meta({ id: 'LiveDiscrepancy' });

const systemSchema = z.strictObject({
  system: z.string(),
  snapshot_as_of: momentSchema.describe('movements of the system up to this moment are in its balances already'),
  sends_movements: z
    .boolean()
    .describe('false: it is known as of its snapshot, and what others did since is on its way to it: timing'),
});

export const livePage = pageOf(liveLineSchema).extend({
  totals: z
    .strictObject({ discrepancies: z.int(), timing: z.int() })
    .describe('how many lines fit, on whichever page; of both states, whichever was asked for'),
  systems: z.array(systemSchema).describe('what is known of each system, and up to when; empty: there is no run yet'),
  run_id: z.string().nullable().describe('the run whose balances are carried forward; null: there is none yet'),
  as_of: momentSchema.nullable().describe('the moment of which the lines speak'),
  pending_batches: z.int().describe('batches that were taken in and are not counted in yet'),
});

export const alertsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['open', 'closed', 'all']).default('open'),
  kind: z.enum(['late-message', 'silent-feed']).optional(),
  site: texts.optional(),
  item: texts.optional(),
});

export const alertSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['late-message', 'silent-feed']),
    site: z.string().describe('empty: of all sites, or not known'),
    item: z.string(),
    opened_at: momentSchema,
    closed_at: momentSchema.nullable(),
    about: z.record(z.string(), z.string()).describe('what it is about: the message or the feed'),
  })
  .meta({ id: 'Alert' });

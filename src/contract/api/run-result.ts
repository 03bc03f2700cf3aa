/** What a run found, as run.json says it without what grows with the data. Never its lines: see discrepancies. */
import { z } from 'zod';
import { lineSumsSchema } from './discrepancies.ts';

const groupTotals = z.record(z.string(), z.union([z.string(), z.number()]));
const finding = z.looseObject({ id: z.string(), cause: z.string(), title: z.string() });

export const runResultSchema = z
  .strictObject({
    run_id: z.string(),
    state: z.enum(['complete', 'refused']),
    name: z.string(),
    currency: z.string(),
    started_at: z.string(),
    finished_at: z.string(),
    engine: z.string(),
    config_hash: z.string(),
    grain: z.array(z.string()),
    run_before: z.string().nullable().describe('the newest complete run before it of the same sites and items'),
    filters: z.strictObject({ site: z.array(z.string()), item: z.array(z.string()) }),
    forced: z.strictObject({ by: z.string(), reason: z.string() }).nullable(),
    totals: groupTotals.nullable().describe('null for who sees some sites only: see by_site and visible'),
    visible: lineSumsSchema.nullable().describe('sums of the discrepancies that the caller sees'),
    by_site: z.array(groupTotals),
    by_category: z.array(groupTotals).describe('empty for who sees some sites only'),
    orders_at_risk: z
      .array(
        z.strictObject({
          site: z.string(),
          items: z.int(),
          quantity: z
            .string()
            .describe('Σ max(0, min(open orders, ERP) − WMS) of available stock of items that are off'),
          value: z.string().describe('at unit cost, of the items that have one'),
          unvalued: z.int().describe('items without a unit cost'),
        }),
      )
      .nullable()
      .describe('of the sites that have any and that the caller sees; null: the run was given no demand'),
    findings: z.array(finding).describe('those with discrepancies that the caller sees'),
    inputs: z.array(z.looseObject({ source: z.string(), kind: z.string() })),
    quality: z.array(z.looseObject({ severity: z.string(), code: z.string(), message: z.string() })),
    unmapped: z.array(z.looseObject({ system: z.string(), status: z.string(), rows: z.int() })),
    measures: z.unknown().describe('as in run.json; null for who sees some sites only'),
    timings_ms: z.record(z.string(), z.number()),
  })
  .meta({ id: 'RunResult' });

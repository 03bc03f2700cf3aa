/** How one item is asked for, and what runs said of it over time. Its view is that of `evenstock explain --json`. */
import { z } from 'zod';

export const itemParams = z.strictObject({
  item: z.string().min(1).max(500).describe('a code, or another code of it'),
});

export const itemQuery = z.strictObject({
  run: z.string().max(100).optional().describe('the newest complete run where not given'),
  site: z.string().max(200).optional(),
  lot: z.string().max(200).optional(),
});

export const itemViewSchema = z
  .looseObject({
    schema: z.literal(1),
    run_id: z.string(),
    item: z.string(),
    description: z.string(),
    gross_variance_value: z.string(),
    places: z.array(z.looseObject({ site: z.string(), owner: z.string(), lot: z.string() })),
    how: z.string().describe('what ties the text to the item; empty where it is its code'),
  })
  .describe('as `evenstock explain ITEM --json` prints it');

export const itemHistoryQuery = z.strictObject({
  runs: z.coerce.number().int().min(1).max(400).default(60).describe('most runs, from the newest on'),
});

export const itemHistorySchema = z.strictObject({
  item: z.string(),
  runs: z.array(
    z.strictObject({
      run_id: z.string(),
      cut_off: z.string(),
      lines: z.array(
        z.strictObject({
          site: z.string(),
          owner: z.string(),
          lot: z.string(),
          category: z.string(),
          net_variance_quantity: z.string(),
          variance_value: z.string(),
          cause: z.string(),
        }),
      ),
    }),
  ),
});

export const measuresQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(3_660).default(30),
  by: z.enum(['day', 'run']).default('day'),
  site: z.string().max(200).optional().describe('one site; needed by who sees some sites only'),
});

export const measuresSchema = z
  .looseObject({ schema: z.literal(1), rows: z.array(z.looseObject({ run_id: z.string(), cut_off: z.string() })) })
  .describe('as `evenstock trend --json` prints it');

export const measureGroupsQuery = z.strictObject({
  by: z.enum(['site', 'category', 'cause', 'interface']),
  days: z.coerce.number().int().min(1).max(3_660).default(30),
});

const count = z.int();
export const measureGroupsSchema = z.strictObject({
  by: z.string(),
  currency: z.string(),
  runs: z
    .array(z.strictObject({ run_id: z.string(), cut_off: z.string() }))
    .describe('one for each day, the oldest first'),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      discrepancies: count,
      gross_variance_value: z.string(),
      sync_accuracy_keys: z.string(),
      ageing: z.strictObject({ '0-1': count, '2-3': count, '4-7': count, '8-30': count, 'over-30': count }),
      resolved: count,
      came_back: count,
      recurrence_share: z.string(),
      days_to_resolve_mean: z.string(),
      days_to_resolve_median: z.string(),
    }),
  ),
  definitions: z.record(z.string(), z.string()),
});

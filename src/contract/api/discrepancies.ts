/**
 * How the discrepancies of a run are asked for and answered. The filters have the names of the command line's options.
 * Decimals are strings; '' where there is nothing to say; variance = WMS − ERP.
 */
import { z } from 'zod';
import { AGES } from '../../core/measure/line-measures.ts';
import { DISCREPANCY_COLUMNS } from '../run.ts';
import { pageOf, pageQuery, texts } from './paging.ts';

const PAGE_LINES_MAX = 500;
const LINES_MAX = 1_000_000_000;

export const runParams = z.strictObject({
  id: z.string().min(1).max(100).describe('the id of a run, or latest for the newest complete one'),
});

const many = texts.default([]);
const RANKS_MAX = 1_000;
const ages = ['none', ...AGES.map(([name]) => name)] as const;
const changes = ['new', 'worse', 'better', 'same', 'gone'] as const;

/** What every question about lines may be limited by. */
const lineFilter = {
  site: many,
  category: many,
  cause: many,
  finding: many.describe('none: lines of no finding'),
  direction: many,
  priority: many.describe('none: lines without one'),
  age: texts
    .pipe(z.array(z.enum(ages)))
    .default([])
    .describe('days out of sync; none: lines that do not say'),
  item: many.describe('item codes, or their beginnings'),
  min_value: z.string().max(60).optional().describe('least |variance_value|; lines without a value never reach it'),
  first_seen: many.describe('a day or a moment as lines have it: ISO 8601, or its beginning'),
  text: z.string().max(200).optional().describe('part of the item, its description or its lot; case does not matter'),
  rank: texts
    .pipe(z.array(z.string().regex(/^[1-9]\d{0,8}$/)).max(RANKS_MAX))
    .default([])
    .describe('these lines alone, by their rank'),
  change: texts
    .pipe(z.array(z.enum(changes)))
    .default([])
    .describe('what became of lines since another run; gone alone lists lines of that run'),
  since: z.string().max(100).optional().describe('the run that change compares with; the one before where not given'),
};

const sorts = ['rank', 'value', 'units', 'item', 'site', 'impact', 'priority', 'days_out_of_sync'] as const;
const reversed = ['-rank', '-value', '-units', '-item', '-site', '-impact', '-priority', '-days_out_of_sync'] as const;
const sort = z
  .enum([...sorts, ...reversed])
  .default('rank')
  .describe('what matters most first: largest, most urgent, longest, first of the alphabet; - turns it round');

export const discrepancyQuery = z
  .strictObject({
    ...lineFilter,
    sort,
    ...pageQuery,
    offset: z.coerce
      .number()
      .int()
      .min(0)
      .max(LINES_MAX)
      .optional()
      .describe('how many lines come before the page, for who jumps; instead of cursor'),
    limit: z.coerce.number().int().min(1).max(PAGE_LINES_MAX).default(100).describe('most lines of a page'),
  })
  .refine(({ cursor, offset }) => cursor === undefined || offset === undefined, {
    path: ['offset'],
    message: 'offset and cursor exclude each other',
  });
export type DiscrepancyQuery = z.output<typeof discrepancyQuery>;

export const exportQuery = z.strictObject({
  ...lineFilter,
  sort,
  columns: texts
    .pipe(z.array(z.enum(DISCREPANCY_COLUMNS)).max(DISCREPANCY_COLUMNS.length))
    .default([])
    .describe('these columns alone, in this order; all where none is named'),
  format: z.enum(['csv', 'json', 'xlsx']).default('csv'),
});

export const groupQuery = z.strictObject({
  ...lineFilter,
  by: z.enum(['site', 'category', 'cause', 'finding', 'direction', 'priority', 'age', 'item']).default('cause'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

const { change: _change, ...comparisonFilter } = lineFilter;
export const comparisonQuery = z.strictObject(comparisonFilter);

const columns = Object.fromEntries(DISCREPANCY_COLUMNS.map((name) => [name, z.string()])) as Record<
  (typeof DISCREPANCY_COLUMNS)[number],
  z.ZodString
>;
const discrepancySchema = z
  .strictObject({
    ...columns,
    absent_from: z.enum(['', 'erp', 'wms']).describe('the side that holds no row of the key'),
  })
  .meta({ id: 'Discrepancy' });

const sums = {
  discrepancies: z.int(),
  gross_variance_quantity: z.string(),
  net_variance_quantity: z.string(),
  gross_variance_value: z.string(),
  net_variance_value: z.string(),
  erp_overstated_value: z.string(),
  erp_understated_value: z.string(),
  unvalued: z.int(),
};
export const lineSumsSchema = z.strictObject(sums).meta({ id: 'LineSums' });

export const discrepancyPage = pageOf(discrepancySchema).extend({
  totals: lineSumsSchema.describe('of all lines that fit, on whichever page'),
});

export const groupsSchema = z.strictObject({
  run_id: z.string(),
  currency: z.string(),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      ...sums,
      value_share: z.string().describe('share of the gross value of all groups, 0 to 1'),
      running_share: z.string().describe('of this group and those before it'),
    }),
  ),
  others: z.int().describe('groups that are not listed'),
});

export const comparisonSchema = z.strictObject({
  run_id: z.string(),
  since: z.string(),
  currency: z.string(),
  new: lineSumsSchema,
  worse: lineSumsSchema,
  better: lineSumsSchema,
  same: lineSumsSchema,
  gone: lineSumsSchema.describe('lines of the earlier run; their sums are what they were there'),
});

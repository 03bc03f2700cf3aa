/**
 * Decides what may stand in `evenstock.yaml`, version 1. The JSON Schema for editors and the types of the
 * whole program are derived from here. Never reads files and never resolves references between the parts.
 */
import { z } from 'zod';

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]).transform((value) => (Array.isArray(value) ? value : [value]));
const share = z.number().min(0).max(1);
const amount = z.union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/, 'a number that is not negative')]).transform(String);
const duration = z.string().regex(/^\d+(\.\d+)?(s|m|h|d)$/, 'a duration such as 30m, 4h or 2d');

/** Formats of the contract; those outside `BUILT_FORMATS` are refused by name. */
export const FORMATS = ['csv', 'tsv', 'xlsx', 'parquet', 'json', 'jsonl', 'x12', 'edifact', 'idoc', 'epcis', 'sql', 'http'] as const;
export const BUILT_FORMATS = ['csv', 'tsv', 'xlsx', 'parquet', 'json', 'jsonl'] as const;

const asOf = z.union([
  text, // an ISO 8601 time with offset, or `file_time`
  z.strictObject({ column: text }),
  z.strictObject({ file_name: text.describe('regular expression with a group named as_of') }),
]);

const gate = {
  max_age: duration.optional().describe('oldest cut-off accepted, counted from the start of the run'),
  min_rows_share: share.optional().describe('smallest number of rows accepted, as a share of the last run'),
  max_rows_share: z.number().min(1).optional().describe('largest number of rows accepted, as a multiple of the last run'),
  max_rejected_share: share.optional().describe('largest share of rejected rows accepted'),
  max_duplicate_share: share.optional().describe('largest share of rows that repeat another row in every column'),
  min_key_overlap: share.optional().describe('smallest share of items that both sides know'),
  max_skew: duration.optional().describe('largest distance between the cut-offs of both sides without movements that align them'),
};

const fileSource = {
  name: text.optional(),
  format: z.enum(FORMATS),
  path: text.optional(),
  connection: z.unknown().optional(),
  query: text.optional(),
  columns: z.record(text, text).optional().describe('canonical name: the name of the column in the source'),
  constants: z.record(text, text).optional().describe('canonical name: the value of every row; where the column exists too, every row must hold this value'),
  encoding: text.optional(),
  delimiter: z.string().min(1).max(1).optional(),
  quote: z.union([z.string().length(1), z.literal('none')]).optional(),
  header: z.boolean().optional(),
  skip_rows: z.int().min(0).optional(),
  sheet: text.optional(),
  total_row: z.strictObject({ column: text, value: text }).optional().describe('the last row is a control total where this column holds this value'),
  decimal: z.enum(['.', ',']).optional(),
  thousands: z.enum([',', '.', ' ', "'", '_']).optional(),
  negative: z.array(z.enum(['trailing-minus', 'parentheses', 'minus-sign'])).optional().describe('ways beside a leading hyphen in which the source writes negative numbers'),
  time_zone: text.optional(),
  time_format: text.optional().describe('Luxon format of times that are not ISO 8601, such as dd/MM/yyyy HH:mm'),
};

const system = z.strictObject({
  role: z.enum(['erp', 'wms']),
  sites: z.array(text).optional(),
  site_aliases: z.record(text, text).optional().describe("the site as this system writes it: the site's common name"),
  owner_aliases: z.record(text, text).optional(),
});

const balances = z.strictObject({
  system: text,
  ...fileSource,
  ...gate,
  as_of: asOf.optional(),
  completeness: z.enum(['full', 'partial', 'delta']).default('full'),
  unique: z.boolean().default(false),
});
const movements = z.strictObject({ system: text, ...fileSource });
const table = z.strictObject(fileSource);

const when = z.strictObject({
  site: texts.optional(),
  owner: texts.optional(),
  location: texts.optional(),
  family: texts.optional(),
  abc_class: texts.optional(),
});
const statusEntry = z.union([z.string(), z.strictObject({ status: z.string(), when: when.optional() })]);

const toleranceLimits = { quantity: amount.optional(), percent: amount.optional(), value: amount.optional() };
const toleranceWhen = z.strictObject({
  site: texts.optional(),
  owner: texts.optional(),
  item: texts.optional(),
  category: texts.optional(),
  family: texts.optional(),
  abc_class: texts.optional(),
});

const grainColumn = z.enum(['site', 'item', 'owner', 'lot', 'category']);
const grainColumns = z
  .array(grainColumn)
  .refine((columns) => ['site', 'item', 'category'].every((name) => columns.includes(name as never)), 'site, item and category are always part of the grain');

export const configurationSchema = z.strictObject({
  version: z.literal(1),
  name: text.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as USD'),
  systems: z.record(text, system),
  balances: z.array(balances).min(2),
  movements: z.array(movements).optional(),
  opening: z.array(balances).optional(),
  messages: z.array(table).optional(),
  items: table.optional(),
  packs: table.optional(),
  aliases: table.optional(),
  sites: table.optional().describe('site cross-reference: system, alias, site'),
  demand: table.optional(),
  promotions: table.optional(),
  grain: z
    .union([
      grainColumns,
      z.strictObject({
        default: grainColumns,
        rules: z.array(z.strictObject({ when: z.strictObject({ family: texts.optional(), abc_class: texts.optional() }), grain: grainColumns })),
      }),
    ])
    .default(['site', 'item', 'category']),
  categories: z.record(text, z.record(text, z.array(statusEntry))),
  ignore: z
    .array(z.strictObject({ system: text, status: z.array(z.string()).min(1), when: when.optional(), reason: text }))
    .optional(),
  tolerance: z
    .strictObject({ ...toleranceLimits, rules: z.array(z.strictObject({ when: toleranceWhen, ...toleranceLimits })).optional() })
    .optional(),
  lag: z.strictObject({ default: duration.default('30m'), interfaces: z.record(text, duration).optional() }).optional(),
  priority: z.strictObject({ ranking: z.enum(['dollars', 'impact', 'points']).default('dollars') }).optional(),
  quality: z.strictObject(gate).optional().describe('the quality gate for every source; a source may say its own'),
  base_uom: text.default('EA').describe('base unit of items that neither the items nor the packs file knows'),
  quantity_decimals: z.int().min(0).max(6).default(6),
  item_case: z.enum(['exact', 'upper']).optional().describe('how item codes that differ only by case are read; undeclared they are refused'),
});

export type Configuration = z.output<typeof configurationSchema>;
export type BalanceSourceConfig = Configuration['balances'][number];
export type FileSourceConfig = z.output<typeof table>;
export type MovementSourceConfig = z.output<typeof movements>;
export type StatusEntry = z.output<typeof statusEntry>;
export type WhenConfig = z.output<typeof when>;
export type SystemConfig = z.output<typeof system>;

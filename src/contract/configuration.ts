/**
 * Decides what may stand in `evenstock.yaml`, version 1. The JSON Schema for editors and the types of the
 * whole program are derived from here. Never reads files and never resolves references between the parts.
 */
import { z } from 'zod';
import { DEFAULT_PRIORITY } from '../core/prioritize/priority-parameters.ts';
import { signInConfigurationSchema } from './sign-in-configuration.ts';

const text = z.string().min(1);
const texts = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .describe('one text or a list; each exact, or with * for any run of characters');
const share = z.number().min(0).max(1);
const amount = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/, 'a number that is not negative')])
  .transform(String);
/** The schema for editors shows no default of an amount, so its description does. */
const amountOr = (value: string, meaning: string) =>
  amount.default(value).describe(`${meaning}; ${value} where not given`);
const points = z.number().min(0).max(100);
const duration = z.string().regex(/^\d+(\.\d+)?(s|m|h|d)$/, 'a duration such as 30m, 4h or 2d');
const durationOr = (value: string, meaning: string) =>
  duration.default(value).describe(`${meaning}; ${value} where not given`);

/** Formats of the contract; those outside `BUILT_FORMATS` are refused by name. */
const FORMATS = [
  'csv',
  'tsv',
  'xlsx',
  'parquet',
  'json',
  'jsonl',
  'x12',
  'edifact',
  'idoc',
  'epcis',
  'sql',
  'http',
] as const;
export const BUILT_FORMATS = ['csv', 'tsv', 'xlsx', 'parquet', 'json', 'jsonl'] as const;

const RANKINGS = ['dollars', 'impact', 'points'] as const;

/** Columns of a canonical row, by kind of source: what may stand as a key under `columns` and `constants`. */
export const CANONICAL_COLUMNS = {
  balances: [
    'site',
    'item',
    'status',
    'quantity',
    'owner',
    'lot',
    'serial',
    'location',
    'lpn',
    'uom',
    'unit_cost',
    'currency',
    'as_of',
  ],
  movements: [
    ...[
      'movement_id',
      'posted_at',
      'site',
      'item',
      'status',
      'quantity',
      'event_at',
      'owner',
      'lot',
      'uom',
      'type',
      'reference',
      'line',
    ],
    ...['reason', 'user', 'message_id', 'batch'],
  ],
  messages: [
    ...[
      'message_id',
      'sent_at',
      'state',
      'interface',
      'from_system',
      'to_system',
      'received_at',
      'applied_at',
      'error',
      'type',
      'reference',
    ],
    ...['line', 'batch', 'site', 'item', 'owner', 'lot', 'status', 'quantity', 'uom'],
  ],
  items: ['item', 'description', 'base_uom', 'unit_cost', 'currency', 'abc_class', 'family', 'special', 'margin'],
  packs: ['item', 'uom', 'factor'],
  aliases: ['system', 'alias', 'item'],
  sites: ['system', 'alias', 'site'],
  demand: ['item', 'site', 'daily_demand', 'open_order_quantity', 'on_order_quantity', 'reorder_point'],
  promotions: ['item', 'site', 'starts_on', 'ends_on', 'uplift'],
} as const satisfies Record<string, readonly string[]>;
export type SourceKind = keyof typeof CANONICAL_COLUMNS;

const asOf = z.union([
  text.describe('an ISO 8601 time with offset, or file_time'),
  z.strictObject({ column: text.describe('the column that holds the cut-off') }),
  z.strictObject({ file_name: text.describe('regular expression for the whole file name, with a group named as_of') }),
]);

const gate = {
  max_age: duration.optional().describe('oldest cut-off accepted, counted from the start of the run'),
  min_rows_share: share.optional().describe('smallest number of rows accepted, as a share of the last run'),
  max_rows_share: z
    .number()
    .min(1)
    .optional()
    .describe('largest number of rows accepted, as a multiple of the last run'),
  max_rejected_share: share.optional().describe('largest share of rejected rows accepted'),
  max_duplicate_share: share.optional().describe('largest share of rows that repeat another row in every column'),
  min_key_overlap: share.optional().describe('smallest share of items that both sides know'),
  max_skew: duration
    .optional()
    .describe('largest distance between the cut-offs of both sides without movements that align them'),
};

const source = {
  name: text.optional().describe('what reports call this source'),
  format: z.enum(FORMATS).describe('how the file is written'),
  path: text
    .optional()
    .describe(
      'the file, relative to this configuration; may be a glob, of which the newest complete file is taken. Without it the source is what `evenstock import` and the API bring in',
    ),
  connection: z.unknown().optional().describe('where a database is reached'),
  query: text.optional().describe('what is asked of the database'),
  encoding: text.optional().describe('character encoding where it is not Unicode, such as windows-1252'),
  delimiter: z.string().min(1).max(1).optional().describe('the character between fields'),
  quote: z
    .union([z.string().length(1), z.literal('none')])
    .optional()
    .describe('the character around fields, or none'),
  header: z.boolean().optional().describe('false where the first row is data and not the names of the columns'),
  skip_rows: z.int().min(0).optional().describe('rows before the header'),
  sheet: text.optional().describe('name of the worksheet'),
  total_row: z
    .strictObject({ column: text, value: text })
    .optional()
    .describe('the last row is a control total where this column holds this value'),
  decimal: z.enum(['.', ',']).optional().describe('decimal separator'),
  thousands: z.enum([',', '.', ' ', "'", '_']).optional().describe('thousands separator'),
  negative: z
    .array(z.enum(['trailing-minus', 'parentheses', 'minus-sign']))
    .optional()
    .describe('ways beside a leading hyphen in which the source writes negative numbers'),
  time_zone: text.optional().describe('IANA time zone of times without an offset, such as America/Chicago'),
  time_format: text.optional().describe('Luxon format of times that are not ISO 8601, such as dd/MM/yyyy HH:mm'),
};

/** What every source may say, with the canonical columns of its kind offered to editors. */
function fileSource(kind: SourceKind) {
  const keys = { propertyNames: { type: 'string', enum: [...CANONICAL_COLUMNS[kind]] } };
  return {
    ...source,
    columns: z
      .record(text, text)
      .meta(keys)
      .optional()
      .describe('canonical name: the name of the column in the source'),
    constants: z
      .record(text, text)
      .meta(keys)
      .optional()
      .describe('canonical name: the value of every row; where the column exists too, every row must hold this value'),
  };
}

const system = z.strictObject({
  role: z.enum(['erp', 'wms']).describe('exactly one system is the erp'),
  sites: z.array(text).optional().describe('common names of the sites that this system answers for'),
  site_aliases: z.record(text, text).optional().describe("the site as this system writes it: the site's common name"),
  owner_aliases: z
    .record(text, text)
    .optional()
    .describe("the owner as this system writes it: the owner's common name"),
});

const systemId = text.describe('a system named under systems');
const balances = z.strictObject({
  system: systemId,
  ...fileSource('balances'),
  ...gate,
  as_of: asOf.optional().describe('the cut-off: the moment of which the balances speak'),
  completeness: z.enum(['full', 'partial', 'delta']).default('full').describe('what a key that is absent means'),
  unique: z.boolean().default(false).describe('true: rows that repeat another row in every column refuse the file'),
});
const movements = z.strictObject({ system: systemId, ...fileSource('movements') });
const table = (kind: SourceKind) => z.strictObject(fileSource(kind));

const when = z
  .strictObject({
    site: texts.optional(),
    owner: texts.optional(),
    location: texts.optional(),
    family: texts.optional(),
    abc_class: texts.optional(),
  })
  .describe('conditions that must all fit');
const statusEntry = z.union([
  z.string().describe('a native stock status'),
  z.strictObject({ status: z.string().describe('a native stock status'), when: when.optional() }),
]);

const toleranceLimits = {
  quantity: amount.optional().describe('absolute, in base units'),
  percent: amount.optional().describe('of the ERP quantity'),
  value: amount.optional().describe('in the currency of the report'),
};
const toleranceWhen = z
  .strictObject({
    site: texts.optional(),
    owner: texts.optional(),
    item: texts.optional(),
    category: texts.optional(),
    family: texts.optional(),
    abc_class: texts.optional(),
  })
  .describe('conditions that must all fit');

const grainColumn = z.enum(['site', 'item', 'owner', 'lot', 'category']);
const grainColumns = z
  .array(grainColumn)
  .refine(
    (columns) => ['site', 'item', 'category'].every((name) => columns.includes(name as never)),
    'site, item and category, which are always part of the grain',
  );

const watch = z.strictObject({
  every: durationOr('5s', 'how often the folders of the sources are looked at'),
  settle: durationOr('10s', 'how long a file without a marker must stay as it is before it is taken'),
  marker: z
    .string()
    .regex(/^\.[A-Za-z0-9_-]+$/, 'what follows the name of the file, such as .done')
    .optional()
    .describe('only files with such a marker beside them are taken; without it .done, .ready and .ok are known'),
});
const retention = z.strictObject({
  runs: durationOr('400d', 'how long runs are kept; the last complete one always is'),
  imports: durationOr('90d', 'how long imported files are kept; the newest of a source always is'),
  events: durationOr('30d', 'how long what happened can be read again by subscribers'),
  idempotency_keys: durationOr('30d', 'how long a repeated request gets the answer of the first'),
});

const notifications = z.strictObject({
  allow: z
    .array(z.string().regex(/^[A-Za-z0-9.:_-]+(\/\d{1,3})?$/, 'a host name, an address or a range such as 10.1.0.0/16'))
    .max(1_000)
    .default([])
    .describe(
      'hosts, addresses and ranges within your own network that notifications may be sent to; the public ones always may',
    ),
});

export const configurationSchema = z.strictObject({
  version: z.literal(1).describe('version of this file format'),
  name: text.optional().describe('what reports call this configuration'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as USD')
    .describe('ISO 4217 code of all values'),
  systems: z.record(text, system).describe('the systems compared: one erp, and each wms with its sites'),
  balances: z.array(balances).min(2).describe('the snapshots compared'),
  movements: z.array(movements).optional().describe('ledgers of both systems'),
  opening: z.array(balances).optional().describe('earlier snapshots, from which the movements lead to the balances'),
  messages: z.array(table('messages')).optional().describe('messages between the systems'),
  items: table('items').optional().describe('item master: descriptions, base units, costs, families'),
  packs: table('packs').optional().describe('base units in one pack'),
  aliases: table('aliases').optional().describe('item cross-reference: system, alias, item'),
  sites: table('sites').optional().describe('site cross-reference: system, alias, site'),
  demand: table('demand').optional().describe('demand and orders of items'),
  promotions: table('promotions').optional().describe('promotions of items'),
  grain: z
    .union([
      grainColumns,
      z.strictObject({
        default: grainColumns,
        rules: z.array(
          z.strictObject({
            when: z.strictObject({ family: texts.optional(), abc_class: texts.optional() }),
            grain: grainColumns,
          }),
        ),
      }),
    ])
    .default(['site', 'item', 'category'])
    .describe('what one line of the report is about; site, item and category always, owner and lot where wanted'),
  categories: z
    .record(text, z.record(text, z.array(statusEntry)))
    .describe('category: side (erp, wms or the id of a system): native statuses. The first entry that fits wins'),
  ignore: z
    .array(
      z.strictObject({
        system: systemId,
        status: z.array(z.string()).min(1),
        when: when.optional(),
        reason: text.describe('why these rows do not count'),
      }),
    )
    .optional()
    .describe('rows left out on purpose, before any category'),
  tolerance: z
    .strictObject({
      ...toleranceLimits,
      rules: z.array(z.strictObject({ when: toleranceWhen, ...toleranceLimits })).optional(),
    })
    .optional()
    .describe('a discrepancy exceeds every tolerance given'),
  lag: z
    .strictObject({ default: duration.default('30m'), interfaces: z.record(text, duration).optional() })
    .optional()
    .describe('older unacknowledged messages are lost, younger are in flight'),
  silent_after: z
    .strictObject({ default: duration.optional(), feeds: z.record(text, duration).optional() })
    .optional()
    .describe('an interface or system that sent before and is silent for longer raises an alert'),
  priority: z
    .strictObject({
      ranking: z
        .enum(RANKINGS)
        .default(DEFAULT_PRIORITY.ranking)
        .describe('dollars: value of the variance; impact: what it costs the business; points: urgency, 0 to 100'),
      horizon_days: z
        .number()
        .min(0)
        .max(365)
        .default(DEFAULT_PRIORITY.horizon_days)
        .describe('days until a fault is mended or the next goods come in'),
      available: z
        .array(text)
        .min(1)
        .optional()
        .describe('categories that can be sold; without it the one named available, else the first'),
      cancel_cost: amountOr(
        DEFAULT_PRIORITY.cancel_cost,
        'what cancelling one ordered base unit costs beside its margin, in the currency',
      ),
      lost_share: amountOr(
        DEFAULT_PRIORITY.lost_share,
        'share of the demand not served that is lost and not only late, 0 to 1',
      ),
      order_cost: amountOr(DEFAULT_PRIORITY.order_cost, 'what placing one purchase order costs, in the currency'),
      order_quantity: amount
        .optional()
        .describe('most base units that one purchase order brings; without it as many as seem to be missing'),
      carrying_percent: amountOr(
        DEFAULT_PRIORITY.carrying_percent,
        'what holding inventory for a year costs, in percent of its value',
      ),
      excess_days: amountOr(DEFAULT_PRIORITY.excess_days, 'days that needlessly bought units are held'),
      dispersion: z
        .number()
        .min(1)
        .max(100)
        .default(DEFAULT_PRIORITY.dispersion)
        .describe('variance of the sales by their mean; 1 is Poisson, more is negative binomial'),
      thresholds: z
        .strictObject({
          critical: points.default(DEFAULT_PRIORITY.thresholds.critical),
          high: points.default(DEFAULT_PRIORITY.thresholds.high),
          medium: points.default(DEFAULT_PRIORITY.thresholds.medium),
        })
        .default(DEFAULT_PRIORITY.thresholds)
        .describe('points from which on a line is critical, high or medium; below it is low'),
    })
    .optional()
    .describe('the order of the report, and what its impact and priority are worked out with'),
  watch: watch.optional().describe('what `evenstock serve` does with files that arrive under the paths of the sources'),
  notifications: notifications.optional().describe('where `evenstock serve` may send what it tells people and systems'),
  retention: retention.optional().describe('what `evenstock serve` removes after a time; the audit trail always stays'),
  sign_in: signInConfigurationSchema.optional().describe('how people sign in to `evenstock serve` beside passwords'),
  quality: z.strictObject(gate).optional().describe('the quality gate for every source; a source may say its own'),
  base_uom: text.default('EA').describe('base unit of items that neither the items nor the packs file knows'),
  quantity_decimals: z.int().min(0).max(6).default(6).describe('most decimals that a quantity may have'),
  item_case: z
    .enum(['exact', 'upper'])
    .optional()
    .describe('how item codes that differ only by case are read; undeclared they are refused'),
});

export type Configuration = z.output<typeof configurationSchema>;
export type BalanceSourceConfig = Configuration['balances'][number];
export type FileSourceConfig = NonNullable<Configuration['items']>;

/** What holds where the configuration says nothing of it. */
export const watchOf = (configuration: Configuration) => watch.parse(configuration.watch ?? {});
export const retentionOf = (configuration: Configuration) => retention.parse(configuration.retention ?? {});

/**
 * Assembles every statement of the comparison. Names of tables and columns are our own, codes come in through lookup
 * tables; each lookup holds what the core said of a code. Never decides what a code means, and never runs anything.
 *
 * Grain of the aggregates: one row per key (packed item, owner, site, category) and lot. A negative key stands for rows
 * outside every key: −1 − code, where code < 8 is a fate, then one code per site out of scope, then one per item, site
 * and unmapped status. NULL never appears in a key; a cell that is NULL is looked up as NULL.
 */
import { SCALED_MAX } from '../../core/model/decimal.ts';
import { sqlText } from '../../duckdb/open-duckdb.ts';
import {
  FATE,
  ITEM_BLANK,
  ITEM_FILTERED,
  type KeyLayout,
  SLOT_IGNORED,
  type SourceShape,
  UNMAPPED_FIRST,
} from './source-shape.ts';

/** Codes below this are fates. */
export const FATES_END = 8;

export const lookupTable = (source: number, name: string): string => `lookup_${source}_${name}`;
/** Rows of one input that only the core could judge. */
export const judgedTable = (source: number): string => `judged_${source}`;
const aggregateTable = (source: number): string => `aggregate_${source}`;

/** Rows of a Parquet file as c0, c1 …, numbered from 1; `rows` leaves out all that follow. */
export function parquetRelation(path: string, columns: readonly string[], rows: number | undefined): string {
  const names = columns.map((column, index) => `${column} AS c${index}`);
  const limit = rows === undefined ? '' : ` WHERE file_row_number < ${rows}`;
  return `(SELECT ${[...names, 'file_row_number + 1 AS r'].join(', ')} FROM ${parquetFile(path)}${limit})`;
}

function parquetFile(path: string): string {
  return `read_parquet(${sqlText(path)}, file_row_number = true, binary_as_string = true)`;
}

export const parquetColumns = (path: string): string =>
  `DESCRIBE SELECT * FROM read_parquet(${sqlText(path)}, binary_as_string = true)`;

export const parquetRowCount = (path: string): string =>
  `SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata(${sqlText(path)})`;

export function stagedRelation(table: string, lastRow: number | undefined): string {
  return lastRow === undefined ? `(SELECT * FROM ${table})` : `(SELECT * FROM ${table} WHERE r < ${lastRow})`;
}

/** The text of a cell. Binary fractions in their shortest form; a whole number without the point that DuckDB adds. */
export function cellText(column: string, type: string): string {
  if (type === 'VARCHAR') return `r.${column}`;
  if (type === 'FLOAT' || type === 'DOUBLE') return `regexp_replace(CAST(r.${column} AS VARCHAR), '\\.0$', '')`;
  return `CAST(r.${column} AS VARCHAR)`;
}

export function distinctTexts(relation: string, texts: readonly string[]): string {
  return `SELECT DISTINCT ${texts.map((text, index) => `${text} AS raw${index}`).join(', ')} FROM ${relation} r`;
}

/** Rows that say they are the control total: their quantity, and whether nothing follows. At most two. */
export function controlTotalRows(relation: string, text: string, value: string, quantity: string): string {
  return `SELECT ${quantity} AS quantity, r.r = (SELECT max(n.r) FROM ${relation} n) AS is_last FROM ${relation} r
WHERE trim(${text}, e' \\t\\r\\n') = ${sqlText(value)} LIMIT 2`;
}

/** Distinct quantities as written, with their number of rows. */
export const quantityTexts = (relation: string, text: string): string =>
  `SELECT ${text} AS raw, count(*) FROM ${relation} r GROUP BY raw`;

/** Least and greatest value and the number of values; DuckDB takes them from the file's statistics where it has them. */
export const columnBounds = (relation: string, column: string): string =>
  `SELECT CAST(min(r.${column}) AS VARCHAR), CAST(max(r.${column}) AS VARCHAR), count(r.${column}) FROM ${relation} r`;

/** Distinct quantity texts; those of the plain form with their value, scaled by 10^6. */
export function createQuantities(table: string, relation: string, text: string, isPointDecimal: boolean): string {
  const plain = isPointDecimal ? `regexp_full_match(raw, '-?[0-9]{1,13}([.][0-9]{1,6})?')` : 'false';
  return `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT raw, CASE WHEN ${plain} THEN CAST(CAST(raw AS DECIMAL(21, 6)) * CAST('1000000' AS DECIMAL(7, 0)) AS HUGEINT) END AS v, ${FATE.accepted} AS fate
FROM (SELECT DISTINCT CAST(${text} AS VARCHAR) AS raw FROM ${relation} r)`;
}

/** Texts that are not of the plain form. */
export const oddQuantities = (table: string): string => `SELECT raw FROM ${table} WHERE v IS NULL`;

export const replaceOddQuantities = (table: string, odd: string): string =>
  `DELETE FROM ${table} WHERE v IS NULL; INSERT INTO ${table} SELECT * FROM ${odd}`;

export const quantityBounds = (table: string): string => `SELECT min(v), max(v) FROM ${table}`;

/** The lookup of items by every known code: names of items, unless they are another item's alias in this system, and aliases. */
export function joinKnownItems(source: number): string {
  const aliases = lookupTable(source, 'alias');
  return `CREATE OR REPLACE TEMP TABLE ${lookupTable(source, 'item')} AS
SELECT raw, item, signature, 0 AS cleaned FROM known_items ANTI JOIN ${aliases} USING (raw) UNION ALL SELECT raw, item, signature, 0 FROM ${aliases}`;
}

/** The fate of a row, first fault first: the order of normalizeBalance. Clauses that cannot apply are left out. */
function fateOf(shape: SourceShape): string {
  const { site, item, slot, quantity } = shape;
  const when: [boolean, string, number | string][] = [
    [shape.hasFaults, 'fault_column IS NOT NULL', FATE.rejected],
    [shape.hasBadTimes, 'as_of_fate IS NOT NULL', 'as_of_fate'],
    ...shape.mismatches.map((_, index): [boolean, string, number] => [
      true,
      `mismatch${index} IS NOT NULL`,
      FATE.rejected,
    ]),
    [site.hasScopes, `scope IN (${FATE.rejected}, ${FATE.outOfScope})`, 'scope'],
    [item.mayMiss, 'item IS NULL', FATE.unknownItem],
    [item.hasBlank, `item = ${ITEM_BLANK}`, FATE.rejected],
    [site.hasScopes, `scope = ${FATE.filtered}`, FATE.filtered],
    [item.hasFiltered, `item = ${ITEM_FILTERED}`, FATE.filtered],
    [slot.hasIgnored, `slot = ${SLOT_IGNORED}`, FATE.ignored],
    [shape.hasConversionFaults, 'conversion_fate <> 0', 'conversion_fate'],
    [quantity.hasStates, 'quantity_fate <> 0', 'quantity_fate'],
    [quantity.hasNulls, 'product IS NULL', FATE.rejected],
    [quantity.hasUnits, 'product % multiple <> 0', FATE.rejected],
    [quantity.mayExceed, `abs(product // divisor) > ${SCALED_MAX}`, FATE.judged],
  ];
  const clauses = when.filter(([applies]) => applies).map(([, condition, fate]) => `WHEN ${condition} THEN ${fate}`);
  return clauses.length === 0 ? '0' : `CASE ${clauses.join(' ')} ELSE 0 END`;
}

function joinsOf(shape: SourceShape): string {
  const { index, texts, slot } = shape;
  const table = (name: string): string => lookupTable(index, name);
  const same = (alias: string, text: string | undefined, raw = 'raw'): string =>
    `${alias}.${raw} IS NOT DISTINCT FROM ${text}`;
  const joins = [
    `${shape.item.mayMiss ? 'LEFT ' : ''}JOIN ${table('item')} i ON ${same('i', texts.get('item') ?? 'NULL')}`,
  ];
  const unit = shape.hasUnitColumn ? 'u.unit' : '0';
  if (shape.hasUnitColumn) joins.push(`JOIN ${table('unit')} u ON ${same('u', texts.get('uom'))}`);
  // An inner join of small numbers, so that DuckDB looks them up in an array; rows of unknown items take signature 0.
  const signature = shape.item.mayMiss ? 'coalesce(i.signature, 0)' : 'i.signature';
  joins.push(`JOIN ${table('conversion')} f ON f.code = ${signature} * ${shape.unitCount} + ${unit}`);
  if (shape.site.constant === undefined) joins.push(`JOIN ${table('site')} s ON ${same('s', texts.get('site'))}`);
  if (shape.ownerConstant === undefined) joins.push(`JOIN ${table('owner')} o ON ${same('o', texts.get('owner'))}`);
  const slotOn = slot.columns.map((column, at) => same('m', texts.get(column), `raw${at}`));
  if (slot.usesClass) slotOn.push('m.class = f.class');
  joins.push(`JOIN ${table('slot')} m ON ${slotOn.length === 0 ? 'true' : slotOn.join(' AND ')}`);
  if (shape.quantity.exact === undefined)
    joins.push(`JOIN ${table('quantity')} q ON ${same('q', texts.get('quantity') ?? 'NULL')}`);
  for (const [at, column] of shape.mismatches.entries()) {
    joins.push(`LEFT JOIN ${table(`mismatch${at}`)} x${at} ON ${same(`x${at}`, texts.get(column))}`);
  }
  if (shape.hasBadTimes) joins.push(`LEFT JOIN ${table('as_of')} a ON ${same('a', texts.get('as_of'))}`);
  if (shape.hasCostFaults) joins.push(`LEFT JOIN ${table('cost')} k ON ${same('k', texts.get('unit_cost'))}`);
  if (shape.foreignCurrency === 'some')
    joins.push(`LEFT JOIN ${table('currency')} y ON ${same('y', texts.get('currency'))}`);
  return joins.join('\n');
}

/** Every row of an input with what its codes mean and what became of it. DuckDB drops the columns that nobody asks for. */
function judgedRows(shape: SourceShape): string {
  const { site, quantity, slot } = shape;
  const number = quantity.isWide ? 'HUGEINT' : 'BIGINT';
  const v = quantity.exact ?? 'q.v';
  const owner = shape.ownerConstant === undefined ? 'o.owner' : String(shape.ownerConstant);
  const lot = shape.texts.has('lot') ? `coalesce(${shape.texts.get('lot')}, '')` : sqlText(shape.lotConstant);
  const cleaned = [
    ...(site.isCleaned && site.constant === undefined ? ['s.cleaned'] : []),
    ...(shape.item.isCleaned ? ['coalesce(i.cleaned, 0)'] : []),
    ...(slot.isCleaned ? ['coalesce(m.cleaned, 0)'] : []),
  ];
  const inner = [
    'r.*',
    `CAST(${v} AS ${number}) * f.factor AS product`,
    'f.multiple',
    'f.divisor',
    'i.item',
    `${site.constant ? site.constant.site : 's.site'} AS site`,
    `${site.constant ? site.constant.scope : 's.scope'} AS scope`,
    `${shape.ownerGrain === 'all' ? owner : shape.ownerGrain === 'none' ? '0' : `CASE WHEN f.owner_grain = 1 THEN ${owner} ELSE 0 END`} AS owner`,
    `${shape.lotGrain === 'all' ? lot : shape.lotGrain === 'none' ? "''" : `CASE WHEN f.lot_grain = 1 THEN ${lot} ELSE '' END`} AS lot`,
    'm.slot',
    'm.status',
    `${cleaned.length === 0 ? '0' : cleaned.join(' | ')} AS cleaned`,
    'f.fate AS conversion_fate',
    ...(quantity.hasStates ? ['q.fate AS quantity_fate'] : []),
    ...shape.mismatches.map((_, at) => `x${at}.found AS mismatch${at}`),
    ...(shape.hasBadTimes ? ['a.fate AS as_of_fate'] : []),
    `${shape.hasCostFaults ? 'k.found IS NOT NULL' : 'false'} AS has_unread_cost`,
    `${shape.foreignCurrency === 'some' ? 'y.found IS NOT NULL' : String(shape.foreignCurrency === 'all')} AS has_foreign_cost`,
    ...[...shape.texts].map(([name, text]) => `${text} AS "text ${name}"`),
    `hash(${shape.distinguishing.length === 0 ? '0' : shape.distinguishing.map((at) => `r.c${at}`).join(', ')}) AS part_hash`,
    `${rowHash(shape)} AS row_hash`,
  ];
  const scaled = quantity.hasDivisors ? 'product // divisor' : 'product';
  return `(SELECT *, ${fateOf(shape)} AS fate, ${scaled} AS quantity\nFROM (SELECT ${inner.join(', ')}\nFROM ${shape.relation} r\n${joinsOf(shape)}) j)`;
}

/** The key of an accepted row, or −1 − code. */
function keyOf(shape: SourceShape, layout: KeyLayout): string {
  const type = layout.keyType;
  const packed = `((CAST(item AS ${type}) * ${layout.owners} + owner) * ${layout.sites} + site) * ${layout.categories} + slot`;
  const unmapped = `-1 - (${FATES_END + layout.sites} + (CAST(item AS ${type}) * ${layout.sites} + site) * ${layout.statuses} + (${UNMAPPED_FIRST} - slot))`;
  const key = shape.slot.hasUnmapped ? `CASE WHEN slot >= 0 THEN ${packed} ELSE ${unmapped} END` : packed;
  if (fateOf(shape) === '0') return key;
  return `CASE WHEN fate = 0 THEN ${key} WHEN fate = ${FATE.outOfScope} THEN -1 - (${FATES_END} + site) ELSE CAST(-1 - fate AS ${type}) END`;
}

/** Aggregates one input. `mask1` and `mask2` prove the rows of a group different where as many bits are set as it has rows. */
export function aggregateSource(shape: SourceShape, layout: KeyLayout): string {
  const isPlain = fateOf(shape) === '0' && !shape.slot.hasUnmapped;
  const { quantity } = shape;
  const sum = quantity.isSumNarrow ? 'CAST(sum(quantity) AS BIGINT)' : 'sum(quantity)';
  return `CREATE OR REPLACE TEMP TABLE ${aggregateTable(shape.index)} AS
SELECT key, lot, ${sum} AS quantity, count(*) AS row_count,
  ${quantity.hasNegative ? 'count_if(quantity < 0)' : '0'} AS negative_count, ${hasCleaned(shape) ? 'sum(cleaned)' : '0'} AS cleaned_count,
  bit_or(CAST(1 AS UBIGINT) << (part_hash & 63)) AS mask1, bit_or(CAST(1 AS UBIGINT) << ((part_hash >> 6) & 63)) AS mask2
FROM (SELECT ${keyOf(shape, layout)} AS key, ${isPlain ? 'lot' : "CASE WHEN fate = 0 AND slot >= 0 THEN lot ELSE '' END AS lot"},
  ${fateOf(shape) === '0' ? 'quantity' : 'CASE WHEN fate = 0 THEN quantity END AS quantity'}, cleaned, part_hash FROM ${judgedRows(shape)})
GROUP BY key, lot`;
}

function hasCleaned(shape: SourceShape): boolean {
  return shape.site.isCleaned || shape.item.isCleaned || shape.slot.isCleaned;
}

/** Merges groups whose lots turn out to be the same text, and adds the rows that the core judged. */
export function mergeLots(source: number, judged: string | undefined): string {
  const columns = 'key, lot, quantity, row_count, negative_count, cleaned_count';
  const extra =
    judged === undefined
      ? ''
      : ` UNION ALL SELECT key, group_lot, quantity, 1, CAST(quantity < 0 AS INTEGER), cleaned_count FROM ${judged}`;
  return `CREATE OR REPLACE TEMP TABLE ${aggregateTable(source)} AS
SELECT key, coalesce(l.clean, g.lot) AS lot, sum(quantity) AS quantity, CAST(sum(row_count) AS BIGINT) AS row_count,
  sum(negative_count) AS negative_count, sum(CASE WHEN l.clean IS NULL THEN cleaned_count ELSE row_count END) AS cleaned_count
FROM (SELECT ${columns} FROM ${aggregateTable(source)}${extra}) g LEFT JOIN lookup_lots l ON l.raw = g.lot
GROUP BY ALL`;
}

/** Lots that may hold more than plain printable ASCII with no space at its ends: the core decides how they read. */
export function unusualLots(source: number): string {
  return `SELECT DISTINCT lot FROM ${aggregateTable(source)} WHERE lot <> '' AND (strlen(lot) <> length(lot) OR lot < '!' OR reverse(lot) < '!')`;
}

/** Groups outside every key. */
export function outsideGroups(source: number): string {
  return `SELECT CAST(key AS HUGEINT), CAST(quantity AS HUGEINT), CAST(row_count AS BIGINT) FROM ${aggregateTable(source)} WHERE key < 0`;
}

/** Groups of accepted rows: keys, and unmapped statuses behind fates and sites out of scope. */
const isAccepted = (layout: KeyLayout): string => `(key >= 0 OR key < ${-FATES_END - layout.sites})`;

export function countedGroups(source: number, layout: KeyLayout): string {
  return `SELECT CAST(coalesce(sum(row_count), 0) AS BIGINT), CAST(coalesce(sum(negative_count), 0) AS BIGINT), CAST(coalesce(sum(cleaned_count), 0) AS BIGINT)
FROM ${aggregateTable(source)} WHERE ${isAccepted(layout)}`;
}

/** Rows of an input in row order, with their texts. */
export function listedRows(shape: SourceShape, condition: string, limit: number | undefined): string {
  const names = [...shape.texts.keys()].map((name) => `"text ${name}"`);
  const faults = shape.hasFaults ? ['fault_column', 'fault_value', 'fault_reason'] : [];
  return `SELECT ${['CAST(r AS BIGINT) AS row_number', ...names, ...faults].join(', ')} FROM ${judgedRows(shape)}
WHERE ${condition} ORDER BY r${limit === undefined ? '' : ` LIMIT ${limit}`}`;
}

/** Items of groups whose rows the masks do not prove to be different. */
export function repeatCandidates(source: number, layout: KeyLayout): string {
  const item = `CASE WHEN key >= 0 THEN key // ${layout.owners * layout.sites * layout.categories} ELSE (-1 - key - ${FATES_END + layout.sites}) // ${layout.sites * layout.statuses} END`;
  return `CREATE OR REPLACE TEMP TABLE repeat_candidates AS SELECT DISTINCT CAST(${item} AS BIGINT) AS item FROM ${aggregateTable(source)}
WHERE ${isAccepted(layout)} AND greatest(bit_count(mask1), bit_count(mask2)) < row_count`;
}

/** The same where every row of the input was accepted: nothing but items and whole rows has to be looked at. */
export function countRepeatsOfAll(shape: SourceShape, ofCandidates: boolean): string {
  const text = shape.texts.get('item');
  const isCandidate =
    ofCandidates && text !== undefined
      ? `WHERE ${text} IN (SELECT raw FROM ${lookupTable(shape.index, 'item')} SEMI JOIN repeat_candidates USING (item))`
      : '';
  return `SELECT CAST(coalesce(sum(row_count), 0) - count(*) AS BIGINT) FROM
(SELECT ${rowHash(shape)} AS row_hash, count(*) AS row_count FROM ${shape.relation} r ${isCandidate} GROUP BY row_hash)`;
}

const rowHash = (shape: SourceShape): string =>
  `hash(${Array.from({ length: shape.columnCount }, (_, at) => `r.c${at}`).join(', ')})`;

/** Accepted rows that repeat an earlier one in every column. `judged` holds the rows that the core accepted. */
export function countRepeats(shape: SourceShape, ofCandidates: boolean, judged: string | undefined): string {
  const accepted =
    judged === undefined
      ? 'fate = 0'
      : `(fate = 0 OR (fate = ${FATE.judged} AND r IN (SELECT row_number FROM ${judged})))`;
  const candidates = ofCandidates ? ' AND item IN (SELECT item FROM repeat_candidates)' : '';
  return `SELECT CAST(coalesce(sum(row_count), 0) - count(*) AS BIGINT) FROM
(SELECT row_hash, count(*) AS row_count FROM ${judgedRows(shape)} WHERE ${accepted}${candidates} GROUP BY row_hash)`;
}

/** Units and rows by item, site and unit cost of the items in wanted_items. */
export function rowCosts(shape: SourceShape): string {
  const cost = shape.texts.has('unit_cost') ? '"text unit_cost"' : "''";
  return `SELECT CAST(item AS INTEGER), CAST(site AS INTEGER), ${cost} AS cost, sum(abs(CAST(quantity AS HUGEINT))), count_if(quantity = 0)
FROM ${judgedRows(shape)} WHERE fate = 0 AND NOT has_foreign_cost AND item IN (SELECT item FROM wanted_items) GROUP BY ALL`;
}

/** One side's keys. Several files of one system may hold the same key; several warehouse systems never do. */
export function sideKeys(sources: readonly number[], mayOverlap: boolean): string {
  const parts = sources.map((source) => `SELECT key, lot, quantity FROM ${aggregateTable(source)} WHERE key >= 0`);
  if (parts.length === 0)
    return 'SELECT CAST(NULL AS BIGINT) AS key, CAST(NULL AS VARCHAR) AS lot, CAST(NULL AS BIGINT) AS quantity WHERE false';
  const all = parts.join(' UNION ALL ');
  return mayOverlap ? `SELECT key, lot, sum(quantity) AS quantity FROM (${all}) GROUP BY key, lot` : all;
}

export interface SideOptions {
  readonly erp: string;
  readonly wms: string;
  readonly hasInFlight: boolean;
  readonly isErpPartial: boolean;
  readonly partialSites: readonly number[];
}

/**
 * Both sides of each key. One row per key with something to show (item >= 0); all other keys summed up by site and
 * category (item = -1), those not covered by a partial snapshot under site = number of sites. Unsorted.
 */
export function compareSides(layout: KeyLayout, sides: SideOptions): string {
  const { categories, sites, owners } = layout;
  const cells = sites * categories;
  const inFlight = sides.hasInFlight
    ? {
        join: 'FULL JOIN in_flight f ON f.key = coalesce(e.key, w.key) AND f.lot = coalesce(e.lot, w.lot)',
        key: ', f.key',
        lot: ', f.lot',
        value: 'coalesce(f.quantity, 0)',
      }
    : { join: '', key: '', lot: '', value: '0' };
  const uncovered = [
    ...(sides.isErpPartial ? ['e IS NULL'] : []),
    ...(sides.partialSites.length > 0
      ? [`(w IS NULL AND key // ${categories} % ${sites} IN (${sides.partialSites.join(', ')}))`]
      : []),
  ].join(' OR ');
  const isCovered = uncovered === '' ? 'true' : `NOT (${uncovered})`;
  const cell = `key % ${cells}`;
  return `WITH erp AS (${sides.erp}), wms AS (${sides.wms}), both_sides AS (
  SELECT coalesce(e.key, w.key${inFlight.key}) AS key, coalesce(e.lot, w.lot${inFlight.lot}) AS lot, e.quantity AS e, w.quantity AS w, ${inFlight.value} AS f
  FROM erp e FULL JOIN wms w ON e.key = w.key AND e.lot = w.lot ${inFlight.join}
), covered AS (
  SELECT *, ${isCovered} AS is_covered, (coalesce(e, 0) <> coalesce(w, 0) OR f <> 0) AND ${isCovered} AS is_shown FROM both_sides
), grouped AS (
  SELECT CASE WHEN is_shown THEN key WHEN is_covered THEN -1 - ${cell} ELSE -1 - ${cells} END AS entry, CASE WHEN is_shown THEN lot ELSE '' END AS lot,
    count(*) AS key_count, CAST(coalesce(sum(e), 0) AS HUGEINT) AS e, CAST(coalesce(sum(w), 0) AS HUGEINT) AS w, CAST(coalesce(sum(f), 0) AS HUGEINT) AS f,
    count(e) AS e_present, count(w) AS w_present, count_if(e <> 0) AS e_keys, count_if(w <> 0) AS w_keys, count_if(e <> 0 AND w <> 0) AS both_keys,
    max(greatest(abs(coalesce(e, 0)), abs(coalesce(w, 0)))) AS largest
  FROM covered GROUP BY entry, 2
)
SELECT CAST(CASE WHEN entry >= 0 THEN entry // ${cells * owners} ELSE -1 END AS INTEGER), CAST(CASE WHEN entry >= 0 THEN entry // ${cells} % ${owners} ELSE 0 END AS INTEGER),
  CAST((CASE WHEN entry >= 0 THEN entry // ${categories} % ${sites} ELSE (-1 - entry) // ${categories} END) AS INTEGER),
  CAST((CASE WHEN entry >= 0 THEN entry ELSE -1 - entry END) % ${categories} AS INTEGER), lot,
  key_count, e, w, f, e_present, w_present, e_keys, w_keys, both_keys, CAST(largest AS HUGEINT) FROM grouped`;
}

/** One part of the history: the rows of one input by key and native status. `judged` holds the rows that the core accepted. */
export function historyPart(shape: SourceShape, system: number, judged: string | undefined): string {
  const columns = 'item, owner, site, lot, slot, status, quantity';
  const extra = judged === undefined ? '' : ` UNION ALL SELECT ${columns} FROM ${judged}`;
  return `SELECT ${system} AS system, * FROM (SELECT ${columns} FROM ${judgedRows(shape)} WHERE fate = 0${extra})`;
}

/** Balances by key and native status in numbers, as the history has them. */
const historyGroups = (parts: readonly string[], condition: string): string =>
  `SELECT system, item, owner, site, coalesce(l.clean, p.lot) AS lot, slot, status, sum(quantity) AS quantity, count(*) AS row_count
  FROM (${parts.join(' UNION ALL ')}) p LEFT JOIN lookup_lots l ON l.raw = p.lot ${condition} GROUP BY ALL`;

/** The balances of the items in found_items, in no order. */
export function findHistory(parts: readonly string[]): string {
  return `SELECT system, site, item, owner, lot, status, slot, CAST(quantity AS HUGEINT)
FROM (${historyGroups(parts, 'WHERE p.item IN (SELECT item FROM found_items)')})`;
}

/** Writes balances by key and native status, names put back in. */
export function copyHistory(parts: readonly string[], path: string, decimals: number): string {
  const unit = decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
  return `COPY (SELECT y.name AS system, s.name AS site, i.name AS item, o.name AS owner, g.lot, t.name AS status, coalesce(c.name, '') AS category,
  CAST(CAST(g.quantity AS BIGINT) * CAST('${unit}' AS DECIMAL(${decimals + 1}, ${decimals})) AS DECIMAL(18, ${decimals})) AS quantity, g.row_count AS rows
FROM (${historyGroups(parts, '')}) g
JOIN names_system y ON y.id = g.system JOIN names_site s ON s.id = g.site JOIN names_item i ON i.id = g.item JOIN names_owner o ON o.id = g.owner
JOIN names_status t ON t.id = g.status LEFT JOIN names_category c ON c.id = g.slot)
TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`;
}

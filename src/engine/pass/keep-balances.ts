/** Writes the history's balances: the workers write lines of numbers, DuckDB joins the names and makes one Parquet file. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatFixed } from '../../core/model/decimal.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { type DuckDb, openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import { SMALL_ROWS_MAX, type SmallColumn, writeSmallParquet } from '../../duckdb/small-parquet.ts';
import type { FoundBalance } from './balance-writer.ts';
import type { RunNames } from './merge-names.ts';
import type { PassThread } from './pass-thread.ts';

const DUCKDB_BYTES = 500e6;
const NAMES_PER_CHUNK = 2048;

export interface KeepOptions {
  readonly temporaryDirectory: string;
  readonly plan: Plan;
  readonly names: RunNames;
  /** System of each input. */
  readonly systems: readonly string[];
  /** No more rows than this were stored. */
  readonly rowsMax: number;
  /** Ends the workers, which are not needed any more. */
  readonly release: () => Promise<void>;
  readonly eachPartition: (write: (thread: PassThread, partition: number) => Promise<unknown>) => Promise<void>;
}

/** Writes all balances by key and native status to one Parquet file at `path`; `rows` counts them. */
export async function keepBalances(
  path: string,
  threads: readonly PassThread[],
  options: KeepOptions,
): Promise<{ rows: number }> {
  const { temporaryDirectory, plan, names, systems } = options;
  if (options.rowsMax <= SMALL_ROWS_MAX) return keepSmall(path, threads, options);
  const parts = threads.map((_, index) => join(temporaryDirectory, `balances-${index}.csv`));
  await Promise.all(threads.map((thread, index) => thread.call('beginBalances', parts[index] as string)));
  await options.eachPartition((thread, partition) => thread.call('writeBalances', partition));
  const counts = await Promise.all(threads.map((thread) => thread.call('finishBalances')));
  // The rows are written: their memory is DuckDB's now.
  await options.release();
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: DUCKDB_BYTES });
  try {
    await addNames(database, 'systems', systems);
    await addNames(database, 'sites', names.sites);
    await addNames(database, 'items', names.items);
    await addNames(database, 'owners', names.owners);
    await addNames(database, 'statuses', names.statuses);
    await addNames(database, 'categories', ['', ...plan.categories]);
    await database.run('SET preserve_insertion_order = false');
    await database.run(
      `COPY (${selectBalances(parts, plan.quantityDecimals)}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    database.close();
  }
  await Promise.all(parts.map((part) => rm(part, { force: true })));
  return { rows: counts.reduce((sum, count) => sum + count, 0) };
}

/** Balances by key and native status, of the items that `wanted` marks or of all. */
export async function findBalances(
  threads: readonly PassThread[],
  wanted: Uint8Array | undefined,
  eachPartition: KeepOptions['eachPartition'],
): Promise<FoundBalance[]> {
  const found: FoundBalance[] = [];
  await Promise.all(threads.map((thread) => thread.call('beginFind', wanted)));
  await eachPartition(async (thread, partition) => {
    for (const balance of await thread.call('findBalances', partition)) found.push(balance);
  });
  return found;
}

async function keepSmall(
  path: string,
  threads: readonly PassThread[],
  { plan, names, systems, eachPartition }: KeepOptions,
): Promise<{ rows: number }> {
  const found = await findBalances(threads, undefined, eachPartition);
  const decimal = { precision: 18, scale: plan.quantityDecimals };
  const text = (name: string, value: (balance: FoundBalance) => string | undefined): SmallColumn => ({
    name,
    type: 'VARCHAR',
    values: found.map((balance) => value(balance) ?? ''),
  });
  await writeSmallParquet(path, [
    text('system', ({ system }) => systems[system]),
    text('site', ({ site }) => names.sites[site]),
    text('item', ({ item }) => names.items[item]),
    text('owner', ({ owner }) => names.owners[owner]),
    text('lot', ({ lot }) => lot),
    text('status', ({ status }) => names.statuses[status]),
    text('category', ({ category }) => plan.categories[category - 1]),
    { name: 'quantity', type: decimal, values: found.map(({ scaled }) => formatFixed(scaled, plan.quantityDecimals)) },
    { name: 'rows', type: 'BIGINT', values: found.map(({ rows }) => String(rows)) },
  ]);
  return { rows: found.length };
}

/** A table of names by their numbers. */
async function addNames(database: DuckDb, table: string, names: readonly string[]): Promise<void> {
  const { DuckDBDataChunk, INTEGER, VARCHAR } = await import('@duckdb/node-api');
  await database.run(`CREATE TABLE ${table} (id INTEGER, name VARCHAR)`);
  const appender = await database.connection.createAppender(table);
  for (let first = 0; first < names.length; first += NAMES_PER_CHUNK) {
    const part = names.slice(first, first + NAMES_PER_CHUNK);
    const chunk = DuckDBDataChunk.create([INTEGER, VARCHAR], part.length);
    chunk.setColumnValues(
      0,
      part.map((_, index) => first + index),
    );
    chunk.setColumnValues(1, part);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/**
 * Grain: one row per system, key and native status. We wrote these files ourselves a moment ago, every lot in quotes:
 * nothing is left to detect, and no lot is null.
 */
function selectBalances(parts: readonly string[], decimals: number): string {
  const columns =
    "{'system': 'INTEGER', 'site': 'INTEGER', 'item': 'INTEGER', 'owner': 'INTEGER', 'status': 'INTEGER', 'category': 'INTEGER', 'scaled': 'DECIMAL(18, 0)', 'row_count': 'BIGINT', 'lot': 'VARCHAR'}";
  const source = `read_csv([${parts.map(sqlText).join(', ')}], header=false, auto_detect=false, delim=',', quote='"', escape='"', strict_mode=false, force_not_null=['lot'], columns=${columns})`;
  const one = `CAST(${formatFixed(1, decimals)} AS DECIMAL(18, ${decimals}))`;
  return `SELECT systems.name AS system, sites.name AS site, items.name AS item, owners.name AS owner, lot,
      statuses.name AS status, categories.name AS category,
      CAST(scaled * ${one} AS DECIMAL(18, ${decimals})) AS quantity, row_count AS rows
    FROM ${source} AS balances
    JOIN systems ON systems.id = balances.system
    JOIN sites ON sites.id = balances.site
    JOIN items ON items.id = balances.item
    JOIN owners ON owners.id = balances.owner
    JOIN statuses ON statuses.id = balances.status
    JOIN categories ON categories.id = balances.category`;
}

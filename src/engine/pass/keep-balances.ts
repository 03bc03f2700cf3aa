/** Writes the history's balances: the workers write lines, DuckDB makes one Parquet file of them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatFixed } from '../../core/model/decimal.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import { type SmallColumn, writeSmallParquet } from '../../duckdb/small-parquet.ts';
import type { FoundBalance } from './balance-writer.ts';
import type { RunNames } from './merge-names.ts';
import type { PassThread } from './pass-thread.ts';

const DUCKDB_BYTES = 500e6;

export interface KeepOptions {
  readonly temporaryDirectory: string;
  readonly plan: Plan;
  readonly names: RunNames;
  /** System of each input. */
  readonly systems: readonly string[];
  /** Few enough rows to do without the database. */
  readonly isSmall: boolean;
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
  const { temporaryDirectory, plan } = options;
  if (options.isSmall) return keepSmall(path, threads, options);
  const parts = threads.map((_, index) => join(temporaryDirectory, `balances-${index}.csv`));
  await Promise.all(threads.map((thread, index) => thread.call('beginBalances', parts[index] as string)));
  await options.eachPartition((thread, partition) => thread.call('writeBalances', partition));
  const counts = await Promise.all(threads.map((thread) => thread.call('finishBalances')));
  // The rows are written: their memory is DuckDB's now.
  await options.release();
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: DUCKDB_BYTES });
  try {
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

/**
 * Grain: one row per system, key and native status. We wrote these files ourselves a moment ago, every text in quotes:
 * nothing is left to detect, and no text is null.
 */
function selectBalances(parts: readonly string[], decimals: number): string {
  const texts = ['system', 'site', 'item', 'owner', 'status', 'category', 'lot'];
  const columns =
    "{'system': 'VARCHAR', 'site': 'VARCHAR', 'item': 'VARCHAR', 'owner': 'VARCHAR', 'status': 'VARCHAR', 'category': 'VARCHAR', 'scaled': 'DECIMAL(18, 0)', 'row_count': 'BIGINT', 'lot': 'VARCHAR'}";
  const source = `read_csv([${parts.map(sqlText).join(', ')}], header=false, auto_detect=false, delim=',', quote='"', escape='"', strict_mode=false, force_not_null=[${texts.map(sqlText).join(', ')}], columns=${columns})`;
  const one = `CAST(${formatFixed(1, decimals)} AS DECIMAL(18, ${decimals}))`;
  return `SELECT system, site, item, owner, lot, status, category,
      CAST(scaled * ${one} AS DECIMAL(18, ${decimals})) AS quantity, row_count AS rows
    FROM ${source}`;
}

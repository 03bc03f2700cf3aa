/** Writes the history's balances: the workers write CSV of their partitions, DuckDB makes one Parquet file of it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../core/normalize/plan.ts';
import { openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import { BALANCE_COLUMNS } from './balance-writer.ts';
import type { PassThread } from './pass-thread.ts';

/** Writes all balances by key and native status to one Parquet file at `path`; `rows` counts them. */
export async function keepBalances(
  path: string,
  temporaryDirectory: string,
  threads: readonly PassThread[],
  plan: Plan,
  eachPartition: (write: (thread: PassThread, partition: number) => Promise<unknown>) => Promise<void>,
): Promise<{ rows: number }> {
  const parts = threads.map((_, index) => join(temporaryDirectory, `balances-${index}.csv`));
  await Promise.all(threads.map((thread, index) => thread.call('beginBalances', parts[index] as string)));
  await eachPartition((thread, partition) => thread.call('writeBalances', partition));
  const counts = await Promise.all(threads.map((thread) => thread.call('finishBalances')));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const database = await openDuckDb({ temporaryDirectory });
  try {
    const types = BALANCE_COLUMNS.map(
      (name) =>
        `'${name}': '${name === 'quantity' ? `DECIMAL(18, ${plan.quantityDecimals})` : name === 'rows' ? 'BIGINT' : 'VARCHAR'}'`,
    );
    // We wrote these files ourselves a moment ago, every text in quotes: nothing is left to detect.
    const source = `read_csv([${parts.map(sqlText).join(', ')}], header=false, auto_detect=false, delim=',', quote='"', escape='"', strict_mode=false, force_not_null=[${BALANCE_COLUMNS.slice(0, 7).map(sqlText).join(', ')}], columns={${types.join(', ')}})`;
    await database.run(`COPY (SELECT * FROM ${source}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    database.close();
  }
  await Promise.all(parts.map((part) => rm(part, { force: true })));
  return { rows };
}

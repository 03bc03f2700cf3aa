/**
 * Which native statuses both systems use, and which category each is in: from the balances that a run kept. Never maps
 * anything itself.
 */
import { join } from 'node:path';
import type { UnmappedStatus } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { CompleteRun } from './kept-results.ts';

/** One native status of one system in one category; '' is none. Units are base units. */
export interface MatrixCell {
  readonly system: string;
  readonly status: string;
  readonly category: string;
  readonly rows: number;
  readonly keys: number;
  readonly items: number;
  readonly quantity: string;
}

export interface MappingMatrix {
  readonly run_id: string;
  /** By system and status. */
  readonly cells: readonly MatrixCell[];
  /** With what they are worth, as the run says. */
  readonly unmapped: readonly UnmappedStatus[];
}

/** Counts the balances of a run by system, native status and category. */
export async function mappingMatrix(run: CompleteRun, temporaryDirectory: string): Promise<MappingMatrix> {
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: 500e6 });
  try {
    const rows =
      await database.rows(`SELECT system, status, category, CAST(sum(rows) AS DOUBLE), CAST(count(*) AS DOUBLE),
        CAST(count(DISTINCT item) AS DOUBLE), CAST(sum(quantity) AS VARCHAR)
      FROM ${keptBalances(run)} GROUP BY ALL ORDER BY system, status, category`);
    const cells = rows.map(([system, status, category, count, keys, items, quantity]) => ({
      system: String(system),
      status: String(status),
      category: String(category),
      rows: Number(count),
      keys: Number(keys),
      items: Number(items),
      quantity: plain(String(quantity)),
    }));
    return { run_id: run.document.run_id, cells, unmapped: run.document.unmapped };
  } finally {
    database.close();
  }
}

/** The balances of a run by key and native status. DuckDB reads paths as patterns: in brackets a character stands for itself. */
export function keptBalances({ folder }: CompleteRun): string {
  return `read_parquet(${sqlText(join(folder, 'balances.parquet').replaceAll(/[*?[]/g, '[$&]'))})`;
}

function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

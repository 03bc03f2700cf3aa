/** What runs said of one item, run by run: where it was out of step and by how much. Never compares anew. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { KeptResults } from './kept-results.ts';

export interface ItemHistoryOptions {
  readonly item: string;
  /** Runs that are looked at, from the newest on. */
  readonly runs: number;
  /** Sites that the asker may see; null: all. */
  readonly sites: readonly string[] | null;
  readonly temporaryDirectory: string;
}

/** One place of the item that was out of step. */
export interface ItemLine {
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: string;
  readonly net_variance_quantity: string;
  readonly variance_value: string;
  readonly cause: string;
}

/** A run without lines compared the item and found it in step, or did not know it. */
export interface ItemRun {
  readonly run_id: string;
  readonly cut_off: string;
  readonly lines: readonly ItemLine[];
}

const COLUMNS = ['site', 'owner', 'lot', 'category', 'net_variance_quantity', 'variance_value', 'cause'] as const;

/** The oldest run first. */
export async function itemHistory(results: KeptResults, options: ItemHistoryOptions): Promise<ItemRun[]> {
  const runs: { run_id: string; cut_off: string; path: string }[] = [];
  for (const id of (await results.store.list()).reverse()) {
    if (runs.length === options.runs) break;
    const document = await results.document(id).catch(() => undefined);
    const path = join(results.store.folderOf(id), 'discrepancies.parquet');
    if (document?.state !== 'complete' || !existsSync(path)) continue;
    runs.push({ run_id: id, cut_off: runCutOff(document.inputs, document.started_at).text, path });
  }
  const database = await openDuckDb({ temporaryDirectory: options.temporaryDirectory, memoryBytes: 500e6 });
  try {
    const history: ItemRun[] = [];
    for (const { run_id, cut_off, path } of runs.reverse()) {
      const rows = await database.rows(
        `SELECT ${COLUMNS.map((name) => `coalesce(CAST(${name} AS VARCHAR), '')`).join(', ')}
         FROM read_parquet(${sqlText(path.replaceAll(/[*?[]/g, '[$&]'))})
         WHERE item = ${sqlText(options.item)} ORDER BY rank`,
      );
      const lines = rows.map(
        (row) =>
          Object.fromEntries(
            COLUMNS.map((name, index) => [name, plain(name, String(row[index]))]),
          ) as unknown as ItemLine,
      );
      const { sites } = options;
      history.push({ run_id, cut_off, lines: lines.filter(({ site }) => sites === null || sites.includes(site)) });
    }
    return history;
  } finally {
    database.close();
  }
}

/** Takes the zeros away with which Parquet fills a decimal up to its scale. Values keep the decimals of their currency. */
function plain(name: string, text: string): string {
  if (name === 'net_variance_quantity') return text.replace(/\.?0+$/, '');
  return name === 'variance_value' ? text.replace(/(\.\d\d)00$/, '$1') : text;
}

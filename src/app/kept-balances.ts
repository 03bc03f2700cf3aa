/**
 * Reads the balances that an earlier run kept, without those that were replaced since. Decides nothing about them: what is
 * replaced is said by the caller. Never changes the kept file.
 */
import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api';
import type { Balance } from '../core/model/balance.ts';
import { type DuckDb, type DuckDbOptions, duckDbDriver, openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { RawRow, RawTable } from '../ingest/raw-table.ts';

/** What tells kept balances apart within a system, in the order of its columns. */
const KEY = ['site', 'owner', 'item', 'lot', 'status'] as const;

/** Columns of the rows that are carried forward, in order: canonical names, quantities in base units. */
export const CARRIED_HEADER: readonly string[] = [...KEY, 'quantity'];

const CHUNK_ROWS = 2048;

/** The balances of one system in one kept file. The caller closes it. */
export class KeptBalances {
  private readonly database: DuckDb;
  private readonly path: string;
  private readonly appender: DuckDBAppender;
  private readonly makeChunk: (columns: readonly (readonly string[])[]) => DuckDBDataChunk;
  private pending: string[][] = KEY.map(() => []);

  private constructor(
    database: DuckDb,
    path: string,
    appender: DuckDBAppender,
    makeChunk: (columns: readonly (readonly string[])[]) => DuckDBDataChunk,
  ) {
    this.database = database;
    this.path = path;
    this.appender = appender;
    this.makeChunk = makeChunk;
  }

  static async open(path: string, options: DuckDbOptions): Promise<KeptBalances> {
    const { DuckDBDataChunk, VARCHAR } = duckDbDriver();
    const database = await openDuckDb(options);
    try {
      await database.run(`CREATE TABLE replaced (${KEY.map((column) => `${column} VARCHAR`).join(', ')})`);
      const appender = await database.connection.createAppender('replaced');
      return new KeptBalances(database, path, appender, (columns) => {
        const chunk = DuckDBDataChunk.create(
          KEY.map(() => VARCHAR),
          columns[0]?.length ?? 0,
        );
        chunk.setColumns(columns);
        return chunk;
      });
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** What is kept of this balance's key and native status is left out. */
  replace(balance: Balance): void {
    for (const [at, column] of KEY.entries()) (this.pending[at] as string[]).push(balance[column]);
    if ((this.pending[0]?.length ?? 0) >= CHUNK_ROWS) this.append();
  }

  private append(): void {
    if (this.pending[0]?.length === 0) return;
    this.appender.appendDataChunk(this.makeChunk(this.pending));
    this.pending = KEY.map(() => []);
  }

  /**
   * Writes what is left of a system's balances to a Parquet file with the columns CARRIED_HEADER, all of them text, ordered
   * by key. `isUpper`: item codes are compared in upper case. Throws DuckDB's error where the kept file is damaged.
   */
  async writeRest(system: string, to: string, isUpper: boolean): Promise<void> {
    this.append();
    this.appender.flushSync();
    const columns = KEY.map((column) => `coalesce(${column === 'item' && isUpper ? 'upper(item)' : column}, '')`);
    const kept = `SELECT ${columns.map((column, at) => `${column} AS ${KEY[at]}`).join(', ')}, quantity
      FROM read_parquet(${sqlText(asLiteral(this.path))}) WHERE system = ${sqlText(system)}`;
    const rest = `SELECT ${KEY.join(', ')}, CAST(sum(quantity) AS VARCHAR) AS quantity
      FROM (${kept}) ANTI JOIN replaced USING (${KEY.join(', ')}) GROUP BY ALL ORDER BY ${KEY.join(', ')}`;
    await this.database.run(`COPY (${rest}) TO ${sqlText(to)} (FORMAT parquet)`);
  }

  /** Distinct texts of one column of a file that `writeRest` wrote. */
  async distinct(written: string, column: (typeof KEY)[number]): Promise<string[]> {
    const rows = await this.database.rows(
      `SELECT DISTINCT ${column} FROM read_parquet(${sqlText(asLiteral(written))}) ORDER BY 1`,
    );
    return rows.map(([text]) => String(text));
  }

  close(): void {
    this.appender.closeSync();
    this.database.close();
  }
}

/** The rows of a file that `writeRest` wrote, in its order. */
export async function openCarried(written: string, options: DuckDbOptions): Promise<RawTable> {
  return { header: CARRIED_HEADER, batches: carriedRows(written, options) };
}

async function* carriedRows(written: string, options: DuckDbOptions): AsyncGenerator<readonly RawRow[]> {
  const database = await openDuckDb(options);
  try {
    const result = await database.connection.stream(
      `SELECT ${CARRIED_HEADER.join(', ')} FROM read_parquet(${sqlText(asLiteral(written))})`,
    );
    let row = 2;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      yield chunk.getRows().map((values) => ({ row: row++, values: values as string[] }));
    }
  } finally {
    database.close();
  }
}

/** DuckDB reads paths as patterns: in brackets a character stands for itself. */
function asLiteral(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

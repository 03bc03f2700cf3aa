/** Reads Parquet files row by row as text: the way of master data, movements and messages. Balances take the SQL engine's way. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import { type DuckDb, openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import type { RawRow, RawTable } from '../raw-table.ts';

/** The header counts as row 1, as in a spreadsheet. */
const FIRST_ROW = 2;

/** Names of the columns. A damaged file throws a Failure of kind `refused`. */
export async function readParquetHeader(path: string, temporaryDirectory: string): Promise<string[]> {
  return withFile(path, temporaryDirectory, async (database, source) =>
    (await database.rows(`DESCRIBE SELECT * FROM ${source}`)).map((row) => String(row[0])),
  );
}

/** All rows; numbers as plain decimals, times as ISO 8601. */
export async function readParquet(path: string, temporaryDirectory: string): Promise<RawTable> {
  const header = await readParquetHeader(path, temporaryDirectory);
  return { header, batches: batches(path, temporaryDirectory) };
}

/** A row with what it is as JSON: its columns in the file's order, numbers with the digits that they have there. */
export interface ParquetRow extends RawRow {
  readonly json: string;
}

/** Rows from `first` to `last`, counted as readParquet does. Reads no others. */
export async function readParquetRows(
  path: string,
  temporaryDirectory: string,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<ParquetRow[]> {
  const start = Math.max(FIRST_ROW, first);
  if (last < start) return [];
  return withFile(path, temporaryDirectory, async (database, source) => {
    const columns = (await database.rows(`DESCRIBE SELECT * FROM ${source}`)).map(([name, type]) => ({
      name: String(name),
      isBare: BARE_TYPES.test(String(type)),
    }));
    const found = await database.rows(
      `SELECT COLUMNS(*)::VARCHAR FROM ${source} LIMIT ${last - start + 1} OFFSET ${start - FIRST_ROW}`,
    );
    return found.map((values, index) => ({
      row: start + index,
      values: values as (string | null)[],
      json: jsonOf(columns, values as (string | null)[]),
    }));
  });
}

const BARE_TYPES = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|FLOAT|DOUBLE|BOOLEAN)$/;
/** Infinities and NaN are no JSON. */
const BARE_TEXT = /^(true|false|-?\d+(\.\d+)?(e[+-]?\d+)?)$/i;

function jsonOf(
  columns: readonly { readonly name: string; readonly isBare: boolean }[],
  values: readonly (string | null)[],
): string {
  const members = columns.map(({ name, isBare }, at) => {
    const text = values[at] ?? null;
    const value = text !== null && isBare && BARE_TEXT.test(text) ? text : JSON.stringify(text);
    return `  ${JSON.stringify(name)}: ${value}`;
  });
  return `{\n${members.join(',\n')}\n}`;
}

async function* batches(path: string, temporaryDirectory: string): AsyncGenerator<readonly RawRow[]> {
  const { database, source, close } = await openFile(path, temporaryDirectory);
  try {
    const result = await database.connection.stream(`SELECT COLUMNS(*)::VARCHAR FROM ${source}`);
    let row = FIRST_ROW;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      yield chunk.getRows().map((values) => ({ row: row++, values: values as (string | null)[] }));
    }
  } catch (error) {
    throw damaged(path, error);
  } finally {
    await close();
  }
}

async function withFile<T>(
  path: string,
  temporaryDirectory: string,
  use: (database: DuckDb, source: string) => Promise<T>,
): Promise<T> {
  const { database, source, close } = await openFile(path, temporaryDirectory);
  try {
    return await use(database, source);
  } catch (error) {
    throw damaged(path, error);
  } finally {
    await close();
  }
}

async function openFile(
  path: string,
  temporaryDirectory: string,
): Promise<{ database: DuckDb; source: string; close: () => Promise<void> }> {
  // DuckDB reads names as patterns: a link of our own name means this very file.
  const folder = await mkdtemp(join(temporaryDirectory, 'parquet-'));
  const link = join(folder, 'file.parquet');
  await symlink(path, link);
  const database = await openDuckDb({ temporaryDirectory });
  const close = async (): Promise<void> => {
    database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { database, source: `read_parquet(${sqlText(link)})`, close };
}

function damaged(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const reason = (error as Error).message
    .split('\n')[0]
    ?.replace(/^[\w ]*Error: /, '')
    .replace(/(?:file )?["'][^"']*file\.parquet["']/gi, 'the file');
  return new Failure(
    'refused',
    'PARQUET_DAMAGED',
    `${basename(path)} is no readable Parquet file: ${reason}`,
    'Send the file again.',
  );
}

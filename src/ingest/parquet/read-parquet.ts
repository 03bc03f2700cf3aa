/** Reads Parquet files row by row as text: the way of master data, movements and messages. Balances take the SQL engine's way. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import { type DuckDb, openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import type { RawRow, RawTable } from '../raw-table.ts';

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

async function* batches(path: string, temporaryDirectory: string): AsyncGenerator<readonly RawRow[]> {
  const { database, source, close } = await openFile(path, temporaryDirectory);
  try {
    const result = await database.connection.stream(`SELECT COLUMNS(*)::VARCHAR FROM ${source}`);
    let row = 2;
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

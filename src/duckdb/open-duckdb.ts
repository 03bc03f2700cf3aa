/** Opens the embedded engine, hardened: it fetches nothing and loads no extension. Never builds statements. */
import { createRequire as requireFrom } from 'node:module';
import type { DuckDBConnection } from '@duckdb/node-api';

export interface DuckDbOptions {
  readonly temporaryDirectory: string;
  readonly threads?: number;
  readonly memoryBytes?: number;
}

export interface DuckDb {
  readonly connection: DuckDBConnection;
  run(sql: string): Promise<void>;
  /** All rows of a small result, values as the driver gives them. */
  rows(sql: string): Promise<unknown[][]>;
  close(): void;
}

// Not by their usual names: the bundle's own code has these already.
const requirePackage = requireFrom(import.meta.url);

/**
 * The engine's code, loaded when it is first asked for. By `require`: `import` first reads through all of its files to
 * find the names that they export, and so takes nearly twice the CPU.
 */
export function duckDbDriver(): typeof import('@duckdb/node-api') {
  return requirePackage('@duckdb/node-api') as typeof import('@duckdb/node-api');
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A database in memory. Without `threads` and `memoryBytes` the defaults of DuckDB hold. The caller closes it. */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  const { DuckDBInstance } = duckDbDriver();
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: options.temporaryDirectory,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryBytes === undefined ? {} : { memory_limit: `${Math.floor(options.memoryBytes / 1_000_000)}MB` }),
  });
  const connection = await instance.connect();
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows() as unknown[][],
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * One closed-off DuckDB for one run: limits, the files it may read, cancelling, and what its errors mean to the caller.
 * Never assembles statements and never decides what a row means.
 */
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { Failure } from '../../core/model/failure.ts';
import { type DuckDb, duckDbDriver, openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import type { BalanceInput, EngineOptions } from '../comparison-input.ts';

/** DuckDB holds up to a quarter more than its limit (hash tables about to spill), and Node needs room of its own. */
const MEMORY_SHARE = 0.75;
const MEMORY_BYTES_MIN = 64_000_000;
const ROWS_PER_CHUNK = 2048;
const GLOB_CHARACTERS = /[[\]*?{}]/;

export type ColumnKind = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'HUGEINT';

export class Session {
  /** Paths by input, under names of our own: DuckDB takes every path for a pattern, and stock[1].parquet would read stock1.parquet. */
  readonly links: readonly (string | undefined)[];
  readonly folder: string;
  readonly options: EngineOptions;
  private readonly database: DuckDb;
  private readonly types: Readonly<Record<ColumnKind, DuckDBType>>;
  private readonly createChunk: (types: readonly DuckDBType[], rows: number) => DuckDBDataChunk;
  private reading: BalanceInput | undefined;
  private stage = { name: 'read', done: 0, rows: 0, total: 0 };

  private constructor(
    database: DuckDb,
    driver: typeof import('@duckdb/node-api'),
    options: EngineOptions,
    folder: string,
    links: readonly (string | undefined)[],
  ) {
    this.database = database;
    this.options = options;
    this.folder = folder;
    this.links = links;
    const { VARCHAR, INTEGER, BIGINT, HUGEINT } = driver;
    this.types = { VARCHAR, INTEGER, BIGINT, HUGEINT };
    this.createChunk = (types, rows) => driver.DuckDBDataChunk.create(types, rows);
  }

  /** Opens the engine, lets it read the inputs and write to the run's folder, and locks it. */
  static async open(inputs: readonly BalanceInput[], options: EngineOptions): Promise<Session> {
    const driver = duckDbDriver();
    const base = GLOB_CHARACTERS.test(options.temporaryDirectory) ? tmpdir() : options.temporaryDirectory;
    const folder = await mkdtemp(join(base, 'sql-'));
    const memoryBytes = Math.max(MEMORY_BYTES_MIN, Math.floor(options.memoryBytes * MEMORY_SHARE));
    const database = await openDuckDb({ temporaryDirectory: folder, threads: options.threads, memoryBytes });
    try {
      const { links, targets } = await linkInputs(inputs, folder);
      for (const setting of lockedSettings(folder, targets)) await database.run(setting);
      return new Session(database, driver, options, folder, links);
    } catch (error) {
      database.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Names the input that the next statements read, so that an unreadable file is refused by its name. */
  readingFrom(input: BalanceInput | undefined): void {
    this.reading = input;
  }

  /** Rows are reported as `done` of `total` under this name while the next statements run. */
  beginStage(name: string, done: number, rows: number, total: number): void {
    this.stage = { name, done, rows, total };
    this.options.onProgress(name, done, total);
  }

  /** Runs one statement; its result is not read. */
  async run(sql: string): Promise<void> {
    await this.guarded(async () => {
      await this.database.connection.run(sql);
    });
  }

  /** All rows of a small result, row by row. */
  async rows(sql: string): Promise<DuckDBValue[][]> {
    const rows: DuckDBValue[][] = [];
    await this.columns(sql, (columns, count) => {
      for (let row = 0; row < count; row++) rows.push(columns.map((column) => column[row] as DuckDBValue));
    });
    return rows;
  }

  /** Hands the result over in chunks of columns, at most 2,048 rows each. */
  async columns(sql: string, take: (columns: DuckDBValue[][], rows: number) => void): Promise<void> {
    await this.guarded(async () => {
      const result = await this.database.connection.stream(sql);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        this.checkSignal();
        take(chunk.getColumns(), chunk.rowCount);
      }
    });
  }

  /** Creates a table and fills it from columns of equal length. */
  async createTable(
    name: string,
    columns: readonly (readonly [string, ColumnKind])[],
    values: readonly (readonly DuckDBValue[])[],
  ): Promise<void> {
    await this.run(
      `CREATE OR REPLACE TEMP TABLE ${name} (${columns.map(([column, kind]) => `${column} ${kind}`).join(', ')})`,
    );
    const write = await this.appender(
      name,
      columns.map(([, kind]) => kind),
    );
    write.append(values);
    write.close();
  }

  /** Appends columns of values to a table, chunk by chunk. */
  async appender(
    name: string,
    kinds: readonly ColumnKind[],
  ): Promise<{ append(values: readonly (readonly DuckDBValue[])[]): void; close(): void }> {
    const appender = await this.database.connection.createAppender(name);
    const types = kinds.map((kind) => this.types[kind]);
    return {
      append: (values) => {
        const rows = values[0]?.length ?? 0;
        for (let from = 0; from < rows; from += ROWS_PER_CHUNK) {
          const count = Math.min(ROWS_PER_CHUNK, rows - from);
          const chunk = this.createChunk(types, count);
          chunk.setColumns(values.map((column) => column.slice(from, from + count)));
          appender.appendDataChunk(chunk);
        }
      },
      close: () => {
        appender.flushSync();
        appender.closeSync();
      },
    };
  }

  /** Throws where the run was cancelled. */
  checkSignal(): void {
    if (this.options.signal.aborted)
      throw new Failure('cancelled', 'CANCELLED', 'The run was cancelled; nothing was written.');
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    this.checkSignal();
    const { connection } = this.database;
    // Repeated, because an interrupt that comes between two statements of one call is forgotten.
    const timer = setInterval(() => {
      if (this.options.signal.aborted) connection.interrupt();
      else this.report(connection.progress.percentage);
    }, 100);
    const stop = (): void => connection.interrupt();
    this.options.signal.addEventListener('abort', stop);
    try {
      return await work();
    } catch (error) {
      this.checkSignal();
      throw error instanceof Failure ? error : this.failure(error as Error);
    } finally {
      clearInterval(timer);
      this.options.signal.removeEventListener('abort', stop);
    }
  }

  private report(percentage: number): void {
    const { name, done, rows, total } = this.stage;
    if (percentage > 0 && rows > 0)
      this.options.onProgress(name, Math.min(total, done + Math.floor((rows * percentage) / 100)), total);
  }

  /** What an error of DuckDB means. One of our own statements that it cannot bind is our bug and stays as it is. */
  private failure(error: Error): Error {
    const [first = ''] = error.message.split('\n');
    if (/^Out of Memory Error/.test(first)) {
      const spill = /max_temp_directory_size|temp/i.test(first) && /No space|full/i.test(error.message);
      return new Failure(
        'configuration',
        'MEMORY_LIMIT',
        spill ? 'The disk is full.' : 'The memory limit is too small for this comparison.',
        'Give the run more with --memory.',
      );
    }
    if (/No space left/i.test(error.message))
      return new Failure(
        'unreachable',
        'DISK_FULL',
        'The disk is full.',
        'Free space, or choose another data directory.',
      );
    if (this.reading === undefined || /^(Parser|Catalog|Syntax) Error/.test(first)) return error;
    const { file } = this.reading;
    const reason = first.replaceAll(/["']?[^\s"']*\/(input-\d+\.parquet)["']?/g, file);
    return new Failure(
      'refused',
      'PARQUET_UNREADABLE',
      `${file} cannot be read as Parquet: ${reason}`,
      'Send the whole file again; it seems cut off, damaged or of another format.',
    );
  }

  async close(): Promise<void> {
    this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Only the inputs can be read from here on, and only the run's own folder written. */
function lockedSettings(folder: string, targets: readonly string[]): string[] {
  return [
    'SET preserve_insertion_order = false',
    'SET enable_progress_bar = true',
    'SET enable_progress_bar_print = false',
    `SET allowed_directories = [${sqlText(`${folder}/`)}]`,
    `SET allowed_paths = [${targets.map(sqlText).join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

async function linkInputs(
  inputs: readonly BalanceInput[],
  folder: string,
): Promise<{ links: (string | undefined)[]; targets: string[] }> {
  const links: (string | undefined)[] = [];
  const targets: string[] = [];
  for (const [index, { content, file }] of inputs.entries()) {
    if (content.kind !== 'parquet') {
      links.push(undefined);
      continue;
    }
    const link = join(folder, `input-${index}.parquet`);
    const target = await realpath(content.path).catch(() => {
      throw new Failure(
        'unreachable',
        'FILE_MISSING',
        `${file} cannot be opened.`,
        'Check that the file is there and may be read.',
      );
    });
    await symlink(target, link);
    links.push(link);
    targets.push(target);
  }
  return { links, targets };
}

/**
 * The work state in one SQLite file: what is committed is on the disk (write-ahead log, synchronous=FULL). Never shares a
 * transaction between callers: one connection, one at a time.
 */
import { setTimeout } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type QueryResult,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import Database from 'libsql';
import type { WorkState } from './work-state.ts';

/** How long a statement waits for another process that writes; nothing else of this process runs meanwhile. */
const BUSY_MS = 100;
/** How often a transaction asks again for the right to write, and how long it pauses before: others of this process go on. */
const BEGIN_ATTEMPTS_MAX = 4_000;
const BEGIN_PAUSE_MS = 5;

/** Opens or makes the file. The folder must be there. */
export function openSqlite(path: string): Kysely<WorkState> {
  return new Kysely<WorkState>({ dialect: new WriteAheadDialect(openConnection(path)) });
}

/** A connection as the driver has it, synchronous: for what Kysely does not do (VACUUM INTO, integrity checks). */
export function openConnection(path: string): Database.Database {
  const connection = new Database(path, { timeout: BUSY_MS });
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec('PRAGMA foreign_keys = ON');
  return connection;
}

class WriteAheadDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new WriteAheadDriver(this.#database);
  }
}

const WRITES = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'MergeQueryNode']);

/**
 * A transaction takes the right to write at once: one that asks for it later may find that it has read old rows. It is asked
 * for by `exec`, because a prepared statement that fails as busy stays open in libsql and blocks later commits; for the same
 * reason nothing is written outside a transaction.
 */
class WriteAheadDriver extends SqliteDriver {
  readonly #database: Database.Database;
  #isOpen = false;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
        if (!this.#isOpen && WRITES.has(query.query.kind)) throw new Error('rows are written in a transaction only');
        return connection.executeQuery<R>(query);
      },
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  override async beginTransaction(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#beginAtOnce();
        this.#isOpen = true;
        return;
      } catch (error) {
        if (attempt === BEGIN_ATTEMPTS_MAX || !isBusy(error)) throw error;
        await setTimeout(BEGIN_PAUSE_MS);
      }
    }
  }

  /** Without a wait in the engine, in which nothing else of this process would run. */
  #beginAtOnce(): void {
    this.#database.exec('PRAGMA busy_timeout = 0');
    try {
      this.#database.exec('begin immediate');
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
  }

  override async commitTransaction(): Promise<void> {
    this.#database.exec('commit');
    this.#isOpen = false;
  }

  override async rollbackTransaction(): Promise<void> {
    this.#isOpen = false;
    // A full disk ends a transaction by itself: then nothing is left to be taken back, and the caller must hear why.
    if (this.#database.inTransaction) this.#database.exec('rollback');
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/**
 * The work state in PostgreSQL, for several servers at once. Never holds a connection longer than a statement or a
 * transaction takes.
 */
import { createRequire as requireFrom } from 'node:module';
import { type Driver, Kysely, PostgresDialect, type PostgresDialectConfig, PostgresDriver } from 'kysely';
import type { WorkState } from './work-state.ts';

type PgPackage = typeof import('pg');

// Loaded when it is needed: a run from files is over before the driver of a server would be there.
const requirePackage = requireFrom(import.meta.url);

const CONNECTIONS_MAX = 10;
/** A server that does not answer is not waited for longer than a person waits. */
const CONNECT_MS = 5_000;
const STATEMENT_MS = 60_000;
/** A server that stands still within a transaction must not hold up the others. */
const IDLE_IN_TRANSACTION_MS = 15_000;

/** Connects when the first statement is sent. `onLost` hears of connections that broke while no statement was under way. */
export function openPostgres(url: string, onLost: (error: Error) => void = () => undefined): Kysely<WorkState> {
  const pg = requirePackage('pg') as PgPackage;
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: 'evenstock',
    types: { getTypeParser: typeParserOf(pg) },
  });
  pool.on('error', onLost);
  // The pool listens to connections that nobody has; one that breaks between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', onLost));
  return new Kysely<WorkState>({ dialect: new OutageDialect({ pool }) });
}

class OutageDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new OutageDriver(this.#config);
  }
}

class OutageDriver extends PostgresDriver {
  /** A connection that broke takes nothing back any more: the server does. The caller must hear of what broke it. */
  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** Counts and moments are BIGINT and stay below 2^53. */
function typeParserOf(pg: PgPackage): PgPackage['types']['getTypeParser'] {
  return ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as PgPackage['types']['getTypeParser'];
}

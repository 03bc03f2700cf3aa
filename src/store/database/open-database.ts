/**
 * Opens the work state where it lies: `work.sqlite` of the data directory, or a PostgreSQL by its address. Decides which of
 * the two; never migrates.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import { openPostgres } from './postgres-database.ts';
import { openSqlite } from './sqlite-database.ts';
import type { WorkState } from './work-state.ts';

export type DatabaseKind = 'sqlite' | 'postgresql';

export interface WorkDatabase {
  readonly kind: DatabaseKind;
  readonly db: Kysely<WorkState>;
  close(): Promise<void>;
}

/** The file of the work state in a data directory. */
export function workFile(dataDirectory: string): string {
  return join(dataDirectory, 'work.sqlite');
}

/** `address`: a postgres:// address, or undefined for the file in the data directory. */
export function openDatabase(dataDirectory: string, address?: string, onLost?: (error: Error) => void): WorkDatabase {
  if (address === undefined) {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    return opened('sqlite', openSqlite(workFile(dataDirectory)));
  }
  if (!/^postgres(ql)?:\/\//.test(address)) {
    throw new Failure(
      'usage',
      'STORE_UNKNOWN',
      'the store is no postgres:// address',
      'Leave --store out for the file in the data directory, or give postgres://user@host/database.',
    );
  }
  return opened('postgresql', openPostgres(address, onLost));
}

function opened(kind: DatabaseKind, db: Kysely<WorkState>): WorkDatabase {
  return { kind, db, close: () => db.destroy() };
}

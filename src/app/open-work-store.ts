/**
 * Opens the work state for a process: takes the data directory's lock, and brings the tables to this version. Never gives the
 * lock up before the database is closed.
 */
import { join } from 'node:path';
import { type DirectoryLock, lockDataDirectory } from '../store/data-directory-lock.ts';
import { appliedMigrations, migrate, pendingMigrations } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../store/database/open-database.ts';
import { backup } from './backup.ts';

export interface WorkStoreOptions {
  readonly dataDirectory: string;
  /** A postgres:// address; undefined: the file in the data directory. */
  readonly address: string | undefined;
  /** A server wants the directory for itself where the work state is its file; commands share it with each other. */
  readonly as: 'server' | 'command';
  /** Told to whoever is refused meanwhile, such as `evenstock serve`. */
  readonly what: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onLost?: (error: Error) => void;
  readonly signal?: AbortSignal;
}

/** Throws DATA_DIRECTORY_IN_USE where another process is in the way. */
export async function openWorkStore(options: WorkStoreOptions): Promise<WorkDatabase> {
  const { dataDirectory, address, as, what, pid, now } = options;
  const how = as === 'server' && address === undefined ? 'alone' : 'shared';
  const lock = lockDataDirectory(dataDirectory, how, { what, pid, since: now() });
  let database: WorkDatabase | undefined;
  try {
    database = openDatabase(dataDirectory, address, options.onLost);
    await migrateWithBackup(database, options);
    return locked(database, lock);
  } catch (error) {
    await database?.close();
    lock.release();
    throw error;
  }
}

/** Tables that hold something are backed up before they are changed. */
async function migrateWithBackup({ db, kind }: WorkDatabase, options: WorkStoreOptions): Promise<void> {
  const { dataDirectory, address, pid, now, signal = new AbortController().signal } = options;
  const [next] = await pendingMigrations(db);
  if (next === undefined) return;
  if ((await appliedMigrations(db)).length > 0) {
    const stamp = new Date(now()).toISOString().replaceAll(/[-:.]/g, '');
    const folder = join(dataDirectory, 'backups', `before-migration-${next.number}-${stamp}-${pid}`);
    await backup({ dataDirectory, storeAddress: address, folder, pid, now, signal }, 'work-state');
  }
  await migrate(db, kind, now);
}

function locked(database: WorkDatabase, lock: DirectoryLock): WorkDatabase {
  return {
    ...database,
    close: async () => {
      await database.close();
      lock.release();
    },
  };
}

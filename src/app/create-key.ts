/** Makes an API key from the command line, beside a server that runs or before the first start. Never prints it. */
import { randomBytes } from 'node:crypto';
import { Failure } from '../core/model/failure.ts';
import { pendingMigrations } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../store/database/open-database.ts';
import type { Role } from '../store/database/work-state.ts';
import { type ApiKeyRow, createApiKey } from '../store/work/api-keys.ts';
import { newId } from '../store/work/new-id.ts';
import { SECRET_BYTES } from '../store/work/secrets.ts';
import { openWorkStore } from './open-work-store.ts';

const DAY_MS = 86_400_000;

export interface KeyOptions {
  readonly dataDirectory: string;
  /** A postgres:// address; undefined: the file in the data directory. */
  readonly storeAddress: string | undefined;
  readonly name: string;
  readonly role: Role;
  /** null: all sites. */
  readonly sites: readonly string[] | null;
  /** Until it ends; undefined: never. */
  readonly days: number | undefined;
  readonly by: string;
  readonly pid: number;
  readonly now: () => number;
}

/** The row, and the secret that nobody can show again. */
export async function createKey(options: KeyOptions): Promise<{ row: ApiKeyRow; secret: string }> {
  const { name, role, sites, days, by, now } = options;
  const at = now();
  const key = {
    id: newId(at, randomBytes(10)),
    name,
    role,
    sites,
    expiresAt: days === undefined ? null : at + days * DAY_MS,
  };
  const database = await openBesideServer(options);
  try {
    return await database.db
      .transaction()
      .execute((transaction) => createApiKey(transaction, key, { actor: by }, randomBytes(SECRET_BYTES), at));
  } finally {
    await database.close();
  }
}

/** A server that holds the directory has brought its tables to its version; of another version the key is not made. */
async function openBesideServer({ dataDirectory, storeAddress, pid, now }: KeyOptions): Promise<WorkDatabase> {
  try {
    const address = storeAddress;
    return await openWorkStore({ dataDirectory, address, as: 'command', what: 'evenstock key create', pid, now });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'DATA_DIRECTORY_IN_USE') throw error;
  }
  const database = openDatabase(dataDirectory, storeAddress);
  const pending = await pendingMigrations(database.db);
  if (pending.length === 0) return database;
  await database.close();
  throw new Failure(
    'unreachable',
    'STORE_OLDER',
    'a server of an older version works in the data directory',
    'Make the key with that version, or restart the server with this one.',
  );
}

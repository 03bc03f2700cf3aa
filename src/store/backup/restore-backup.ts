/**
 * Puts a backup into an empty data directory and an empty work state of either kind: all of it or nothing that could be
 * worked with. Never replaces what is there.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import { LOCK_FILES, RESTORE_MARKER } from '../data-directory-lock.ts';
import { type Migration, migrate, readMigrations } from '../database/migrate.ts';
import { openDatabase, type WorkDatabase, workFile } from '../database/open-database.ts';
import { syncPath } from '../run-store.ts';
import {
  type BackupManifest,
  type BackupTable,
  damaged,
  fileIn,
  MANIFEST,
  readManifest,
  tableFile,
} from './manifest.ts';
import { lineOf, type PlainRow, readRows, TableDigest, writeRows } from './table-rows.ts';
import { listTables, type PlainDatabase, type TableShape } from './table-shapes.ts';
import { copyHashed } from './write-backup.ts';

export interface RestoreSettings {
  readonly from: string;
  readonly dataDirectory: string;
  /** Of the work state; undefined is the file in the data directory. */
  readonly address: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Where everything is put together before it gets its place. */
const ASIDE = '.new-restore';
const BATCH = 2_000;

/**
 * The caller has the data directory for itself. A marker stands in it from the first step to the last: whoever finds it knows
 * that the rest is not whole, and a further restore begins anew.
 */
export async function restoreBackup(settings: RestoreSettings): Promise<BackupManifest> {
  const { from, dataDirectory } = settings;
  const manifest = await readManifest(from);
  refuseOtherVersions(manifest);
  await prepareFolder(dataDirectory, manifest);
  const aside = join(dataDirectory, ASIDE);
  try {
    await putAside(aside, manifest, settings);
  } catch (error) {
    // Nothing has its place yet: the directory is as empty as it was.
    await rm(aside, { recursive: true, force: true });
    await rm(join(dataDirectory, RESTORE_MARKER));
    throw error;
  }
  await moveInto(aside, dataDirectory);
  await rm(join(dataDirectory, RESTORE_MARKER));
  await syncPath(dataDirectory);
  return manifest;
}

async function putAside(aside: string, manifest: BackupManifest, settings: RestoreSettings): Promise<void> {
  const { from, dataDirectory, address, signal } = settings;
  for (const { path, bytes, sha256 } of manifest.files) {
    refuseOutside(path);
    const to = join(aside, path);
    await mkdir(dirname(to), { recursive: true });
    const copied = await copyHashed(fileIn(from, path), to, signal).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? damaged(path) : error;
    });
    if (copied.sha256 !== sha256 || copied.bytes !== bytes) throw damaged(path);
    await syncPath(to);
  }
  await mkdir(aside, { recursive: true });
  const database = openDatabase(address === undefined ? aside : dataDirectory, address);
  try {
    await fillDatabase(database, manifest, settings);
    // The write-ahead log goes away some time after the file is closed: everything must be in the file itself.
    if (address === undefined) await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(database.db);
  } finally {
    await database.close();
  }
}

/** The tables are made as they were, filled, and then brought to this version. */
function refuseOtherVersions({ migrations }: BackupManifest): void {
  const own = readMigrations();
  const isKnown = migrations.every(
    ({ number, sha256 }, at) => own[at]?.number === number && own[at]?.sha256 === sha256,
  );
  if (isKnown) return;
  throw new Failure(
    'unreachable',
    'BACKUP_OF_OTHER_VERSION',
    'the backup was made by a version whose tables this version does not know',
    'Restore it with the version that made it, or a later one.',
  );
}

async function prepareFolder(dataDirectory: string, { scope }: BackupManifest): Promise<void> {
  const marker = join(dataDirectory, RESTORE_MARKER);
  const names = (await readdir(dataDirectory)).filter((name) => !LOCK_FILES.includes(name));
  if (!existsSync(marker)) {
    const hasContent = scope === 'all' ? names.length > 0 : existsSync(workFile(dataDirectory));
    if (hasContent) throw notEmpty(dataDirectory);
  } else if ((await readFile(marker, 'utf8')) === 'all') {
    for (const name of names) await rm(join(dataDirectory, name), { recursive: true, force: true });
  }
  await rm(join(dataDirectory, ASIDE), { recursive: true, force: true });
  await writeFile(marker, scope);
  await syncPath(marker);
  await syncPath(dataDirectory);
}

/** Names of files come from the manifest: none may lead out of the folder. */
function refuseOutside(path: string): void {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..') || path.includes('\\'))
    throw damaged(MANIFEST);
}

async function fillDatabase(
  database: WorkDatabase,
  manifest: BackupManifest,
  settings: RestoreSettings,
): Promise<void> {
  const { kind, db } = database;
  const { now, from, signal } = settings;
  const made = readMigrations().slice(0, manifest.migrations.length);
  await migrate(db, kind, now, made);
  const fresh = await freshDigests(made);
  await db.transaction().execute(async (transaction) => {
    const plain = transaction as unknown as PlainDatabase;
    if (kind === 'postgresql') await sql`SET LOCAL statement_timeout = 0`.execute(transaction);
    const shapes = await listTables(plain, kind);
    // It may be that only the last step of an earlier attempt is missing.
    if (await holds(plain, manifest, shapes)) return;
    for (const shape of shapes)
      if ((await digestOf(plain, shape)).hex !== fresh.get(shape.name)) throw notEmpty('the store');
    for (const table of manifest.tables) await fillTable(plain, table, from, signal);
    if (!(await holds(plain, manifest, shapes))) throw damaged('what was read back from the store');
  });
  await migrate(db, kind, now);
}

/** What tables hold that were just made: migrations begin some with rows. */
async function freshDigests(made: readonly Migration[]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'evenstock-fresh-'));
  const database = openDatabase(folder);
  try {
    await migrate(database.db, database.kind, () => 0, made);
    const plain = database.db as unknown as PlainDatabase;
    const digests = new Map<string, string>();
    for (const shape of await listTables(plain, database.kind))
      digests.set(shape.name, (await digestOf(plain, shape)).hex);
    return digests;
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function digestOf(db: PlainDatabase, shape: TableShape): Promise<TableDigest> {
  const digest = new TableDigest();
  for await (const rows of readRows(db, shape)) for (const row of rows) digest.add(lineOf(row));
  return digest;
}

async function fillTable(db: PlainDatabase, { name, rows, digest }: BackupTable, from: string, signal: AbortSignal) {
  await sql`DELETE FROM ${sql.table(name)}`.execute(db);
  const read = new TableDigest();
  let batch: PlainRow[] = [];
  const lines = createInterface({
    input: createReadStream(tableFile(from, name)),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    for await (const line of lines) {
      signal.throwIfAborted();
      read.add(line);
      batch.push(JSON.parse(line) as PlainRow);
      if (batch.length < BATCH) continue;
      await writeRows(db, name, batch);
      batch = [];
    }
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged(name);
    throw error;
  }
  if (read.rows !== rows || read.hex !== digest) throw damaged(name);
  await writeRows(db, name, batch);
}

/** Whether the tables hold exactly what the backup says. */
async function holds(db: PlainDatabase, { tables }: BackupManifest, shapes: readonly TableShape[]): Promise<boolean> {
  for (const { name, rows, digest } of tables) {
    const shape = shapes.find((other) => other.name === name);
    if (shape === undefined) return false;
    const read = await digestOf(db, shape);
    if (read.rows !== rows || read.hex !== digest) return false;
  }
  return true;
}

async function moveInto(aside: string, dataDirectory: string): Promise<void> {
  for (const name of await readdir(aside))
    if (!/-(wal|shm)$/.test(name)) await rename(join(aside, name), join(dataDirectory, name));
  await rm(aside, { recursive: true, force: true });
}

function notEmpty(what: string): Failure {
  return new Failure(
    'usage',
    'TARGET_NOT_EMPTY',
    `${what} is not empty; a backup is restored into nothing else`,
    'Name an empty data directory with --data, and an empty database with --store.',
  );
}

/**
 * Writes a backup: one consistent state of all tables as lines of JSON, and the files of the data directory that it names,
 * each with its hash. The folder appears whole or not at all. Never stops those who write meanwhile.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { LOCK_FILES } from '../data-directory-lock.ts';
import { appliedMigrations } from '../database/migrate.ts';
import { openDatabase, type WorkDatabase, workFile } from '../database/open-database.ts';
import { openConnection } from '../database/sqlite-database.ts';
import { openPendingFolder } from '../run-store.ts';
import { type BackupFile, type BackupManifest, type BackupTable, fileIn, MANIFEST, tableFile } from './manifest.ts';
import { lineOf, readRows, TableDigest } from './table-rows.ts';
import { listTables, type PlainDatabase } from './table-shapes.ts';

export interface BackupSettings {
  readonly dataDirectory: string;
  /** Of the work state; undefined is the file in the data directory. */
  readonly address: string | undefined;
  /** A folder that is not there yet. */
  readonly to: string;
  readonly scope: BackupManifest['scope'];
  readonly pid: number;
  readonly madeAt: Date;
  readonly signal: AbortSignal;
}

/** The caller holds the files of the lake (`holdRemovals`). */
export async function writeBackup(settings: BackupSettings): Promise<BackupManifest> {
  const { dataDirectory, address, to, scope, pid, madeAt, signal } = settings;
  const pending = await openPendingFolder(to, pid);
  try {
    const state = await (address === undefined
      ? copySqlite(dataDirectory, pending.path, signal)
      : copyPostgres(dataDirectory, address, pending.path, signal));
    // After the tables: what they name is there, and what came since does no harm.
    const files = scope === 'all' ? await copyFiles(dataDirectory, pending.path, [to, pending.path], signal) : [];
    const manifest: BackupManifest = { schema: 1, made_at: madeAt.toISOString(), scope, ...state, files };
    await writeFile(join(pending.path, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await pending.commit();
    return manifest;
  } catch (error) {
    await pending.discard();
    throw error;
  }
}

type CopiedState = Pick<BackupManifest, 'migrations' | 'tables'>;

/** A copy of the file is one statement, and reading it keeps nobody from writing. */
async function copySqlite(dataDirectory: string, folder: string, signal: AbortSignal): Promise<CopiedState> {
  if (!existsSync(workFile(dataDirectory))) return { migrations: [], tables: [] };
  const connection = openConnection(workFile(dataDirectory));
  const copied = join(folder, 'copy');
  await mkdir(copied);
  try {
    connection.prepare('VACUUM INTO ?').run(workFile(copied));
  } finally {
    connection.close();
  }
  const copy = openDatabase(copied);
  try {
    return await writeTables(copy, folder, signal);
  } finally {
    await copy.close();
    await rm(copied, { recursive: true, force: true });
  }
}

async function copyPostgres(
  dataDirectory: string,
  address: string,
  folder: string,
  signal: AbortSignal,
): Promise<CopiedState> {
  const database = openDatabase(dataDirectory, address);
  try {
    return await database.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((transaction) => writeTables({ ...database, db: transaction }, folder, signal));
  } finally {
    await database.close();
  }
}

async function writeTables({ db, kind }: WorkDatabase, folder: string, signal: AbortSignal): Promise<CopiedState> {
  const migrations = await appliedMigrations(db);
  const plain = db as unknown as PlainDatabase;
  const tables: BackupTable[] = [];
  await mkdir(join(folder, 'tables'));
  if (kind === 'postgresql') await sql`SET LOCAL statement_timeout = 0`.execute(db);
  for (const shape of await listTables(plain, kind)) {
    const digest = new TableDigest();
    const file = await open(tableFile(folder, shape.name), 'wx');
    try {
      for await (const rows of readRows(plain, shape)) {
        signal.throwIfAborted();
        const lines = rows.map(lineOf);
        for (const line of lines) digest.add(line);
        await file.appendFile(`${lines.join('\n')}\n`);
      }
    } finally {
      await file.close();
    }
    tables.push({ name: shape.name, rows: digest.rows, digest: digest.hex });
  }
  return { migrations, tables };
}

/** What means nothing elsewhere: locks, working files, backups, and what is still being written. */
const NOT_COPIED: readonly string[] = [
  ...LOCK_FILES,
  'work',
  'backups',
  'work.sqlite',
  'work.sqlite-wal',
  'work.sqlite-shm',
];

async function copyFiles(
  dataDirectory: string,
  folder: string,
  without: readonly string[],
  signal: AbortSignal,
): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  for (const path of await listFilesBelow(dataDirectory, without)) {
    const to = fileIn(folder, path);
    await mkdir(dirname(to), { recursive: true });
    files.push({ path, ...(await copyHashed(join(dataDirectory, path), to, signal)) });
  }
  return files;
}

/** Paths below a data directory of what a backup holds, in their order. */
async function listFilesBelow(dataDirectory: string, without: readonly string[] = []): Promise<string[]> {
  const paths: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const below = relative(dataDirectory, path).split(sep).join('/');
      if (entry.name.startsWith('.new-') || NOT_COPIED.includes(below) || without.includes(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) paths.push(below);
    }
  };
  if (existsSync(dataDirectory)) await walk(dataDirectory);
  return paths.sort();
}

/** Copies a file with its time, and says what was copied. */
export async function copyHashed(from: string, to: string, signal: AbortSignal): Promise<Omit<BackupFile, 'path'>> {
  // Finer parts of a millisecond do not survive being set.
  const modifiedMs = Math.round((await stat(from)).mtimeMs);
  const hash = createHash('sha256');
  let bytes = 0;
  const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), hashed, createWriteStream(to, { flags: 'wx' }), {
    signal,
  });
  await utimes(to, modifiedMs / 1_000, modifiedMs / 1_000);
  return { bytes, sha256: hash.digest('hex'), modified_ms: modifiedMs };
}

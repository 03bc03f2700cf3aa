/**
 * Removes what is kept long enough: runs, imported files, events, answers to repeated requests, and what killed processes
 * left. Never removes the last complete run, the newest import of a source, what a run is about to read, or the audit trail.
 */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Configuration, retentionOf } from '../contract/configuration.ts';
import { durationMs } from '../core/normalize/time.ts';
import { holdRemovals } from '../store/data-directory-lock.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { removeLakeFile, sweepLakeFiles } from '../store/lake-files.ts';
import { pendingPrefix, RunStore } from '../store/run-store.ts';
import { pruneEvents } from '../store/work/events.ts';
import { acceptedImports, findImportByPath, listOldImports, removeImport } from '../store/work/imports.ts';
import { deleteRun, listOldRuns, pruneWork } from '../store/work/old-work.ts';

export interface RemovalContext {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly configuration: Configuration;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Removed {
  readonly runs: number;
  readonly imports: number;
  /** Folders that belonged to nothing. */
  readonly leftovers: number;
}

/** An upload that nothing was written to for so long is one that was killed. */
const LEFTOVER_MS = 3_600_000;

/** undefined: somebody reads the lake as a whole, or clears it out already. */
export async function removeOld(context: RemovalContext): Promise<Removed | undefined> {
  const { database, dataDirectory, configuration, now } = context;
  const held = holdRemovals(dataDirectory, 'removing');
  if (held === undefined) return undefined;
  try {
    const retention = retentionOf(configuration);
    const before = (name: keyof typeof retention): number => now - durationMs(retention[name]);
    const runs = await removeRuns(context, before('runs'));
    const imports = await removeImports(context, before('imports'));
    await database.db.transaction().execute(async (transaction) => {
      await pruneEvents(transaction, before('events'));
      await pruneWork(transaction, { answers: before('idempotency_keys'), work: before('runs') }, now);
    });
    // The row is written after its file is in place, so a new folder may belong to an import that is under way.
    const isNamed = async (path: string): Promise<boolean> => (await findImportByPath(database.db, path)) !== undefined;
    const leftovers = await sweepLakeFiles(dataDirectory, now - LEFTOVER_MS, isNamed);
    return { runs, imports, leftovers };
  } finally {
    held.release();
  }
}

/** The row goes first: a folder without a row is entered again, and removed the next time. */
async function removeRuns({ database, dataDirectory, now }: RemovalContext, before: number): Promise<number> {
  const store = new RunStore(dataDirectory);
  const ids = await listOldRuns(database.db, before);
  for (const id of ids) {
    await database.db.transaction().execute((transaction) => deleteRun(transaction, id, now));
    const folder = store.folderOf(id);
    const gone = join(dirname(folder), `${pendingPrefix(process.pid)}gone-${id}`);
    await rename(folder, gone).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(gone, { recursive: true, force: true });
  }
  return ids.length;
}

async function removeImports({ database, dataDirectory, now }: RemovalContext, before: number): Promise<number> {
  const { db } = database;
  let removed = 0;
  for (const { id, source, path } of await listOldImports(db, before)) {
    const [newest] = await acceptedImports(db, source, 1);
    if (path === null || newest?.id === id || (await isAwaited(db, path))) continue;
    const row = await db.transaction().execute((transaction) => removeImport(transaction, id, 'system', now));
    if (row === undefined) continue;
    await removeLakeFile(dataDirectory, path);
    removed++;
  }
  return removed;
}

/** Whether a run that waits or is under way reads the file. */
async function isAwaited(db: WorkDatabase['db'], path: string): Promise<boolean> {
  const jobs = await db.selectFrom('jobs').select('payload').where('state', 'in', ['queued', 'running']).execute();
  return jobs.some(({ payload }) => payload.includes(`${dirname(path)}/`));
}

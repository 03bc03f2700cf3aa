/** Makes a backup, also while a server works, and puts one back. Decides who must not work meanwhile. */

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../core/model/failure.ts';
import { type BackupManifest, readManifest } from '../store/backup/manifest.ts';
import { restoreBackup } from '../store/backup/restore-backup.ts';
import { writeBackup } from '../store/backup/write-backup.ts';
import { type DirectoryLock, holdRemovals, lockForRestore, refuseUnfinished } from '../store/data-directory-lock.ts';
import { checkEmptyFolder } from '../store/run-store.ts';
import { storageFailure } from '../store/storage-failure.ts';

export interface BackupOptions {
  readonly dataDirectory: string;
  /** Of the work state; undefined is the file in the data directory. */
  readonly storeAddress: string | undefined;
  /** The folder of the backup. */
  readonly folder: string;
  readonly pid: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export type BackupSummary = Pick<BackupManifest, 'made_at' | 'scope'> & {
  readonly folder: string;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
};

/** A server clears out for some seconds at a time. */
const HOLD_ATTEMPTS_MAX = 600;
const HOLD_PAUSE_MS = 100;

/** Writes a backup into a folder that is not there yet. `scope` work-state leaves the files out. */
export async function backup(options: BackupOptions, scope: BackupManifest['scope'] = 'all'): Promise<BackupSummary> {
  const { dataDirectory, storeAddress, folder, pid, now, signal } = options;
  refuseUnfinished(dataDirectory);
  try {
    await checkEmptyFolder(folder);
    const held = await holdFiles(dataDirectory);
    try {
      const to = resolve(folder);
      const settings = { dataDirectory: resolve(dataDirectory), address: storeAddress, to, scope };
      return summaryOf(folder, await writeBackup({ ...settings, pid, madeAt: new Date(now()), signal }));
    } finally {
      held.release();
    }
  } catch (error) {
    throw storageFailure(error);
  }
}

async function holdFiles(dataDirectory: string): Promise<DirectoryLock> {
  for (let attempt = 0; attempt < HOLD_ATTEMPTS_MAX; attempt++) {
    const held = holdRemovals(dataDirectory, 'reading');
    if (held !== undefined) return held;
    await sleep(HOLD_PAUSE_MS);
  }
  const message = `files are being removed from ${dataDirectory} all the time`;
  throw new Failure('unreachable', 'DATA_DIRECTORY_IN_USE', message, 'Try again later.');
}

/** Puts a backup into an empty data directory and an empty store of either kind. */
export async function restore(options: BackupOptions): Promise<BackupSummary> {
  const { dataDirectory, storeAddress, folder, pid, now, signal } = options;
  // A folder that is no backup must not make a data directory.
  await readManifest(folder);
  const lock = lockForRestore(dataDirectory, { pid, what: 'evenstock restore', since: now() });
  try {
    const to = { dataDirectory: resolve(dataDirectory), address: storeAddress };
    return summaryOf(folder, await restoreBackup({ from: folder, ...to, now, signal }));
  } catch (error) {
    throw storageFailure(error);
  } finally {
    lock.release();
  }
}

function summaryOf(folder: string, { made_at, scope, tables, files }: BackupManifest): BackupSummary {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { folder, made_at, scope, tables: tables.length, rows, files: files.length, bytes };
}

/**
 * Decides who may work in a data directory: one server alone with the work state in its file, or several at once where the
 * work state is in PostgreSQL. Never outlives its process: the locks are the kernel's, and a killed holder has lost them.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { Failure } from '../core/model/failure.ts';
import {
  HOLDERS_FOLDER,
  holderText,
  type LockHolder,
  type NotedHolder,
  noteHolder,
  readHolders,
} from './lock-holders.ts';
import { storageFailure } from './storage-failure.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Locks are taken on empty files of the embedded database, because it is the one way to the kernel's locks that Node has.
 * POSIX drops them when the process closes any handle of the file: nothing else may open these.
 */
const WORK_LOCK = 'work.lock';
const REMOVAL_LOCK = 'removal.lock';

/** Stands in a data directory while a backup is put into it, and after a restore that was broken off. */
export const RESTORE_MARKER = 'restore-unfinished';

/** Files of a data directory that mean something only while a process runs. */
export const LOCK_FILES: readonly string[] = [WORK_LOCK, `${WORK_LOCK}-journal`, REMOVAL_LOCK, HOLDERS_FOLDER];

/** For a restore alone: the directory may be one that another restore left unfinished. */
export function lockForRestore(dataDirectory: string, holder: LockHolder): DirectoryLock {
  return lockFor(dataDirectory, 'alone', holder);
}

/**
 * `alone` for a server whose work state is the directory's own file, and for a restore; `shared` for commands that write, and
 * for servers of a PostgreSQL. Throws DATA_DIRECTORY_IN_USE (kind `unreachable`) at once where another process is in the way.
 */
export function lockDataDirectory(dataDirectory: string, how: 'alone' | 'shared', holder: LockHolder): DirectoryLock {
  const lock = lockFor(dataDirectory, how, holder);
  try {
    refuseUnfinished(dataDirectory);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What a restore left unfinished is nothing to work with, or to back up. */
export function refuseUnfinished(dataDirectory: string): void {
  if (!existsSync(join(dataDirectory, RESTORE_MARKER))) return;
  throw new Failure(
    'unreachable',
    'RESTORE_UNFINISHED',
    `a restore into ${dataDirectory} was broken off; it holds nothing whole`,
    'Run `evenstock restore` again.',
  );
}

function lockFor(dataDirectory: string, how: 'alone' | 'shared', holder: LockHolder): DirectoryLock {
  const lock = tryLock(dataDirectory, WORK_LOCK, how);
  if (lock === undefined) throw inUse(dataDirectory, readHolders(dataDirectory, holder.since));
  const note = noteHolder(dataDirectory, how, holder);
  return {
    release: () => {
      note.remove();
      lock.release();
    },
  };
}

/**
 * While it is held no file of the lake is removed: `reading` for whoever copies the lake, `removing` for whoever clears it
 * out. undefined: somebody else is at it; try again later.
 */
export function holdRemovals(dataDirectory: string, as: 'reading' | 'removing'): DirectoryLock | undefined {
  return tryLock(dataDirectory, REMOVAL_LOCK, as === 'reading' ? 'shared' : 'alone');
}

function tryLock(dataDirectory: string, name: string, how: 'alone' | 'shared'): DirectoryLock | undefined {
  const file = openLockFile(dataDirectory, name);
  try {
    // Without a prepared statement: one that fails as busy would stay open, and the lock with it.
    file.exec(how === 'alone' ? 'begin exclusive' : 'begin; select count(*) from sqlite_master');
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return { release: () => file.close() };
}

function openLockFile(dataDirectory: string, name: string): Database.Database {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    return new Database(join(dataDirectory, name), { timeout: 0 });
  } catch (error) {
    const failure = storageFailure(error);
    if (failure instanceof Failure) throw failure;
    throw new Failure(
      'unreachable',
      'NOT_PERMITTED',
      `${dataDirectory}: no file can be made there: ${(error as Error).message}`,
      'Check the permissions of the folder.',
    );
  }
}

function inUse(dataDirectory: string, holders: readonly NotedHolder[]): Failure {
  const who = holders.length === 0 ? 'another process' : holders.map(holderText).join(' and ');
  return new Failure(
    'unreachable',
    'DATA_DIRECTORY_IN_USE',
    `${who} ${holders.length > 1 ? 'work' : 'works'} in ${dataDirectory}`,
    'Use the API of the server, stop it first, or name another data directory with --data.',
  );
}

/** Decides what a failed system call means to the caller: a full disk or a missing permission is no bug of ours. */
import { Failure } from '../core/model/failure.ts';
import { isStoreOutage } from './store-outage.ts';

/** Of the file system, of SQLite and of PostgreSQL. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', '53100']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The Failure of kind `unreachable` for an error of the file system or of the embedded engine's; any other error as it is. */
export function storageFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  const place = path === undefined ? '' : `${path}: `;
  if (FULL.has(code ?? '') || /no space left on device/i.test(message)) {
    return new Failure(
      'unreachable',
      'DISK_FULL',
      `${place}no space is left on the disk`,
      'Make room, and try again; nothing half-written was left.',
    );
  }
  // Node makes missing parents too, and says ENOENT where the disk is read-only.
  if (syscall === 'mkdir' && code === 'ENOENT') {
    return new Failure(
      'unreachable',
      'NOT_PERMITTED',
      `${place}the folder cannot be made; the disk may be read-only`,
      'Check the path and the permissions of the folder.',
    );
  }
  if (FORBIDDEN.has(code ?? '')) {
    return new Failure(
      'unreachable',
      'NOT_PERMITTED',
      `${place}${reasonOf(message)}`,
      'Check the permissions of the folder or file.',
    );
  }
  // A connection that is refused is no matter of the disk.
  if (syscall === undefined || isStoreOutage(error)) return error;
  return new Failure(
    'unreachable',
    'STORAGE_FAILED',
    `${place}${reasonOf(message)}`,
    'Check the path, the disk and the permissions.',
  );
}

/** `ENOTDIR: not a directory, mkdir '/x'` without its code and its call. */
function reasonOf(message: string): string {
  return message.replace(/^E[A-Z]+: /, '').replace(/, \w+( '.*)?$/s, '');
}

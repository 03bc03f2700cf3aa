/** What stands in a backup: its tables, its files and what each must be. Never says where they came from. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/model/failure.ts';

export interface BackupManifest {
  readonly schema: 1;
  readonly made_at: string;
  /** `all`: the work state and the files of the data directory; `work-state`: made before a migration, which touches no files. */
  readonly scope: 'all' | 'work-state';
  readonly migrations: readonly { readonly number: number; readonly sha256: string }[];
  readonly tables: readonly BackupTable[];
  readonly files: readonly BackupFile[];
}

export interface BackupTable {
  readonly name: string;
  readonly rows: number;
  /** Sum of the SHA-256 of all lines, modulo 2^256, in hex: the same whatever the order of the rows. */
  readonly digest: string;
}

export interface BackupFile {
  /** Below the data directory, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly modified_ms: number;
}

export const MANIFEST = 'manifest.json';
export const tableFile = (folder: string, table: string): string => join(folder, 'tables', `${table}.jsonl`);
export const fileIn = (folder: string, path: string): string => join(folder, 'files', path);

/** Throws a Failure where the folder is no backup that this version can read. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as BackupManifest;
    if (manifest.schema !== 1) throw new Error(`it has the format ${String(manifest.schema)}`);
    return manifest;
  } catch (error) {
    throw new Failure(
      'unreachable',
      'BACKUP_UNREADABLE',
      `${folder} is no backup that this version can read: ${(error as Error).message}`,
      'Name the folder that `evenstock backup` wrote.',
    );
  }
}

export function damaged(what: string): Failure {
  return new Failure(
    'unreachable',
    'BACKUP_DAMAGED',
    `${what} is not what the backup's manifest says`,
    'Use another backup; nothing of this one was restored.',
  );
}

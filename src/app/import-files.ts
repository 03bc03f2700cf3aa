/** What `evenstock import` does: brings files of one source in, one after the other. Never stops at one that is refused. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { newId } from '../store/work/new-id.ts';
import { FileImporter } from './file-importer.ts';
import { findImportSource, type ImportAddress } from './find-import-source.ts';
import { openWorkStore } from './open-work-store.ts';

export interface ImportFilesOptions {
  readonly loaded: LoadedConfiguration;
  readonly dataDirectory: string;
  /** Of the work state; undefined is the file in the data directory. */
  readonly storeAddress: string | undefined;
  readonly to: ImportAddress;
  readonly files: readonly string[];
  readonly receivedBy: string;
  readonly pid: number;
  readonly now: () => number;
  readonly random: () => Uint8Array;
  readonly signal: AbortSignal;
  /** Called as soon as a file is in, or known not to be. */
  readonly onImported: (imported: ImportedFile) => void;
}

/** Field names are those of the API. */
export interface ImportedFile {
  readonly file: string;
  readonly is_new: boolean;
  readonly id: string;
  readonly kind: string;
  readonly system: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number | null;
  readonly rejected: number | null;
  readonly as_of: string | null;
  readonly state: 'accepted' | 'held' | 'refused' | 'removed';
  readonly failure: string | null;
}

/** A file that is not there, or that the source cannot be told of, throws a Failure before anything is brought in. */
export async function importFiles(options: ImportFilesOptions): Promise<ImportedFile[]> {
  const { loaded, dataDirectory, storeAddress, to, files, receivedBy, pid, now, random, signal } = options;
  const source = findImportSource(loaded.configuration, to);
  const found = await Promise.all(files.map(findGiven));
  const what = 'evenstock import';
  const database = await openWorkStore({ dataDirectory, address: storeAddress, as: 'command', what, pid, now });
  try {
    const context = { database, dataDirectory, loaded, now, newId: () => newId(now(), random()), signal };
    const importer = new FileImporter(context);
    const imported: ImportedFile[] = [];
    for (const { path, modifiedMs } of found) {
      const content = createReadStream(path);
      const { row, isNew } = await importer.importFile({
        source,
        fileName: basename(path),
        content,
        modifiedMs,
        receivedBy,
      });
      const { id, kind, system, sha256, bytes, rows, rejected, state, failure } = row;
      const as_of = row.as_of === null ? null : new Date(row.as_of).toISOString();
      const known = { id, kind, system, source: row.source, sha256, bytes, rows, rejected, as_of, state, failure };
      imported.push({ file: path, is_new: isNew, ...known });
      options.onImported(imported.at(-1) as ImportedFile);
    }
    return imported;
  } finally {
    await database.close();
  }
}

async function findGiven(path: string): Promise<{ path: string; modifiedMs: number }> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { path, modifiedMs: found.mtimeMs };
  throw new Failure('unreachable', 'FILE_NOT_FOUND', `there is no file ${path}`, 'Check the path.');
}

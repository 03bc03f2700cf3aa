/** Decides whether the files of a run are still those that were opened. Never reads them. */
import { stat } from 'node:fs/promises';
import { Failure } from '../core/model/failure.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';

/** A file that changed while it was read is no snapshot of anything: throws a Failure of kind `refused`. */
export async function refuseChangedFiles(files: readonly FoundFile[]): Promise<void> {
  for (const file of files) {
    const now = await stat(file.path).catch(() => undefined);
    if (now?.size === file.bytes && now.mtimeMs === file.modifiedMs) continue;
    const what = now === undefined ? 'was taken away' : 'changed';
    throw new Failure(
      'refused',
      'FILE_CHANGED',
      `${file.name} ${what} while it was read`,
      'Run again when the file is complete.',
    );
  }
}

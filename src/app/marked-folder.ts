/** Decides whether a folder may be written to: a new or empty one, or one that a marker shows to be of the same kind. Never deletes anything. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../core/model/failure.ts';

export interface MarkedFolder {
  /** In messages and codes: demo, simulation. */
  readonly what: string;
  /** The option that names the folder. */
  readonly option: string;
  /** A file whose presence says what the folder is, also where making it was interrupted; and what stands in it. */
  readonly marker: string;
  readonly about: string;
}

/** Makes the folder, with its marker. Throws a Failure of kind `usage` where something else stands there. */
export async function prepareMarkedFolder(directory: string, folder: MarkedFolder): Promise<void> {
  const names = await namesIn(directory, folder);
  if (names.length > 0 && !existsSync(join(directory, folder.marker))) {
    throw new Failure(
      'usage',
      `${folder.what.toUpperCase()}_FOLDER_TAKEN`,
      `${directory} holds something else than a ${folder.what}; it is left as it is`,
      `Name a new or empty folder with ${folder.option}.`,
    );
  }
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, folder.marker), folder.about);
}

async function namesIn(directory: string, { what, option }: MarkedFolder): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new Failure(
      'usage',
      `${what.toUpperCase()}_FOLDER_UNUSABLE`,
      `${directory} cannot be the folder of a ${what}: ${message}`,
      `Name another folder with ${option}.`,
    );
  }
}

/** Decides which file a source's path means: the file of that very name, or the newest complete one of a glob. Never opens it. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Failure } from '../../core/model/failure.ts';

export interface FoundFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Names under which senders write a file before it is complete. */
const INCOMPLETE = /\.(part|partial|tmp|filepart|crdownload|writing)$|^\.|~$/i;

/**
 * `orderOf` ranks the files of a glob, the highest being the newest; without it the time of their last change does.
 * Files that are still being written, by their name, are not looked at. Throws a Failure of kind `unreachable`.
 */
export async function findFile(
  pattern: string,
  directory: string,
  orderOf?: (file: FoundFile) => number | undefined,
): Promise<FoundFile> {
  const files = await listFiles(pattern, directory);
  const [newest] = newestFirst(files, orderOf);
  if (newest !== undefined) return newest;
  throw notFound(isGlob(pattern) ? `no file fits ${pattern}` : `there is no file ${pattern}`);
}

const isGlob = (pattern: string): boolean => /[*?[{]/.test(pattern);

/** All files that a path means: the one of that very name, or those of the glob that are complete by their names. */
export async function listFiles(pattern: string, directory: string): Promise<FoundFile[]> {
  const literal = await describe(resolve(directory, pattern));
  // A file named stock[1].csv is that file, not a pattern for stock1.csv.
  if (literal) return [literal];
  if (!isGlob(pattern)) return [];
  const { glob } = await import('tinyglobby');
  const paths = await glob(pattern, {
    cwd: directory,
    absolute: true,
    onlyFiles: true,
    dot: false,
    followSymbolicLinks: false,
  });
  const files = await Promise.all(paths.map(describe));
  return files.filter((file) => file !== undefined && !INCOMPLETE.test(file.name)) as FoundFile[];
}

/** By `orderOf`, else by the time of their last change; those of one moment by name. */
export function newestFirst(
  files: readonly FoundFile[],
  orderOf?: (file: FoundFile) => number | undefined,
): FoundFile[] {
  const ranked = files.map((file) => ({ file, order: orderOf ? orderOf(file) : file.modifiedMs }));
  ranked.sort(
    (a, b) =>
      (b.order ?? Number.NEGATIVE_INFINITY) - (a.order ?? Number.NEGATIVE_INFINITY) ||
      (a.file.name < b.file.name ? 1 : -1),
  );
  return ranked.map(({ file }) => file);
}

async function describe(path: string): Promise<FoundFile | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    return { path, name: basename(path), bytes: found.size, modifiedMs: found.mtimeMs };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure(
      'unreachable',
      'FILE_UNREADABLE',
      `${path} cannot be read: ${(error as Error).message}`,
      'Check the path and the permissions.',
    );
  }
}

function notFound(message: string): Failure {
  return new Failure(
    'unreachable',
    'FILE_NOT_FOUND',
    message,
    'Check the path in the configuration; it is relative to the configuration file.',
  );
}

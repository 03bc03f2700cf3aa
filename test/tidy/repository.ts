/** Lists the files of the repository as git knows them, with their texts. Never judges them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A text file. `path` is relative to the repository, with `/`. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every text file that git tracks or would track. Files with a NUL byte are no text. */
export function repositoryFiles(): RepositoryFile[] {
  // Owner and user differ where a checkout is mounted; git refuses such folders unless told otherwise.
  const listed = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(paths)].flatMap((path) => {
    // A file that was removed and not yet committed is still listed.
    if (path === '' || !existsSync(join(ROOT, path))) return [];
    const text = readFileSync(join(ROOT, path), 'utf8');
    return text.includes('\0') ? [] : [{ path, text }];
  });
}

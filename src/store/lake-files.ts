/**
 * Keeps imported files below `imports/` of the data directory: written aside, synced and renamed, so that one is there whole
 * or not at all, with the name and the time it came with. Never decides what is worth keeping.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../core/model/failure.ts';
import { syncPath } from './run-store.ts';

export interface ReceivedFile {
  /** Where it lies until it is kept. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Gives it its place; the answer is its path below the data directory. */
  keep(): Promise<string>;
  /** Takes it away unless it was kept. */
  discard(): Promise<void>;
}

export interface FilePlace {
  readonly dataDirectory: string;
  /** Names the folder; no two are the same. */
  readonly id: string;
  readonly fileName: string;
  readonly modifiedMs: number;
  readonly signal: AbortSignal;
}

const FOLDER = 'imports';
const ASIDE = '.new-';
const NAME_BYTES_MAX = 200;

/** Writes a stream aside and hashes it meanwhile. A stream that breaks off leaves nothing. */
export async function receiveFile(content: Readable, place: FilePlace): Promise<ReceivedFile> {
  const { dataDirectory, id, fileName, modifiedMs, signal } = place;
  refuseName(fileName);
  const parent = join(dataDirectory, FOLDER);
  const aside = join(parent, `${ASIDE}${id}`);
  const path = join(aside, fileName);
  const discard = (): Promise<void> => rm(aside, { recursive: true, force: true });
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await mkdir(aside, { recursive: true, mode: 0o700 });
    const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    await pipeline(content, hashed, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    // Where the cut-off is the time of the file, it is the sender's time.
    await utimes(path, modifiedMs / 1000, modifiedMs / 1000);
  } catch (error) {
    await discard();
    throw error;
  }
  const keep = async (): Promise<string> => {
    await syncPath(path);
    await syncPath(aside);
    await rename(aside, join(parent, id));
    await syncPath(parent);
    return join(FOLDER, id, fileName);
  };
  return { path, sha256: hash.digest('hex'), bytes, keep, discard };
}

/** The name becomes a name in a folder of its own, and nothing else. */
function refuseName(name: string): void {
  const isPlain = /^[^/\\\p{C}]+$/u.test(name) && !name.startsWith('.') && Buffer.byteLength(name) <= NAME_BYTES_MAX;
  if (isPlain) return;
  throw new Failure(
    'usage',
    'FILE_NAME_UNUSABLE',
    'the name of the file is empty, too long, begins with a dot or holds a slash or a control character',
    'Send the file under a plain name.',
  );
}

/** Takes a kept file away with its folder. */
export async function removeLakeFile(dataDirectory: string, path: string): Promise<void> {
  const folder = join(dataDirectory, dirname(path));
  // Under another name first: a folder that is half removed must not look like an import.
  const gone = join(dataDirectory, FOLDER, `${ASIDE}gone-${dirname(path).slice(FOLDER.length + 1)}`);
  await rename(folder, gone).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rm(gone, { recursive: true, force: true });
}

/**
 * Removes what processes left that were killed: folders that no row names and in which nothing was written since `before`,
 * milliseconds since 1970. `isNamed` says whether a path below the data directory belongs to a row.
 */
export async function sweepLakeFiles(
  dataDirectory: string,
  before: number,
  isNamed: (path: string) => Promise<boolean>,
): Promise<number> {
  const parent = join(dataDirectory, FOLDER);
  const names = await readdir(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  let swept = 0;
  for (const name of names) {
    const folder = join(parent, name);
    if (!(await wasQuiet(folder, before))) continue;
    if (!name.startsWith(ASIDE)) {
      const [file] = await readdir(folder);
      if (file !== undefined && (await isNamed(join(FOLDER, name, file)))) continue;
    }
    await rm(folder, { recursive: true, force: true });
    swept++;
  }
  return swept;
}

/** By the times that the file system itself sets: those of the content are the sender's. */
async function wasQuiet(folder: string, before: number): Promise<boolean> {
  const entries = [folder, ...(await readdir(folder)).map((file) => join(folder, file))];
  for (const entry of entries) if ((await stat(entry)).ctimeMs >= before) return false;
  return true;
}

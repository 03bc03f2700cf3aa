/** Computes what a file's content is known by. Never keeps the content. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../core/model/failure.ts';

/** SHA-256 of a file in hex. A file that cannot be read to its end throws a Failure of kind `unreachable`. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = (error as Error).message;
    throw new Failure(
      'unreachable',
      'FILE_UNREADABLE',
      `${basename(path)} cannot be read: ${reason}`,
      'Run again when the file is there.',
    );
  }
  return hash.digest('hex');
}

/** The same without letting anything else happen meanwhile: for a thread of its own, where it takes half the time. */
export function hashFileAtOnce(path: string): string {
  const hash = createHash('sha256');
  const bytes = Buffer.allocUnsafeSlow(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) hash.update(bytes.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

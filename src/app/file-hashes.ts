/** Hashes files while other work goes on, each once. */
import { setMaxListeners } from 'node:events';
import { hashFile } from '../ingest/files/hash-file.ts';

export class FileHashes {
  private readonly hashes = new Map<string, Promise<string>>();
  private readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    // Each file that is being hashed listens to it.
    setMaxListeners(0, signal);
  }

  /** `elsewhere` computes the hash in another thread. */
  start(path: string, elsewhere?: (path: string) => Promise<string>): void {
    if (this.hashes.has(path)) return;
    const hash = elsewhere === undefined ? hashFile(path, this.signal) : elsewhere(path);
    // Whoever awaits the hash gets the error; until then it must not count as unhandled.
    hash.catch(() => undefined);
    this.hashes.set(path, hash);
  }

  of(path: string): Promise<string> {
    this.start(path);
    return this.hashes.get(path) as Promise<string>;
  }
}

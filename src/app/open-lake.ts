/** Opens the data directory for one run of a command: what was brought in, and the right to keep the run. Never imports. */
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { lockDataDirectory } from '../store/data-directory-lock.ts';
import { readPins } from './pin-imports.ts';
import type { PinnedFiles } from './source-files.ts';

export interface OpenedLake {
  readonly pinned: PinnedFiles;
  close(): void;
}

/** `isKept`: the run is kept, so no server may have the directory for itself. */
export async function openLake(options: {
  readonly loaded: LoadedConfiguration;
  readonly dataDirectory: string;
  readonly storeAddress: string | undefined;
  readonly isKept: boolean;
  readonly pid: number;
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): Promise<OpenedLake> {
  const { loaded, dataDirectory, storeAddress, isKept, pid, what, now } = options;
  const lock = isKept ? lockDataDirectory(dataDirectory, 'shared', { pid, what, since: now() }) : undefined;
  try {
    return { pinned: await readPins(loaded, dataDirectory, storeAddress), close: () => lock?.release() };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

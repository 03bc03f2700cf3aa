/** Decides whether a data directory can take in more: whether its disk has room, and lets us write. Leaves nothing there. */
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A batch of movements, a small file and a small run fit into it; who has less must stop taking in. */
const FREE_BYTES_LEAST = 4 << 20;
/** One page: a quota, or a disk that became read-only, shows itself by it. */
const PROBE = Buffer.alloc(4_096);

export interface RoomProblem {
  /** Otherwise nothing can be written, whatever room there is. */
  readonly isFull: boolean;
  /** For people; it names no path. */
  readonly text: string;
}

/** undefined where there is room. */
export async function findRoomProblem(dataDirectory: string): Promise<RoomProblem | undefined> {
  const folder = join(dataDirectory, 'work');
  const probe = join(folder, `room-${process.pid}`);
  try {
    const { bavail, bsize } = await statfs(dataDirectory);
    if (bavail * bsize < FREE_BYTES_LEAST)
      return { isFull: true, text: 'less than 4 MiB are free on the disk of the data directory' };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, PROBE);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const text = isFull ? 'no space is left on the disk of the data directory' : 'the data directory cannot be written';
    return { isFull, text };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

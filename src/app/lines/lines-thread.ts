/** Lets the server ask a LineShelf in a thread of its own, so that it goes on answering others meanwhile. */

import type { LineSums } from '../../contract/run.ts';
import { CallThread } from '../../engine/call-thread.ts';
import type { LinePage } from './line-book.ts';
import type { LineChange } from './line-filter.ts';
import { type CompareRequest, type GroupRequest, LineShelf, type PageRequest, type ShelvedRun } from './line-shelf.ts';
import type { GroupSums } from './line-sums.ts';

/** The lines of kept runs, in memory. */
export interface Lines extends Pick<LineShelf, 'prepare' | 'page' | 'groups' | 'compare'> {
  close(): Promise<void>;
}

/** In a thread; from sources that are not compiled, which a thread cannot run, in the caller's. */
export function openLines(temporaryDirectory: string): Lines {
  if (!import.meta.url.endsWith('.ts')) return new LinesThread(temporaryDirectory);
  return Object.assign(new LineShelf(temporaryDirectory), { close: async () => undefined });
}

/** A run of a million lines is read in less. */
const WORK_MS_MAX = 5_000;

class LinesThread extends CallThread implements Lines {
  constructor(temporaryDirectory: string) {
    super(new URL('./lines-thread-entry.js', import.meta.url));
    // A failure comes with the first call that follows.
    this.send('setup', [temporaryDirectory]).catch(() => undefined);
  }

  prepare(run: ShelvedRun): Promise<void> {
    return this.send('prepare', [run]) as Promise<void>;
  }

  page(request: PageRequest): Promise<LinePage | undefined> {
    return this.send('page', [request]) as Promise<LinePage | undefined>;
  }

  groups(request: GroupRequest): Promise<GroupSums[]> {
    return this.send('groups', [request]) as Promise<GroupSums[]>;
  }

  compare(request: CompareRequest): Promise<Record<LineChange, LineSums>> {
    return this.send('compare', [request]) as Promise<Record<LineChange, LineSums>>;
  }

  /** Not in the middle of a statement: when its thread is ended then, the database ends the whole process. */
  override close(): Promise<void> {
    return this.closeAfterWork(WORK_MS_MAX);
  }
}

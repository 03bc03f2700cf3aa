/**
 * Gives way to the threads of a server that answer people: work of minutes is set behind answers of milliseconds where both want
 * the same processor. Where a system does not allow it, the work is done all the same. Knows no work.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Higher numbers yield. */
export const NICENESS = { live: 5, runs: 10 } as const;

/**
 * Sets this process behind others. On Linux a process is as nice as each of its threads is, and those of the engine, which
 * collect garbage, are there before any line of this runs.
 */
export function yieldAsProcess(niceness: number): void {
  unlessRefused(() => {
    setPriority(niceness);
    if (process.platform === 'linux')
      for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), niceness);
  });
}

/** Sets the calling thread alone behind the others of its process, where threads can be told apart. */
export function yieldAsThread(niceness: number): void {
  if (process.platform !== 'linux') return;
  unlessRefused(() => setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), niceness));
}

function unlessRefused(yieldNow: () => void): void {
  try {
    yieldNow();
  } catch {
    // Only the order of work is lost.
  }
}

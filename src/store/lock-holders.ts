/**
 * Notes who works in a data directory, for messages alone: the locks are the kernel's (data-directory-lock.ts), and nobody is
 * let in or kept out by what stands here. Never names a process of this machine that has ended.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';

/** Told to whoever is refused, and to whoever asks. */
export interface LockHolder {
  readonly pid: number;
  /** What it does, such as `evenstock serve`. */
  readonly what: string;
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
}

export interface NotedHolder extends LockHolder {
  readonly host: string;
}

/** In the data directory: one file for each holder, because several may share it. */
export const HOLDERS_FOLDER = 'work.lock.holders';

/** Clocks are set, and a machine's uptime is rounded. */
const BOOT_SLACK_MS = 60_000;

let notes = 0;

/** Called with the lock: who has it alone knows that all other notes were left behind. */
export function noteHolder(
  dataDirectory: string,
  how: 'alone' | 'shared',
  { pid, what, since }: LockHolder,
): { remove(): void } {
  const folder = join(dataDirectory, HOLDERS_FOLDER);
  const host = hostname();
  const path = join(folder, `${host.replaceAll(/[^\w.-]/g, '_')}-${pid}-${++notes}.json`);
  try {
    for (const { path: other, holder } of readNotes(folder))
      if (how === 'alone' || holder === undefined || hasEnded(holder, since)) rmSync(other, { force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify({ pid, host, what, since } satisfies NotedHolder), { mode: 0o600 });
  } catch {
    // The lock is held all the same; whoever is refused hears of another process.
  }
  return { remove: () => rmSync(path, { force: true }) };
}

/** Who works in the directory, the longest first. Takes no lock, writes nothing. `now`: milliseconds since 1970. */
export function readHolders(dataDirectory: string, now: number): NotedHolder[] {
  return readNotes(join(dataDirectory, HOLDERS_FOLDER))
    .flatMap(({ holder }) => (holder === undefined || hasEnded(holder, now) ? [] : [holder]))
    .sort((one, other) => one.since - other.since);
}

/** evenstock serve (process 71 on dc1, since 2026-11-24T06:00:00Z) */
export function holderText({ what, pid, host, since }: NotedHolder): string {
  const moment = new Date(since).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${what} (process ${pid} on ${host}, since ${moment})`;
}

function readNotes(folder: string): { path: string; holder: NotedHolder | undefined }[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({ path: join(folder, name), holder: readNote(join(folder, name)) }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** undefined: it is just being written, or was cut off by a full disk. */
function readNote(path: string): NotedHolder | undefined {
  try {
    const { pid, host, what, since } = JSON.parse(readFileSync(path, 'utf8')) as Partial<NotedHolder>;
    const isNote = Number.isSafeInteger(pid) && typeof host === 'string' && typeof what === 'string';
    if (!isNote || !Number.isFinite(new Date(Number(since)).getTime())) return undefined;
    return { pid: Number(pid), host, what, since: Number(since) };
  } catch {
    return undefined;
  }
}

/** Of other machines nothing is known: they are taken at their word. */
function hasEnded({ pid, host, since }: NotedHolder, now: number): boolean {
  if (host !== hostname()) return false;
  // Numbers of processes are given again after the machine was started anew.
  if (since < now - uptime() * 1_000 - BOOT_SLACK_MS) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

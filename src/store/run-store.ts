/**
 * Keeps runs: one folder each, written aside, synced and renamed, so that a run is there whole or not at all, and never
 * changed afterwards. Never decides what a run contains.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';

/** A folder that appears under its name only when it is committed. */
export interface PendingFolder {
  readonly path: string;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** Folders of processes that were killed start like this: process, machine. The next run removes them. */
const PENDING = /^\.new-(\d+)-([0-9a-f]{8})-/;
/** Of which machine a process is: several may work in one data directory. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Whether a process of another machine still lives cannot be told; no run takes so long. */
const FOREIGN_AGE_MAX_MS = 86_400_000;

/** How the name of a folder begins that a process of this machine has not finished yet. */
export function pendingPrefix(pid: number): string {
  return `.new-${pid}-${MACHINE}-`;
}

/**
 * A folder beside `target` that is synced and renamed to it. Its name carries the process, so that leftovers can be told.
 * `isOnce`: what is there already stays, and the commit fails as a conflict.
 */
export async function openPendingFolder(target: string, pid: number, isOnce = false): Promise<PendingFolder> {
  const parent = dirname(resolve(target));
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const path = join(parent, `${pendingPrefix(pid)}${basename(target)}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    commit: async () => {
      await syncTree(path);
      await (isOnce ? placeOnce(path, resolve(target)) : replace(path, resolve(target), pid));
      await syncPath(parent);
    },
    discard: () => rm(path, { recursive: true, force: true }),
  };
}

/** The file system decides between two processes: a folder that holds something is not renamed over. */
async function placeOnce(path: string, target: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    throw new Failure('conflict', 'RUN_KEPT', `${basename(target)} is kept already`, 'It stays as it is.');
  }
}

/** Puts a new folder in the place of an old one. Between two renames the old one stands aside under another name. */
async function replace(path: string, target: string, pid: number): Promise<void> {
  if (!existsSync(target)) return rename(path, target);
  const aside = join(dirname(target), `${pendingPrefix(pid)}old-${basename(target)}`);
  await rename(target, aside);
  await rename(path, target);
  await rm(aside, { recursive: true, force: true });
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, machine] = PENDING.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(parent, name);
    const isLeft = machine === MACHINE ? !isAlive(Number(pid)) : await isOlder(path, FOREIGN_AGE_MAX_MS);
    if (isLeft) await rm(path, { recursive: true, force: true });
  }
}

/** Whether a folder was last changed so long ago, by the clock of its file system's machine; false where it is gone. */
async function isOlder(path: string, ageMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ageMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Until then what was written to a file, or named in a folder, may be lost with the power. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(entries.map((entry) => (entry.isDirectory() ? syncTree : syncPath)(join(folder, entry.name))));
  await syncPath(folder);
}

/** Refuses a folder that holds anything; one that is empty is removed, so that another takes its place. */
export async function checkEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    const message = `${folder} is there already; it is not replaced`;
    throw new Failure('usage', 'OUT_NOT_EMPTY', message, 'Name a new or empty folder.');
  }
}

/** Refuses to put a report where something else stands: only an empty folder or an earlier report is replaced. */
export async function checkOutDirectory(out: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(out);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new Failure(
      'usage',
      'OUT_UNUSABLE',
      `${out} cannot be written: ${(error as Error).message}`,
      'Name another folder with --out.',
    );
  }
  if (names.length > 0 && !names.includes('run.json')) {
    throw new Failure(
      'usage',
      'OUT_NOT_EMPTY',
      `${out} holds other files than a report; it is not replaced`,
      'Name a new or empty folder with --out.',
    );
  }
  if (names.length === 0) await rmdir(out);
}

/** Whether a kept document has what later runs read of it. */
function isRunDocument(value: unknown): value is RunDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, run_id, state, inputs } = value as Partial<Record<keyof RunDocument, unknown>>;
  return (
    schema === 1 && typeof run_id === 'string' && (state === 'complete' || state === 'refused') && Array.isArray(inputs)
  );
}

/** The runs of a data directory. */
export class RunStore {
  readonly directory: string;

  constructor(dataDirectory: string) {
    this.directory = join(dataDirectory, 'runs');
  }

  folderOf(runId: string): string {
    return join(this.directory, runId);
  }

  /** Ids of all runs, the oldest first. */
  async list(): Promise<string[]> {
    try {
      return (await readdir(this.directory)).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async read(runId: string): Promise<RunDocument> {
    const path = join(this.folderOf(runId), 'run.json');
    try {
      const document: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (isRunDocument(document)) return document;
      throw new Error('its run.json is no document of a run');
    } catch (error) {
      throw new Failure(
        'unreachable',
        'RUN_UNREADABLE',
        `run ${runId} cannot be read: ${(error as Error).message}`,
        'Name another run, or run `evenstock reconcile` again.',
      );
    }
  }

  /** The newest run, complete or refused. */
  async findLatest(): Promise<RunDocument | undefined> {
    const last = (await this.list()).at(-1);
    return last === undefined ? undefined : this.read(last);
  }

  /** The newest complete run, which the quality gate compares with. A damaged one must not stop the runs after it: an older one serves. */
  async findLatestComplete(): Promise<RunDocument | undefined> {
    for (const id of (await this.list()).reverse()) {
      const run = await this.read(id).catch(() => undefined);
      if (run?.state === 'complete') return run;
    }
    return undefined;
  }

  /** A folder for working files of one run, to be removed by the caller. */
  async openWorkFolder(runId: string, pid: number): Promise<string> {
    const parent = join(dirname(this.directory), 'work');
    await mkdir(parent, { recursive: true });
    await removeLeftovers(parent);
    const path = join(parent, `${pendingPrefix(pid)}${runId}`);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}

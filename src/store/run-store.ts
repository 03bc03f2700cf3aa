/**
 * Keeps runs: one folder each, written aside, synced and renamed, so that a run is there whole or not at all, and never
 * changed afterwards. Never decides what a run contains.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';

/** A folder that appears under its name only when it is committed. */
export interface PendingFolder {
  readonly path: string;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** Folders of processes that were killed start like this; the next run removes them. */
const PENDING = /^\.new-(\d+)-/;

/** A folder beside `target` that is synced and renamed to it. Its name carries the process, so that leftovers can be told. */
export async function openPendingFolder(target: string, pid: number): Promise<PendingFolder> {
  const parent = dirname(resolve(target));
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const path = join(parent, `.new-${pid}-${basename(target)}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    commit: async () => {
      await syncTree(path);
      await replace(path, resolve(target), pid);
      await sync(parent);
    },
    discard: () => rm(path, { recursive: true, force: true }),
  };
}

/** Puts a new folder in the place of an old one. Between two renames the old one stands aside under another name. */
async function replace(path: string, target: string, pid: number): Promise<void> {
  if (!existsSync(target)) return rename(path, target);
  const aside = join(dirname(target), `.new-${pid}-old-${basename(target)}`);
  await rename(target, aside);
  await rename(path, target);
  await rm(aside, { recursive: true, force: true });
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = PENDING.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(entries.map((entry) => (entry.isDirectory() ? syncTree : sync)(join(folder, entry.name))));
  await sync(folder);
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
    const path = join(parent, `.new-${pid}-${runId}`);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}

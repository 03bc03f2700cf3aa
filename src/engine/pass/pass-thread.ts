/**
 * Lets the orchestrator call a PassWorker in a thread of its own, or in the caller's for small inputs. Threads can be
 * started before there is anything for them to do: each needs a tenth of a second to load its code.
 */
import { basename } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import type { ReadPacks, readPacks } from '../../ingest/read-packs.ts';
import { CallThread } from '../call-thread.ts';
import type { FoundRows, SearchElsewhere } from '../evidence/evidence-file.ts';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';

/** Names of PassWorker's methods that may be called from outside. */
export type PassMethod = Exclude<keyof PassWorker, 'constructor'>;

export interface PassThread {
  call<M extends PassMethod>(method: M, ...args: Parameters<PassWorker[M]>): Promise<ReturnType<PassWorker[M]>>;
  close(): Promise<void>;
}

/** A worker in the caller's thread. It lets other events run between two calls. */
export class InlinePassThread implements PassThread {
  private readonly worker: PassWorker;

  constructor(setup: WorkerSetup) {
    this.worker = new PassWorker(setup);
  }

  async call<M extends PassMethod>(method: M, ...args: Parameters<PassWorker[M]>): Promise<ReturnType<PassWorker[M]>> {
    await new Promise((resolve) => setImmediate(resolve));
    return invoke(this.worker, method, args) as ReturnType<PassWorker[M]>;
  }

  async close(): Promise<void> {
    this.worker.close();
  }
}

/** A worker in a thread of its own. */
export class WorkerPassThread extends CallThread implements PassThread {
  constructor() {
    super(new URL('./pass-thread-entry.js', import.meta.url));
  }

  call<M extends PassMethod>(method: M, ...args: Parameters<PassWorker[M]>): Promise<ReturnType<PassWorker[M]>> {
    return this.send(method, args) as Promise<ReturnType<PassWorker[M]>>;
  }

  /** Makes the worker; calls are answered in order, so nobody has to wait for it. */
  setup(setup: WorkerSetup): Promise<void> {
    return this.send('setup', [setup]) as Promise<void>;
  }

  /** Reads a packs file in this thread. */
  readPacks(...args: Parameters<typeof readPacks>): Promise<ReadPacks> {
    return this.send('readPacks', args) as Promise<ReadPacks>;
  }

  /** Searches a file of movements or messages in this thread. */
  searchRows(...args: Parameters<SearchElsewhere>): Promise<FoundRows> {
    return this.send('searchRows', args) as Promise<FoundRows>;
  }

  /** SHA-256 of a file in hex, computed in this thread. */
  async hashFile(path: string): Promise<string> {
    try {
      return (await this.send('hashFile', [path])) as string;
    } catch (error) {
      throw new Failure(
        'unreachable',
        'FILE_UNREADABLE',
        `${basename(path)} cannot be read: ${(error as Error).message}`,
        'Run again when the file is there.',
      );
    }
  }
}

/** Calls a method of a worker by its name. */
export function invoke(worker: PassWorker, method: PassMethod, args: readonly unknown[]): unknown {
  return (worker[method] as (...args: unknown[]) => unknown).apply(worker, [...args]);
}

/** Threads started ahead of their work. Whoever takes one closes it; `close` ends those that nobody took. */
export class ThreadSupply {
  private readonly idle: WorkerPassThread[];

  constructor(count: number) {
    this.idle = Array.from({ length: count }, () => new WorkerPassThread());
  }

  /** A thread that is not taken yet, for work of its own until then; `index` 0 is taken last, and the count starts over. */
  spare(index: number): WorkerPassThread | undefined {
    return this.idle[index % this.idle.length];
  }

  take(): WorkerPassThread {
    return this.idle.pop() ?? new WorkerPassThread();
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.close()));
  }
}

/**
 * Lets the orchestrator call a PassWorker in a thread of its own, or in the caller's for small inputs. Threads can be
 * started before there is anything for them to do: each needs a tenth of a second to load its code.
 */
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '../../core/model/failure.ts';
import type { ReadPacks, readPacks } from '../../ingest/read-packs.ts';
import type { FoundRows, SearchElsewhere } from '../evidence/evidence-file.ts';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';
import { fromPlainError, type PlainError } from './thread-error.ts';

/** Names of PassWorker's methods that may be called from outside. */
export type PassMethod = Exclude<keyof PassWorker, 'constructor'>;

export interface PassThread {
  call<M extends PassMethod>(method: M, ...args: Parameters<PassWorker[M]>): Promise<ReturnType<PassWorker[M]>>;
  close(): Promise<void>;
}

/** One call over the thread's border. `setup` makes the worker; `readPacks`, `searchRows` and `hashFile` need none. */
export interface PassCall {
  readonly id: number;
  readonly method: PassMethod | 'setup' | 'readPacks' | 'searchRows' | 'hashFile';
  readonly args: readonly unknown[];
}

export type PassReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError };

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

export class WorkerPassThread implements PassThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private nextId = 0;
  private isClosed = false;

  constructor() {
    this.worker = new Worker(new URL('./worker.js', import.meta.url));
    this.worker.on('message', (reply: PassReply) => {
      const call = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) call?.reject(fromPlainError(reply.error));
      else call?.resolve(reply.value as never);
    });
    const fail = (error: Error): void => {
      for (const call of this.waiting.values()) call.reject(error);
      this.waiting.clear();
    };
    this.worker.on('error', fail);
    this.worker.on('exit', () => {
      if (!this.isClosed) fail(new Error('Invariant broken: a worker thread ended before its work'));
    });
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

  private send(method: PassCall['method'], args: readonly unknown[]): Promise<unknown> {
    // A message to a thread that has ended is never answered.
    if (this.isClosed) return Promise.reject(new Error('a worker thread was called after it was closed'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.worker.postMessage({ id, method, args } satisfies PassCall);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of calls) call.reject(new Error('a worker thread was closed before its work ended'));
    await this.worker.terminate();
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

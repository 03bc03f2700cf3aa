/** Lets the orchestrator call a PassWorker in a thread of its own, or in the caller's for small inputs. */
import { Worker } from 'node:worker_threads';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';

/** Names of PassWorker's methods that may be called from outside. */
export type PassMethod = Exclude<keyof PassWorker, 'constructor'>;

export interface PassThread {
  call<M extends PassMethod>(method: M, ...args: Parameters<PassWorker[M]>): Promise<ReturnType<PassWorker[M]>>;
  close(): Promise<void>;
}

/** One call over the thread's border. */
export interface PassCall {
  readonly id: number;
  readonly method: PassMethod;
  readonly args: readonly unknown[];
}

export type PassReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: { readonly message: string; readonly stack: string } };

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

  constructor(setup: WorkerSetup) {
    this.worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
    this.worker.on('message', (reply: PassReply) => {
      const call = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) call?.reject(Object.assign(new Error(reply.error.message), { stack: reply.error.stack }));
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
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.worker.postMessage({ id, method, args } satisfies PassCall);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
  }
}

/** Calls a method of a worker by its name. */
export function invoke(worker: PassWorker, method: PassMethod, args: readonly unknown[]): unknown {
  return (worker[method] as (...args: unknown[]) => unknown).apply(worker, [...args]);
}

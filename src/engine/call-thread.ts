/** A worker thread that answers calls one after the other, and the end of it that the thread itself holds. Knows no work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker } from 'node:worker_threads';
import { fromPlainError, type PlainError, toPlainError } from './thread-error.ts';

interface ThreadCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type ThreadReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError };

const POLL_MS = 10;

export class CallThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private nextId = 0;
  private isClosed = false;
  /** Nothing that is asked of it will be answered. */
  hasEnded = false;

  /** `entry`: the module that the thread runs; it calls answerCalls. */
  constructor(entry: URL) {
    this.worker = new Worker(entry);
    this.worker.on('message', (reply: ThreadReply) => {
      const call = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) call?.reject(fromPlainError(reply.error));
      else call?.resolve(reply.value);
    });
    const fail = (error: Error): void => {
      for (const call of this.waiting.values()) call.reject(error);
      this.waiting.clear();
    };
    this.worker.on('error', fail);
    this.worker.on('exit', () => {
      this.hasEnded = true;
      if (!this.isClosed || this.waiting.size > 0)
        fail(new Error('Invariant broken: a worker thread ended before its work'));
    });
  }

  /** Calls are answered in order, so a call that prepares the next one need not be awaited. */
  protected send(method: string, args: readonly unknown[]): Promise<unknown> {
    // A message to a thread that has ended is never answered.
    if (this.isClosed || this.hasEnded)
      return Promise.reject(new Error('a worker thread was called after it was closed'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, args } satisfies ThreadCall);
    });
  }

  /** Ends the thread once the calls that it was sent are answered, or `msMax` later. No new ones are taken. */
  protected async closeAfterWork(msMax: number): Promise<void> {
    this.isClosed = true;
    for (let leftMs = msMax; this.waiting.size > 0 && leftMs > 0; leftMs -= POLL_MS) await sleep(POLL_MS);
    await this.end();
  }

  close(): Promise<void> {
    return this.end();
  }

  private async end(): Promise<void> {
    this.isClosed = true;
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of calls) call.reject(new Error('a worker thread was closed before its work ended'));
    await this.worker.terminate();
  }
}

/**
 * Answers the calls of the thread that started this one, each after the one before it is answered unless `inOrder` is false.
 * Errors go back as what they are.
 */
export function answerCalls(
  run: (method: string, args: readonly unknown[]) => unknown,
  { inOrder }: { readonly inOrder: boolean } = { inOrder: true },
): void {
  let before: Promise<void> = Promise.resolve();
  const answer = async ({ id, method, args }: ThreadCall): Promise<void> => {
    let reply: ThreadReply;
    try {
      reply = { id, value: await run(method, args) };
    } catch (error) {
      reply = { id, error: toPlainError(error) };
    }
    parentPort?.postMessage(reply);
  };
  parentPort?.on('message', (call: ThreadCall) => {
    before = inOrder ? before.then(() => answer(call)) : answer(call);
  });
}

/** Entry of a worker thread: answers the calls of a WorkerPassThread one after the other. */
import { parentPort } from 'node:worker_threads';
import { hashFileAtOnce } from '../../ingest/files/hash-file.ts';
import { readPacks } from '../../ingest/read-packs.ts';
import { type SearchElsewhere, searchRows } from '../evidence/evidence-file.ts';
import { invoke, type PassCall, type PassReply } from './pass-thread.ts';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';
import { toPlainError } from './thread-error.ts';

let worker: PassWorker | undefined;
let before: Promise<void> = Promise.resolve();

parentPort?.on('message', (call: PassCall) => {
  before = before.then(() => answer(call));
});

async function answer({ id, method, args }: PassCall): Promise<void> {
  let reply: PassReply;
  try {
    reply = { id, value: await run(method, args) };
  } catch (error) {
    reply = { id, error: toPlainError(error) };
  }
  parentPort?.postMessage(reply);
}

async function run(method: PassCall['method'], args: readonly unknown[]): Promise<unknown> {
  if (method === 'setup') {
    worker = new PassWorker(args[0] as WorkerSetup);
    return undefined;
  }
  if (method === 'readPacks') return readPacks(...(args as Parameters<typeof readPacks>));
  if (method === 'searchRows') {
    const [input, search, temporaryDirectory] = args as Parameters<SearchElsewhere>;
    // A thread whose work is not wanted any more is ended from outside.
    return searchRows(input, search, { temporaryDirectory, isCancelled: () => false });
  }
  if (method === 'hashFile') return hashFileAtOnce(args[0] as string);
  if (worker === undefined) throw new Error('Invariant broken: a worker thread was called before its setup');
  return invoke(worker, method, args);
}

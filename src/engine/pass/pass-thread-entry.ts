/** Entry of a worker thread: answers the calls of a WorkerPassThread. */
import { hashFileAtOnce } from '../../ingest/files/hash-file.ts';
import { readPacks } from '../../ingest/read-packs.ts';
import { answerCalls } from '../call-thread.ts';
import { type SearchElsewhere, searchRows } from '../evidence/evidence-file.ts';
import { invoke, type PassMethod } from './pass-thread.ts';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';

let worker: PassWorker | undefined;

answerCalls((method, args) => {
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
  return invoke(worker, method as PassMethod, args);
});

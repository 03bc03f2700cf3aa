/** Entry of a worker thread: answers the calls of a WorkerPassThread one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PassCall, type PassReply, invoke } from './pass-thread.ts';
import { PassWorker, type WorkerSetup } from './pass-worker.ts';

const worker = new PassWorker(workerData as WorkerSetup);

parentPort?.on('message', ({ id, method, args }: PassCall) => {
  let reply: PassReply;
  try {
    reply = { id, value: invoke(worker, method, args) };
  } catch (error) {
    const { message, stack = '' } = error as Error;
    reply = { id, error: { message, stack } };
  }
  parentPort?.postMessage(reply);
});

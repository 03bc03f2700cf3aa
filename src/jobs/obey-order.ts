/**
 * The end of a process that its starter holds (run-process.ts): takes one order, says how far it is, tells what came of it,
 * and ends. Whoever started it may ask for its end; one whose starter is gone ends by itself. Knows no work.
 */
import { writeFileSync } from 'node:fs';
import { Failure } from '../core/model/failure.ts';
import type { EndedStage, FromProcess, PlainFailure, ToProcess } from './run-order.ts';
import { NICENESS, yieldAsProcess } from './yield-to-server.ts';

export interface Orders {
  /** Raised when the starter asks for the end. */
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
  readonly onStage: (stage: EndedStage) => void;
}

/** Progress of large files is told more often than anybody looks. */
const PROGRESS_MS = 200;
/** Where memory runs out, the system ends this process and not the server. */
const OOM_SCORE = '500';

/** Called once, by the entry of the process. */
export function obeyOrder<Order, Result>(perform: (order: Order, orders: Orders) => Promise<Result>): void {
  const controller = new AbortController();
  const orders = { signal: controller.signal, onProgress: progressTeller(), onStage: tellStage };
  giveWay();
  process.on('message', (message: ToProcess<Order>) => {
    if (message.kind === 'cancel') controller.abort();
    else void answer(perform(message.order, orders));
  });
  // The server is gone. What was published by then stands; nothing else is wanted any more.
  process.on('disconnect', () => process.exit(1));
  if (!process.connected) process.exit(1);
  // A signal to the whole group of processes reaches the server too, which decides what becomes of its work.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

async function answer(work: Promise<unknown>): Promise<void> {
  const end: FromProcess<unknown> = await work.then(
    (result) => ({ kind: 'done', result }),
    (error: unknown) => ({ kind: 'failed', failure: plainOf(error) }),
  );
  tell(end, () => process.exit(0));
}

/** What this system does not allow is done without. */
function giveWay(): void {
  yieldAsProcess(NICENESS.runs);
  try {
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
  } catch {
    // The work is done all the same.
  }
}

function tellStage(stage: EndedStage): void {
  tell({ kind: 'stage', stage });
}

function progressTeller(): Orders['onProgress'] {
  let toldAt = 0;
  let toldStage = '';
  return (stage, done, total) => {
    const now = performance.now();
    if (stage === toldStage && now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    toldStage = stage;
    tell({ kind: 'progress', stage, done, total });
  };
}

function tell(message: FromProcess<unknown>, onSent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, onSent);
}

function plainOf(error: unknown): PlainFailure {
  if (error instanceof Failure) {
    const { kind, code, message, action } = error;
    return { kind, code, message, action };
  }
  const { message = String(error), stack = message } = error as Error;
  process.stderr.write(`${stack}\n`);
  return { kind: 'fault', code: 'INTERNAL', message, action: '' };
}

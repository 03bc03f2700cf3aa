/**
 * The process of one run: makes it, says how far it is, and ends. Whoever started it may ask for its end; one whose starter is
 * gone ends by itself. Never touches the work state.
 */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { reconcile } from '../app/reconcile.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { FromRun, PlainFailure, RunOrder, ToRun } from './run-order.ts';

/** Progress of large files is told more often than anybody looks. */
const PROGRESS_MS = 200;

/** Higher numbers yield: to the server, which must answer meanwhile. */
const NICENESS = 10;
/** Where memory runs out, the system ends this process and not the server. */
const OOM_SCORE = '500';

const controller = new AbortController();
let toldAt = 0;
let toldStage = '';

yieldToServer();
process.on('message', (message: ToRun) => {
  if (message.kind === 'cancel') controller.abort();
  else void perform(message.order);
});
// The server is gone. What was published by then stands; nothing else is wanted any more.
process.on('disconnect', () => process.exit(1));
if (!process.connected) process.exit(1);
// A signal to the whole group of processes reaches the server too, which decides what becomes of its runs.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

/** What this system does not allow is done without. */
function yieldToServer(): void {
  try {
    setPriority(NICENESS);
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
  } catch {
    // The run is made all the same.
  }
}

async function perform(order: RunOrder): Promise<void> {
  let failure: PlainFailure | undefined;
  try {
    await run(order);
  } catch (error) {
    failure = plainOf(error);
  }
  tell({ kind: 'ended', ...(failure && { failure }) }, () => process.exit(0));
}

async function run(order: RunOrder): Promise<void> {
  const { configuration, directory, configurationPath: path, configurationHash: hash } = order;
  // Where a part of the configuration stands is only known from its file, if that is still what the server read.
  const positions = await loadConfiguration(path, process.env).then(
    (loaded) => loaded.positions,
    () => ({ locate: () => path }),
  );
  await reconcile({
    loaded: { configuration, directory, path, hash, positions },
    dataDirectory: order.dataDirectory,
    out: undefined,
    formats: [],
    filters: order.filters,
    isDryRun: false,
    forced: order.force ?? null,
    threads: order.threads,
    memoryBytes: order.memoryBytes,
    runId: order.runId,
    pid: process.pid,
    now: () => new Date(),
    signal: controller.signal,
    onProgress: tellProgress,
    onReport: () => undefined,
    ...(order.pinned && { pinned: order.pinned }),
  });
}

function tellProgress(stage: string, done: number, total: number): void {
  const now = performance.now();
  if (stage === toldStage && now - toldAt < PROGRESS_MS) return;
  toldAt = now;
  toldStage = stage;
  tell({ kind: 'progress', stage, done, total });
}

function tell(message: FromRun, onSent: () => void = () => undefined): void {
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

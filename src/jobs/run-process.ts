/**
 * Starts a process of its own for a run, or for judging a file, and follows it to its end: heavy work, broken files and too
 * little memory must never stop the server. Never decides what became of the work.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EndedStage, FromProcess, PlainFailure, ToProcess } from './run-order.ts';

/** How a process ended: with its work, with a failure that it told, or without a word. */
export type ProcessEnd<Result = undefined> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: PlainFailure }
  | { readonly kind: 'died'; readonly how: string };

export interface RunProcessOptions<Order> {
  readonly entry: 'run-entry' | 'judge-entry';
  readonly order: Order;
  /** When it aborts the process is asked to end. */
  readonly signal: AbortSignal;
  /** How long it may take to end; then it is killed. */
  readonly graceMs: () => number;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
  readonly onStage?: (stage: EndedStage) => void;
  /** For Node; those of this process where not given. */
  readonly execArgv?: readonly string[];
}

/** The last words of a process, for the log. */
const STDERR_CHARACTERS = 4_000;

export async function runInProcess<Order, Result = undefined>(
  options: RunProcessOptions<Order>,
): Promise<ProcessEnd<Result>> {
  const { entry, order, signal, execArgv } = options;
  const child = fork(placeOf(entry), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(execArgv && { execArgv: [...execArgv] }),
  });
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    send(child, { kind: 'cancel' });
    killer ??= setTimeout(() => child.kill('SIGKILL'), options.graceMs());
  };
  signal.addEventListener('abort', end);
  try {
    const ended = follow<Result>(child, options);
    send(child, { kind: 'start', order });
    if (signal.aborted) end();
    return await ended;
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', end);
  }
}

/** Stands beside this file: as TypeScript in a checkout, as JavaScript in a package. */
function placeOf(entry: string): string {
  return fileURLToPath(new URL(`./${entry}${import.meta.url.slice(-3)}`, import.meta.url));
}

/** A process that is gone hears nothing, and its end is told otherwise. */
function send(child: ChildProcess, message: ToProcess<unknown>): void {
  if (child.connected) child.send(message as object, () => undefined);
}

function follow<Result>(
  child: ChildProcess,
  { onProgress, onStage }: Pick<RunProcessOptions<unknown>, 'onProgress' | 'onStage'>,
): Promise<ProcessEnd<Result>> {
  let told: ProcessEnd<Result> | undefined;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  child.on('message', (message: FromProcess<Result>) => {
    if (message.kind === 'progress') onProgress?.(message.stage, message.done, message.total);
    else if (message.kind === 'stage') onStage?.(message.stage);
    else if (message.kind === 'failed') told = message;
    else told = { kind: 'done', result: message.result };
  });
  return new Promise((resolve) => {
    const died = (how: string): void => resolve(told ?? { kind: 'died', how: [how, stderr.trim()].join('\n').trim() });
    child.on('error', (error) => died(error.message));
    child.on('close', (code, signal) => died(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

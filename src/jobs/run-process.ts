/**
 * Starts the process of a run and follows it to its end: heavy work, broken files and too little memory must never stop the
 * server. Never decides what became of the run.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromRun, PlainFailure, RunOrder, ToRun } from './run-order.ts';

/** How a process ended: with its work, with a failure that it told, or without a word. */
export type ProcessEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: PlainFailure }
  | { readonly kind: 'died'; readonly how: string };

export interface RunProcessOptions {
  readonly order: RunOrder;
  /** When it aborts the process is asked to end. */
  readonly signal: AbortSignal;
  /** How long it may take to end; then it is killed. */
  readonly graceMs: () => number;
  readonly onProgress: (stage: string, done: number, total: number) => void;
  /** For Node; those of this process where not given. */
  readonly execArgv?: readonly string[];
}

/** The last words of a process, for the log. */
const STDERR_CHARACTERS = 4_000;

/** Stands beside this file: as TypeScript in a checkout, as JavaScript in a package. */
const entry = fileURLToPath(new URL(`./run-entry${import.meta.url.slice(-3)}`, import.meta.url));

export async function runInProcess(options: RunProcessOptions): Promise<ProcessEnd> {
  const { order, signal, execArgv } = options;
  const child = fork(entry, {
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
    const ended = follow(child, options);
    send(child, { kind: 'start', order });
    if (signal.aborted) end();
    return await ended;
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', end);
  }
}

/** A process that is gone hears nothing, and its end is told otherwise. */
function send(child: ChildProcess, message: ToRun): void {
  if (child.connected) child.send(message, () => undefined);
}

function follow(child: ChildProcess, { onProgress }: RunProcessOptions): Promise<ProcessEnd> {
  let told: ProcessEnd | undefined;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  child.on('message', (message: FromRun) => {
    if (message.kind === 'progress') return onProgress(message.stage, message.done, message.total);
    told = message.failure === undefined ? { kind: 'done' } : { kind: 'failed', failure: message.failure };
  });
  return new Promise((resolve) => {
    const died = (how: string): void => resolve(told ?? { kind: 'died', how: [how, stderr.trim()].join('\n').trim() });
    child.on('error', (error) => died(error.message));
    child.on('close', (code, signal) => died(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

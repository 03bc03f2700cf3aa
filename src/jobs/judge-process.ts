/**
 * Decides where a file that is brought in is judged: a small text in the server itself, anything else in a process of its
 * own, so that the server answers meanwhile and outlives a file that breaks its reader. Never decides about the file.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cancelled } from '../app/cancelled.ts';
import { type FileJudge, type ImportVerdict, type JudgedFile, judgeImport } from '../app/judge-import.ts';
import type { NamedSource, SourcePart } from '../app/named-sources.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { runInProcess } from './run-process.ts';

export interface JudgeOrder {
  readonly loaded: Pick<LoadedConfiguration, 'configuration' | 'directory'>;
  readonly part: SourcePart;
  readonly name: string;
  readonly file: JudgedFile;
}

/** Formats of which a small file is read in less than 20 ms, piece by piece, and by no code but our own. */
const TEXTS: readonly unknown[] = ['csv', 'tsv', 'json', 'jsonl'];
const SMALL_BYTES = 256_000;
/** Each takes a processor and memory; the others wait. */
const AT_ONCE_MAX = 2;
/** A server that stops is gone after ten seconds. */
const GRACE_MS = 2_000;

/** `execArgv`: for Node; those of this process where not given. */
export function judgeInProcesses(execArgv?: readonly string[]): FileJudge {
  const queue = new Queue(AT_ONCE_MAX);
  return async (loaded, source, file, signal) => {
    if (await isSmallText(source, file)) return judgeImport(loaded, source, file, signal);
    return queue.run(() => judgeApart({ loaded, source, file, signal, execArgv }));
  };
}

async function isSmallText({ config }: NamedSource, { path }: JudgedFile): Promise<boolean> {
  return TEXTS.includes(config.format) && (await stat(path)).size <= SMALL_BYTES;
}

async function judgeApart(given: {
  readonly loaded: JudgeOrder['loaded'];
  readonly source: NamedSource;
  readonly file: JudgedFile;
  readonly signal: AbortSignal;
  readonly execArgv: readonly string[] | undefined;
}): Promise<ImportVerdict> {
  const { loaded, source, file, signal, execArgv } = given;
  const { configuration, directory } = loaded;
  if (signal.aborted) throw cancelled();
  // A process that is killed leaves what it wrote.
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'evenstock-judge-'));
  try {
    const { part, name } = source;
    const ended = await runInProcess<JudgeOrder, ImportVerdict>({
      entry: 'judge-entry',
      order: { loaded: { configuration, directory }, part, name, file: { ...file, temporaryDirectory } },
      signal,
      graceMs: () => GRACE_MS,
      ...(execArgv && { execArgv }),
    });
    if (ended.kind === 'done') return ended.result;
    if (signal.aborted) throw cancelled();
    if (ended.kind === 'died') throw died(ended.how);
    const { kind, code, message, action } = ended.failure;
    throw kind === 'fault' ? new Error(message) : new Failure(kind, code, message, action);
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

/** The file may be to blame, or too little memory: nobody can tell, so it is not refused. */
function died(how: string): Failure {
  return new Failure(
    'unreachable',
    'IMPORT_DIED',
    `the process that read the file ended before its end: ${how.split('\n')[0]}`,
    'Look at the memory of the machine and at the file, then send it again.',
  );
}

/** Lets so many work at once, the others in their order. */
class Queue {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnceMax: number) {
    this.free = atOnceMax;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}

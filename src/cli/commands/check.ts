/** `evenstock check`. */
import { check } from '../../app/check.ts';
import type { CheckResult } from '../../app/check-result.ts';
import { readPins } from '../../app/pin-imports.ts';
import { Failure } from '../../core/model/failure.ts';
import { EXIT_DONE, exitCodeOfKind } from '../exit-code.ts';
import { memoryBytes, threadCount } from '../limits.ts';
import { Progress } from '../progress.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import { abortOnInterrupt, type CommonOptions, loadContext, storeAddress } from './run-context.ts';

interface CheckFlags extends CommonOptions {
  readonly memory?: string;
  readonly threads?: string;
  readonly store?: string;
}

/** Exit code of what a run would do. */
function exitCodeOfVerdict(verdict: CheckResult['verdict']): number {
  return verdict === 'ready' ? EXIT_DONE : exitCodeOfKind(verdict);
}

export async function runCheck(io: TerminalIo, files: readonly string[], flags: CheckFlags): Promise<number> {
  const limits = { threads: threadCount(flags.threads), memoryBytes: memoryBytes(flags.memory) };
  const { loaded, dataDirectory } = await loadChecked(io, flags);
  const progress = new Progress(io.err, flags.quiet === true, Date.now);
  const interrupt = abortOnInterrupt();
  try {
    const result = await check({
      loaded,
      dataDirectory,
      files,
      pinned: await readPins(loaded, dataDirectory, storeAddress(io, flags)),
      ...limits,
      now: () => new Date(),
      signal: interrupt.signal,
      onProgress: (stage, done, total) => progress.update(stage, done, total),
    });
    progress.clear();
    if (flags.json) io.out.write(`${JSON.stringify(result, null, 2)}\n`);
    else
      io.out.write(
        (await import('../../app/check-text.ts')).renderCheck(result, {
          color: hasColor(io.out, io.env),
          width: widthOf(io.out),
        }),
      );
    return exitCodeOfVerdict(result.verdict);
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

/** With --json the problems of an invalid configuration are data too. */
async function loadChecked(io: TerminalIo, flags: CheckFlags): ReturnType<typeof loadContext> {
  try {
    return await loadContext(io, flags);
  } catch (error) {
    if (flags.json && error instanceof Failure) {
      const problems = error.code === 'CONFIGURATION_INVALID' ? error.message.split('\n').map(problemOf) : [];
      const result = {
        verdict: 'configuration',
        failures: [{ kind: error.kind, code: error.code, message: error.message, action: error.action }],
        problems,
      };
      io.out.write(`${JSON.stringify(result, null, 2)}\n`);
    }
    throw error;
  }
}

function problemOf(line: string): { at: string; message: string } {
  const match = /^(.*?:\d+:\d+): (.*)$/.exec(line);
  return match ? { at: match[1] as string, message: match[2] as string } : { at: '', message: line };
}

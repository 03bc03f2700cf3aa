/** `evenstock reconcile`. */
import { randomBytes } from 'node:crypto';
import { openLake } from '../../app/open-lake.ts';
import { reconcile } from '../../app/reconcile.ts';
import type { Report } from '../../contract/run.ts';
import { runIdOf } from '../../core/model/run-id.ts';
import { EXIT_DISCREPANCIES, EXIT_DONE } from '../exit-code.ts';
import { memoryBytes, threadCount, wholeNumber } from '../limits.ts';
import { Progress } from '../progress.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import {
  abortOnInterrupt,
  type CommonOptions,
  loadContext,
  parseFormats,
  storeAddress,
  userName,
} from './run-context.ts';

export interface ReconcileFlags extends CommonOptions {
  readonly out?: string;
  readonly format?: readonly string[];
  readonly site?: readonly string[];
  readonly item?: readonly string[];
  readonly top: string;
  readonly dryRun?: boolean;
  readonly force?: string;
  readonly exitCode?: boolean;
  readonly memory?: string;
  readonly threads?: string;
  readonly store?: string;
}

export async function runReconcile(io: TerminalIo, flags: ReconcileFlags): Promise<number> {
  const { isTable, formats } = parseFormats(flags.format);
  const top = wholeNumber('--top', flags.top, 0, 1_000_000);
  const { loaded, dataDirectory } = await loadContext(io, flags);
  const { renderTerminal } = await import('../../report/terminal.ts');
  const progress = new Progress(io.err, flags.quiet === true, Date.now);
  // A server keeps its own runs: beside one, only a run that keeps nothing is made from the command line.
  const lake = await openLake({
    loaded,
    dataDirectory,
    storeAddress: storeAddress(io, flags),
    isKept: flags.dryRun !== true,
    pid: process.pid,
    what: 'evenstock reconcile',
    now: Date.now,
  });
  const interrupt = abortOnInterrupt();
  const now = (): Date => new Date();
  const print = (report: Report, out: string | undefined): void => {
    progress.clear();
    if (flags.json) io.out.write(`${JSON.stringify(report.run, null, 2)}\n`);
    else if (isTable || report.run.state === 'refused')
      io.out.write(renderTerminal(report, { color: hasColor(io.out, io.env), width: widthOf(io.out), top }));
    if (out !== undefined && !flags.quiet)
      io.err.write(`The report is in ${out}${formats.includes('html') ? `: open ${out}/report.html` : ''}\n`);
  };
  try {
    const run = await reconcile({
      loaded,
      dataDirectory,
      out: flags.out,
      formats,
      pinned: lake.pinned,
      filters: { site: flags.site ?? [], item: flags.item ?? [] },
      isDryRun: flags.dryRun === true,
      forced: flags.force === undefined ? null : { by: userName(), reason: flags.force },
      threads: threadCount(flags.threads),
      memoryBytes: memoryBytes(flags.memory),
      runId: runIdOf(Date.now(), randomBytes(3)),
      pid: process.pid,
      now,
      signal: interrupt.signal,
      onProgress: (stage, done, total) => progress.update(stage, done, total),
      onReport: print,
    });
    return flags.exitCode && (run.totals?.discrepancies ?? 0) > 0 ? EXIT_DISCREPANCIES : EXIT_DONE;
  } finally {
    progress.clear();
    interrupt.dispose();
    lake.close();
  }
}

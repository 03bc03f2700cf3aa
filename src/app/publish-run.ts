/** Writes a run's report where it was asked for, says so, and then keeps the run. Each folder appears whole or not at all. */
import { join } from 'node:path';
import type { Report, RunDocument } from '../contract/run.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { openPendingFolder, type PendingFolder, type RunStore } from '../store/run-store.ts';
import { cancelled, cancelledHistory } from './cancelled.ts';
import type { RunLines, TimingLine } from './run-lines.ts';
import { type BegunLines, beginLines, type OutFormat, type Outputs, writeOutputs } from './write-outputs.ts';

export interface PublishOptions {
  readonly store: RunStore;
  /** undefined: no folder is written beside the kept run. */
  readonly out: string | undefined;
  readonly formats: readonly OutFormat[];
  readonly isDryRun: boolean;
  readonly pid: number;
  readonly signal: AbortSignal;
  readonly temporaryDirectory: string;
  readonly onReport: (report: Report, outDirectory: string | undefined) => void;
}

/** A report whose lines are being written while the rest of it is worked out. Nobody sees it before it is published. */
export interface BegunReport {
  readonly folder: PendingFolder;
  readonly lines: BegunLines;
  /** Ends it without a trace. */
  discard(): Promise<void>;
}

/** Begins the report of a run that is complete; undefined where none is asked for. */
export async function beginReport(
  lines: Outputs['lines'],
  { out, formats, isDryRun, pid, temporaryDirectory }: PublishOptions,
): Promise<BegunReport | undefined> {
  if (out === undefined || isDryRun) return undefined;
  const folder = await openPendingFolder(out, pid);
  try {
    const begun = await beginLines(folder.path, formats, { lines }, temporaryDirectory);
    const discard = async (): Promise<void> => {
      // A folder that is still written into cannot be removed.
      await begun.parquet?.catch(() => undefined);
      await folder.discard();
    };
    return { folder, lines: begun, discard };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

/** `begun`: the report, where it was begun before. `keep` adds to the folder of the run what is kept beside the report. */
export async function publishRun(
  outputs: Outputs,
  options: PublishOptions,
  begun: BegunReport | undefined,
  keep: (folder: string) => Promise<void>,
): Promise<void> {
  const { signal, temporaryDirectory } = options;
  const { run } = outputs.report;
  if (options.out !== undefined && !options.isDryRun) {
    const folder = begun?.folder ?? (await openPendingFolder(options.out, options.pid));
    try {
      await writeOutputs(folder.path, options.formats, outputs, temporaryDirectory, begun?.lines);
      if (signal.aborted) throw cancelled();
      await folder.commit();
    } catch (error) {
      await (begun ?? folder).discard();
      throw error;
    }
  }
  options.onReport({ ...outputs.report, lines: outputs.lines() }, options.isDryRun ? undefined : options.out);
  if (options.isDryRun) return;
  const folder = await openPendingFolder(options.store.folderOf(run.run_id), options.pid, true);
  try {
    const { KEPT_COLUMNS, writeParquet } = await import('../report/parquet.ts');
    await writeParquet(join(folder.path, 'discrepancies.parquet'), KEPT_COLUMNS, outputs.lines(), temporaryDirectory);
    await writeOutputs(folder.path, [], outputs, temporaryDirectory);
    await keep(folder.path);
    await folder.commit();
  } catch (error) {
    await folder.discard();
    if (signal.aborted) throw cancelledHistory(options.out);
    throw error;
  }
}

/** Rejections and timing lines that a report holds; all of them stand in the tables. */
const LISTED_MAX = 1000;

/** A refused run has its rejections and no lines. */
export function outputsOf(run: RunDocument, lines: RunLines | undefined, rejections: readonly Rejection[]): Outputs {
  const told = run.state === 'complete' ? lines : undefined;
  const timing: TimingLine[] = [];
  for (const line of told?.timing() ?? []) {
    if (timing.length === LISTED_MAX) break;
    timing.push(line);
  }
  return {
    report: { run, lines: told?.discrepancies() ?? [], rejections: rejections.slice(0, LISTED_MAX), timing },
    lines: () => told?.discrepancies() ?? [],
    timing: () => told?.timing() ?? [],
    contributions: () => told?.contributions() ?? [],
    rejections,
  };
}

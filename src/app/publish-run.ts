/** Writes a run's report where it was asked for, says so, and then keeps the run. Each folder appears whole or not at all. */
import { join } from 'node:path';
import type { Report } from '../contract/run.ts';
import { openPendingFolder, type RunStore } from '../store/run-store.ts';
import { cancelled, cancelledHistory } from './cancelled.ts';
import { type OutFormat, type Outputs, writeOutputs } from './write-outputs.ts';

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

/** `keep` adds to the folder of the run what is kept beside the report. */
export async function publishRun(
  outputs: Outputs,
  options: PublishOptions,
  keep: (folder: string) => Promise<void>,
): Promise<void> {
  const { signal, temporaryDirectory } = options;
  const { run } = outputs.report;
  if (options.out !== undefined && !options.isDryRun) {
    const folder = await openPendingFolder(options.out, options.pid);
    try {
      await writeOutputs(folder.path, options.formats, outputs, temporaryDirectory);
      if (signal.aborted) throw cancelled();
      await folder.commit();
    } catch (error) {
      await folder.discard();
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

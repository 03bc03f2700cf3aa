/**
 * Decides whether a file can be brought in for a source: it is read to its end as a run would read it. Never judges what
 * its rows mean; the quality gate of a run does.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { BalanceSourceConfig } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { type OpenedSource, openRows, openSource } from '../ingest/open-source.ts';
import { openBalanceSource } from './balance-sources.ts';
import { cancelled } from './cancelled.ts';
import { findCutOffs } from './find-cut-offs.ts';
import { gateLimits } from './make-plan.ts';
import type { NamedSource } from './named-sources.ts';
import { SourceFiles } from './source-files.ts';

export interface ImportVerdict {
  readonly state: 'accepted' | 'held' | 'refused';
  /** Why it is held or refused. */
  readonly failure: string | null;
  readonly rows: number | null;
  readonly rejected: number | null;
  /** The cut-off of a snapshot, in milliseconds since 1970. */
  readonly asOf: number | null;
}

export interface JudgedFile {
  readonly path: string;
  /** Rows of the snapshot that was accepted for this source before. */
  readonly rowsBefore: number | undefined;
  /** For working files; the system's where not given. */
  readonly temporaryDirectory?: string;
}

/** How a file is judged: here (judgeImport), or by another process in the same way. */
export type FileJudge = (
  loaded: Pick<LoadedConfiguration, 'configuration' | 'directory'>,
  source: NamedSource,
  file: JudgedFile,
  signal: AbortSignal,
) => Promise<ImportVerdict>;

/** Below this many rows a share says nothing. */
const ROWS_FOR_SHARES = 20;

/** Reads the whole file. Throws only what is not the file's fault. */
export async function judgeImport(
  { configuration, directory }: Pick<LoadedConfiguration, 'configuration' | 'directory'>,
  source: NamedSource,
  { path, rowsBefore, temporaryDirectory = tmpdir() }: JudgedFile,
  signal: AbortSignal,
): Promise<ImportVerdict> {
  const files = new SourceFiles({ configuration, directory }, { [source.name]: [{ path }] });
  const work = await mkdtemp(join(temporaryDirectory, 'evenstock-import-'));
  try {
    const opened = source.kind === 'balances' ? await openSnapshot() : { ...(await openOther()), asOf: null };
    const { rows, rejected } = await countRows(opened, opened.totalRow, work, signal);
    const limits = gateLimits(source.config as BalanceSourceConfig, configuration.quality);
    const isFull = source.part === 'balances' && (source.config as BalanceSourceConfig).completeness === 'full';
    const failure = rows === 0 ? 'it has no rows' : isFull ? sizeFault(rows, rowsBefore, limits) : undefined;
    const state = failure === undefined ? 'accepted' : 'held';
    return { state, failure: failure ?? null, rows, rejected, asOf: opened.asOf };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'refused') throw error;
    return { state: 'refused', failure: error.message, rows: null, rejected: null, asOf: null };
  } finally {
    await rm(work, { recursive: true, force: true });
  }

  async function openSnapshot() {
    const config = source.config as BalanceSourceConfig;
    const snapshot = await openBalanceSource(configuration, config, files, work);
    const { erp, wms } = await findCutOffs([snapshot], work);
    const { input, file, unknownColumns } = snapshot;
    return { ...input, file, unknownColumns, asOf: whole(erp ?? wms.get(config.system)) };
  }

  async function openOther() {
    const { file, config } = await files.find(source.config);
    return { ...(await openSource(source.kind, config, file, work)), totalRow: undefined };
  }
}

/** The time of a file has fractions of a millisecond. */
function whole(moment: number | undefined): number | null {
  return moment === undefined ? null : Math.floor(moment);
}

function sizeFault(
  rows: number,
  before: number | undefined,
  limits: { readonly minRowsShare: number; readonly maxRowsShare: number },
): string | undefined {
  if (before === undefined || before < ROWS_FOR_SHARES) return undefined;
  if (rows < before * limits.minRowsShare) return `it has ${rows} rows, the snapshot before it had ${before}`;
  if (rows > before * limits.maxRowsShare) return `it has ${rows} rows, the snapshot before it had only ${before}`;
  return undefined;
}

/** A declared control total must be the last row: without it the end of the file is missing. */
async function countRows(
  opened: OpenedSource,
  totalRow: { readonly column: number; readonly value: string } | undefined,
  work: string,
  signal: AbortSignal,
): Promise<{ rows: number; rejected: number }> {
  let rows = 0;
  let rejected = 0;
  let last: string | null | undefined;
  for await (const batch of (await openRows(opened, work)).batches) {
    if (signal.aborted) throw cancelled();
    rows += batch.length;
    for (const { fault } of batch) if (fault !== undefined) rejected++;
    if (totalRow !== undefined) last = batch.at(-1)?.values[totalRow.column] ?? last;
  }
  if (totalRow === undefined) return { rows, rejected };
  if (last?.trim() !== totalRow.value) {
    const message = `${opened.file.name} does not end with its control total; the file seems cut off`;
    throw new Failure('refused', 'TOTAL_MISSING', message, 'Send the file again.');
  }
  return { rows: rows - 1, rejected };
}

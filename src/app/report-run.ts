/** Reads a kept run back and makes its report again. Never compares anew: what the run said is what is printed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscrepancyLine, RunDocument } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';
import { readKeptLines } from '../report/parquet.ts';
import { checkOutDirectory, openPendingFolder, RunStore } from '../store/run-store.ts';
import { readItemViews } from './item-views.ts';
import { minorDecimalsOf } from './minor-decimals.ts';
import { checkFilters, isLimited, type ReportFilters, selectLines } from './report-run-selection.ts';
import { type KeptTables, readKeptTables } from './report-run-tables.ts';
import { trendUpTo } from './trend.ts';
import { type OutFormat, type Outputs, writeOutputs } from './write-outputs.ts';

/** Rejections and timing lines that a report holds, as for the run itself. */
const LISTED_MAX = 1000;
const IDS_SHOWN = 5;

/** One line of the list of runs. `state` is unreadable where its folder is damaged; the other texts are '' then. */
export interface ListedRun {
  readonly run_id: string;
  readonly finished_at: string;
  readonly state: RunDocument['state'] | 'unreadable';
  readonly discrepancies: number | null;
  readonly gross_variance_value: string;
  readonly currency: string;
}

/** The newest first. */
export async function listRuns(dataDirectory: string): Promise<ListedRun[]> {
  const store = new RunStore(dataDirectory);
  const ids = (await store.list()).reverse();
  return Promise.all(
    ids.map(async (id): Promise<ListedRun> => {
      try {
        const { finished_at, state, totals, currency } = await store.read(id);
        return {
          run_id: id,
          finished_at,
          state,
          discrepancies: totals?.discrepancies ?? null,
          gross_variance_value: totals?.gross_variance_value ?? '',
          currency,
        };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return {
          run_id: id,
          finished_at: '',
          state: 'unreadable',
          discrepancies: null,
          gross_variance_value: '',
          currency: '',
        };
      }
    }),
  );
}

export interface ReportRunOptions {
  readonly dataDirectory: string;
  /** undefined: the newest run. */
  readonly runId: string | undefined;
  readonly filters: ReportFilters;
}

/** The report of a kept run, complete or refused. Throws a Failure of kind `usage` for a run, site, category or cause that is not there. */
export async function reportRun(options: ReportRunOptions): Promise<Outputs> {
  const store = new RunStore(options.dataDirectory);
  const run = await store.read(await chooseRun(store, options));
  checkFilters(
    run,
    run.state === 'complete' ? options.filters : { ...options.filters, site: [], category: [], cause: [] },
  );
  return withTemporaryFolder(async (temporary) => {
    const folder = store.folderOf(run.run_id);
    const tables = await readKeptTables(folder, temporary);
    if (run.state === 'refused') return outputsOf(run, [], tables);
    const lines = await readKeptLines(join(folder, 'discrepancies.parquet'), minorDecimalsOf(run.currency), temporary);
    const outputs = isLimited(options.filters)
      ? limited(run, lines, tables, options.filters)
      : outputsOf(run, lines, tables);
    const report = { ...outputs.report, trend: await trendUpTo(options.dataDirectory, run) };
    return { ...outputs, report, views: () => readItemViews(folder, run, outputs.lines()) };
  });
}

async function chooseRun(store: RunStore, { runId, dataDirectory }: ReportRunOptions): Promise<string> {
  const ids = await store.list();
  const newest = ids.at(-1);
  if (newest === undefined)
    throw new Failure(
      'usage',
      'NO_RUNS',
      `there are no runs in ${dataDirectory} yet`,
      'Run `evenstock reconcile` first, or name the data directory with --data.',
    );
  if (runId === undefined) return newest;
  if (!ids.includes(runId)) {
    throw new Failure(
      'usage',
      'RUN_UNKNOWN',
      `there is no run ${runId}; the newest are ${ids.slice(-IDS_SHOWN).reverse().join(', ')}`,
      'Name one of these; `evenstock report --list` lists all.',
    );
  }
  return runId;
}

/** Also of the other tables only what belongs to the selected keys is left; rejections and unmapped statuses have no key and stay. */
function limited(
  run: RunDocument,
  all: readonly DiscrepancyLine[],
  tables: KeptTables,
  filters: ReportFilters,
): Outputs {
  const { lines, selection } = selectLines(all, filters, minorDecimalsOf(run.currency));
  const nameOf = (site: string, item: string, owner: string, lot: string, category: string): string =>
    JSON.stringify([site, item, owner, lot, category]);
  const fits = (names: readonly string[], name: string): boolean => names.length === 0 || names.includes(name);
  // Timing lines have neither a cause of their own nor a value that --min-value would mean.
  const hasTiming = filters.cause.length === 0 && filters.minValue === undefined;
  const timing = hasTiming
    ? tables.timing.filter((line) => fits(filters.site, line.site) && fits(filters.category, line.category))
    : [];
  const keys = new Set(
    [...lines, ...timing].map((line) => nameOf(line.site, line.item, line.owner, line.lot, line.category)),
  );
  const contributions = tables.contributions.filter(([site = '', item = '', owner = '', lot = '', category = '']) =>
    keys.has(nameOf(site, item, owner, lot, category)),
  );
  return outputsOf({ ...run, selection }, lines, { ...tables, timing, contributions });
}

function outputsOf(
  run: RunDocument,
  lines: readonly DiscrepancyLine[],
  { timing, contributions, rejections }: KeptTables,
): Outputs {
  return {
    report: { run, lines, rejections: rejections.slice(0, LISTED_MAX), timing: timing.slice(0, LISTED_MAX) },
    lines: () => lines,
    timing: () => timing,
    contributions: () => contributions,
    rejections,
  };
}

/** Writes a report into a folder as a run does: whole or not at all. */
export async function writeReport(
  outputs: Outputs,
  out: string,
  formats: readonly OutFormat[],
  pid: number,
): Promise<void> {
  await checkOutDirectory(out);
  await withTemporaryFolder(async (temporary) => {
    const folder = await openPendingFolder(out, pid);
    try {
      await writeOutputs(folder.path, formats, outputs, temporary);
      await folder.commit();
    } catch (error) {
      await folder.discard();
      throw error;
    }
  });
}

/** Writes a report in one format and hands over the file, which is gone afterwards. */
export async function withReportFile(
  outputs: Outputs,
  format: OutFormat,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const { run } = outputs.report;
  if (run.state === 'refused' && format !== 'html')
    throw new Failure(
      'usage',
      'RUN_WAS_REFUSED',
      `run ${run.run_id} was refused: it has no discrepancies`,
      'Print it without --format, which says why.',
    );
  await withTemporaryFolder(async (temporary) => {
    await writeOutputs(temporary, [format], outputs, temporary);
    await use(join(temporary, format === 'html' ? 'report.html' : `discrepancies.${format}`));
  });
}

async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'evenstock-report-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

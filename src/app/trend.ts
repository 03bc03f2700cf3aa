/**
 * Puts the measures of the kept runs side by side, by day or by run. Decides which runs stand for a period; never computes a
 * measure anew: each is as its run said.
 */
import { type LeftOutRun, MEASURES, type TrendDocument, type TrendRow } from '../contract/measures.ts';
import type { GroupTotals } from '../contract/run.ts';
import { DAY_MS } from '../core/measure/key-history.ts';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import { Failure } from '../core/model/failure.ts';
import type { Moment } from '../core/normalize/time.ts';
import type { KeptRun } from '../store/read-key-history.ts';
import { RunStore } from '../store/run-store.ts';

export interface TrendOptions {
  readonly dataDirectory: string;
  readonly by: 'day' | 'run';
  /** The last days that are shown, up to the newest cut-off of a complete run. */
  readonly days: number;
  /** undefined: all sites. */
  readonly site: string | undefined;
}

interface ReadRun {
  readonly run: KeptRun;
  readonly cutOff: Moment;
}

/**
 * One row for each day, of its last complete run that compared everything (or, with a site, all of that site), or one for
 * each such run. Days are those of the cut-offs, in the offset that they are written with. Of several runs of one cut-off the
 * newest counts. Throws a Failure of kind `usage` where there are no runs, and for a site that none of them knows.
 */
export async function trend(options: TrendOptions): Promise<TrendDocument> {
  const leftOut: LeftOutRun[] = [];
  const read = await readRuns(options, leftOut);
  const counted = countedRuns(read, options.site, leftOut);
  const rows = counted.map((each) => rowOf(each, options.site));
  return {
    ...trendDocument(counted, options.by === 'run' ? rows : byDay(rows), options),
    left_out: leftOut.sort((a, b) => (a.run_id < b.run_id ? -1 : 1)),
  };
}

/** Rows of the trend in a report, and the run documents that are read for them at most. */
const REPORT_ROWS_MAX = 30;
const REPORT_READ_MAX = 60;

/**
 * What a run's report shows: the last 30 runs of all sites up to the run itself, which need not be kept yet. undefined for a
 * refused or limited run, which cannot be put beside the others.
 */
export async function trendUpTo(dataDirectory: string, run: KeptRun): Promise<TrendDocument | undefined> {
  if (run.totals === null || !isWhole(run, undefined)) return undefined;
  const store = new RunStore(dataDirectory);
  const own = { run, cutOff: runCutOff(run.inputs, run.started_at) };
  const read: ReadRun[] = [own];
  for (const id of (await store.list()).reverse().slice(0, REPORT_READ_MAX)) {
    const before = await readRun(store, id);
    if (before !== undefined && before.cutOff.epochMs < own.cutOff.epochMs) read.push(before);
  }
  const counted = countedRuns(byCutOff(read), undefined, []).slice(-REPORT_ROWS_MAX);
  const rows = counted.map((each) => rowOf(each, undefined));
  return trendDocument(counted, rows, { by: 'run', days: 0, site: undefined });
}

function trendDocument(
  counted: readonly ReadRun[],
  rows: readonly TrendRow[],
  { by, days, site }: Omit<TrendOptions, 'dataDirectory'>,
): TrendDocument {
  const last = counted.at(-1)?.run;
  return {
    schema: 1,
    name: last?.name ?? '',
    by,
    days,
    site: site ?? '',
    latest: (site === undefined ? last?.measures : undefined) ?? null,
    rows,
    left_out: [],
    definitions: Object.fromEntries(Object.values(MEASURES).map(({ field, definition }) => [field, definition])),
  };
}

async function readRun(store: RunStore, id: string): Promise<ReadRun | undefined> {
  const run: KeptRun | undefined = await store.read(id).catch(() => undefined);
  return run && { run, cutOff: runCutOff(run.inputs, run.started_at) };
}

/** The runs of the period, by cut-off. Reads the newest first, and no further back than the period needs. */
async function readRuns({ dataDirectory, days }: TrendOptions, leftOut: LeftOutRun[]): Promise<ReadRun[]> {
  const store = new RunStore(dataDirectory);
  const ids = await store.list();
  if (ids.length === 0)
    throw new Failure(
      'usage',
      'NO_RUNS',
      `there are no runs in ${dataDirectory} yet`,
      'Run `evenstock reconcile` first, or name the data directory with --data.',
    );
  const read: ReadRun[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const id of ids.reverse()) {
    const each = await readRun(store, id);
    if (each === undefined) {
      leftOut.push({ run_id: id, cut_off: '', reason: 'unreadable' });
      continue;
    }
    const { run, cutOff } = each;
    // Before a run that was the latest when it was made there is none with a later cut-off. A day more for other offsets.
    if (run.measures?.is_latest && cutOff.epochMs < newest - (days + 1) * DAY_MS) break;
    if (run.totals !== null) newest = Math.max(newest, cutOff.epochMs);
    read.push(each);
  }
  const sorted = byCutOff(read);
  const last = sorted.findLast(({ run }) => run.totals !== null) ?? sorted.at(-1);
  const lastDay = dayOf(last?.cutOff.text ?? '');
  return sorted.filter(({ cutOff }) => dayOf(cutOff.text) > lastDay - days);
}

/** Runs come in from the newest on, and sorting is stable: of one cut-off the newest run stays first. */
function byCutOff(newestFirst: readonly ReadRun[]): ReadRun[] {
  return newestFirst.toSorted((a, b) => a.cutOff.epochMs - b.cutOff.epochMs);
}

/** Number of the day, in the offset that the time is written with. */
function dayOf(iso: string): number {
  return Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY_MS;
}

/** Complete runs that compared everything of the site (of all sites), the newest of each cut-off. */
function countedRuns(read: readonly ReadRun[], site: string | undefined, leftOut: LeftOutRun[]): ReadRun[] {
  const counted: ReadRun[] = [];
  const sites = new Set<string>();
  for (const each of read) {
    const { run, cutOff } = each;
    const leaveOut = (reason: LeftOutRun['reason']): void =>
      void leftOut.push({ run_id: run.run_id, cut_off: cutOff.text, reason });
    for (const group of run.by_site) sites.add(group.site);
    if (run.state === 'refused' || run.totals === null) leaveOut('refused');
    else if (!isWhole(run, site)) leaveOut('filtered');
    else if (counted.at(-1)?.cutOff.epochMs === cutOff.epochMs) leaveOut('replaced');
    else if (groupOf(run, site) !== undefined) counted.push(each);
  }
  if (site === undefined || sites.has(site)) return counted;
  throw new Failure(
    'usage',
    'FILTER_UNKNOWN',
    `--site ${site}: the runs know no such site; they have ${sites.size === 0 ? 'none' : [...sites].sort().join(', ')}`,
    'Correct the option.',
  );
}

function isWhole({ filters }: KeptRun, site: string | undefined): boolean {
  const hasSite = filters.site.length === 0 || (site !== undefined && filters.site.includes(site));
  return filters.item.length === 0 && hasSite;
}

function groupOf({ totals, by_site: bySite }: KeptRun, site: string | undefined): GroupTotals | undefined {
  return site === undefined ? (totals ?? undefined) : bySite.find((group) => group.site === site);
}

function rowOf({ run, cutOff }: ReadRun, site: string | undefined): TrendRow {
  const totals = groupOf(run, site) as GroupTotals;
  const { measures } = run;
  const figures = site === undefined ? measures : measures?.by_site.find((group) => group.site === site);
  return {
    run_id: run.run_id,
    cut_off: cutOff.text,
    cut_offs: 1,
    currency: run.currency,
    keys: totals.keys,
    discrepancies: totals.discrepancies,
    sync_accuracy_keys: totals.sync_accuracy_keys,
    gross_variance_quantity: totals.gross_variance_quantity,
    gross_variance_value: totals.gross_variance_value,
    net_variance_value: totals.net_variance_value,
    new: figures?.new ?? null,
    continuing: figures?.continuing ?? null,
    resolved: figures?.resolved ?? null,
    recurring: figures?.recurring ?? null,
    ageing: (site === undefined ? measures?.ageing : undefined) ?? null,
    over_a_week: figures?.over_a_week ?? null,
    explained_value_share: figures?.explained_value_share ?? '',
  };
}

/** The last row of each day; what came and went is added up over the day. */
function byDay(rows: readonly TrendRow[]): TrendRow[] {
  const days = new Map<string, TrendRow>();
  for (const row of rows) {
    const day = row.cut_off.slice(0, 10);
    const earlier = days.get(day);
    const sum = (name: 'new' | 'resolved' | 'recurring'): number | null =>
      earlier === undefined || row[name] === null ? row[name] : row[name] + (earlier[name] ?? 0);
    days.set(day, {
      ...row,
      cut_offs: 1 + (earlier?.cut_offs ?? 0),
      new: sum('new'),
      resolved: sum('resolved'),
      recurring: sum('recurring'),
    });
  }
  return [...days.values()];
}

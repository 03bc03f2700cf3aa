/**
 * Measures discrepancies of a period by what they have in common: how many there are and how old, what was resolved and how
 * fast, what came back. Read off the lines of the runs that stand for the period's days; never computes a line anew.
 */
import { join } from 'node:path';
import type { MeasureGroup } from '../contract/measures.ts';
import type { RunDocument } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { KeptResults } from './kept-results.ts';
import { trend } from './trend.ts';

type GroupedBy = 'site' | 'category' | 'cause' | 'interface';

interface GroupsQuestion {
  readonly by: GroupedBy;
  readonly days: number;
  /** undefined: all sites. */
  readonly sites: readonly string[] | undefined;
  readonly temporaryDirectory: string;
}

interface MeasuredGroups {
  readonly runs: readonly { readonly run_id: string; readonly cut_off: string }[];
  readonly groups: readonly MeasureGroup[];
}

interface CountedRun {
  readonly document: RunDocument;
  readonly path: string;
  readonly cutOff: string;
}

const DAY_MS = 86_400_000;
const MEMORY_BYTES = 512e6;
/** Of a longer period the last ones. */
const RUNS_MAX = 120;

/** Throws a Failure of kind `usage` where there are no runs. */
export async function measureGroups(results: KeptResults, question: GroupsQuestion): Promise<MeasuredGroups> {
  const { rows } = await trend({
    dataDirectory: results.dataDirectory,
    by: 'day',
    days: question.days,
    site: undefined,
  });
  const runs: CountedRun[] = [];
  for (const { run_id, cut_off } of rows.slice(-RUNS_MAX)) {
    const { document, folder } = await results.complete(run_id);
    runs.push({ document, path: join(folder, 'discrepancies.parquet'), cutOff: cut_off });
  }
  const last = runs.at(-1);
  if (last === undefined) return { runs: [], groups: [] };
  const { temporaryDirectory } = question;
  const duckDb = await openDuckDb({ temporaryDirectory, threads: 1, memoryBytes: MEMORY_BYTES });
  try {
    const found = await duckDb.rows(statementOf(runs, question));
    const groups = found.map((row) => groupOf(row, accuracyOf(last.document, question)));
    return { runs: runs.map(({ document, cutOff }) => ({ run_id: document.run_id, cut_off: cutOff })), groups };
  } finally {
    duckDb.close();
  }
}

/** A key is resolved by the first run that does not list it, and came back where a later run lists it again. */
function statementOf(runs: readonly CountedRun[], { by, sites }: GroupsQuestion): string {
  const last = runs.length - 1;
  const limit = sites === undefined ? '' : ` WHERE site IN (${[...sites, ''].map(sqlText).join(', ')}) AND site <> ''`;
  const cutOffs = runs.map(({ cutOff }) => Date.parse(cutOff));
  const waits = cutOffs.slice(1).map((at, n) => `WHEN ${n} THEN ${(at - (cutOffs[n] as number)) / DAY_MS}`);
  const rows = runs.map(({ path, document }, n) => {
    const group = by === 'interface' ? interfaceSql(document) : `"${by}"`;
    const file = sqlText(path.replaceAll(/[*?[]/g, '[$&]'));
    return `SELECT ${n} AS n, ${group} AS grp, site, item, owner, lot, category, days_out_of_sync AS days,
      abs(variance_value) AS gross FROM read_parquet(${file})${limit}`;
  });
  return `WITH listed AS (${rows.join(' UNION ALL ')}),
    seen AS (SELECT *, lead(n) OVER (PARTITION BY site, item, owner, lot, category ORDER BY n) AS next FROM listed),
    ended AS (SELECT *, n < ${last} AND (next IS NULL OR next > n + 1) AS is_resolved, n < ${last} AND next > n + 1 AS is_back,
      days + CASE n ${waits.length === 0 ? 'WHEN -1 THEN 0' : waits.join(' ')} ELSE 0 END AS resolved_after FROM seen)
    SELECT coalesce(grp, ''), count(*) FILTER (n = ${last}), coalesce(sum(gross) FILTER (n = ${last}), 0)::VARCHAR,
      count(*) FILTER (n = ${last} AND days <= 1), count(*) FILTER (n = ${last} AND days BETWEEN 2 AND 3),
      count(*) FILTER (n = ${last} AND days BETWEEN 4 AND 7), count(*) FILTER (n = ${last} AND days BETWEEN 8 AND 30),
      count(*) FILTER (n = ${last} AND days > 30), count(*) FILTER (is_resolved), count(*) FILTER (is_back),
      avg(resolved_after) FILTER (is_resolved), median(resolved_after) FILTER (is_resolved)
    FROM ended GROUP BY 1 ORDER BY 2 DESC, 9 DESC, 1`;
}

/** The interface that a line's finding has as its common factor; empty where it has none. */
function interfaceSql({ findings }: RunDocument): string {
  const named = findings.flatMap(({ id, factor }) => {
    const name = factor['interface'];
    return name === undefined ? [] : [`WHEN ${sqlText(id)} THEN ${sqlText(name)}`];
  });
  return named.length === 0 ? "''" : `CASE finding_id ${named.join(' ')} ELSE '' END`;
}

function accuracyOf({ by_site, by_category }: RunDocument, { by, sites }: GroupsQuestion): ReadonlyMap<string, string> {
  if (by === 'site') return new Map(by_site.map(({ site, sync_accuracy_keys }) => [site, sync_accuracy_keys]));
  // Of a category over all sites, which is not for who sees some only.
  if (by !== 'category' || sites !== undefined) return new Map();
  return new Map(by_category.map(({ category, sync_accuracy_keys }) => [category, sync_accuracy_keys]));
}

function groupOf(row: readonly unknown[], accuracy: ReadonlyMap<string, string>): MeasureGroup {
  const [name, now, gross, ...rest] = row;
  const [d01, d23, d47, d830, over30, resolved, back] = rest.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = (value: unknown): string => (value === null ? '' : Number(value).toFixed(1));
  return {
    group: String(name),
    discrepancies: Number(now),
    gross_variance_value: String(gross).replace(/(\.\d\d)00$/, '$1'),
    sync_accuracy_keys: accuracy.get(String(name)) ?? '',
    ageing: { '0-1': d01, '2-3': d23, '4-7': d47, '8-30': d830, 'over-30': over30 },
    resolved,
    came_back: back,
    recurrence_share: resolved === 0 ? '' : (Math.floor((back * 1e6) / resolved) / 1e6).toFixed(6),
    days_to_resolve_mean: days(rest[7]),
    days_to_resolve_median: days(rest[8]),
  };
}

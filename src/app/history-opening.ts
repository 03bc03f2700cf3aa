/**
 * Takes an earlier run's balances for the opening where none is given: the oldest one that both ledgers lead on from. A fault
 * older than the opening could only be called a difference of the opening. Never reads more than the items that are asked for.
 */
import { join } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import type { Role } from '../core/model/balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { type SideTimes, sideTimes } from '../engine/evidence/cut-off-times.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import { findFile } from '../ingest/files/find-file.ts';
import { openSource } from '../ingest/open-source.ts';
import { RunStore } from '../store/run-store.ts';
import type { FoundCutOffs } from './find-cut-offs.ts';

export interface HistoryOpening {
  readonly runId: string;
  readonly times: SideTimes;
  /** Its balances of some items as inputs, in a folder of the caller's. */
  read(items: Iterable<string>, temporaryDirectory: string): Promise<EvidenceInput[]>;
}

export interface HistoryOpeningOptions {
  readonly dataDirectory: string;
  readonly plan: Plan;
  readonly cutOffs: FoundCutOffs;
  /** When each side's ledger begins. */
  readonly begins: Readonly<Record<Role, number>>;
}

/** Runs looked at, the newest first: a ledger rarely holds more days. */
const RUNS_MAX = 100;

/** undefined where no run qualifies, or a side has no ledger. Reads the documents of runs only. */
export async function findHistoryOpening(options: HistoryOpeningOptions): Promise<HistoryOpening | undefined> {
  const { begins, plan } = options;
  // Without both ledgers nothing leads from the opening to the balances.
  if (!Number.isFinite(begins.erp) || !Number.isFinite(begins.wms)) return undefined;
  const store = new RunStore(options.dataDirectory);
  let best: { run: RunDocument; times: SideTimes } | undefined;
  for (const id of (await store.list()).reverse().slice(0, RUNS_MAX)) {
    const run = await store.read(id).catch(() => undefined);
    const times = run && timesOf(run, plan);
    if (run === undefined || times === undefined || !isCovered(times, options)) continue;
    if (best === undefined || times.erp < best.times.erp) best = { run, times };
  }
  if (best === undefined) return undefined;
  const { run, times } = best;
  const path = join(store.folderOf(run.run_id), 'balances.parquet');
  return { runId: run.run_id, times, read: (items, folder) => readBalances(path, items, folder, plan, run.run_id) };
}

/** The cut-offs of a run that compared everything; undefined where one is not known. */
function timesOf(run: RunDocument, plan: Plan): SideTimes | undefined {
  if (run.state !== 'complete' || run.filters.site.length + run.filters.item.length > 0) return undefined;
  let erp: number | undefined;
  const wms = new Map<string, number>();
  for (const { kind, system, as_of, completeness } of run.inputs) {
    if (kind !== 'balances') continue;
    const at = Date.parse(as_of);
    if (Number.isNaN(at) || completeness === 'partial') return undefined;
    if (plan.systems.find(({ id }) => id === system)?.role === 'erp') erp = at;
    else wms.set(system, at);
  }
  const isWhole = plan.systems.every(({ id, role }) => role === 'erp' || wms.has(id));
  return isWhole ? sideTimes({ erp, wms }) : undefined;
}

/** Whether both ledgers begin before the moment, and the snapshots that are compared lie behind it. */
function isCovered(times: SideTimes, { begins, cutOffs }: HistoryOpeningOptions): boolean {
  if (begins.erp > times.erp || cutOffs.erp === undefined || times.erp >= cutOffs.erp) return false;
  return [...times.wms].every(([system, at]) => begins.wms <= at && at < (cutOffs.wms.get(system) ?? at));
}

async function readBalances(
  path: string,
  items: Iterable<string>,
  temporaryDirectory: string,
  plan: Plan,
  runId: string,
): Promise<EvidenceInput[]> {
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: 500e6 });
  // DuckDB reads paths as patterns: in brackets a character stands for itself.
  const source = `read_parquet(${sqlText(path.replaceAll(/[*?[]/g, '[$&]'))})`;
  const inputs: EvidenceInput[] = [];
  try {
    await database.run('CREATE TABLE wanted (item VARCHAR)');
    const appender = await database.connection.createAppender('wanted');
    for (const item of items) {
      appender.appendVarchar(item);
      appender.endRow();
    }
    appender.closeSync();
    for (const [index, { id, role }] of plan.systems.entries()) {
      const to = join(temporaryDirectory, `opening-${index}.csv`);
      await database.run(
        `COPY (SELECT site, item, owner, lot, status, CAST(quantity AS VARCHAR) AS quantity FROM ${source}
          WHERE system = ${sqlText(id)} AND item IN (SELECT item FROM wanted)) TO ${sqlText(to)} (FORMAT csv, HEADER, FORCE_QUOTE *)`,
      );
      inputs.push(await openKept(to, id, role, temporaryDirectory, runId));
    }
  } finally {
    database.close();
  }
  return inputs;
}

/** Reports name the run that kept the balances. */
async function openKept(
  path: string,
  system: string,
  role: Role,
  temporaryDirectory: string,
  runId: string,
): Promise<EvidenceInput> {
  const config = { format: 'csv' as const, path };
  const file = await findFile(path, temporaryDirectory);
  const { header, columns, content } = await openSource('balances', config, file, temporaryDirectory);
  const rules = { system, role, numberFormat: {}, constants: {}, isCanonical: true };
  const delimited = content.kind === 'delimited' ? content.delimited : undefined;
  return {
    kind: 'balances',
    name: `${system} opening`,
    rules,
    times: {},
    config,
    file: { ...file, name: runId },
    header,
    columns,
    delimited,
  };
}

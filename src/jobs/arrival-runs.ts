/**
 * Requests a run once the snapshots of both sides of one cut-off are in: one for each set of contents and schedule, whoever
 * looks. Never judges the snapshots; the quality gate of the run does.
 */
import { createHash } from 'node:crypto';
import { gateLimits } from '../app/make-plan.ts';
import { listNamedSources } from '../app/named-sources.ts';
import { pinImports } from '../app/pin-imports.ts';
import type { BalanceSourceConfig, Configuration } from '../contract/configuration.ts';
import { durationMs } from '../core/normalize/time.ts';
import { isBlackedOut } from '../core/schedule/find-slots.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { acceptedImports, type ImportRow } from '../store/work/imports.ts';
import { requestRun } from '../store/work/runs.ts';
import { listSchedules } from '../store/work/schedules.ts';

export interface ArrivalContext {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly storeNow: () => Promise<number>;
  readonly newRunId: (now: number) => string;
}

/** The ids of the runs of this set, made now or before. */
export async function requestArrivalRuns(context: ArrivalContext, configuration: Configuration): Promise<string[]> {
  const { database, dataDirectory, storeNow, newRunId } = context;
  const schedules = (await listSchedules(database.db)).filter(
    ({ isEnabled, document }) => isEnabled && document.arrival,
  );
  if (schedules.length === 0) return [];
  const set = await findSet(database, configuration);
  if (set === undefined) return [];
  const now = await storeNow();
  const ids: string[] = [];
  for (const { id: scheduleId, document, createdAt } of schedules) {
    const waitMs = durationMs(document.arrival?.wait ?? '0m');
    // What was in before somebody asked for runs on arrival has not arrived since.
    if (set.receivedAt < createdAt || now < set.receivedAt + waitMs || isBlackedOut(document, now)) continue;
    const dedupeKey = `arrival:${scheduleId}:${set.key}`;
    if (await isRequested(database, dedupeKey)) continue;
    const pinned = await pinImports(database.db, dataDirectory, configuration, 'all');
    const what = { cause: 'arrival', requestedBy: `schedule:${scheduleId}`, scheduleId } as const;
    const request = { id: newRunId(now), ...what, filters: document.filters, pinned, dedupeKey, now };
    ids.push(await database.db.transaction().execute((transaction) => requestRun(transaction, request)));
  }
  return ids;
}

async function isRequested({ db }: WorkDatabase, dedupeKey: string): Promise<boolean> {
  const job = await db.selectFrom('jobs').select('id').where('dedupe_key', '=', dedupeKey).executeTakeFirst();
  return job !== undefined;
}

interface SnapshotSet {
  /** Of the contents. */
  readonly key: string;
  /** When the last of them came. */
  readonly receivedAt: number;
}

/** The newest snapshot of each source, where their cut-offs are as near as the gate demands. */
async function findSet({ db }: WorkDatabase, configuration: Configuration): Promise<SnapshotSet | undefined> {
  const newest: ImportRow[] = [];
  let skewMaxMs = Number.POSITIVE_INFINITY;
  for (const { part, name, config } of listNamedSources(configuration)) {
    if (part !== 'balances') continue;
    const [row] = await acceptedImports(db, name, 1);
    if (row === undefined) return undefined;
    newest.push(row);
    skewMaxMs = Math.min(skewMaxMs, gateLimits(config as BalanceSourceConfig, configuration.quality).maxSkewMs);
  }
  const moments = newest.map((row) => row.as_of ?? row.received_at);
  if (Math.max(...moments) - Math.min(...moments) > skewMaxMs) return undefined;
  const contents = newest.map(({ source, sha256 }) => [source, sha256]);
  const key = createHash('sha256').update(JSON.stringify(contents)).digest('hex');
  return { key, receivedAt: Math.max(...newest.map(({ received_at }) => received_at)) };
}

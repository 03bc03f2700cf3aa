/**
 * Requests a run once the snapshots of both sides of one cut-off are in: one for each set of contents and schedule, whoever
 * looks; outside of the schedule's days and within its blackout windows it waits. Never judges the snapshots; the quality gate of
 * the run does.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { findNewestSet } from '../app/newest-set.ts';
import { pinImports } from '../app/pin-imports.ts';
import type { PinnedFiles } from '../app/source-files.ts';
import type { Configuration } from '../contract/configuration.ts';
import { durationMs } from '../core/normalize/time.ts';
import { mayRunAt } from '../core/schedule/find-slots.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { ImportRow } from '../store/work/imports.ts';
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
  const { database, storeNow, newRunId } = context;
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
    if (set.receivedAt < createdAt || now < set.receivedAt + waitMs) continue;
    // The set is still there at the next look: it waits for the end of the window, or for the next day of the calendar.
    if (!mayRunAt(document, now)) continue;
    const dedupeKey = `arrival:${scheduleId}:${set.key}`;
    if (await isRequested(database, dedupeKey)) continue;
    const pinned = await pinSet(context, configuration, set);
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
  readonly rows: readonly ImportRow[];
  /** When the last of them came. */
  readonly receivedAt: number;
}

async function findSet({ db }: WorkDatabase, configuration: Configuration): Promise<SnapshotSet | undefined> {
  const rows = await findNewestSet(db, configuration);
  if (rows === undefined) return undefined;
  const contents = rows.map(({ source, sha256 }) => [source, sha256]);
  const key = createHash('sha256').update(JSON.stringify(contents)).digest('hex');
  return { key, rows, receivedAt: Math.max(...rows.map(({ received_at }) => received_at)) };
}

/** The snapshots of the set, with whatever else is in by now. */
async function pinSet(context: ArrivalContext, configuration: Configuration, set: SnapshotSet): Promise<PinnedFiles> {
  const { database, dataDirectory } = context;
  const pinned = await pinImports(database.db, dataDirectory, configuration, 'all');
  for (const { source, path } of set.rows) if (path !== null) pinned[source] = [{ path: join(dataDirectory, path) }];
  return pinned;
}

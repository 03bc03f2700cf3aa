/**
 * Runs from their request on. Decides which states follow each other, and writes each with its event and what people did with
 * its audit row. Never decides what a run contains: its folder is the truth about that (run-store.ts).
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { RunDocument, RunSummary } from '../../contract/run.ts';
import type { TraceContext } from '../../core/model/trace-context.ts';
import type { RunCause, RunState, WorkState } from '../database/work-state.ts';
import { appendAudit } from './audit.ts';
import { appendEvents } from './events.ts';
import { cancelJob, enqueueJob, type FailureNote } from './jobs.ts';

type RunFilters = RunDocument['filters'];

export interface RunRequest {
  /** As runIdOf makes it: the name of the folder to come. */
  readonly id: string;
  readonly cause: RunCause;
  readonly requestedBy: string;
  readonly filters: RunFilters;
  /** Why what the quality gate refuses is to be accepted. */
  readonly force?: { readonly by: string; readonly reason: string };
  readonly scheduleId?: string;
  readonly slotAt?: number;
  /** Imported files that are read instead of what lies at the paths of their sources. */
  readonly pinned?: unknown;
  /** A second request of the same key is the first one. */
  readonly dedupeKey?: string;
  readonly requestId?: string;
  /** Of the request, where it is traced: the run is a part of it. */
  readonly trace?: TraceContext;
  readonly now: number;
}

/** What the job of a run carries. */
export type RunPayload = Pick<RunRequest, 'filters' | 'force' | 'pinned' | 'trace'>;

export const RUN_JOB = 'run';

/** How far a run is. `done` of `total` in bytes while reading, in parts otherwise. */
export interface RunProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What the stage will still take, as it went so far; null where that cannot be told yet. */
  readonly msLeft: number | null;
}

export interface RunRecord {
  readonly id: string;
  readonly state: RunState;
  readonly cause: RunCause;
  readonly scheduleId: string | null;
  readonly slotAt: number | null;
  readonly requestedBy: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly filters: RunFilters;
  readonly force: RunRequest['force'] | null;
  /** Only of a run that is under way. */
  readonly progress: RunProgress | null;
  readonly isCancelRequested: boolean;
  /** Only of a run whose folder is there. */
  readonly summary: RunSummary | null;
  readonly failure: FailureNote | null;
}

export interface RunSelection {
  readonly states?: readonly RunState[];
  readonly causes?: readonly RunCause[];
  readonly scheduleId?: string;
  /** Only runs that were requested before this one. */
  readonly before?: Pick<RunRecord, 'createdAt' | 'id'>;
  readonly limit: number;
}

/** Queues a run: job, row, audit and event, all or none. The answer is the id of the run, an earlier one's of the same dedupe key. */
export async function requestRun(transaction: Transaction<WorkState>, request: RunRequest): Promise<string> {
  const { id, cause, requestedBy, filters, force, pinned, trace, dedupeKey, requestId, now } = request;
  const payload: RunPayload = {
    filters,
    ...(force && { force }),
    ...(pinned !== undefined && { pinned }),
    ...(trace && { trace }),
  };
  const job = { id, kind: RUN_JOB, payload, requestedBy, ...(dedupeKey !== undefined && { dedupeKey }) };
  const queued = await enqueueJob(transaction, job, now);
  if (!queued.isNew) return queued.id;
  const { scheduleId = null, slotAt = null } = request;
  await transaction
    .insertInto('runs')
    .values({
      id,
      job_id: id,
      state: 'queued',
      cause,
      schedule_id: scheduleId,
      slot_at: slotAt,
      requested_by: requestedBy,
      created_at: now,
    })
    .execute();
  await appendAudit(
    transaction,
    {
      actor: requestedBy,
      action: 'run.request',
      entity: 'run',
      entityId: id,
      after: { cause, filters, ...(force && { force }), ...(scheduleId !== null && { scheduleId, slotAt }) },
      ...(requestId !== undefined && { requestId }),
    },
    now,
  );
  await appendEvents(transaction, [{ kind: 'run.queued', document: { run_id: id, cause } }], now);
  return id;
}

/** Asks for the end of a run. False: it has ended already, or there is no such run. */
export async function cancelRun(
  transaction: Transaction<WorkState>,
  id: string,
  { actor, requestId, now }: { readonly actor: string; readonly requestId?: string; readonly now: number },
): Promise<boolean> {
  const answer = await cancelJob(transaction, id, now);
  if (answer === 'over') return false;
  const entry = { actor, action: 'run.cancel', entity: 'run', entityId: id };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
  if (answer === 'cancelled') await endRun(transaction, id, { state: 'cancelled' }, now);
  return true;
}

/** A worker has begun with a run. */
export async function startRun(transaction: Transaction<WorkState>, id: string, now: number): Promise<void> {
  await transaction
    .updateTable('runs')
    .set({ state: 'running', started_at: now })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .execute();
  await appendEvents(transaction, [{ kind: 'run.started', document: { run_id: id } }], now);
}

/** A run waits again: its worker stopped before it was through. */
export async function requeueRun(transaction: Transaction<WorkState>, id: string, now: number): Promise<void> {
  await transaction.updateTable('runs').set({ state: 'queued' }).where('id', '=', id).execute();
  await appendEvents(transaction, [{ kind: 'run.queued', document: { run_id: id } }], now);
}

export type RunEnd =
  | { readonly state: 'complete'; readonly document: RunDocument }
  | { readonly state: 'refused'; readonly document: RunDocument; readonly failure: FailureNote }
  | { readonly state: 'failed'; readonly failure: FailureNote }
  | { readonly state: 'cancelled' };

/** What became of a run. To be written in the transaction that ends its lease. */
export async function endRun(transaction: Transaction<WorkState>, id: string, end: RunEnd, now: number): Promise<void> {
  const summary = 'document' in end ? summaryOf(end.document) : undefined;
  const failure = 'failure' in end ? end.failure : undefined;
  await transaction
    .updateTable('runs')
    .set({
      state: end.state,
      finished_at: now,
      ...(summary && { summary: JSON.stringify(summary) }),
      failure: failure === undefined ? null : JSON.stringify(failure),
    })
    .where('id', '=', id)
    .execute();
  const document = { run_id: id, ...(summary && { totals: summary.totals }), ...(failure && { failure }) };
  await appendEvents(transaction, [{ kind: `run.${end.state}`, document }], now);
}

/** `run.json` without its lists, which grow with the data. */
function summaryOf(document: RunDocument): RunSummary {
  const { inputs, by_site, by_category, by_cause, findings, orders_at_risk, ...rest } = document;
  const { explanation, measures, unmapped, selection, ...summary } = rest;
  return summary;
}

/**
 * Enters runs whose folders are there and whose rows are not: made from the command line, or restored. Each is entered once,
 * whoever else tries.
 */
export async function adoptRuns(
  transaction: Transaction<WorkState>,
  documents: readonly RunDocument[],
  now: number,
): Promise<void> {
  for (const document of documents) {
    const refusal = document.quality.find(({ severity }) => severity === 'refused');
    const { code = '', message = '', action = '' } = refusal ?? {};
    const { run_id: id, state } = document;
    const added = await transaction
      .insertInto('runs')
      .values({
        id,
        job_id: null,
        state,
        cause: 'command-line',
        schedule_id: null,
        slot_at: null,
        requested_by: 'system',
        created_at: Date.parse(document.started_at),
        started_at: Date.parse(document.started_at),
        finished_at: Date.parse(document.finished_at),
        summary: JSON.stringify(summaryOf(document)),
        failure: refusal === undefined ? null : JSON.stringify({ code, message, action } satisfies FailureNote),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (added === undefined) continue;
    await appendEvents(transaction, [{ kind: `run.${state}`, document: { run_id: id, totals: document.totals } }], now);
  }
}

/** Those of some ids that have a row. */
export async function knownRuns(db: Kysely<WorkState>, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  // SQLite takes some 32,000 values in a statement.
  for (let start = 0; start < ids.length; start += 1_000) {
    const part = ids.slice(start, start + 1_000);
    const rows = await db.selectFrom('runs').select('id').where('id', 'in', part).execute();
    for (const { id } of rows) known.add(id);
  }
  return known;
}

export async function findRun(db: Kysely<WorkState>, id: string): Promise<RunRecord | undefined> {
  const row = await selectRuns(db).where('runs.id', '=', id).executeTakeFirst();
  return row && recordOf(row);
}

/** The newest first. */
export async function listRuns(db: Kysely<WorkState>, selection: RunSelection): Promise<RunRecord[]> {
  const { states, causes, scheduleId, before, limit } = selection;
  let query = selectRuns(db);
  if (states !== undefined) query = query.where('runs.state', 'in', states);
  if (causes !== undefined) query = query.where('runs.cause', 'in', causes);
  if (scheduleId !== undefined) query = query.where('runs.schedule_id', '=', scheduleId);
  if (before !== undefined)
    query = query.where(sql<boolean>`(runs.created_at, runs.id) < (${before.createdAt}, ${before.id})`);
  const rows = await query.orderBy('runs.created_at', 'desc').orderBy('runs.id', 'desc').limit(limit).execute();
  return rows.map(recordOf);
}

function selectRuns(db: Kysely<WorkState>) {
  return db
    .selectFrom('runs')
    .leftJoin('jobs', 'jobs.id', 'runs.job_id')
    .selectAll('runs')
    .select(['jobs.payload', 'jobs.progress', 'jobs.cancel_requested_at']);
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirstOrThrow']>>;

function recordOf(row: JoinedRow): RunRecord {
  const summary: RunSummary | null = parsed(row.summary);
  const payload: RunPayload | null = parsed(row.payload);
  return {
    id: row.id,
    state: row.state,
    cause: row.cause,
    scheduleId: row.schedule_id,
    slotAt: row.slot_at,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    filters: payload?.filters ?? summary?.filters ?? { site: [], item: [] },
    force: payload?.force ?? summary?.forced ?? null,
    progress: row.state === 'running' ? parsed(row.progress) : null,
    isCancelRequested: row.cancel_requested_at !== null,
    summary,
    failure: parsed(row.failure),
  };
}

function parsed<T>(text: string | null): T | null {
  return text === null ? null : JSON.parse(text);
}

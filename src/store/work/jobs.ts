/**
 * The queue: work that is done once, by whoever holds its lease. Decides who may do and report what; a report under a lease
 * that another took over is refused. Never knows what a job does. Moments are those of the store's clock (store-clock.ts).
 */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { JobState, WorkState } from '../database/work-state.ts';

export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  /** A second job of the same key is the first one. */
  readonly dedupeKey?: string;
  /** Not before this moment; without it, at once. */
  readonly runAt?: number;
  /** How many workers may die over it before it is given up. */
  readonly attemptsMax?: number;
  readonly requestedBy: string;
}

/** The right to do a job, until another takes it over. */
export interface Lease {
  readonly id: string;
  readonly token: number;
}

export interface ClaimedJob extends Lease {
  readonly kind: string;
  readonly payload: unknown;
  /** Counts this one. */
  readonly attempts: number;
  /** After this one. Below zero: it may look what became of the earlier ones, and no more. */
  readonly attemptsLeft: number;
  readonly requestedBy: string;
  readonly isCancelRequested: boolean;
}

export interface Claimant {
  /** Names the process, for people who read the table. */
  readonly worker: string;
  readonly kinds: readonly string[];
  readonly now: number;
  readonly leaseMs: number;
}

/** What is known of a failure: as a Failure has it. */
export interface FailureNote {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

/**
 * What became of a job. `again`: it waits for another attempt, which counts unless nothing was begun. `handed-back`: it waits
 * for anybody who is free, and this attempt does not count.
 */
export type JobOutcome =
  | { readonly state: 'done'; readonly result?: unknown }
  | { readonly state: 'failed'; readonly failure: FailureNote }
  | { readonly state: 'cancelled' }
  | { readonly state: 'again'; readonly afterMs: number; readonly failure: FailureNote; readonly isCounted?: false }
  | { readonly state: 'handed-back' };

export type JobRow = Selectable<WorkState['jobs']>;

const ATTEMPTS_MAX = 5;
/** Of servers that ask at the same moment one gets the job; the others look for the next one so often. */
const CLAIMS_MAX = 20;

/** Queues a job, unless there is one of its dedupe key, in whatever state; then the answer is that one's id. */
export async function enqueueJob(
  transaction: Transaction<WorkState>,
  job: NewJob,
  now: number,
): Promise<{ id: string; isNew: boolean }> {
  const { id, kind, requestedBy, dedupeKey = null } = job;
  const added = await transaction
    .insertInto('jobs')
    .values({
      id,
      kind,
      payload: JSON.stringify(job.payload),
      state: 'queued',
      dedupe_key: dedupeKey,
      run_at: job.runAt ?? now,
      attempts_max: job.attemptsMax ?? ATTEMPTS_MAX,
      requested_by: requestedBy,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added !== undefined) return { id, isNew: true };
  const first = await transaction
    .selectFrom('jobs')
    .select('id')
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirstOrThrow();
  return { id: first.id, isNew: false };
}

/** Takes the job that waits longest, or one whose lease ran out. undefined: there is nothing to do. */
export async function claimJob(db: Kysely<WorkState>, claimant: Claimant): Promise<ClaimedJob | undefined> {
  const { kinds, now } = claimant;
  if (kinds.length === 0) return undefined;
  for (let attempt = 0; attempt < CLAIMS_MAX; attempt++) {
    const next = await db
      .selectFrom('jobs')
      .select(['id', 'lease_token'])
      .where('kind', 'in', kinds)
      .where(isFree(now))
      .orderBy('run_at')
      .orderBy('id')
      .executeTakeFirst();
    if (next === undefined) return undefined;
    const claimed = await db.transaction().execute((transaction) => claimOne(transaction, claimant, next));
    if (claimed !== undefined) return claimed;
  }
  return undefined;
}

const isFree = (now: number) =>
  sql<boolean>`(state = 'queued' AND run_at <= ${now} OR state = 'running' AND lease_until < ${now})`;

async function claimOne(
  transaction: Transaction<WorkState>,
  { worker, now, leaseMs }: Claimant,
  { id, lease_token }: Pick<JobRow, 'id' | 'lease_token'>,
): Promise<ClaimedJob | undefined> {
  const row = await transaction
    .updateTable('jobs')
    .set((column) => ({
      state: 'running',
      worker,
      attempts: column('attempts', '+', 1),
      lease_token: column('lease_token', '+', 1),
      lease_until: now + leaseMs,
      started_at: column.fn.coalesce('started_at', column.val(now)),
    }))
    .where('id', '=', id)
    .where('lease_token', '=', lease_token)
    .where(isFree(now))
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      id,
      token: row.lease_token,
      kind: row.kind,
      payload: JSON.parse(row.payload),
      attempts: row.attempts,
      attemptsLeft: row.attempts_max - row.attempts,
      requestedBy: row.requested_by,
      isCancelRequested: row.cancel_requested_at !== null,
    }
  );
}

/** Holds on to a job, and says how far it is. `isHeld` false: another has it, and what is under way must end. */
export async function renewLease(
  transaction: Transaction<WorkState>,
  lease: Lease,
  { until, progress }: { readonly until: number; readonly progress?: unknown },
): Promise<{ isHeld: boolean; isCancelRequested: boolean }> {
  const row = await transaction
    .updateTable('jobs')
    .set({ lease_until: until, ...(progress !== undefined && { progress: JSON.stringify(progress) }) })
    .where(isOwn(lease))
    .returning('cancel_requested_at')
    .executeTakeFirst();
  return { isHeld: row !== undefined, isCancelRequested: (row?.cancel_requested_at ?? null) !== null };
}

/** Ends the lease with what became of the job. False: another has it, nothing was written, and the caller rolls back. */
export async function finishJob(
  transaction: Transaction<WorkState>,
  lease: Lease,
  outcome: JobOutcome,
  now: number,
): Promise<boolean> {
  const row = await transaction
    .updateTable('jobs')
    .set((column) => ({
      state: STATE_AFTER[outcome.state],
      lease_until: null,
      worker: null,
      ...('result' in outcome && { result: JSON.stringify(outcome.result ?? null) }),
      ...('failure' in outcome && { failure: JSON.stringify(outcome.failure) }),
      ...(outcome.state === 'again' && { run_at: now + outcome.afterMs }),
      ...(isUncounted(outcome) && { attempts: column('attempts', '-', 1) }),
      ...(STATE_AFTER[outcome.state] !== 'queued' && { finished_at: now }),
    }))
    .where(isOwn(lease))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

function isUncounted(outcome: JobOutcome): boolean {
  return outcome.state === 'handed-back' || (outcome.state === 'again' && outcome.isCounted === false);
}

const STATE_AFTER = {
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  again: 'queued',
  'handed-back': 'queued',
} as const satisfies Record<JobOutcome['state'], JobState>;

const isOwn = ({ id, token }: Lease) => sql<boolean>`(id = ${id} AND lease_token = ${token} AND state = 'running')`;

/**
 * Asks for the end of a job. One that waits is cancelled at once; whoever does one hears of it when the lease is renewed.
 * `over`: it has ended already, or was never there.
 */
export async function cancelJob(
  transaction: Transaction<WorkState>,
  id: string,
  now: number,
): Promise<'cancelled' | 'requested' | 'over'> {
  const row = await transaction
    .updateTable('jobs')
    .set((column) => ({
      cancel_requested_at: column.fn.coalesce('cancel_requested_at', column.val(now)),
      state: sql<JobState>`CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END`,
      finished_at: sql<number | null>`CASE WHEN state = 'queued' THEN ${now} ELSE finished_at END`,
    }))
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .returning('state')
    .executeTakeFirst();
  if (row === undefined) return 'over';
  return row.state === 'cancelled' ? 'cancelled' : 'requested';
}

/** Ends the leases of all jobs at once: for the start of the only server that there can be. */
export async function endLeases(transaction: Transaction<WorkState>, now: number): Promise<void> {
  await transaction
    .updateTable('jobs')
    .set({ lease_until: now - 1 })
    .where('state', '=', 'running')
    .execute();
}

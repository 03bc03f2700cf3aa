/** Finds and deletes rows of work that was done long ago. Never deletes what waits or is under way, or the audit trail. */
import type { Kysely, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import { appendAudit } from './audit.ts';

/** Ids of runs that ended before a moment, the oldest first, without the last complete one: the next is compared with it. */
export async function listOldRuns(db: Kysely<WorkState>, before: number): Promise<string[]> {
  const last = await db
    .selectFrom('runs')
    .select('id')
    .where('state', '=', 'complete')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('finished_at', '<', before)
    .where('state', 'not in', ['queued', 'running'])
    .where('id', '!=', last?.id ?? '')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** With its job. */
export async function deleteRun(transaction: Transaction<WorkState>, id: string, now: number): Promise<void> {
  const deleted = await transaction.deleteFrom('runs').where('id', '=', id).returning('job_id').executeTakeFirst();
  if (deleted === undefined) return;
  if (deleted.job_id !== null) await transaction.deleteFrom('jobs').where('id', '=', deleted.job_id).execute();
  await appendAudit(transaction, { actor: 'system', action: 'run.remove', entity: 'run', entityId: id }, now);
}

/** Answers to repeated requests, slots that were decided and jobs other than runs, each from before its moment. */
export async function pruneWork(
  transaction: Transaction<WorkState>,
  before: { readonly answers: number; readonly work: number },
  now: number,
): Promise<void> {
  await transaction.deleteFrom('idempotency_keys').where('created_at', '<', before.answers).execute();
  await transaction.deleteFrom('idempotency_keys').where('expires_at', '<', now).execute();
  await transaction.deleteFrom('schedule_slots').where('decided_at', '<', before.work).execute();
  await transaction
    .deleteFrom('jobs')
    .where('finished_at', '<', before.work)
    .where('state', 'in', ['done', 'failed', 'cancelled'])
    .where('id', 'not in', (query) =>
      query.selectFrom('runs').select('job_id').where('job_id', 'is not', null).$castTo<{ job_id: string }>(),
    )
    .execute();
}

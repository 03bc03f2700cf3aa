/**
 * Decides which of several servers does a task that one must do alone, until when; who stops doing it is followed by another.
 * Never trusts a server that was away: each of its writes asks again.
 */
import type { Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export type KeptTask = 'live' | 'compaction' | 'notify';

/**
 * Takes or keeps the task, in the transaction of what is done with it. False: another has it. Others that ask wait until the
 * transaction is over.
 */
export async function keepTask(
  transaction: Transaction<WorkState>,
  task: KeptTask,
  worker: string,
  now: number,
  leaseMs: number,
): Promise<boolean> {
  const kept = await transaction
    .updateTable('live_keeper')
    .set({ worker, lease_until: now + leaseMs })
    .where('name', '=', task)
    .where((row) => row.or([row('worker', '=', worker), row('lease_until', '<', now)]))
    .returning('name')
    .executeTakeFirst();
  return kept !== undefined;
}

/** Gives the task back, so that the next server need not wait for the lease's end. */
export async function releaseTask(transaction: Transaction<WorkState>, task: KeptTask, worker: string): Promise<void> {
  await transaction
    .updateTable('live_keeper')
    .set({ worker: '', lease_until: 0 })
    .where('name', '=', task)
    .where('worker', '=', worker)
    .execute();
}

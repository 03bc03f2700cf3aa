/** Numbers without gaps: whoever has read all rows up to a number has missed none. Never hands one out outside a transaction. */
import type { Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export type CounterName = 'audit' | 'events' | 'intake' | 'mapping_versions';

/**
 * The first of `count` numbers that the transaction now owns, counting from 1. Others that want one wait for its end, and a
 * roll-back gives the numbers back: numbers are committed in their order.
 */
export async function takeNumbers(transaction: Transaction<WorkState>, name: CounterName, count = 1): Promise<number> {
  const { value } = await transaction
    .updateTable('counters')
    .set((row) => ({ value: row('value', '+', count) }))
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}

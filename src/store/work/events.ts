/** What subscribers are told, in the order of commitment; who was away goes on where they stopped. Never keeps secrets. */
import type { Kysely, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import { takeNumbers } from './counters.ts';

export interface WorkEvent {
  /** What happened, such as `run.progress`, `run.complete`, `discrepancy.opened`. */
  readonly kind: string;
  /** undefined: it concerns all sites. */
  readonly site?: string;
  readonly document: unknown;
}

export interface NumberedEvent extends WorkEvent {
  readonly number: number;
  readonly at: number;
}

/**
 * Appends in the transaction of what happened, after its audit rows: of two transactions that take the numbers of both the
 * other way round, PostgreSQL ends one.
 */
export async function appendEvents(
  transaction: Transaction<WorkState>,
  events: readonly WorkEvent[],
  now: number,
): Promise<void> {
  if (events.length === 0) return;
  const first = await takeNumbers(transaction, 'events', events.length);
  const rows = events.map(({ kind, site, document }, index) => ({
    number: first + index,
    at: now,
    kind,
    site: site ?? null,
    document: JSON.stringify(document),
  }));
  // SQLite takes some 32,000 values in a statement.
  for (let start = 0; start < rows.length; start += 1_000)
    await transaction
      .insertInto('events')
      .values(rows.slice(start, start + 1_000))
      .execute();
}

/** Those after `number`, the oldest first. */
export async function readEvents(db: Kysely<WorkState>, number: number, limit: number): Promise<NumberedEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit)
    .execute();
  return rows.map(({ site, document, ...row }) => ({
    ...row,
    ...(site !== null && { site }),
    document: JSON.parse(document),
  }));
}

/** Removes what happened before a moment; the numbers go on. */
export async function pruneEvents(transaction: Transaction<WorkState>, before: number): Promise<void> {
  await transaction.deleteFrom('events').where('at', '<', before).execute();
}

/**
 * The parts of the lake that hold rows of the journal, and up to which batch all rows are in parts. A part counts from the
 * transaction on that records it. Never touches files.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export type IntakePart = Selectable<WorkState['intake_parts']>;

/** Batches up to this one are in parts, and up to `newest` in the journal or in parts. */
export async function intakeMarks(db: Kysely<WorkState>): Promise<{ written: number; newest: number }> {
  const rows = await db
    .selectFrom('counters')
    .select(['name', 'value'])
    .where('name', 'in', ['intake', 'intake_written'])
    .execute();
  const markOf = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0;
  return { written: markOf('intake_written'), newest: markOf('intake') };
}

/** Rows of the batches after this one, batch by batch. */
export function countBatches(
  db: Kysely<WorkState>,
  after: number,
  limit: number,
): Promise<{ batch: number; rows: number; received_at: number }[]> {
  return db
    .selectFrom('intake_rows')
    .select((row) => ['batch', row.fn.countAll<number>().as('rows'), row.fn.min('received_at').as('received_at')])
    .where('batch', '>', after)
    .groupBy('batch')
    .orderBy('batch')
    .limit(limit)
    .execute();
}

/** Records parts that hold all rows of the batches after `from` up to `to`. False: somebody else was there before. */
export async function recordParts(
  transaction: Transaction<WorkState>,
  range: { readonly from: number; readonly to: number },
  parts: readonly IntakePart[],
): Promise<boolean> {
  const moved = await transaction
    .updateTable('counters')
    .set({ value: range.to })
    .where('name', '=', 'intake_written')
    .where('value', '=', range.from)
    .returning('name')
    .executeTakeFirst();
  if (moved === undefined) return false;
  if (parts.length > 0)
    await transaction
      .insertInto('intake_parts')
      .values([...parts])
      .execute();
  return true;
}

/** Records one part instead of those that it was made of. False: one of them is not there any more. */
export async function replaceParts(
  transaction: Transaction<WorkState>,
  paths: readonly string[],
  merged: IntakePart,
): Promise<boolean> {
  const gone = await transaction.deleteFrom('intake_parts').where('path', 'in', paths).returning('path').execute();
  if (gone.length !== paths.length) return false;
  await transaction.insertInto('intake_parts').values(merged).execute();
  return true;
}

/** In the order of their batches. */
export function readParts(db: Kysely<WorkState>): Promise<IntakePart[]> {
  return db.selectFrom('intake_parts').selectAll().orderBy('first_batch').orderBy('path').execute();
}

/**
 * Removes from the journal what is in parts and was posted or sent before `horizon`, in some batches from the oldest on.
 * Returns how many rows were removed.
 */
export async function pruneJournal(
  transaction: Transaction<WorkState>,
  horizon: number,
  batchesMax: number,
): Promise<number> {
  const { written } = await intakeMarks(transaction);
  const oldest = await transaction
    .selectFrom('intake_rows')
    .select('batch')
    .orderBy('batch')
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return 0;
  const removed = await transaction
    .deleteFrom('intake_rows')
    .where('batch', '<=', Math.min(written, oldest.batch + batchesMax))
    .where('at', '<', horizon)
    .executeTakeFirst();
  return Number(removed.numDeletedRows);
}

/** The earliest moment from which on live discrepancies need rows; undefined where there are none. */
export async function liveHorizon(db: Kysely<WorkState>): Promise<number | undefined> {
  const row = await db
    .selectFrom('live_generations')
    .select((each) => each.fn.min('horizon').as('horizon'))
    .executeTakeFirst();
  return row?.horizon ?? undefined;
}

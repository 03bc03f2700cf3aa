/**
 * What is to be told and what was: filled from the events in their order, each counted once, and emptied into deliveries. Never
 * decides whom an event concerns or what is news.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Topic } from '../../core/notify/notify-rule.ts';
import type { WorkState } from '../database/work-state.ts';

/** What an event means to a rule. */
export type PendingChange =
  | {
      readonly kind: 'tell';
      readonly ruleId: string;
      readonly topic: Topic;
      readonly subject: string;
      readonly size: number;
      readonly document: unknown;
    }
  /** It need not be told any more, if it was not yet. */
  | { readonly kind: 'drop'; readonly ruleId: string; readonly topic: Topic; readonly subject: string }
  /** A discrepancy is in sync again, or is not after all. */
  | { readonly kind: 'gone' | 'there'; readonly ruleId: string; readonly subject: string };

export type PendingRow = Selectable<WorkState['notification_pending']>;
export type ToldRow = Selectable<WorkState['notification_told']>;

const POSITION = 'notified';
/** SQLite takes some 32,000 values in a statement. */
const ROWS_PER_STATEMENT = 1_000;

/** Number of the event up to which is known what is to be told. */
export async function notifiedUpTo(db: Kysely<WorkState>): Promise<number> {
  const row = await db.selectFrom('counters').select('value').where('name', '=', POSITION).executeTakeFirstOrThrow();
  return row.value;
}

/** False: another server has gone on from there, and what the caller worked out is to be dropped. */
export async function advanceNotified(transaction: Transaction<WorkState>, from: number, to: number): Promise<boolean> {
  const row = await transaction
    .updateTable('counters')
    .set({ value: to })
    .where('name', '=', POSITION)
    .where('value', '=', from)
    .returning('name')
    .executeTakeFirst();
  return row !== undefined;
}

/** In their order. What waits already keeps the moment since when it waits. */
export async function writePending(
  transaction: Transaction<WorkState>,
  changes: readonly PendingChange[],
  now: number,
): Promise<void> {
  for (const change of lastOfEach(changes)) {
    if (change.kind === 'tell') await tell(transaction, change, now);
    else if (change.kind === 'drop') await drop(transaction, change);
    else await setGone(transaction, change, change.kind === 'gone' ? now : null);
  }
}

/** A later change of one subject is the whole truth about it. */
function lastOfEach(changes: readonly PendingChange[]): readonly PendingChange[] {
  const last = new Map<string, PendingChange>();
  for (const change of changes) {
    const what = change.kind === 'tell' || change.kind === 'drop' ? change.topic : 'told';
    const key = JSON.stringify([change.ruleId, what, change.subject]);
    last.delete(key);
    last.set(key, change);
  }
  return [...last.values()];
}

async function tell(
  transaction: Transaction<WorkState>,
  { ruleId, topic, subject, size, document }: Extract<PendingChange, { kind: 'tell' }>,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('notification_pending')
    .values({ rule_id: ruleId, topic, subject, size, document: JSON.stringify(document), at: now })
    .onConflict((conflict) =>
      conflict.columns(['rule_id', 'topic', 'subject']).doUpdateSet((row) => ({
        size: row.ref('excluded.size'),
        document: row.ref('excluded.document'),
      })),
    )
    .execute();
}

async function drop(
  transaction: Transaction<WorkState>,
  { ruleId, topic, subject }: { readonly ruleId: string; readonly topic: Topic; readonly subject: string },
): Promise<void> {
  await transaction
    .deleteFrom('notification_pending')
    .where('rule_id', '=', ruleId)
    .where('topic', '=', topic)
    .where('subject', '=', subject)
    .execute();
}

async function setGone(
  transaction: Transaction<WorkState>,
  { ruleId, subject }: { readonly ruleId: string; readonly subject: string },
  goneAt: number | null,
): Promise<void> {
  await transaction
    .updateTable('notification_told')
    .set({ gone_at: goneAt })
    .where('rule_id', '=', ruleId)
    .where('subject', '=', subject)
    .where('gone_at', goneAt === null ? 'is not' : 'is', null)
    .execute();
}

/** What a rule told of these subjects, by subject. */
export async function readTold(
  db: Kysely<WorkState>,
  ruleId: string,
  subjects: readonly string[],
): Promise<Map<string, ToldRow>> {
  const told = new Map<string, ToldRow>();
  for (let start = 0; start < subjects.length; start += ROWS_PER_STATEMENT) {
    const rows = await db
      .selectFrom('notification_told')
      .selectAll()
      .where('rule_id', '=', ruleId)
      .where('subject', 'in', subjects.slice(start, start + ROWS_PER_STATEMENT))
      .execute();
    for (const row of rows) told.set(row.subject, row);
  }
  return told;
}

/** Subjects of discrepancies that a rule told, or is about to tell, and that were off when last heard of. */
export async function openSubjects(db: Kysely<WorkState>, ruleId: string): Promise<string[]> {
  const told = await db
    .selectFrom('notification_told')
    .select('subject')
    .where('rule_id', '=', ruleId)
    .where('gone_at', 'is', null)
    .execute();
  const pending = await db
    .selectFrom('notification_pending')
    .select('subject')
    .where('rule_id', '=', ruleId)
    .where('topic', '=', 'discrepancy')
    .execute();
  return [...new Set([...told, ...pending].map(({ subject }) => subject))];
}

export interface Waiting {
  readonly ruleId: string;
  readonly topic: Topic;
  /** Since when the first of it waits. */
  readonly since: number;
}

export async function listWaiting(db: Kysely<WorkState>): Promise<Waiting[]> {
  const rows = await db
    .selectFrom('notification_pending')
    .select(['rule_id', 'topic', (row) => row.fn.min('at').as('since')])
    .groupBy(['rule_id', 'topic'])
    .execute();
  return rows.map(({ rule_id: ruleId, topic, since }) => ({ ruleId, topic, since: Number(since) }));
}

export interface PendingLook {
  /** The largest first, at most as many as asked for. */
  readonly rows: readonly PendingRow[];
  readonly count: number;
  /** Sum of the sizes that are known. */
  readonly size: number;
  /** How many of them have none. */
  readonly unsized: number;
}

/** What waits of one rule and topic. */
export async function readPending(
  db: Kysely<WorkState>,
  { ruleId, topic }: Pick<Waiting, 'ruleId' | 'topic'>,
  limit: number,
): Promise<PendingLook> {
  const all = db.selectFrom('notification_pending').where('rule_id', '=', ruleId).where('topic', '=', topic);
  const rows = await all.selectAll().orderBy('size', 'desc').orderBy('subject').limit(limit).execute();
  const sums = await all
    .select((row) => [
      row.fn.countAll<number>().as('count'),
      row.fn.sum<number | null>(row.case().when('size', '>=', 0).then(row.ref('size')).else(0).end()).as('size'),
      row.fn.sum<number | null>(row.case().when('size', '<', 0).then(1).else(0).end()).as('unsized'),
    ])
    .executeTakeFirstOrThrow();
  return { rows, count: Number(sums.count), size: Number(sums.size ?? 0), unsized: Number(sums.unsized ?? 0) };
}

/** It is told: in the transaction that writes its deliveries. The answer is how many rows were settled. */
export async function settlePending(
  transaction: Transaction<WorkState>,
  { ruleId, topic }: Pick<Waiting, 'ruleId' | 'topic'>,
  now: number,
): Promise<number> {
  const rows = transaction.selectFrom('notification_pending').where('rule_id', '=', ruleId).where('topic', '=', topic);
  if (topic === 'discrepancy')
    await transaction
      .insertInto('notification_told')
      .columns(['rule_id', 'subject', 'size', 'told_at', 'gone_at'])
      .expression(
        rows.select((row) => [
          'rule_id',
          'subject',
          'size',
          row.val(now).$castTo<number>().as('told_at'),
          row.lit(null).as('gone_at'),
        ]),
      )
      .onConflict((conflict) =>
        conflict.columns(['rule_id', 'subject']).doUpdateSet((row) => ({
          size: row.ref('excluded.size'),
          told_at: row.ref('excluded.told_at'),
          gone_at: null,
        })),
      )
      .execute();
  const gone = await transaction
    .deleteFrom('notification_pending')
    .where('rule_id', '=', ruleId)
    .where('topic', '=', topic)
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

/** Forgets what has been in sync again since before a moment. */
export async function forgetTold(transaction: Transaction<WorkState>, before: number): Promise<void> {
  await transaction.deleteFrom('notification_told').where('gone_at', '<', before).execute();
}

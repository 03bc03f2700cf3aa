/**
 * Messages on their way: each is sent by whoever holds its lease, until it was received or is given up. Decides that several
 * servers send each once; never sends one.
 */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { NotifyMessage } from '../../contract/notification.ts';
import { Failure } from '../../core/model/failure.ts';
import type { Verdict } from '../../core/notify/judge-answer.ts';
import type { DeliveryState, WorkState } from '../database/work-state.ts';
import { appendAudit } from './audit.ts';
import type { Channel } from './notification-channels.ts';
import type { NotificationRule } from './notification-rules.ts';
import type { Change } from './schedules.ts';

export type DeliveryRow = Selectable<WorkState['notification_deliveries']>;

/** Queues a message for each channel, in the transaction that says that it is told. */
export async function addDeliveries(
  transaction: Transaction<WorkState>,
  rule: Pick<NotificationRule, 'id' | 'name'>,
  channels: readonly Pick<Channel, 'id' | 'name'>[],
  message: NotifyMessage,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<void> {
  const of = { rule_id: rule.id, rule_name: rule.name, topic: message.topic, message: JSON.stringify(message) };
  for (const { id, name } of channels)
    await transaction
      .insertInto('notification_deliveries')
      .values({
        id: newId(),
        ...of,
        channel_id: id,
        channel_name: name,
        state: 'waiting',
        next_at: now,
        created_at: now,
      })
      .execute();
}

export interface Claim {
  readonly now: number;
  readonly leaseMs: number;
  /** Channels that this server sends to already: one that is slow must not hold up the others. */
  readonly busy: readonly string[];
}

/** Takes the delivery that has waited longest, or one whose lease ran out. undefined: there is nothing to do. */
export async function claimDelivery(db: Kysely<WorkState>, claim: Claim): Promise<DeliveryRow | undefined> {
  const { now, leaseMs, busy } = claim;
  const free = sql<boolean>`(state = 'waiting' AND next_at <= ${now} OR state = 'sending' AND lease_until < ${now})`;
  for (let attempt = 0; attempt < 20; attempt++) {
    let query = db.selectFrom('notification_deliveries').select(['id', 'lease_token']).where(free);
    if (busy.length > 0) query = query.where('channel_id', 'not in', busy);
    const next = await query.orderBy('next_at').orderBy('id').limit(1).executeTakeFirst();
    if (next === undefined) return undefined;
    const claimed = await db.transaction().execute((transaction) =>
      transaction
        .updateTable('notification_deliveries')
        .set((column) => ({
          state: 'sending',
          attempts: column('attempts', '+', 1),
          lease_token: column('lease_token', '+', 1),
          lease_until: now + leaseMs,
        }))
        .where('id', '=', next.id)
        .where('lease_token', '=', next.lease_token)
        .where(free)
        .returningAll()
        .executeTakeFirst(),
    );
    if (claimed !== undefined) return claimed;
  }
  return undefined;
}

/** Ends the lease with what was answered. Nothing is written where another server has taken it meanwhile. */
export async function finishDelivery(
  transaction: Transaction<WorkState>,
  { id, lease_token }: Pick<DeliveryRow, 'id' | 'lease_token'>,
  verdict: Verdict,
  { answer, now }: { readonly answer: string; readonly now: number },
): Promise<void> {
  const isOver = verdict.state !== 'again';
  await transaction
    .updateTable('notification_deliveries')
    .set({
      state: verdict.state === 'again' ? 'waiting' : verdict.state,
      lease_until: null,
      answer,
      ...(verdict.state === 'again' && { next_at: now + verdict.afterMs }),
      ...(isOver && { finished_at: now }),
    })
    .where('id', '=', id)
    .where('lease_token', '=', lease_token)
    .where('state', '=', 'sending')
    .execute();
}

/** The server stops before it was sent, as far as it knows: the next one sends it, and the attempt does not count. */
export async function handBackDelivery(
  transaction: Transaction<WorkState>,
  { id, lease_token }: Pick<DeliveryRow, 'id' | 'lease_token'>,
): Promise<void> {
  await transaction
    .updateTable('notification_deliveries')
    .set((column) => ({ state: 'waiting', lease_until: null, attempts: column('attempts', '-', 1) }))
    .where('id', '=', id)
    .where('lease_token', '=', lease_token)
    .where('state', '=', 'sending')
    .execute();
}

/** One that was given up is sent again, from its first attempt on. */
export async function retryDelivery(
  transaction: Transaction<WorkState>,
  id: string,
  { actor, requestId, now }: Change,
): Promise<DeliveryRow> {
  const row = await transaction
    .updateTable('notification_deliveries')
    .set({ state: 'waiting', attempts: 0, next_at: now, finished_at: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) {
    const { state } = await getDelivery(transaction, id);
    throw new Failure(
      'conflict',
      'DELIVERY_NOT_DEAD',
      `the delivery is ${state}; only one that was given up is sent again`,
    );
  }
  const entry = { actor, action: 'delivery.retry', entity: 'delivery', entityId: id };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
  return row;
}

export async function getDelivery(db: Kysely<WorkState>, id: string): Promise<DeliveryRow> {
  const row = await db.selectFrom('notification_deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Failure('absent', 'DELIVERY_ABSENT', `there is no delivery ${id}`);
  return row;
}

export interface DeliverySelection {
  readonly states?: readonly DeliveryState[] | undefined;
  readonly channelId?: string | undefined;
  readonly ruleId?: string | undefined;
  /** Only deliveries that were queued before this one. */
  readonly before?: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** The newest first. */
export function listDeliveries(db: Kysely<WorkState>, selection: DeliverySelection): Promise<DeliveryRow[]> {
  const { states, channelId, ruleId, before, limit } = selection;
  let query = db.selectFrom('notification_deliveries').selectAll();
  if (states !== undefined) query = query.where('state', 'in', states);
  if (channelId !== undefined) query = query.where('channel_id', '=', channelId);
  if (ruleId !== undefined) query = query.where('rule_id', '=', ruleId);
  if (before !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${before.createdAt}, ${before.id})`);
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** How many there are in each state. */
export async function countDeliveries(db: Kysely<WorkState>): Promise<Readonly<Record<DeliveryState, number>>> {
  const rows = await db
    .selectFrom('notification_deliveries')
    .select(['state', (row) => row.fn.countAll<number>().as('deliveries')])
    .groupBy('state')
    .execute();
  const counts = { waiting: 0, sending: 0, delivered: 0, dead: 0 };
  for (const { state, deliveries } of rows) counts[state] = Number(deliveries);
  return counts;
}

/** Removes what was over before a moment. */
export async function pruneDeliveries(transaction: Transaction<WorkState>, before: number): Promise<void> {
  await transaction.deleteFrom('notification_deliveries').where('finished_at', '<', before).execute();
}

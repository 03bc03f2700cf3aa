/** Messages on their way and what became of them, for administrators who see all sites. Never sends one. */
import { z } from 'zod';
import {
  deliveriesQuery,
  deliveryDetailSchema,
  deliveryPage,
  deliverySchema,
  notificationParams,
} from '../../contract/api/notifications.ts';
import type { NotifyMessage } from '../../contract/notification.ts';
import {
  type DeliveryRow,
  getDelivery,
  listDeliveries,
  retryDelivery,
} from '../../store/work/notification-deliveries.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText, momentTextOrNull } from '../moment-text.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'notifications', role: 'administrator', scope: 'all-sites' } as const;

export function deliveryRoutes({ database: { db }, channelTools, now }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/notifications/deliveries',
      summary: 'Messages on their way, received or given up, the newest first',
      query: deliveriesQuery,
      response: deliveryPage,
      handle: async ({ query }) => {
        const [createdAt, id] = positionOf(query.cursor, z.tuple([z.int(), z.string()])) ?? [];
        const rows = await listDeliveries(db, {
          states: query.state,
          channelId: query.channel,
          ruleId: query.rule,
          ...(createdAt !== undefined && id !== undefined && { before: { createdAt, id } }),
          limit: query.limit + 1,
        });
        return { body: pageFrom(rows, query.limit, deliveryDocument, (row) => [row.created_at, row.id]) };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/notifications/deliveries/:id',
      summary: 'One message, with its text',
      params: notificationParams,
      response: deliveryDetailSchema,
      handle: async ({ params: { id } }) => {
        const row = await getDelivery(db, id);
        return { body: { ...deliveryDocument(row), text: channelTools.textOf(messageOf(row)) } };
      },
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/notifications/deliveries/:id/retry',
      summary: 'Send a message again that was given up',
      idempotency: 'kept',
      params: notificationParams,
      response: deliverySchema,
      handle: ({ params: { id }, by, write }) =>
        write(async (transaction) => ({
          body: deliveryDocument(await retryDelivery(transaction, id, { ...by, now: now() })),
        })),
    }),
  ];
}

function deliveryDocument(row: DeliveryRow) {
  return {
    id: row.id,
    rule_id: row.rule_id,
    rule_name: row.rule_name,
    channel_id: row.channel_id,
    channel_name: row.channel_name,
    event: row.topic,
    subject: messageOf(row).subject,
    state: row.state,
    attempts: row.attempts,
    answer: row.answer,
    created_at: momentText(row.created_at),
    next_attempt_at: row.state === 'waiting' ? momentText(row.next_at) : null,
    finished_at: momentTextOrNull(row.finished_at),
  };
}

function messageOf({ message }: DeliveryRow): NotifyMessage {
  return JSON.parse(message);
}

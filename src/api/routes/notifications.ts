/** Channels and rules of notifications, for administrators who see all sites. Never shows a secret, and never decides who is told. */
import type { z } from 'zod';
import {
  type ChannelInput,
  channelContentSchema,
  channelSchema,
  channelsSchema,
  channelTrialSchema,
  notificationParams,
  ruleContentSchema,
  ruleSchema,
  rulesSchema,
} from '../../contract/api/notifications.ts';
import {
  type Channel,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
  recordChannelTest,
  updateChannel,
} from '../../store/work/notification-channels.ts';
import {
  createRule,
  deleteRule,
  getRule,
  listRules,
  type NotificationRule,
  updateRule,
} from '../../store/work/notification-rules.ts';
import type { ApiContext } from '../api-context.ts';
import { momentText } from '../moment-text.ts';
import { type Answer, type Route, route } from '../route.ts';
import { deliveryRoutes } from './notification-deliveries.ts';

const NAMES = { tag: 'notifications', role: 'administrator', scope: 'all-sites' } as const;
const READ = { ...NAMES, method: 'GET' } as const;
const WRITE = { ...NAMES, idempotency: 'kept' } as const;
/** Each test sends a message to somebody. */
const TESTS_PER_MINUTE_MAX = 10;

export function notificationRoutes(context: ApiContext): Route[] {
  return [...channelRoutes(context), trialRoute(context), ...ruleRoutes(context), ...deliveryRoutes(context)];
}

function channelRoutes({ database: { db }, channelTools, newId, now }: ApiContext): Route[] {
  const one = { url: '/notifications/channels/:id', params: notificationParams } as const;
  const kept = (secret: ChannelInput['secret'], id: string): string | null | undefined =>
    typeof secret === 'string' ? channelTools.keepSecret(secret, id) : secret;
  return [
    route({
      ...READ,
      url: '/notifications/channels',
      summary: 'Channels through which people and systems are told, by name; without their secrets',
      response: channelsSchema,
      handle: async () => ({ body: { items: (await listChannels(db)).map(channelDocument) } }),
    }),
    route({
      ...READ,
      ...one,
      summary: 'One channel',
      response: channelSchema,
      handle: async ({ params: { id } }) => channelAnswer(await getChannel(db, id)),
    }),
    route({
      ...WRITE,
      method: 'POST',
      url: '/notifications/channels',
      summary: 'Add a channel: mail, Slack, Teams or a signed webhook',
      body: channelContentSchema,
      status: 201,
      response: channelSchema,
      handle: ({ body, by, write }) =>
        write(async (transaction) => {
          const id = newId();
          const content = { ...channelContentOf(body), secret: kept(body.secret, id) ?? null };
          const channel = await createChannel(transaction, id, content, { ...by, now: now() });
          return { ...channelAnswer(channel), location: `/notifications/channels/${id}` };
        }),
    }),
    route({
      ...WRITE,
      ...one,
      method: 'PUT',
      summary: 'Change a channel; a secret goes to another place only if it is sent anew',
      ifMatch: true,
      body: channelContentSchema,
      response: channelSchema,
      handle: ({ params: { id }, body, by, expectedVersion: version, write }) =>
        write(async (transaction) => {
          const content = { ...channelContentOf(body), secret: kept(body.secret, id) };
          return channelAnswer(await updateChannel(transaction, { id, version }, content, { ...by, now: now() }));
        }),
    }),
    route({
      ...WRITE,
      ...one,
      method: 'DELETE',
      summary: 'Remove a channel that no rule names',
      ifMatch: true,
      status: 204,
      handle: ({ params: { id }, by, expectedVersion: version, write }) =>
        write(async (transaction) => {
          await deleteChannel(transaction, { id, version }, { ...by, now: now() });
          return {};
        }),
    }),
  ];
}

function trialRoute({ channelTools, now }: ApiContext): Route {
  return route({
    ...NAMES,
    method: 'POST',
    url: '/notifications/channels/:id/test',
    summary: 'Send a message through a channel now, and say what was answered; each request sends one more',
    idempotency: 'repeatable',
    perMinuteMax: TESTS_PER_MINUTE_MAX,
    params: notificationParams,
    response: channelTrialSchema,
    handle: async ({ params: { id }, by, write, signal }) => {
      const change = { ...by, now: now() };
      let channel: Channel | undefined;
      await write(async (transaction) => {
        channel = await recordChannelTest(transaction, id, change);
        return {};
      });
      const { isDelivered, says, ms } = await channelTools.test(channel as unknown as Channel, signal);
      return { body: { is_delivered: isDelivered, answer: says, ms } };
    },
  });
}

function ruleRoutes({ database: { db }, newId, now }: ApiContext): Route[] {
  const one = { url: '/notifications/rules/:id', params: notificationParams } as const;
  return [
    route({
      ...READ,
      url: '/notifications/rules',
      summary: 'Rules that say who is told what, by name',
      response: rulesSchema,
      handle: async () => ({ body: { items: (await listRules(db)).map(ruleDocument) } }),
    }),
    route({
      ...READ,
      ...one,
      summary: 'One rule',
      response: ruleSchema,
      handle: async ({ params: { id } }) => ruleAnswer(await getRule(db, id)),
    }),
    route({
      ...WRITE,
      method: 'POST',
      url: '/notifications/rules',
      summary: 'Add a rule; what happened before is told to nobody',
      body: ruleContentSchema,
      status: 201,
      response: ruleSchema,
      handle: ({ body, by, write }) =>
        write(async (transaction) => {
          const id = newId();
          const rule = await createRule(transaction, id, ruleContentOf(body), { ...by, now: now() });
          return { ...ruleAnswer(rule), location: `/notifications/rules/${id}` };
        }),
    }),
    route({
      ...WRITE,
      ...one,
      method: 'PUT',
      summary: 'Change a rule',
      ifMatch: true,
      body: ruleContentSchema,
      response: ruleSchema,
      handle: ({ params: { id }, body, by, expectedVersion: version, write }) =>
        write(async (transaction) =>
          ruleAnswer(await updateRule(transaction, { id, version }, ruleContentOf(body), { ...by, now: now() })),
        ),
    }),
    route({
      ...WRITE,
      ...one,
      method: 'DELETE',
      summary: 'Remove a rule; what is on its way arrives all the same',
      ifMatch: true,
      status: 204,
      handle: ({ params: { id }, by, expectedVersion: version, write }) =>
        write(async (transaction) => {
          await deleteRule(transaction, { id, version }, { ...by, now: now() });
          return {};
        }),
    }),
  ];
}

function channelContentOf({ name, about, is_enabled: isEnabled }: ChannelInput) {
  return { name, about, isEnabled };
}

function channelAnswer(channel: Channel): Answer<z.input<typeof channelSchema>> {
  return { body: channelDocument(channel), version: channel.version };
}

function channelDocument({ id, name, about, secret, isEnabled, version, createdAt, updatedAt }: Channel) {
  return {
    id,
    name,
    about: { kind: about.kind, settings: { ...about.settings } },
    secret_from: secret?.startsWith('${') === true ? secret : secret === null ? null : 'sealed',
    is_enabled: isEnabled,
    version,
    created_at: momentText(createdAt),
    updated_at: momentText(updatedAt),
  };
}

function ruleContentOf({ is_enabled: isEnabled, ...content }: z.output<typeof ruleContentSchema>) {
  return { ...content, isEnabled };
}

function ruleAnswer(rule: NotificationRule): Answer<z.input<typeof ruleSchema>> {
  return { body: ruleDocument(rule), version: rule.version };
}

function ruleDocument({ id, name, document, isEnabled, version, createdAt, updatedAt }: NotificationRule) {
  const times = { created_at: momentText(createdAt), updated_at: momentText(updatedAt) };
  return { id, name, document: { ...document }, is_enabled: isEnabled, version, ...times };
}

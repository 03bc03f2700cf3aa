/**
 * Decides what people write into channels and rules of notifications, and what a message holds whatever it is sent through.
 * Never says what a secret is, and never decides whom an event concerns (core/notify).
 */
import { z } from 'zod';
import { CAUSE_CODES } from '../core/explain/cause-code.ts';
import { durationMs } from '../core/normalize/time.ts';
import { isAlwaysQuiet } from '../core/notify/judge-moment.ts';
import { type NotifyRule, TOPICS, type Topic } from '../core/notify/notify-rule.ts';
import { blackoutSchema, durationSchema, timeZoneSchema } from './schedule.ts';

export const CHANNEL_KINDS = ['email', 'slack', 'teams', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** What webhooks are signed with is no password that people think of. */
export const SIGNING_CHARACTERS_MIN = 24;

const hostName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f:]{2,45}$/, 'a host name or an address')
  .describe('of the mail server');

const emailSettings = z
  .strictObject({
    host: hostName,
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('tls from the first byte on (port 465), starttls before anything else is said, or none'),
    user: z.string().min(1).max(320).nullable().default(null).describe('null: the server asks for none'),
    from: z.email().max(320),
    to: z.array(z.email().max(320)).min(1).max(50),
  })
  .refine(({ user, security }) => user === null || security !== 'none', {
    path: ['security'],
    message: 'a password is sent through TLS only: starttls or tls',
  });

const webhookSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(hasNoCredentials, 'an address without user and password: they would be shown to whoever reads it'),
  key_id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,40}$/, 'letters, digits and . _ -')
    .default('1')
    .describe('goes with each signature, so that a receiver knows which of its secrets to use while one is exchanged'),
});

/** A channel's kind and settings; the secret goes beside them and is never given back. */
export const channelSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('email'), settings: emailSettings }).describe('secret: the password of `user`'),
  z
    .strictObject({ kind: z.literal('slack'), settings: z.strictObject({}) })
    .describe('secret: the address of the webhook'),
  z
    .strictObject({ kind: z.literal('teams'), settings: z.strictObject({}) })
    .describe('secret: the address of the webhook'),
  z
    .strictObject({ kind: z.literal('webhook'), settings: webhookSettings })
    .describe('secret: what the body is signed with'),
]);
export type ChannelSettings = z.output<typeof channelSettingsSchema>;

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

const GATHER_MS_MAX = 24 * 3_600_000;
const names = z.array(z.string().min(1).max(200)).max(1_000);

export const ruleDocumentSchema = z
  .strictObject({
    topics: z
      .array(z.enum(TOPICS))
      .min(1)
      .describe(
        'run-digest: what a run found; discrepancy: a key that is newly off, or worse; run-failed: a run that was refused or failed; feed-silent: an interface or system that stopped sending; message-late: a message past its lag',
      ),
    channels: z.array(z.string().min(1).max(64)).min(1).max(20).describe('ids of the channels that are told'),
    sites: names
      .min(1)
      .nullable()
      .default(null)
      .describe('only of these, and messages hold data of these only; null: all sites'),
    causes: z.array(z.enum(CAUSE_CODES)).max(100).default([]).describe('main causes of discrepancies; empty: any'),
    categories: names.default([]).describe('empty: any'),
    min_value: z
      .string()
      .regex(/^\d{1,15}(\.\d{1,6})?$/, 'an amount such as 500 or 12.50')
      .nullable()
      .default(null)
      .describe('least |value| of a discrepancy in the currency; null: any, also without a cost'),
    only_new: z.boolean().default(false).describe('only discrepancies that were not there in the run before'),
    grown_by_percent: z.int().min(0).max(10_000).default(20).describe('told again once it is larger by more than this'),
    time_zone: timeZoneSchema.default('UTC'),
    quiet_hours: z
      .array(blackoutSchema)
      .max(50)
      .default([])
      .describe('nothing is sent then; what happened is told afterwards, in one message'),
    gather: durationSchema
      .refine((text) => durationMs(text) <= GATHER_MS_MAX, 'at most 24h')
      .default('5m')
      .describe('how long one message gathers discrepancies and alerts; what is in order again by then is not told'),
    lines_max: z.int().min(1).max(50).default(10).describe('lines that a message lists; what is beyond is counted'),
  })
  .refine((rule) => !isAlwaysQuiet(rule, 0), {
    path: ['quiet_hours'],
    message: 'they leave no time of the week in which anything could be sent',
  });
export type RuleDocument = z.output<typeof ruleDocumentSchema>;

/** What the core judges by. */
export function notifyRuleOf({ channels, gather, ...document }: RuleDocument): NotifyRule {
  return { ...document, gatherMs: durationMs(gather) };
}

export interface MessageLine {
  readonly title: string;
  readonly detail: string;
  /** Below the address of the console, such as /items/00123?site=DC1; '' leads nowhere. */
  readonly path: string;
}

/** What somebody is told. Plain text throughout: each form escapes it its own way. */
export interface NotifyMessage {
  readonly topic: Topic | 'test';
  /** One line. */
  readonly subject: string;
  readonly opening: readonly string[];
  readonly sections: readonly {
    readonly title: string;
    readonly lines: readonly MessageLine[];
    readonly rest: string;
  }[];
  /** What to do. */
  readonly action: string;
  readonly link: { readonly label: string; readonly path: string } | null;
  /** Why the reader gets this. */
  readonly footer: string;
  /** For programs: the figures of the message. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Channels, rules and deliveries of notifications, as administrators see and edit them. Never shows a secret. */
import { z } from 'zod';
import { CHANNEL_KINDS, channelSettingsSchema, ruleDocumentSchema, SIGNING_CHARACTERS_MIN } from '../notification.ts';
import { pageOf, pageQuery, texts } from './paging.ts';
import { idSchema, momentSchema } from './people.ts';

export const notificationParams = z.strictObject({ id: idSchema });

const name = z.string().trim().min(1).max(100);

const STATES = ['waiting', 'sending', 'delivered', 'dead'] as const;

export const channelContentSchema = z
  .strictObject({
    name,
    about: channelSettingsSchema,
    secret: z
      .string()
      .min(1)
      .max(4_000)
      .nullable()
      .optional()
      .describe(
        'the name of a variable of the server that begins with EVENSTOCK_NOTIFY_, in $ and braces; or the text itself, which is kept sealed; never given back; null: none. Left out of a change: as it was',
      ),
    is_enabled: z.boolean().default(true),
  })
  .refine(({ about, secret }) => about.kind !== 'webhook' || secret == null || isStrong(secret), {
    path: ['secret'],
    message: `at least ${SIGNING_CHARACTERS_MIN} characters: it is what proves who sent a message`,
  });

/** What stands behind the name of a variable is looked at when it is used. */
function isStrong(secret: string): boolean {
  return secret.startsWith('$') || secret.length >= SIGNING_CHARACTERS_MIN;
}

export type ChannelInput = z.output<typeof channelContentSchema>;

export const channelSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    about: z.strictObject({ kind: z.enum(CHANNEL_KINDS), settings: z.record(z.string(), z.unknown()) }),
    secret_from: z
      .string()
      .nullable()
      .describe('the variable that holds the secret; sealed where it is kept by the server; null: there is none'),
    is_enabled: z.boolean(),
    version: z.int(),
    created_at: momentSchema,
    updated_at: momentSchema,
  })
  .meta({ id: 'NotificationChannel' });

export const channelsSchema = z.strictObject({ items: z.array(channelSchema) });

export const channelTrialSchema = z.strictObject({
  is_delivered: z.boolean(),
  answer: z.string().describe('what the receiver said, or why there was no answer'),
  ms: z.int(),
});

export const ruleContentSchema = z.strictObject({
  name,
  document: ruleDocumentSchema,
  is_enabled: z.boolean().default(true),
});

export const ruleSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    document: z.record(z.string(), z.unknown()).describe('as it was sent, with what was left out filled in'),
    is_enabled: z.boolean(),
    version: z.int(),
    created_at: momentSchema,
    updated_at: momentSchema,
  })
  .meta({ id: 'NotificationRule' });

export const rulesSchema = z.strictObject({ items: z.array(ruleSchema) });

export const deliveriesQuery = z.strictObject({
  ...pageQuery,
  state: texts.pipe(z.array(z.enum(STATES))).optional(),
  channel: idSchema.optional(),
  rule: idSchema.optional(),
});

const delivery = {
  id: z.string().describe('receivers see it in each attempt'),
  rule_id: z.string(),
  rule_name: z.string(),
  channel_id: z.string(),
  channel_name: z.string(),
  event: z.string(),
  subject: z.string(),
  state: z.enum(STATES).describe('waiting: for its first or next attempt; dead: given up, see answer'),
  attempts: z.int(),
  answer: z.string().nullable().describe('what the receiver said last, or why there was no answer; null: not sent yet'),
  created_at: momentSchema,
  next_attempt_at: momentSchema.nullable().describe('null: there is none'),
  finished_at: momentSchema.nullable(),
};
export const deliverySchema = z.strictObject(delivery).meta({ id: 'NotificationDelivery' });

export const deliveryPage = pageOf(deliverySchema);

export const deliveryDetailSchema = z.strictObject({
  ...delivery,
  text: z.string().describe('the message as plain text'),
});

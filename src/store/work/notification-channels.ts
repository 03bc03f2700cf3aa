/**
 * Channels through which people and systems are told, as administrators edit them. Decides that no change takes a secret to
 * another place, and that no secret reaches the audit trail; never opens one.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ChannelSettings } from '../../contract/notification.ts';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { Change } from './schedules.ts';

export interface ChannelContent {
  readonly name: string;
  readonly about: ChannelSettings;
  readonly isEnabled: boolean;
}

export interface Channel extends ChannelContent {
  readonly id: string;
  /** As it is kept: a name in the environment, or sealed; null: it needs none. */
  readonly secret: string | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `secret`: as it is kept. Throws NAME_TAKEN, and SECRET_MISSING where the kind needs one. */
export async function createChannel(
  transaction: Transaction<WorkState>,
  id: string,
  content: ChannelContent & Pick<Channel, 'secret'>,
  change: Change,
): Promise<Channel> {
  if (needsSecret(content.about) && content.secret === null) throw secretMissing('this channel needs its secret');
  const { now } = change;
  const row = await transaction
    .insertInto('notification_channels')
    .values({ id, ...columnsOf(content), secret: content.secret, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw nameTaken(content.name);
  const channel = channelOf(row);
  await record(transaction, 'channel.create', id, { after: withoutSecret(channel) }, change);
  return channel;
}

/** `secret`: undefined leaves it as it is, which only a channel that still leads to the same place may. */
export async function updateChannel(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<Channel, 'id' | 'version'>,
  { secret, ...content }: ChannelContent & { readonly secret: string | null | undefined },
  change: Change,
): Promise<Channel> {
  const before = await getChannel(transaction, id);
  const kept = secret === undefined ? before.secret : secret;
  if (secret === undefined && before.secret !== null && placeOf(before.about) !== placeOf(content.about))
    throw secretMissing('the channel leads to another place now, and its secret may not be meant for that');
  if (needsSecret(content.about) && kept === null) throw secretMissing('this channel needs its secret');
  const namesakes = transaction.selectFrom('notification_channels').select('id').where('name', '=', content.name);
  if ((await namesakes.where('id', '!=', id).executeTakeFirst()) !== undefined) throw nameTaken(content.name);
  const row = await transaction
    .updateTable('notification_channels')
    .set((column) => ({
      ...columnsOf(content),
      secret: kept,
      updated_at: change.now,
      version: column('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw stale();
  const channel = channelOf(row);
  const documents = { before: withoutSecret(before), after: withoutSecret(channel, secret !== undefined) };
  await record(transaction, 'channel.update', id, documents, change);
  return channel;
}

/** Refused as long as a rule names it: nobody would notice that a rule tells nobody. */
export async function deleteChannel(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<Channel, 'id' | 'version'>,
  change: Change,
): Promise<void> {
  const before = await getChannel(transaction, id);
  const rules = await transaction.selectFrom('notification_rules').select(['name', 'document']).execute();
  const user = rules.find(({ document }) => JSON.parse(document).channels.includes(id));
  if (user !== undefined)
    throw new Failure(
      'conflict',
      'CHANNEL_IN_USE',
      `the rule "${user.name}" tells people through this channel`,
      'Change or remove the rule first.',
    );
  const row = await transaction
    .deleteFrom('notification_channels')
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw stale();
  await record(transaction, 'channel.delete', id, { before: withoutSecret(before) }, change);
}

/** Somebody sends a message to try it. */
export async function recordChannelTest(
  transaction: Transaction<WorkState>,
  id: string,
  change: Change,
): Promise<Channel> {
  const channel = await getChannel(transaction, id);
  await record(transaction, 'channel.test', id, {}, change);
  return channel;
}

export async function getChannel(db: Kysely<WorkState>, id: string): Promise<Channel> {
  const channel = await findChannel(db, id);
  if (channel === undefined) throw new Failure('absent', 'CHANNEL_ABSENT', `there is no channel ${id}`);
  return channel;
}

export async function findChannel(db: Kysely<WorkState>, id: string): Promise<Channel | undefined> {
  const row = await db.selectFrom('notification_channels').selectAll().where('id', '=', id).executeTakeFirst();
  return row && channelOf(row);
}

/** By name. */
export async function listChannels(db: Kysely<WorkState>): Promise<Channel[]> {
  return (await db.selectFrom('notification_channels').selectAll().orderBy('name').execute()).map(channelOf);
}

/** Where the secret goes, or proves who sends: a change of it must come with the secret. */
function placeOf(about: ChannelSettings): string {
  if (about.kind === 'email') {
    const { host, port, security, user } = about.settings;
    return JSON.stringify(['email', host, port, security, user]);
  }
  return about.kind === 'webhook' ? JSON.stringify(['webhook', new URL(about.settings.url).origin]) : about.kind;
}

function needsSecret(about: ChannelSettings): boolean {
  return about.kind !== 'email' || about.settings.user !== null;
}

function columnsOf({ name, about: { kind, settings }, isEnabled }: ChannelContent) {
  return { name, kind, settings: JSON.stringify(settings), is_enabled: isEnabled ? 1 : 0 };
}

function channelOf(row: Selectable<WorkState['notification_channels']>): Channel {
  const { id, name, kind, settings, secret, is_enabled, version, created_at, updated_at } = row;
  const about = { kind, settings: JSON.parse(settings) } as ChannelSettings;
  return {
    id,
    name,
    about,
    secret,
    isEnabled: is_enabled === 1,
    version,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function withoutSecret({ name, about, isEnabled }: ChannelContent, isExchanged = false) {
  return { name, ...about, is_enabled: isEnabled, ...(isExchanged && { secret: 'exchanged' }) };
}

function secretMissing(message: string): Failure {
  return new Failure('usage', 'SECRET_MISSING', message, 'Send secret with the request.');
}

function stale(): Failure {
  return new Failure('stale', 'CHANNEL_STALE', 'the channel was changed meanwhile', 'Read it again, then change it.');
}

function nameTaken(name: string): Failure {
  return new Failure('conflict', 'NAME_TAKEN', `there is a channel "${name}" already`, 'Choose another name.');
}

async function record(
  transaction: Transaction<WorkState>,
  action: string,
  entityId: string,
  documents: Pick<AuditEntry, 'before' | 'after'>,
  { actor, requestId, now }: Change,
): Promise<void> {
  const entry = { actor, action, entity: 'channel', entityId, ...documents };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
}

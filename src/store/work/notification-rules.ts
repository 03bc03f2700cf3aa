/**
 * Rules that say who is told what, as administrators edit them. Decides that a rule names channels that are there; never
 * decides what concerns it (core/notify).
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { RuleDocument } from '../../contract/notification.ts';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { Change } from './schedules.ts';

export interface RuleContent {
  readonly name: string;
  readonly document: RuleDocument;
  readonly isEnabled: boolean;
}

export interface NotificationRule extends RuleContent {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Throws NAME_TAKEN, and CHANNEL_ABSENT where it names a channel that is not there. */
export async function createRule(
  transaction: Transaction<WorkState>,
  id: string,
  content: RuleContent,
  change: Change,
): Promise<NotificationRule> {
  await checkChannels(transaction, content);
  const { now } = change;
  const row = await transaction
    .insertInto('notification_rules')
    .values({ id, ...columnsOf(content), created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw nameTaken(content.name);
  await record(transaction, 'rule.create', id, { after: content }, change);
  return ruleOf(row);
}

/** What waits to be told is dropped where the rule is switched off or limits itself otherwise; what was told stays known. */
export async function updateRule(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<NotificationRule, 'id' | 'version'>,
  content: RuleContent,
  change: Change,
): Promise<NotificationRule> {
  const before = await getRule(transaction, id);
  await checkChannels(transaction, content);
  const namesakes = transaction.selectFrom('notification_rules').select('id').where('name', '=', content.name);
  if ((await namesakes.where('id', '!=', id).executeTakeFirst()) !== undefined) throw nameTaken(content.name);
  const row = await transaction
    .updateTable('notification_rules')
    .set((column) => ({ ...columnsOf(content), updated_at: change.now, version: column('version', '+', 1) }))
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw stale();
  // It was chosen by other limits, and may hold data of sites that the rule may not tell of any more.
  if (!content.isEnabled || limitsOf(before) !== limitsOf(content))
    await transaction.deleteFrom('notification_pending').where('rule_id', '=', id).execute();
  await record(transaction, 'rule.update', id, { before: contentOf(before), after: content }, change);
  return ruleOf(row);
}

/** What it has sent off already arrives all the same. */
export async function deleteRule(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<NotificationRule, 'id' | 'version'>,
  change: Change,
): Promise<void> {
  const before = await getRule(transaction, id);
  const row = await transaction
    .deleteFrom('notification_rules')
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw stale();
  await record(transaction, 'rule.delete', id, { before: contentOf(before) }, change);
}

export async function getRule(db: Kysely<WorkState>, id: string): Promise<NotificationRule> {
  const row = await db.selectFrom('notification_rules').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Failure('absent', 'RULE_ABSENT', `there is no rule ${id}`);
  return ruleOf(row);
}

/** By name. */
export async function listRules(db: Kysely<WorkState>): Promise<NotificationRule[]> {
  return (await db.selectFrom('notification_rules').selectAll().orderBy('name').execute()).map(ruleOf);
}

async function checkChannels(transaction: Transaction<WorkState>, { document }: RuleContent): Promise<void> {
  const rows = await transaction
    .selectFrom('notification_channels')
    .select('id')
    .where('id', 'in', document.channels)
    .execute();
  const unknown = document.channels.find((id) => !rows.some((row) => row.id === id));
  if (unknown === undefined) return;
  throw new Failure('usage', 'CHANNEL_ABSENT', `there is no channel ${unknown}`, 'Name channels by their id.');
}

function limitsOf({ document }: RuleContent): string {
  const { topics, sites, causes, categories, min_value, only_new } = document;
  return JSON.stringify([topics, sites, causes, categories, min_value, only_new]);
}

function columnsOf({ name, document, isEnabled }: RuleContent) {
  return { name, document: JSON.stringify(document), is_enabled: isEnabled ? 1 : 0 };
}

function contentOf({ name, document, isEnabled }: RuleContent): RuleContent {
  return { name, document, isEnabled };
}

function ruleOf(row: Selectable<WorkState['notification_rules']>): NotificationRule {
  const { id, name, document, is_enabled, version, created_at, updated_at } = row;
  const content = { name, document: JSON.parse(document), isEnabled: is_enabled === 1 };
  return { id, ...content, version, createdAt: created_at, updatedAt: updated_at };
}

function stale(): Failure {
  return new Failure('stale', 'RULE_STALE', 'the rule was changed meanwhile', 'Read it again, then change it.');
}

function nameTaken(name: string): Failure {
  return new Failure('conflict', 'NAME_TAKEN', `there is a rule "${name}" already`, 'Choose another name.');
}

async function record(
  transaction: Transaction<WorkState>,
  action: string,
  entityId: string,
  documents: Pick<AuditEntry, 'before' | 'after'>,
  { actor, requestId, now }: Change,
): Promise<void> {
  const entry = { actor, action, entity: 'rule', entityId, ...documents };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
}

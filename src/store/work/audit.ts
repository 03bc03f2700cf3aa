/**
 * The audit trail: every change, who made it, before and after, each row chained to the one before it by a hash. Never
 * changes or removes a row.
 */
import { createHash } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import { takeNumbers } from './counters.ts';

export interface AuditEntry {
  /** `person:<id>`, `key:<id>`, `schedule:<id>`, `oidc:<issuer>` or `system`. */
  readonly actor: string;
  /** What was done, such as `schedule.update`. */
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  /** Documents without secrets; undefined where there is none, as before a creation. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId?: string;
}

/** Who changes something, and with which request. */
export type ChangedBy = Pick<AuditEntry, 'actor' | 'requestId'>;

export type AuditRow = Selectable<WorkState['audit']>;

/** What the first row is chained to. */
const FIRST_HASH = '0'.repeat(64);
const BATCH = 5_000;

/** Appends in the transaction of the change itself: there is no change without its row, and no row without its change. */
export async function appendAudit(
  transaction: Transaction<WorkState>,
  entry: AuditEntry,
  now: number,
): Promise<AuditRow> {
  const number = await takeNumbers(transaction, 'audit');
  const previous = await transaction
    .selectFrom('audit')
    .select('hash')
    .where('number', '=', number - 1)
    .executeTakeFirst();
  const content = {
    number,
    at: now,
    actor: entry.actor,
    action: entry.action,
    entity: entry.entity,
    entity_id: entry.entityId,
    before_document: textOf(entry.before),
    after_document: textOf(entry.after),
    request_id: entry.requestId ?? null,
    previous_hash: previous?.hash ?? FIRST_HASH,
  };
  const row = { ...content, hash: hashOf(content) };
  await transaction.insertInto('audit').values(row).execute();
  return row;
}

function textOf(document: unknown): string | null {
  return document === undefined ? null : JSON.stringify(document);
}

/** SHA-256 over all columns in their order as a JSON array, the hash of the row before included. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { number, at, actor, action, entity, entity_id, before_document, after_document, request_id } = row;
  const fields = [number, at, actor, action, entity, entity_id, before_document, after_document, request_id];
  return createHash('sha256')
    .update(JSON.stringify([...fields, row.previous_hash]))
    .digest('hex');
}

export interface AuditHead {
  readonly number: number;
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly isWhole: true; readonly head: AuditHead }
  | { readonly isWhole: false; readonly number: number; readonly reason: string };

/**
 * Recomputes the chain. `kept` is a head that was noted elsewhere at an earlier time: without one, a trail that was cut off or
 * rewritten as a whole looks like a shorter or another one.
 */
export async function verifyAudit(db: Kysely<WorkState>, kept?: AuditHead): Promise<AuditVerdict> {
  let head: AuditHead = { number: 0, hash: FIRST_HASH };
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('number', '>', head.number)
      .orderBy('number')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const reason = faultOf(row, head, kept);
      if (reason !== undefined) return { isWhole: false, number: row.number, reason };
      head = { number: row.number, hash: row.hash };
    }
    if (rows.length < BATCH) break;
  }
  const counter = await db.selectFrom('counters').select('value').where('name', '=', 'audit').executeTakeFirstOrThrow();
  const last = Math.max(counter.value, kept?.number ?? 0);
  if (last > head.number) return { isWhole: false, number: head.number + 1, reason: `rows up to ${last} are missing` };
  return { isWhole: true, head };
}

function faultOf(row: AuditRow, before: AuditHead, kept: AuditHead | undefined): string | undefined {
  if (row.number !== before.number + 1) return `row ${before.number + 1} is missing`;
  if (row.previous_hash !== before.hash) return 'it does not follow the row before it';
  if (row.hash !== hashOf(row)) return 'it was changed';
  if (kept?.number === row.number && kept.hash !== row.hash) return 'it is not the row that was noted';
  return undefined;
}

/**
 * Schedules as people edit them, and which of their slots were decided. Decides that each slot is decided once, whatever
 * other servers see. Never decides when a slot is (core/schedule).
 */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ScheduleDocument } from '../../contract/schedule.ts';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import { appendEvents } from './events.ts';

export interface ScheduleContent {
  readonly name: string;
  readonly document: ScheduleDocument;
  readonly isEnabled: boolean;
}

export interface Schedule extends ScheduleContent {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Slots up to here are decided. */
  readonly consideredUntil: number;
}

/** Who changes something, and when. */
export interface Change {
  readonly actor: string;
  readonly requestId?: string;
  readonly now: number;
}

/** Its first slot comes after now. */
export async function createSchedule(
  transaction: Transaction<WorkState>,
  id: string,
  content: ScheduleContent,
  change: Change,
): Promise<Schedule> {
  const { now } = change;
  const row = await transaction
    .insertInto('schedules')
    .values({ id, ...columnsOf(content), created_at: now, updated_at: now, considered_until: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw nameTaken(content.name);
  await record(transaction, 'schedule.create', id, { after: content }, change);
  return scheduleOf(row);
}

/** What passed before a change is not caught up by the changed schedule. */
export async function updateSchedule(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<Schedule, 'id' | 'version'>,
  content: ScheduleContent,
  change: Change,
): Promise<Schedule> {
  const before = await findSchedule(transaction, id);
  if (before === undefined) throw absent(id);
  const namesakes = transaction.selectFrom('schedules').select('id').where('name', '=', content.name);
  if ((await namesakes.where('id', '!=', id).executeTakeFirst()) !== undefined) throw nameTaken(content.name);
  const { now } = change;
  const row = await transaction
    .updateTable('schedules')
    .set((column) => ({
      ...columnsOf(content),
      updated_at: now,
      version: column('version', '+', 1),
      considered_until: laterOf(now),
    }))
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw stale(id);
  await record(transaction, 'schedule.update', id, { before: contentOf(before), after: content }, change);
  return scheduleOf(row);
}

/** Its runs stay, and so do the decisions about its slots. */
export async function deleteSchedule(
  transaction: Transaction<WorkState>,
  { id, version }: Pick<Schedule, 'id' | 'version'>,
  change: Change,
): Promise<void> {
  const row = await transaction
    .deleteFrom('schedules')
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw (await findSchedule(transaction, id)) ? stale(id) : absent(id);
  await record(transaction, 'schedule.delete', id, { before: contentOf(scheduleOf(row)) }, change);
}

function absent(id: string): Failure {
  return new Failure('absent', 'SCHEDULE_ABSENT', `there is no schedule ${id}`, 'List the schedules.');
}

function stale(id: string): Failure {
  return new Failure(
    'stale',
    'SCHEDULE_STALE',
    `schedule ${id} was changed meanwhile`,
    'Read it again, then change it.',
  );
}

function nameTaken(name: string): Failure {
  return new Failure('conflict', 'NAME_TAKEN', `there is a schedule "${name}" already`, 'Choose another name.');
}

export async function findSchedule(db: Kysely<WorkState>, id: string): Promise<Schedule | undefined> {
  const row = await db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirst();
  return row && scheduleOf(row);
}

/** By name. */
export async function listSchedules(db: Kysely<WorkState>): Promise<Schedule[]> {
  return (await db.selectFrom('schedules').selectAll().orderBy('name').execute()).map(scheduleOf);
}

/**
 * The right to decide the slots of a schedule up to a moment. False: another server has taken it, or somebody changed the
 * schedule; whoever asked decides nothing.
 */
export async function takeSlots(
  transaction: Transaction<WorkState>,
  { id, version, consideredUntil }: Schedule,
  until: number,
): Promise<boolean> {
  const row = await transaction
    .updateTable('schedules')
    .set({ considered_until: until })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('considered_until', '=', consideredUntil)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export interface SlotDecision {
  readonly scheduleId: string;
  readonly slotAt: number;
  readonly decision: WorkState['schedule_slots']['decision'];
  /** The run that was requested. */
  readonly jobId?: string;
}

/** Decides a slot, once and for all. False: it was decided before. */
export async function decideSlot(
  transaction: Transaction<WorkState>,
  { scheduleId, slotAt, decision, jobId }: SlotDecision,
  now: number,
): Promise<boolean> {
  const row = await transaction
    .insertInto('schedule_slots')
    .values({ schedule_id: scheduleId, slot_at: slotAt, decision, job_id: jobId ?? null, decided_at: now })
    .onConflict((conflict) => conflict.columns(['schedule_id', 'slot_at']).doNothing())
    .returning('slot_at')
    .executeTakeFirst();
  return row !== undefined;
}

/** What was decided of the slots of a schedule, the newest first. */
export async function listSlots(
  db: Kysely<WorkState>,
  scheduleId: string,
  limit: number,
): Promise<Selectable<WorkState['schedule_slots']>[]> {
  return db
    .selectFrom('schedule_slots')
    .selectAll()
    .where('schedule_id', '=', scheduleId)
    .orderBy('slot_at', 'desc')
    .limit(limit)
    .execute();
}

/** A clock that was set back must not bring decided slots again. */
const laterOf = (now: number) => sql<number>`CASE WHEN considered_until > ${now} THEN considered_until ELSE ${now} END`;

function columnsOf({ name, document, isEnabled }: ScheduleContent) {
  return { name, document: JSON.stringify(document), is_enabled: isEnabled ? 1 : 0 };
}

function contentOf({ name, document, isEnabled }: Schedule): ScheduleContent {
  return { name, document, isEnabled };
}

function scheduleOf(row: Selectable<WorkState['schedules']>): Schedule {
  return {
    id: row.id,
    name: row.name,
    document: JSON.parse(row.document),
    isEnabled: row.is_enabled === 1,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    consideredUntil: row.considered_until,
  };
}

async function record(
  transaction: Transaction<WorkState>,
  action: string,
  id: string,
  documents: Pick<AuditEntry, 'before' | 'after'>,
  { actor, requestId, now }: Change,
): Promise<void> {
  const entry = { actor, action, entity: 'schedule', entityId: id, ...documents };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
  await appendEvents(transaction, [{ kind: action.replace(/e$/, 'ed'), document: { schedule_id: id } }], now);
}

/**
 * People who sign in: made, changed, disabled. Decides that one enabled administrator of all sites always remains; never
 * removes a person, because the audit trail names them.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import type { Role, WorkState } from '../database/work-state.ts';
import { appendAudit, type ChangedBy } from './audit.ts';
import { endSessionsOf } from './sessions.ts';

export type PersonRow = Selectable<WorkState['people']>;

export interface NewPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  readonly role: Role;
  readonly sites: readonly string[] | null;
}

export interface PersonChange {
  readonly name?: string;
  readonly email?: string | null;
  readonly passwordHash?: string;
  readonly role?: Role;
  readonly sites?: readonly string[] | null;
  readonly isEnabled?: boolean;
}

/** A login is one, however it is written. */
export function loginOf(given: string): string {
  return given.trim().normalize('NFKC').toLowerCase();
}

/** Throws LOGIN_TAKEN where there is somebody of this login, however it is written. */
export async function createPerson(
  transaction: Transaction<WorkState>,
  { id, login, name, email, passwordHash, role, sites }: NewPerson,
  by: ChangedBy,
  now: number,
): Promise<PersonRow> {
  const row = await transaction
    .insertInto('people')
    .values({
      id,
      login: loginOf(login),
      name,
      email,
      password_hash: passwordHash,
      subject: null,
      role,
      sites: sites === null ? null : JSON.stringify(sites),
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) {
    throw new Failure(
      'conflict',
      'LOGIN_TAKEN',
      `there is somebody with the login ${loginOf(login)}`,
      'Choose another.',
    );
  }
  await auditPerson(transaction, 'person.create', undefined, row, by, now);
  return row;
}

/** Changes what is given. `expectedVersion`: the one that the caller has read. */
export async function updatePerson(
  transaction: Transaction<WorkState>,
  id: string,
  expectedVersion: number,
  { name, email, passwordHash, role, sites, isEnabled }: PersonChange,
  by: ChangedBy,
  now: number,
): Promise<PersonRow> {
  const before = await getPerson(transaction, id);
  const after = await transaction
    .updateTable('people')
    .set({
      version: expectedVersion + 1,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      ...(role !== undefined && { role }),
      ...(sites !== undefined && { sites: sites === null ? null : JSON.stringify(sites) }),
      ...(isEnabled !== undefined && { is_enabled: isEnabled ? 1 : 0 }),
    })
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .returningAll()
    .executeTakeFirst();
  if (after === undefined) {
    throw new Failure('stale', 'VERSION_STALE', 'the person was changed meanwhile', 'Read again, and decide anew.');
  }
  // From here on others that change something audited wait: what is counted below stays so until the end.
  await auditPerson(transaction, 'person.update', before, after, by, now);
  await assertAdministrator(transaction);
  if (isEnabled === false || passwordHash !== undefined) await endSessionsOf(transaction, id);
  return after;
}

const LAST_ADMINISTRATOR = {
  code: 'LAST_ADMINISTRATOR',
  message: 'nobody would be left who may administer',
  action: 'Make somebody else an administrator of all sites first.',
};

/** Throws where nobody is left who may administer all. */
export async function assertAdministrator(
  transaction: Transaction<WorkState>,
  { code, message, action } = LAST_ADMINISTRATOR,
): Promise<void> {
  const left = await transaction
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'administrator')
    .where('is_enabled', '=', 1)
    .where('sites', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (left !== undefined) return;
  throw new Failure('conflict', code, message, action);
}

export async function getPerson(db: Kysely<WorkState>, id: string): Promise<PersonRow> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Failure('absent', 'PERSON_UNKNOWN', `there is no person ${id}`);
  return row;
}

export async function findPersonByLogin(db: Kysely<WorkState>, login: string): Promise<PersonRow | undefined> {
  return db.selectFrom('people').selectAll().where('login', '=', loginOf(login)).executeTakeFirst();
}

/** By login, from the one after `after` on. */
export async function listPeople(
  db: Kysely<WorkState>,
  after: string | undefined,
  limit: number,
): Promise<PersonRow[]> {
  return db
    .selectFrom('people')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('login', '>', after as string))
    .orderBy('login')
    .limit(limit)
    .execute();
}

/** To be asked after a person was added, when others that add one wait. */
export async function isOnlyPerson(transaction: Transaction<WorkState>, id: string): Promise<boolean> {
  const other = await transaction.selectFrom('people').select('id').where('id', '<>', id).limit(1).executeTakeFirst();
  return other === undefined;
}

export async function hasPeople(db: Kysely<WorkState>): Promise<boolean> {
  return (await db.selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function auditPerson(
  transaction: Transaction<WorkState>,
  action: string,
  before: PersonRow | undefined,
  after: PersonRow,
  { actor, requestId }: ChangedBy,
  now: number,
): Promise<void> {
  const entry = {
    actor,
    action,
    entity: 'person',
    entityId: after.id,
    ...(before !== undefined && { before: documentOf(before) }),
    after: { ...documentOf(after), ...(before?.password_hash !== after.password_hash && { password: 'set' }) },
    ...(requestId !== undefined && { requestId }),
  };
  await appendAudit(transaction, entry, now);
}

/** Without the password's hash: the audit trail is read by others. */
function documentOf({ login, name, email, role, sites, is_enabled }: PersonRow): object {
  return { login, name, email, role, sites: sites === null ? null : JSON.parse(sites), is_enabled: is_enabled === 1 };
}

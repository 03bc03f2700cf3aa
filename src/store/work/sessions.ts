/** Who is signed in, and until when. Never keeps what the cookie holds, only its hash. */
import type { Kysely, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import { sitesOf } from './api-keys.ts';
import type { Principal } from './principal.ts';
import { secretHash, secretText } from './secrets.ts';

/** Whoever leaves the desk for longer signs in again. */
const SESSION_IDLE_MS = 2 * 3_600_000;
/** Whoever works all day signs in again in the morning. */
const SESSION_MS_MAX = 24 * 3_600_000;
/** A session that is used all the time is not written all the time. */
const SEEN_NOTED_MS = 60_000;

export interface Session {
  readonly principal: Principal;
  readonly personId: string;
  readonly csrfToken: string;
}

/** A new secret for each sign-in, whatever cookie came with it; `random` is 64 bytes. */
export async function createSession(
  transaction: Transaction<WorkState>,
  personId: string,
  address: string,
  random: Uint8Array,
  now: number,
): Promise<{ secret: string; csrfToken: string }> {
  const secret = secretText(random.subarray(0, 32));
  const csrfToken = secretText(random.subarray(32, 64));
  await transaction
    .insertInto('sessions')
    .values({
      secret_hash: secretHash(secret),
      person_id: personId,
      csrf_token: csrfToken,
      address,
      created_at: now,
      seen_at: now,
      expires_at: now + SESSION_MS_MAX,
    })
    .execute();
  return { secret, csrfToken };
}

/** undefined where it is unknown, over, idle for too long, or its person is disabled. The role is the person's of now. */
export async function findSession(db: Kysely<WorkState>, secret: string, now: number): Promise<Session | undefined> {
  const hash = secretHash(secret);
  const row = await db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .select(['person_id', 'csrf_token', 'seen_at', 'expires_at', 'role', 'sites'])
    .where('secret_hash', '=', hash)
    .where('is_enabled', '=', 1)
    .executeTakeFirst();
  if (row === undefined || row.expires_at <= now || row.seen_at + SESSION_IDLE_MS <= now) return undefined;
  if (row.seen_at < now - SEEN_NOTED_MS) {
    // Where it cannot be noted, as on a full disk, what is asked may still be answered.
    await db
      .transaction()
      .execute((transaction) =>
        transaction.updateTable('sessions').set({ seen_at: now }).where('secret_hash', '=', hash).execute(),
      )
      .catch(() => undefined);
  }
  return {
    principal: { actor: `person:${row.person_id}`, role: row.role, sites: sitesOf(row.sites) },
    personId: row.person_id,
    csrfToken: row.csrf_token,
  };
}

export async function endSession(transaction: Transaction<WorkState>, secret: string): Promise<void> {
  await endSessionOf(transaction, secretHash(secret));
}

export async function endSessionOf(transaction: Transaction<WorkState>, hash: string): Promise<void> {
  await transaction.deleteFrom('sessions').where('secret_hash', '=', hash).execute();
}

/** All that a person has open. */
export async function endSessionsOf(transaction: Transaction<WorkState>, personId: string): Promise<void> {
  await transaction.deleteFrom('sessions').where('person_id', '=', personId).execute();
}

/** Removes what is over. */
export async function pruneSessions(transaction: Transaction<WorkState>, now: number): Promise<void> {
  await transaction.deleteFrom('sessions').where('expires_at', '<', now).execute();
}

/** Whether the person is signed in from there. */
export async function isKnownAddress(
  db: Kysely<WorkState>,
  personId: string,
  address: string,
  now: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('address', '=', address)
    .where('expires_at', '>', now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

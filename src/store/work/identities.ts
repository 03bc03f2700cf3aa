/**
 * Who a person is at an identity provider, and sign-ins there that are under way. Decides that an identity is one person's for
 * good; never finds a person by e-mail or name.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import { secretHash } from './secrets.ts';

export interface Identity {
  readonly issuer: string;
  /** The provider's own name of somebody: never given to anybody else. */
  readonly subject: string;
}

/** How long somebody may take at the provider, with a second factor and a forgotten password. */
export const SIGN_IN_MS_MAX = 15 * 60_000;

export type BegunSignIn = Omit<Selectable<WorkState['oidc_sign_ins']>, 'secret_hash' | 'expires_at'>;

/** Keeps that a browser was sent away, and forgets those that did not come back in time. */
export async function beginSignIn(
  transaction: Transaction<WorkState>,
  secret: string,
  begun: BegunSignIn,
  now: number,
): Promise<void> {
  await transaction.deleteFrom('oidc_sign_ins').where('expires_at', '<=', now).execute();
  await transaction
    .insertInto('oidc_sign_ins')
    .values({ ...begun, secret_hash: secretHash(secret), expires_at: now + SIGN_IN_MS_MAX })
    .execute();
}

/** Uses it up: whoever comes second with the same cookie finds nothing. */
export async function useSignIn(
  transaction: Transaction<WorkState>,
  secret: string,
  now: number,
): Promise<BegunSignIn | undefined> {
  return transaction
    .deleteFrom('oidc_sign_ins')
    .where('secret_hash', '=', secretHash(secret))
    .where('expires_at', '>', now)
    .returning(['issuer', 'redirect_uri', 'return_to', 'person_id', 'session_hash'])
    .executeTakeFirst();
}

export async function findIdentity(
  db: Kysely<WorkState>,
  { issuer, subject }: Identity,
): Promise<{ readonly person_id: string } | undefined> {
  return db
    .selectFrom('identities')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
}

/**
 * False where the identity is somebody's already, or the person somebody else at the same provider. Who links the same at the
 * same time waits, and comes second.
 */
export async function linkIdentity(
  transaction: Transaction<WorkState>,
  { issuer, subject }: Identity,
  personId: string,
  now: number,
): Promise<boolean> {
  const linked = await transaction
    .insertInto('identities')
    .values({ issuer, subject, person_id: personId, linked_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('person_id')
    .executeTakeFirst();
  return linked !== undefined;
}

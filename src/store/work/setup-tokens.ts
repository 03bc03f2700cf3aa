/** The one-use link with which the first administrator is set up. Never valid once there is a person. */
import type { Transaction } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { secretHash, secretText } from './secrets.ts';

const SETUP_TOKEN_MS = 24 * 3_600_000;

/** A new one with each start while there is nobody. */
export async function createSetupToken(
  transaction: Transaction<WorkState>,
  random: Uint8Array,
  now: number,
): Promise<string> {
  const secret = secretText(random);
  await transaction.deleteFrom('setup_tokens').where('expires_at', '<', now).execute();
  await transaction
    .insertInto('setup_tokens')
    .values({ secret_hash: secretHash(secret), created_at: now, expires_at: now + SETUP_TOKEN_MS })
    .execute();
  return secret;
}

/** Uses it up, or throws. Whoever comes second waits for the first, and finds it used. */
export async function useSetupToken(transaction: Transaction<WorkState>, secret: string, now: number): Promise<void> {
  const used = await transaction
    .updateTable('setup_tokens')
    .set({ used_at: now })
    .where('secret_hash', '=', secretHash(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('secret_hash')
    .executeTakeFirst();
  if (used !== undefined) return;
  throw new Failure(
    'forbidden',
    'SETUP_TOKEN_INVALID',
    'the setup link is unknown, used or too old',
    'Restart the server for a new link; it gives one while there is nobody to sign in.',
  );
}

/**
 * Slows down who guesses passwords: per account and address, per address, and per account from addresses that it never signed
 * in from. Never locks an account: whoever is signed in somewhere may sign in from there again whatever others try.
 */
import { sql, type Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

interface Limit {
  readonly subject: string;
  /** Failures that cost nothing. */
  readonly free: number;
  /** The wait doubles with each further failure, up to this. */
  readonly waitMsMax: number;
}

const FIRST_WAIT_MS = 1_000;
/** Failures are forgotten after a time without any. */
const FORGOTTEN_MS = 3_600_000;

export interface Attempt {
  readonly login: string;
  readonly address: string;
  /** The account has a session from this address. */
  readonly isKnownAddress: boolean;
}

function limitsOf({ login, address, isKnownAddress }: Attempt): Limit[] {
  const limits = [
    { subject: `pair ${address} ${login}`, free: 5, waitMsMax: 900_000 },
    { subject: `address ${address}`, free: 30, waitMsMax: 60_000 },
  ];
  return isKnownAddress ? limits : [...limits, { subject: `account ${login}`, free: 50, waitMsMax: 60_000 }];
}

/**
 * Notes an attempt as failed before the password is looked at, so that many at once count as many. The milliseconds to wait
 * where it comes too soon; then it is not noted, and the password must not be looked at.
 */
export async function noteAttempt(
  transaction: Transaction<WorkState>,
  attempt: Attempt,
  now: number,
): Promise<number | undefined> {
  const counted: { subject: string; failures: number }[] = [];
  // Always in this order: two attempts that have two subjects in common would otherwise wait for each other.
  for (const { subject, free, waitMsMax } of limitsOf(attempt)) {
    const { failures, last_at } = await ownRow(transaction, subject, now);
    const counts = last_at < now - FORGOTTEN_MS ? 0 : failures;
    const wait = last_at + Math.min(FIRST_WAIT_MS * 2 ** Math.min(counts - free, 30), waitMsMax) - now;
    if (counts >= free && wait > 0) return wait;
    counted.push({ subject, failures: counts + 1 });
  }
  for (const { subject, failures } of counted)
    await transaction
      .updateTable('login_failures')
      .set({ failures, last_at: now })
      .where('subject', '=', subject)
      .execute();
  return undefined;
}

/** The row of a subject, made where there is none; until the end of the transaction nobody else changes it. */
async function ownRow(
  transaction: Transaction<WorkState>,
  subject: string,
  now: number,
): Promise<{ failures: number; last_at: number }> {
  return transaction
    .insertInto('login_failures')
    .values({ subject, failures: 0, last_at: now })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet({ failures: sql`login_failures.failures` }))
    .returning(['failures', 'last_at'])
    .executeTakeFirstOrThrow();
}

/** The password was right: the account starts anew; its address is only given back this one attempt. */
export async function forgiveAttempt(
  transaction: Transaction<WorkState>,
  { login, address }: Pick<Attempt, 'login' | 'address'>,
): Promise<void> {
  const forget = (subject: string) => transaction.deleteFrom('login_failures').where('subject', '=', subject).execute();
  await forget(`pair ${address} ${login}`);
  await transaction
    .updateTable('login_failures')
    .set((row) => ({ failures: row('failures', '-', 1) }))
    .where('subject', '=', `address ${address}`)
    .execute();
  await forget(`account ${login}`);
}

/** Removes what is forgotten anyway. */
export async function pruneAttempts(transaction: Transaction<WorkState>, now: number): Promise<void> {
  await transaction
    .deleteFrom('login_failures')
    .where('last_at', '<', now - FORGOTTEN_MS)
    .execute();
}

/**
 * A write that is sent again gets the answer of the first one. The key is taken, the work done and the answer kept in one
 * transaction, so there is no key without its work; who sends the same at the same time waits. Never keeps a failure.
 */
import type { Kysely, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export interface WriteKey {
  /** Keys of one principal mean nothing to another. */
  readonly principal: string;
  readonly key: string;
  /** Of all that the request asks for: the same key with another request is a mistake of the caller. */
  readonly requestHash: string;
  /** How long the answer is kept; as long as retention says where it is not given. */
  readonly keptMs?: number | undefined;
}

export interface KeptAnswer {
  readonly status: number;
  /** JSON, without secrets. */
  readonly response: string;
}

export type Once<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'repeated'; readonly answer: KeptAnswer }
  | { readonly kind: 'other-request' };

/** Does `work` where the key is new. */
export async function doOnce<T>(
  transaction: Transaction<WorkState>,
  { principal, key, requestHash, keptMs }: WriteKey,
  now: number,
  work: () => Promise<{ readonly value: T; readonly kept: KeptAnswer }>,
): Promise<Once<T>> {
  const taken = await transaction
    .insertInto('idempotency_keys')
    .values({
      principal,
      idempotency_key: key,
      request_hash: requestHash,
      created_at: now,
      expires_at: keptMs === undefined ? null : now + keptMs,
    })
    .onConflict((conflict) => conflict.columns(['principal', 'idempotency_key']).doNothing())
    .returning('principal')
    .executeTakeFirst();
  if (taken === undefined) {
    const first = await transaction
      .selectFrom('idempotency_keys')
      .select(['request_hash', 'status', 'response'])
      .where('principal', '=', principal)
      .where('idempotency_key', '=', key)
      .executeTakeFirstOrThrow();
    if (first.request_hash !== requestHash) return { kind: 'other-request' };
    return { kind: 'repeated', answer: { status: first.status ?? 200, response: first.response ?? 'null' } };
  }
  const { value, kept } = await work();
  await transaction
    .updateTable('idempotency_keys')
    .set({ status: kept.status, response: kept.response })
    .where('principal', '=', principal)
    .where('idempotency_key', '=', key)
    .execute();
  return { kind: 'done', value };
}

/** Whether a request came with this key and was answered. Whether it was the same one, only `doOnce` says. */
export async function isKeyUsed(db: Kysely<WorkState>, principal: string, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select('principal')
    .where('principal', '=', principal)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

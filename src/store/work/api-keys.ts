/** Keys of other systems: made, found by their secret, revoked. Never keeps the secret, and never brings a revoked key back. */
import type { Kysely, Selectable, Transaction } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import type { Role, WorkState } from '../database/work-state.ts';
import { appendAudit, type ChangedBy } from './audit.ts';
import type { Principal } from './principal.ts';
import { secretHash, secretText } from './secrets.ts';

export type ApiKeyRow = Omit<Selectable<WorkState['api_keys']>, 'secret_hash'>;

const COLUMNS = [
  'id',
  'name',
  'prefix',
  'role',
  'sites',
  'created_by',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
  'version',
] as const satisfies readonly (keyof ApiKeyRow)[];

export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly sites: readonly string[] | null;
  readonly expiresAt: number | null;
}

/** What a person or a log recognises as a key of ours. */
const KEY_MARK = 'esk_';
const PREFIX_LENGTH = KEY_MARK.length + 6;
/** A key that is used all the time is not written all the time. */
const USE_NOTED_MS = 60_000;

/** The row, and the secret that nobody can show again. */
export async function createApiKey(
  transaction: Transaction<WorkState>,
  { id, name, role, sites, expiresAt }: NewApiKey,
  { actor, requestId }: ChangedBy,
  random: Uint8Array,
  now: number,
): Promise<{ row: ApiKeyRow; secret: string }> {
  const secret = `${KEY_MARK}${secretText(random)}`;
  const row = await transaction
    .insertInto('api_keys')
    .values({
      id,
      name,
      role,
      prefix: secret.slice(0, PREFIX_LENGTH),
      secret_hash: secretHash(secret),
      sites: sites === null ? null : JSON.stringify(sites),
      created_by: actor,
      created_at: now,
      expires_at: expiresAt,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  const entry = { actor, action: 'api-key.create', entity: 'api-key', entityId: id };
  const after = { name, prefix: row.prefix, role, sites, expires_at: expiresAt };
  await appendAudit(transaction, { ...entry, after, ...(requestId !== undefined && { requestId }) }, now);
  return { row, secret };
}

/** Who a secret stands for; undefined where it is unknown, revoked or past its end. */
export async function findKeyPrincipal(
  db: Kysely<WorkState>,
  secret: string,
  now: number,
): Promise<Principal | undefined> {
  const key = await db
    .selectFrom('api_keys')
    .select(['id', 'role', 'sites', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('secret_hash', '=', secretHash(secret))
    .executeTakeFirst();
  if (key === undefined || key.revoked_at !== null || (key.expires_at ?? Number.POSITIVE_INFINITY) <= now)
    return undefined;
  // Where it cannot be noted, as on a full disk, what is asked may still be answered.
  if ((key.last_used_at ?? 0) < now - USE_NOTED_MS) await noteUse(db, key.id, now).catch(() => undefined);
  return { actor: `key:${key.id}`, role: key.role, sites: sitesOf(key.sites) };
}

async function noteUse(db: Kysely<WorkState>, id: string, now: number): Promise<void> {
  await db
    .transaction()
    .execute((transaction) =>
      transaction.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).execute(),
    );
}

export function sitesOf(sites: string | null): string[] | null {
  return sites === null ? null : JSON.parse(sites);
}

/** The oldest first, from the one after `after` on. */
export async function listApiKeys(
  db: Kysely<WorkState>,
  after: { readonly createdAt: number; readonly id: string } | undefined,
  limit: number,
): Promise<ApiKeyRow[]> {
  return db
    .selectFrom('api_keys')
    .select(COLUMNS)
    .$if(after !== undefined, (query) => {
      const { createdAt, id } = after as NonNullable<typeof after>;
      return query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(createdAt, id)));
    })
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** From now on it opens nothing. A second time changes nothing. */
export async function revokeApiKey(
  transaction: Transaction<WorkState>,
  id: string,
  { actor, requestId }: ChangedBy,
  now: number,
): Promise<void> {
  const revoked = await transaction
    .updateTable('api_keys')
    .set((row) => ({ revoked_at: now, version: row('version', '+', 1) }))
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  if (revoked === undefined) {
    const key = await transaction.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst();
    if (key === undefined) throw new Failure('absent', 'API_KEY_UNKNOWN', `there is no API key ${id}`);
    return;
  }
  const entry = { actor, action: 'api-key.revoke', entity: 'api-key', entityId: id, after: { name: revoked.name } };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
}

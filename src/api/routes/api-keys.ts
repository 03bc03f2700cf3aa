/** Keys of other systems as administrators see, make and revoke them. Never shows a secret but in the answer that makes it. */
import { z } from 'zod';
import { pageQuery } from '../../contract/api/paging.ts';
import { type ApiKey, apiKeyPage, createdApiKeySchema, idSchema, newApiKeySchema } from '../../contract/api/people.ts';
import { type ApiKeyRow, createApiKey, listApiKeys, revokeApiKey, sitesOf } from '../../store/work/api-keys.ts';
import { SECRET_BYTES } from '../../store/work/secrets.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText, momentTextOrNull } from '../moment-text.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'api-keys', role: 'administrator', scope: 'all-sites' } as const;

export function apiKeyRoutes({ database, now, newId, randomBytes }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/api-keys',
      summary: 'Keys of other systems, the oldest first',
      query: z.strictObject({ ...pageQuery }),
      response: apiKeyPage,
      handle: async ({ query }) => {
        const [createdAt, id] = positionOf(query.cursor, z.tuple([z.int(), z.string()])) ?? [];
        const after = createdAt === undefined || id === undefined ? undefined : { createdAt, id };
        const rows = await listApiKeys(database.db, after, query.limit + 1);
        return { body: pageFrom(rows, query.limit, apiKeyDocument, (row) => [row.created_at, row.id]) };
      },
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/api-keys',
      summary: 'Make a key; its secret is shown in this answer only',
      idempotency: 'once',
      body: newApiKeySchema,
      status: 201,
      response: createdApiKeySchema,
      handle: ({ body: { expires_at, ...key }, by, write }) =>
        write(async (transaction) => {
          const expiresAt = expires_at === null ? null : Date.parse(expires_at);
          const made = { ...key, id: newId(), expiresAt };
          const { row, secret } = await createApiKey(transaction, made, by, randomBytes(SECRET_BYTES), now());
          return { body: { ...apiKeyDocument(row), secret }, location: `/api-keys/${row.id}` };
        }),
    }),
    route({
      ...NAMES,
      method: 'DELETE',
      url: '/api-keys/:id',
      summary: 'Revoke a key: from now on it opens nothing',
      idempotency: 'repeatable',
      params: z.strictObject({ id: idSchema }),
      status: 204,
      handle: ({ params: { id }, by, write }) =>
        write(async (transaction) => {
          await revokeApiKey(transaction, id, by, now());
          return {};
        }),
    }),
  ];
}

function apiKeyDocument(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    sites: sitesOf(row.sites),
    created_by: row.created_by,
    created_at: momentText(row.created_at),
    expires_at: momentTextOrNull(row.expires_at),
    last_used_at: momentTextOrNull(row.last_used_at),
    revoked_at: momentTextOrNull(row.revoked_at),
  };
}

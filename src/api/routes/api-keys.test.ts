import { expect, test } from 'vitest';
import { describeApi } from '../api-fixture.ts';

const SCANNER = { name: 'scanner', role: 'analyst', sites: ['DC1'] };

describeApi('API keys', (open) => {
  test('open what their role may until they are revoked', async () => {
    const { request } = await open();
    const made = await request('POST', '/api-keys', { body: SCANNER });
    expect(made.statusCode).toBe(201);
    const { id, secret } = made.json();
    expect((await request('GET', '/session', { as: secret })).json()).toEqual({
      actor: `key:${id}`,
      role: 'analyst',
      sites: ['DC1'],
      person: null,
      csrf_token: null,
    });
    const listed = (await request('GET', '/api-keys')).json().items.at(-1);
    expect(listed).toMatchObject({ id, name: 'scanner', revoked_at: null });
    expect(secret.startsWith(listed.prefix)).toEqual(true);
    expect(listed.last_used_at).not.toBeNull();
    expect((await request('DELETE', `/api-keys/${id}`)).statusCode).toBe(204);
    expect((await request('DELETE', `/api-keys/${id}`)).statusCode).toBe(204);
    expect((await request('GET', '/session', { as: secret })).json()).toMatchObject({
      status: 401,
      code: 'KEY_UNKNOWN',
    });
    expect((await request('DELETE', '/api-keys/none')).statusCode).toBe(404);
  });

  test('end when they say so', async () => {
    const { request, context, pass } = await open();
    const expires_at = new Date(context.now() + 60_000).toISOString();
    const { secret } = (await request('POST', '/api-keys', { body: { ...SCANNER, expires_at } })).json();
    expect((await request('GET', '/session', { as: secret })).statusCode).toBe(200);
    pass(61_000);
    expect((await request('GET', '/session', { as: secret })).statusCode).toBe(401);
  });

  test('their secret stands in one answer only: not in a repeated one, the tables or the log', async () => {
    const { request, context, log } = await open();
    const headers = { 'idempotency-key': 'once' };
    const { id, secret } = (await request('POST', '/api-keys', { body: SCANNER, headers })).json();
    const again = await request('POST', '/api-keys', { body: SCANNER, headers });
    expect(again.json()).toMatchObject({ status: 409, code: 'DONE_BEFORE' });
    expect(again.headers['location']).toBe(`/api/v1/api-keys/${id}`);
    await request('GET', '/session', { as: secret });
    const { db } = context.database;
    const kept = [
      await db.selectFrom('api_keys').selectAll().execute(),
      await db.selectFrom('idempotency_keys').selectAll().execute(),
      await db.selectFrom('audit').selectAll().execute(),
      log,
    ];
    expect(JSON.stringify(kept)).not.toContain(secret.slice(10));
  });
});

import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from './all-routes.ts';
import { type ApiUnderTest, describeApi } from './api-fixture.ts';

const PERSON = { login: 'anna', name: 'Anna', role: 'analyst', password: 'correct horse battery' };
const LEAK = /\bat \S+:\d+:\d+|node_modules|select |insert into|SQLITE|\/src\//i;

describeApi('hostile requests', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    // Streams end at once.
    api = await open({ context: { stopping: AbortSignal.abort() } });
  });
  const post = (body: string, headers: Record<string, string> = {}, url = '/users') =>
    api.request('POST', url, { body, headers });

  test.each([
    ['no JSON', '{"login": ', 400],
    ['nothing', '', 400],
    ['a list', '[]', 422],
    ['a number', '1e400', 422],
    ['null', 'null', 422],
    ['__proto__', `{"__proto__": {"role": "administrator"}, "login": "x"}`, 400],
    ['constructor.prototype', `{"constructor": {"prototype": {"role": "administrator"}}}`, 400],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), 422],
    ['another encoding', Buffer.from('{"login":"x"}', 'utf16le').toString('latin1'), 400],
  ])('%s in the place of a body is refused', async (_name, body, status) => {
    const answer = await post(body);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('problem+json'),
    ]);
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  test('a body that is too large is refused, and without rights it is not even read', async () => {
    const body = JSON.stringify({ ...PERSON, name: 'x'.repeat(2 ** 21) });
    expect((await post(body)).json()).toMatchObject({ status: 413 });
    expect((await api.request('POST', '/users', { as: 'viewer', body })).statusCode).toBe(403);
    expect((await api.request('POST', '/users', { as: 'none', body })).statusCode).toBe(401);
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data', 'application/x-www-form-urlencoded', 'a'])(
    'a body as %s is refused: no form of another site can send one',
    async (type) => {
      expect((await post('login=x', { 'content-type': type })).json()).toMatchObject({ status: 415 });
    },
  );

  test.each([
    '/users/..%2f..%2fetc%2fpasswd',
    '/users/%00',
    '/runs/..%2f..%2f..%2fetc',
    '/runs/..%2f/discrepancies',
    `/users/${'a'.repeat(600)}`,
    '/users/%zz',
    '/users/x%0d%0aset-cookie:%20a=b',
    '/../../package.json',
    '/items/..%2f..%2fpackage.json?run=..%2f..%2f..',
  ])('%s leads nowhere', async (url) => {
    const answer = await api.request('GET', url);
    expect([400, 404, 414]).toContain(answer.statusCode);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).not.toMatch(LEAK);
  });

  test.each([
    ['authorization', 'Bearer '],
    ['authorization', 'Basic YTpi'],
    ['authorization', `Bearer ${'x'.repeat(5_000)}`],
    ['authorization', "Bearer ' OR 1=1 --"],
  ])('%s: %s opens nothing', async (name, value) => {
    const answer = await api.request('GET', '/users', { as: 'none', headers: { [name]: value } });
    expect(answer.statusCode).toBe(401);
  });

  test('ids of requests and keys of writes are taken only where they are harmless', async () => {
    const odd = await api.request('GET', '/health', { headers: { 'x-request-id': 'a b<script>' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9A-Z]{26}$/);
    const fine = await api.request('GET', '/health', { headers: { 'x-request-id': 'trace-1.2' } });
    expect(fine.headers['x-request-id']).toBe('trace-1.2');
    for (const key of ['', 'a b', 'x'.repeat(201)])
      expect((await post('{}', { 'idempotency-key': key })).json().code).toMatch(/IDEMPOTENCY_KEY|REQUEST/);
    const stale = { 'if-match': 'W/"1"' };
    const patched = await api.request('PATCH', '/users/x', { body: {}, headers: stale });
    expect(patched.json()).toMatchObject({ status: 400, code: 'IF_MATCH_UNREADABLE' });
  });

  test('whatever is sent where, nothing breaks and nothing of the inside is told', { timeout: 120_000 }, async () => {
    const routes = allRoutes(api.context).filter(
      ({ url }) => !['/session', '/setup', '/session/password'].includes(url),
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom("'; DROP TABLE people; --", '%', '\0'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        text,
        fc.jsonValue(),
        fc.dictionary(text, text),
        async (route, id, body, query) => {
          const url = route.url.replaceAll(/:\w+/g, encodeURIComponent(id));
          const search = new URLSearchParams(query);
          const answer = await api.request(route.method, `${url}?${search}`, {
            ...(route.method !== 'GET' && { body: JSON.stringify(body), headers: { 'if-match': '"1"' } }),
          });
          expect(answer.statusCode).not.toBe(500);
          if (answer.statusCode >= 400) expect(answer.body).not.toMatch(LEAK);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('answers carry what keeps browsers from misreading them', async () => {
    const { headers } = await api.request('GET', '/health', { as: 'none' });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(Object.keys(headers)).not.toContain('access-control-allow-origin');
    expect(headers['server'] ?? headers['x-powered-by']).toBeUndefined();
  });
});

describeApi('too many requests', (open) => {
  test('of one address that says nothing of itself are refused; a key is counted for itself', async () => {
    const { request } = await open();
    const statuses = new Map<number, number>();
    for (let index = 0; index < 650; index++) {
      const { statusCode } = await request('GET', index % 2 ? '/health' : '/nowhere', { as: 'none' });
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect(statuses.get(429)).toBeGreaterThan(0);
    const refused = await request('GET', '/ready', { as: 'none' });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, expect.any(String)]);
    expect((await request('GET', '/users')).statusCode).toBe(200);
  });
});

describe('broken connections', () => {
  describeApi('a server', (open) => {
    test('that are no HTTP, or smuggle a second request, are closed and harm nobody', async () => {
      const { app, request } = await open();
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const send = (text: string): Promise<string> =>
        new Promise((resolve) => {
          let answer = '';
          const socket = connect(port, '127.0.0.1', () => socket.end(text));
          socket.on('data', (part) => {
            answer += part;
          });
          socket.on('close', () => resolve(answer));
          socket.on('error', () => undefined);
        });
      const head = 'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
      expect(await send('\x16\x03\x01garbage\r\n\r\n')).toMatch(/^(HTTP\/1\.1 400|$)/);
      expect(
        await send(`${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`),
      ).toMatch(/^HTTP\/1\.1 400/);
      expect(await send(`GET /api/v1/health HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 431/,
      );
      expect((await request('GET', '/health')).statusCode).toBe(200);
    });
  });
});

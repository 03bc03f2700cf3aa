import { expect, test } from 'vitest';
import { describeApi } from '../api-fixture.ts';

const ANNA = { login: 'Anna', name: 'Anna A.', role: 'analyst', sites: ['DC1'], password: 'correct horse battery' };
const CHIEF = { login: 'chief', name: 'Chief', role: 'administrator', password: 'correct horse battery' };

describeApi('people', (open) => {
  test('are added once, listed by login, and never with their password', async () => {
    const { request, context } = await open();
    const added = await request('POST', '/users', { body: ANNA });
    expect(added.statusCode).toBe(201);
    const { id } = added.json();
    expect(added.headers['location']).toBe(`/api/v1/users/${id}`);
    expect(added.headers['etag']).toBe('"1"');
    expect((await request('POST', '/users', { body: { ...ANNA, login: 'ANNA' } })).json().code).toBe('LOGIN_TAKEN');
    for (const login of ['bert', 'carl']) await request('POST', '/users', { body: { ...ANNA, login } });
    const first = (await request('GET', '/users?limit=2')).json();
    expect(first.items.map((person: { login: string }) => person.login)).toEqual(['anna', 'bert']);
    const second = (await request('GET', `/users?limit=2&cursor=${first.next_cursor}`)).json();
    expect(second).toMatchObject({ items: [{ login: 'carl' }], next_cursor: null });
    const trail = await context.database.db.selectFrom('audit').selectAll().execute();
    expect(JSON.stringify([first, second, trail])).not.toMatch(/argon2|correct horse/);
    expect(trail.at(-1)).toMatchObject({ action: 'person.create', entity: 'person' });
  });

  test('a repeated request adds nobody: many at once neither', async () => {
    const { request } = await open();
    const headers = { 'idempotency-key': 'k-1' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => request('POST', '/users', { body: ANNA, headers })),
    );
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(201));
    expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === 'true')).toHaveLength(7);
    expect(answers.every(({ headers }) => headers['etag'] === '"1"' && headers['location'] !== undefined)).toEqual(
      true,
    );
    expect((await request('GET', '/users')).json().items).toHaveLength(1);
    const other = await request('POST', '/users', { body: { ...ANNA, name: 'Other' }, headers });
    expect(other.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('a key of one principal means nothing to another, and a failed request does not use it up', async () => {
    const { request, keyOf } = await open();
    const headers = { 'idempotency-key': 'k-1' };
    const easy = await request('POST', '/users', { body: { ...ANNA, password: 'short' }, headers });
    expect(easy.json()).toMatchObject({ status: 422, code: 'PASSWORD_TOO_EASY' });
    expect((await request('POST', '/users', { body: ANNA, headers })).statusCode).toBe(201);
    const other = await keyOf('administrator', null);
    const taken = await request('POST', '/users', { as: other, body: ANNA, headers });
    expect(taken.json().code).toBe('LOGIN_TAKEN');
  });

  test('are changed by who has read them last: of many at once one', async () => {
    const { request } = await open();
    const { id } = (await request('POST', '/users', { body: ANNA })).json();
    await request('POST', '/users', { body: CHIEF });
    const change = (version: string, body: object) =>
      request('PATCH', `/users/${id}`, { body, headers: { 'if-match': version } });
    expect((await request('PATCH', `/users/${id}`, { body: {} })).statusCode).toBe(428);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => change('"1"', { name })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412, 412]);
    expect((await change('"1"', { name: 'x' })).json()).toMatchObject({ status: 412, code: 'VERSION_STALE' });
    const now = await change('"2"', { role: 'viewer', sites: null });
    expect(now.json()).toMatchObject({ role: 'viewer', sites: null, version: 3 });
    expect(now.headers['etag']).toBe('"3"');
  });

  test('one administrator remains, whatever happens at once', async () => {
    const { request } = await open();
    const ids: string[] = [];
    for (const login of ['one', 'two', 'three']) {
      const { id } = (await request('POST', '/users', { body: { ...CHIEF, login } })).json();
      ids.push(id);
    }
    const changes: object[] = [{ is_enabled: false }, { role: 'approver' }, { sites: ['DC1'] }];
    const answers = await Promise.all(
      ids.map((id, index) =>
        request('PATCH', `/users/${id}`, { body: changes[index], headers: { 'if-match': '"1"' } }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 409]);
    expect(answers.find(({ statusCode }) => statusCode === 409)?.json().code).toBe('LAST_ADMINISTRATOR');
  });

  test('what no form has is refused with its place', async () => {
    const { request } = await open();
    const answer = await request('POST', '/users', { body: { ...ANNA, role: 'owner', version: 7, login: 'a b' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    const { errors } = answer.json();
    expect(errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['body', 'body.role', 'body.login']),
    );
    expect((await request('GET', '/users?page=2')).json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect((await request('GET', '/users?cursor=abc')).json()).toMatchObject({ status: 400, code: 'CURSOR_UNKNOWN' });
    expect((await request('GET', '/users/unknown')).json()).toMatchObject({ status: 404, code: 'PERSON_UNKNOWN' });
  });
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SECRET_BYTES } from '../../store/work/secrets.ts';
import { createSetupToken } from '../../store/work/setup-tokens.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const PASSWORD = 'correct horse battery';
const ANNA = { login: 'anna', name: 'Anna', role: 'analyst', password: PASSWORD };
type Answer = Awaited<ReturnType<ApiUnderTest['request']>>;

const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0] as string;

/** Requests as a browser sends them after this sign-in. */
function browserOf({ request }: ApiUnderTest, signedIn: Answer) {
  const cookie = cookieOf(signedIn);
  const { csrf_token } = signedIn.json();
  return (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
    request(method, url, {
      as: 'none',
      body,
      headers: { cookie, ...(method !== 'GET' && { 'x-csrf-token': csrf_token }), ...headers },
    });
}

type Open = (options: { isClockStill: boolean }) => Promise<ApiUnderTest>;

async function apiWithAnna(open: Open): Promise<ApiUnderTest> {
  const api = await open({ isClockStill: true });
  await api.request('POST', '/users', { body: ANNA });
  return api;
}

const signIn = ({ request }: ApiUnderTest, password = PASSWORD, headers: Record<string, string> = {}) =>
  request('POST', '/session', { as: 'none', body: { login: 'Anna', password }, headers });

describeApi('a session', (open) => {
  test('begins with the password, is known by its cookie, and ends', async () => {
    const api = await apiWithAnna(open);
    const signedIn = await signIn(api);
    expect(signedIn.json()).toMatchObject({ role: 'analyst', sites: null, person: { login: 'anna' } });
    expect(signedIn.headers['set-cookie']).toMatch(/^evenstock_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(signedIn.headers['cache-control']).toBe('no-store');
    const browse = browserOf(api, signedIn);
    expect((await browse('GET', '/session')).json()).toEqual(signedIn.json());
    expect((await browse('GET', '/users')).statusCode).toBe(403);
    const out = await browse('DELETE', '/session');
    expect([out.statusCode, out.headers['set-cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await browse('GET', '/session')).statusCode).toBe(401);
  });

  test('behind https its cookie is for this host only, and never in clear', async () => {
    const api = await open({ context: { publicUrl: 'https://stock.example.com' } });
    await api.request('POST', '/users', { body: ANNA });
    const signedIn = await signIn(api);
    expect(signedIn.headers['set-cookie']).toMatch(
      /^__Host-evenstock_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await browserOf(api, signedIn)('GET', '/session')).statusCode).toBe(200);
  });

  test('writes only for its own pages: the token and the origin must be right', async () => {
    const api = await apiWithAnna(open);
    const browse = browserOf(api, await signIn(api));
    const change = (headers: Record<string, string>) =>
      browse('PUT', '/session/password', { current_password: 'x', new_password: 'y' }, headers);
    expect((await change({ 'x-csrf-token': '' })).json().code).toBe('CSRF_TOKEN_MISSING');
    expect((await change({ 'x-csrf-token': 'x'.repeat(43) })).json().code).toBe('CSRF_TOKEN_MISSING');
    expect((await change({ origin: 'https://evil.example' })).json().code).toBe('ORIGIN_FOREIGN');
    expect((await change({ origin: 'null' })).json().code).toBe('ORIGIN_FOREIGN');
    expect((await change({ origin: 'http://localhost:80' })).json().code).toBe('PASSWORD_WRONG');
    const foreign = await signIn(api, PASSWORD, { origin: 'https://evil.example' });
    expect(foreign.json().code).toBe('ORIGIN_FOREIGN');
  });

  test('takes a new secret with each sign-in: one that was planted is never used, one that was there ends', async () => {
    const api = await apiWithAnna(open);
    const planted = await signIn(api, PASSWORD, { cookie: `evenstock_session=${'A'.repeat(43)}` });
    expect(cookieOf(planted)).not.toContain('A'.repeat(43));
    const first = browserOf(api, planted);
    const second = await signIn(api, PASSWORD, { cookie: cookieOf(planted) });
    expect(cookieOf(second)).not.toBe(cookieOf(planted));
    expect((await first('GET', '/session')).statusCode).toBe(401);
  });

  test('ends when nobody uses it for two hours, after a day in any case, and when its person is disabled', async () => {
    const api = await apiWithAnna(open);
    const idle = browserOf(api, await signIn(api));
    api.pass(2 * 3_600_000 + 1);
    expect((await idle('GET', '/session')).statusCode).toBe(401);
    const used = browserOf(api, await signIn(api));
    for (let hour = 0; hour < 23; hour++) {
      api.pass(3_600_000);
      expect((await used('GET', '/session')).statusCode).toBe(200);
    }
    api.pass(3_600_000);
    expect((await used('GET', '/session')).statusCode).toBe(401);
    const last = await signIn(api);
    const chief = { ...ANNA, login: 'chief', role: 'administrator' };
    await api.request('POST', '/users', { body: chief });
    const { id } = last.json().person;
    await api.request('PATCH', `/users/${id}`, { body: { is_enabled: false }, headers: { 'if-match': '"1"' } });
    expect((await browserOf(api, last)('GET', '/session')).statusCode).toBe(401);
    expect((await signIn(api)).statusCode).toBe(401);
  });

  test('a new password ends all others of the person', async () => {
    const api = await apiWithAnna(open);
    await api.request('POST', '/users', { body: { ...ANNA, login: 'chief', role: 'administrator' } });
    const other = browserOf(api, await signIn(api));
    const own = browserOf(api, await signIn(api));
    const next = 'another horse battery';
    const easy = await own('PUT', '/session/password', { current_password: PASSWORD, new_password: 'anna anna anna' });
    expect(easy.json().code).toBe('PASSWORD_TOO_EASY');
    const changed = await own('PUT', '/session/password', { current_password: PASSWORD, new_password: next });
    expect(changed.statusCode).toBe(200);
    expect((await other('GET', '/session')).statusCode).toBe(401);
    expect((await browserOf(api, changed)('GET', '/session')).statusCode).toBe(200);
    expect([(await signIn(api)).statusCode, (await signIn(api, next)).statusCode]).toEqual([401, 200]);
  });

  test('who guesses waits longer and longer, also with many guesses at once; who is signed in is not locked out', async () => {
    const api = await apiWithAnna(open);
    await signIn(api);
    const guesses = await Promise.all(Array.from({ length: 12 }, () => signIn(api, 'wrong')));
    expect(guesses.map(({ statusCode }) => statusCode).sort()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)]);
    const refused = guesses.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers['retry-after']).toBe('1');
    expect((await signIn(api)).statusCode).toBe(429);
    api.pass(1_100);
    expect((await signIn(api, 'wrong')).statusCode).toBe(401);
    expect((await signIn(api)).headers['retry-after']).toBe('2');
    api.pass(2_100);
    expect((await signIn(api)).statusCode).toBe(200);
    expect((await signIn(api, 'wrong')).statusCode).toBe(401);
  });

  test('an account is slowed down for unknown addresses only', async () => {
    const api = await apiWithAnna(open);
    const from = (address: string, password: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress: address,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ login: 'anna', password }),
      });
    expect((await from('10.0.0.1', PASSWORD)).statusCode).toBe(200);
    for (let index = 0; index < 50; index++) {
      expect((await from(`10.0.1.${index}`, 'wrong')).statusCode).toBe(401);
    }
    expect((await from('10.0.2.1', PASSWORD)).statusCode).toBe(429);
    expect((await from('10.0.0.1', PASSWORD)).statusCode).toBe(200);
  });

  test('nobody learns which logins there are, and no log holds a password', async () => {
    const api = await apiWithAnna(open);
    const known = await signIn(api, 'secret-guess');
    const body = { login: 'nobody', password: 'secret-guess' };
    const unknown = await api.request('POST', '/session', { as: 'none', body });
    const { request_id: _known, ...left } = known.json();
    const { request_id: _unknown, ...right } = unknown.json();
    expect(left).toEqual(right);
    expect(api.log.join('')).not.toContain('secret-guess');
  });
});

describeApi('the first administrator', (open) => {
  const BODY = { login: 'chief', name: 'Chief', password: PASSWORD };

  test('is set up once with the token of the link', async () => {
    const api = await open();
    const { db } = api.context.database;
    const newToken = (): Promise<string> =>
      db
        .transaction()
        .execute((transaction) => createSetupToken(transaction, randomBytes(SECRET_BYTES), api.context.now()));
    const [token, spare, old] = [await newToken(), await newToken(), await newToken()];
    const setUp = (given: string) => api.request('POST', '/setup', { as: 'none', body: { ...BODY, token: given } });
    expect((await setUp('unknown')).json()).toMatchObject({ status: 403, code: 'SETUP_TOKEN_INVALID' });
    const answers = await Promise.all([setUp(token), setUp(token), setUp(token)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 403, 403]);
    const done = answers.find(({ statusCode }) => statusCode === 201) as Answer;
    expect((await browserOf(api, done)('GET', '/users')).json().items).toMatchObject([
      { login: 'chief', role: 'administrator' },
    ]);
    expect((await setUp(spare)).json()).toMatchObject({ status: 409 });
    api.pass(25 * 3_600_000);
    expect((await setUp(old)).json().code).toBe('SETUP_TOKEN_INVALID');
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../store/work/audit.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';
import { CLIENT, IdentityProvider } from '../oidc/identity-provider-fixture.ts';

const FOUNDING = readFileSync(new URL('../../../examples/founding/evenstock.yaml', import.meta.url), 'utf8');
const PASSWORD = 'correct horse battery';
const CHIEF = { login: 'chief', name: 'Chief', role: 'administrator', password: PASSWORD };
type Answer = Awaited<ReturnType<ApiUnderTest['request']>>;

const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
const provider = new IdentityProvider();
beforeAll(() => provider.start());
afterAll(() => {
  provider.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  Object.assign(provider, { forged: {}, more: {}, metadata: {}, signature: 'right' });
  provider.claims = { sub: 'anna-1', name: 'Anna', email: 'anna@example.com', groups: ['stock', 'all-staff'] };
});

const ROLE = 'role: { values: { stock: analyst, chiefs: administrator } }';

function configurationOf(more = ROLE, secret = CLIENT.secret): string {
  const path = join(folder, `${Math.random()}.yaml`);
  const oidc = `issuer: ${provider.issuer}, client_id: ${CLIENT.id}, client_secret: ${secret}, ${more}`;
  writeFileSync(path, `${FOUNDING}\nsign_in: { oidc: { ${oidc} } }\n`);
  return path;
}

type Open = (options: { configuration: string; context?: object }) => Promise<ApiUnderTest>;

async function apiWithChief(open: Open, configuration = configurationOf(), context = {}): Promise<ApiUnderTest> {
  const api = await open({ configuration, context });
  await api.request('POST', '/users', { body: CHIEF });
  return api;
}

const cookieNamed = (answer: Answer, name: string): string | undefined =>
  [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0] as string)
    .find((cookie) => cookie.split('=')[0] === name && cookie !== `${name}=`);

const get = (api: ApiUnderTest, url: string, headers: Record<string, string> = {}) =>
  api.request('GET', url, { as: 'none', headers });

/** Goes to the provider, and says where it sends the browser back to. */
async function goAway(api: ApiUnderTest, query = '', headers: Record<string, string> = {}) {
  const away = await get(api, `/session/oidc${query}`, headers);
  expect(away.statusCode).toBe(302);
  const cookie = cookieNamed(away, 'evenstock_sign_in') ?? '';
  const { back } = await visit(String(away.headers.location));
  return { away, cookie, back };
}

async function visit(url: string): Promise<{ back: string }> {
  const answer = await fetch(url, { redirect: 'manual' });
  const location = new URL(answer.headers.get('location') ?? '');
  expect(location.pathname).toBe('/api/v1/session/oidc/callback');
  return { back: `/session/oidc/callback${location.search}` };
}

async function signIn(api: ApiUnderTest, query = ''): Promise<Answer> {
  const { cookie, back } = await goAway(api, query);
  return get(api, back, { cookie });
}

const sessionOf = async (api: ApiUnderTest, answer: Answer) =>
  get(api, '/session', { cookie: cookieNamed(answer, 'evenstock_session') ?? '' });

describeApi('signing in through a provider', (open) => {
  test('makes a person at the first time, and begins a session that strict cookies survive', async () => {
    const api = await apiWithChief(open);
    expect((await get(api, '/session/ways')).json()).toEqual({
      is_set_up: true,
      password: true,
      oidc: { label: 'Single sign-on', url: '/api/v1/session/oidc' },
    });
    const { away, cookie, back } = await goAway(api, '?return_to=/runs%3Fsite=DC1');
    expect(away.headers['set-cookie']).toMatch(
      /^evenstock_sign_in=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const asked = provider.asked.at(-1);
    expect(asked?.get('scope')).toBe('openid profile email');
    expect([asked?.get('code_challenge_method'), asked?.get('response_type')]).toEqual(['S256', 'code']);
    const answer = await get(api, back, { cookie });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toContain('<meta http-equiv="refresh" content="0;url=/runs?site=DC1">');
    const cookies = [answer.headers['set-cookie']].flat();
    expect(cookies.find((one) => one?.startsWith('evenstock_session='))).toMatch(/SameSite=Strict$/);
    expect(cookies.find((one) => one?.startsWith('evenstock_sign_in='))).toContain('Max-Age=0');
    expect((await sessionOf(api, answer)).json()).toMatchObject({
      role: 'analyst',
      sites: null,
      person: { login: 'anna@example.com', name: 'Anna', email: 'anna@example.com', has_password: false },
    });
    const trail = await api.context.database.db.selectFrom('audit').selectAll().orderBy('number').execute();
    const own = trail.filter(({ actor }) => actor === `oidc:${provider.issuer}`);
    expect(own.map(({ action }) => action)).toEqual(['person.create', 'person.link']);
    expect(own[1]?.after_document).toBe(JSON.stringify({ issuer: provider.issuer, subject: 'anna-1' }));
    expect(await verifyAudit(api.context.database.db)).toMatchObject({ isWhole: true });
    expect(api.log.join('')).not.toContain(CLIENT.secret);
  });

  test('says role, sites, name and e-mail anew each time, and the trail tells it', async () => {
    const sites = 'sites: { claim: places, values: { dc1: [DC1], dc2: [DC2], everywhere: all } }';
    const api = await apiWithChief(open, configurationOf(`${ROLE}, ${sites}`));
    provider.claims = { ...provider.claims, places: ['dc2', 'dc1', 'elsewhere'] };
    const first = await sessionOf(api, await signIn(api));
    expect(first.json()).toMatchObject({ role: 'analyst', sites: ['DC1', 'DC2'], person: { version: 1 } });
    expect((await sessionOf(api, await signIn(api))).json().person.version).toBe(1);
    provider.claims = { ...provider.claims, groups: ['chiefs', 'stock'], places: 'everywhere', name: 'Anna B' };
    const second = await sessionOf(api, await signIn(api));
    expect(second.json()).toMatchObject({ role: 'administrator', sites: null, person: { name: 'Anna B', version: 2 } });
    expect(second.json().person.id).toBe(first.json().person.id);
    const audit = (await api.request('GET', '/audit?action=person.update')).json().items;
    expect(audit).toMatchObject([
      { actor: `oidc:${provider.issuer}`, before: { role: 'analyst' }, after: { role: 'administrator' } },
    ]);
  });

  test('asks for claims that the token lacks; others stay as the token says', async () => {
    const api = await apiWithChief(open, configurationOf('role: { claim: access.roles, values: { stock: approver } }'));
    provider.claims = { sub: 'anna-1', name: 'Anna' };
    provider.more = { access: { roles: ['stock'] }, name: 'Another' };
    const session = await sessionOf(api, await signIn(api));
    expect(session.json()).toMatchObject({ role: 'approver', person: { name: 'Anna', login: 'Anna'.toLowerCase() } });
    provider.more = { access: { roles: ['stock'] }, sub: 'somebody-else' };
    expect((await signIn(api)).json().code).toBe('OIDC_FAILED');
  });

  test('refuses who has no role or no site, and ends what they have open', async () => {
    const api = await apiWithChief(open, configurationOf(`${ROLE}, sites: { claim: places }`));
    provider.claims = { ...provider.claims, places: ['DC1'] };
    const open1 = await signIn(api);
    expect((await sessionOf(api, open1)).json().sites).toEqual(['DC1']);
    provider.claims = { ...provider.claims, places: [] };
    expect((await signIn(api)).json()).toMatchObject({ status: 403, code: 'OIDC_NO_SITE' });
    expect((await sessionOf(api, open1)).statusCode).toBe(401);
    provider.claims = { ...provider.claims, places: ['DC1'], groups: ['toString', '__proto__', 7] };
    expect((await signIn(api)).json()).toMatchObject({ status: 403, code: 'OIDC_NO_ROLE' });
  });

  test('never enables who is disabled, and never leaves nobody to administer', async () => {
    const api = await apiWithChief(open);
    provider.claims = { sub: 'boss', name: 'Boss', groups: ['chiefs'] };
    const { id } = (await sessionOf(api, await signIn(api))).json().person;
    const [chief] = (await api.request('GET', '/users')).json().items.filter(({ login }: Json) => login === 'chief');
    await api.request('PATCH', `/users/${chief.id}`, { body: { role: 'viewer' }, headers: { 'if-match': '"1"' } });
    provider.claims = { ...provider.claims, groups: ['stock'] };
    expect((await signIn(api)).json().code).toBe('LAST_ADMINISTRATOR');
    await api.request('PATCH', `/users/${chief.id}`, {
      body: { role: 'administrator' },
      headers: { 'if-match': '"2"' },
    });
    await api.request('PATCH', `/users/${id}`, { body: { is_enabled: false }, headers: { 'if-match': '"1"' } });
    const refused = await signIn(api);
    expect(refused.json()).toMatchObject({ status: 403, code: 'PERSON_DISABLED' });
    expect(cookieNamed(refused, 'evenstock_session')).toBeUndefined();
    expect((await api.request('GET', `/users/${id}`)).json()).toMatchObject({ is_enabled: false, version: 2 });
  });

  test('finds people by issuer and subject only: the same e-mail and name is somebody else', async () => {
    const api = await apiWithChief(open);
    provider.claims = { ...provider.claims, preferred_username: 'Chief', email: 'chief@example.com', name: 'Chief' };
    const other = (await sessionOf(api, await signIn(api))).json();
    expect(other).toMatchObject({ role: 'analyst', person: { login: 'chief-2' } });
    provider.claims = { ...provider.claims, sub: 'anna-2' };
    const third = (await sessionOf(api, await signIn(api))).json();
    expect(third.person.login).toBe('chief-3');
    expect(third.person.id).not.toBe(other.person.id);
    const many = await Promise.all(Array.from({ length: 5 }, () => goAway(api)));
    provider.claims = { ...provider.claims, sub: 'new-1' };
    const together = await Promise.all(many.map(({ back, cookie }) => get(api, back, { cookie })));
    const people = await Promise.all(together.map(async (answer) => (await sessionOf(api, answer)).json().person.id));
    expect(new Set(people).size).toBe(1);
  });

  test('takes no e-mail that the provider has not seen to, and no name that is none', async () => {
    const api = await apiWithChief(open);
    provider.claims = {
      sub: 'x',
      groups: 'stock',
      email: 'x@example.com',
      email_verified: false,
      name: '\u0000\u202e ',
    };
    const { person } = (await sessionOf(api, await signIn(api))).json();
    expect(person).toMatchObject({ email: null, name: 'x@example.com', login: 'x@example.com' });
    provider.claims = { sub: 'y', groups: 'stock', preferred_username: '<script>', name: 'a'.repeat(500) };
    const second = (await sessionOf(api, await signIn(api))).json().person;
    expect([second.login, second.name.length]).toEqual(['person', 200]);
  });

  test('knows people again whose provider is written otherwise in the configuration', async () => {
    const path = configurationOf();
    writeFileSync(path, readFileSync(path, 'utf8').replace(provider.issuer, `${provider.issuer}/`));
    const api = await apiWithChief(open, path);
    expect((await signIn(api)).statusCode).toBe(200);
    const rows = await api.context.database.db.selectFrom('identities').select('issuer').execute();
    expect(rows).toEqual([{ issuer: provider.issuer }]);
  });

  test('waits for the first administrator where there is nobody, or makes them', async () => {
    const api = await open({ configuration: configurationOf() });
    expect((await signIn(api)).json().code).toBe('SET_UP_FIRST');
    expect((await get(api, '/session/ways')).json().is_set_up).toBe(false);
    expect(await api.context.database.db.selectFrom('identities').selectAll().execute()).toEqual([]);
    provider.claims = { sub: 'boss', groups: ['chiefs'] };
    expect((await signIn(api)).statusCode).toBe(200);
    expect((await get(api, '/session/ways')).json().is_set_up).toBe(true);
  });

  test('a person links an account to themselves; without people of its own nobody else gets in', async () => {
    const api = await apiWithChief(open, configurationOf(`${ROLE}, creates_people: false`));
    await api.request('POST', '/users', { body: { ...CHIEF, login: 'anna', role: 'viewer' } });
    expect((await signIn(api)).json().code).toBe('PERSON_NOT_LINKED');
    const signedIn = await api.request('POST', '/session', { as: 'none', body: { login: 'anna', password: PASSWORD } });
    const cookie = cookieNamed(signedIn, 'evenstock_session') ?? '';
    const link = (headers: Record<string, string>) =>
      api.request('POST', '/session/oidc', { as: 'none', body: {}, headers: { cookie, ...headers } });
    expect((await link({})).json().code).toBe('CSRF_TOKEN_MISSING');
    expect((await api.request('POST', '/session/oidc', { body: {} })).json().code).toBe('NO_PERSON');
    const away = await link({ 'x-csrf-token': signedIn.json().csrf_token });
    const { back } = await visit(away.json().url);
    const linked = await get(api, back, { cookie: cookieNamed(away, 'evenstock_sign_in') ?? '' });
    expect((await sessionOf(api, linked)).json()).toMatchObject({ role: 'analyst', person: { login: 'anna' } });
    // The session from which it was begun ends: the provider's redirect does not bring its cookie.
    expect((await get(api, '/session', { cookie })).statusCode).toBe(401);
    expect((await sessionOf(api, await signIn(api))).json().person.login).toBe('anna');
    const chief = await api.request('POST', '/session', { as: 'none', body: { login: 'chief', password: PASSWORD } });
    const headers = {
      cookie: cookieNamed(chief, 'evenstock_session') ?? '',
      'x-csrf-token': chief.json().csrf_token,
    };
    const taken = await api.request('POST', '/session/oidc', { as: 'none', body: {}, headers });
    const again = await visit(taken.json().url);
    const refused = await get(api, again.back, { cookie: cookieNamed(taken, 'evenstock_sign_in') ?? '' });
    expect(refused.json()).toMatchObject({ status: 409, code: 'IDENTITY_TAKEN' });
  });
});

type Json = Record<string, unknown>;

describeApi('a hostile sign-in', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await apiWithChief(open, configurationOf(), { publicUrl: undefined });
  });
  const isRefused = (answer: Answer, code: string): void => {
    expect(answer.json()).toMatchObject({ code });
    expect(cookieNamed(answer, 'evenstock_session')).toBeUndefined();
  };

  const NOW = Math.floor(Date.now() / 1_000);
  test.each<[string, Json, IdentityProvider['signature']]>([
    ['of another nonce', { nonce: 'planted' }, 'right'],
    ['without a nonce', { nonce: undefined }, 'right'],
    ['for another program', { aud: 'another' }, 'right'],
    ['for several, and another one first', { aud: ['evenstock', 'another'], azp: 'another' }, 'right'],
    ['of another issuer', { iss: 'https://evil.example' }, 'right'],
    ['that has expired', { exp: NOW - 600 }, 'right'],
    ['that is not valid yet', { nbf: NOW + 6_000 }, 'right'],
    ['of no subject', { sub: undefined }, 'right'],
    ['of too long a subject', { sub: 'x'.repeat(300) }, 'right'],
    ['that nobody signed', {}, 'none'],
    ['that somebody else signed', {}, 'other-key'],
    ['whose signature is broken', {}, 'broken'],
  ])('with a token %s opens nothing', async (_name, forged, signature) => {
    Object.assign(provider, { forged, signature });
    isRefused(await signIn(api), 'OIDC_FAILED');
  });

  test('with another state, without the cookie, or with that of another browser opens nothing', async () => {
    const mine = await goAway(api);
    const theirs = await goAway(api);
    isRefused(await get(api, mine.back), 'OIDC_SIGN_IN_UNKNOWN');
    isRefused(await get(api, theirs.back, { cookie: mine.cookie }), 'OIDC_SIGN_IN_UNKNOWN');
    const planted = mine.back.replace(/state=[^&]+/, 'state=planted');
    isRefused(await get(api, planted, { cookie: mine.cookie }), 'OIDC_SIGN_IN_UNKNOWN');
    isRefused(await get(api, mine.back, { cookie: `evenstock_sign_in=${'A'.repeat(43)}` }), 'OIDC_SIGN_IN_UNKNOWN');
    // None of it used up what the browser itself began.
    expect((await get(api, mine.back, { cookie: mine.cookie })).statusCode).toBe(200);
  });

  test('that comes a second time opens nothing, also with both at once and with a fresh state', async () => {
    const { cookie, back } = await goAway(api);
    const both = await Promise.all([get(api, back, { cookie }), get(api, back, { cookie })]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400]);
    isRefused(await get(api, back, { cookie }), 'OIDC_SIGN_IN_UNKNOWN');
    const code = new URLSearchParams(back.split('?')[1]).get('code') ?? '';
    const next = await goAway(api);
    isRefused(await get(api, next.back.replace(/code=[^&]+/, `code=${code}`), { cookie: next.cookie }), 'OIDC_FAILED');
    const stolen = await goAway(api);
    const other = await goAway(api);
    const [theirs] = /code=[^&]+/.exec(stolen.back) ?? [''];
    // A code that was caught on its way: the code verifier of another browser does not fit.
    isRefused(await get(api, other.back.replace(/code=[^&]+/, theirs), { cookie: other.cookie }), 'OIDC_FAILED');
  });

  test('that comes too late, of another issuer, or that was declined opens nothing', async () => {
    const declined = await goAway(api);
    const [state] = /state=[^&]+/.exec(declined.back) ?? [''];
    const back = `/session/oidc/callback?error=access_denied&${state}&iss=${encodeURIComponent(provider.issuer)}`;
    isRefused(await get(api, back, { cookie: declined.cookie }), 'OIDC_DECLINED');
    const mixed = await goAway(api);
    isRefused(
      await get(api, mixed.back.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'), { cookie: mixed.cookie }),
      'OIDC_FAILED',
    );
    const doubled = await goAway(api);
    expect((await get(api, `${doubled.back}&code=x`, { cookie: doubled.cookie })).statusCode).toBe(400);
    const late = await goAway(api);
    api.pass(15 * 60_000 + 1);
    isRefused(await get(api, late.back, { cookie: late.cookie }), 'OIDC_SIGN_IN_UNKNOWN');
  });

  test('never ends at another address', async () => {
    for (const path of [
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/.//evil.example',
      '/%2e%2e//evil.example',
      '/\t/evil.example',
      '/..//evil.example',
      'evil',
      '',
      '/api/v1/session/oidc',
      '/api/../api/v1/metrics',
      `/${'a'.repeat(1_999)}é`,
    ]) {
      const answer = await get(api, `/session/oidc?return_to=${encodeURIComponent(path)}`);
      expect([path.slice(0, 40), answer.statusCode]).toEqual([path.slice(0, 40), 400]);
    }
    const odd = await signIn(api, `?return_to=${encodeURIComponent(`/a"><script>'&x=1#<b>`)}`);
    expect(odd.body).not.toMatch(/<script|<b>/);
    expect(odd.body).toContain('content="0;url=/a%22%3E%3Cscript%3E%27&amp;x=1#%3Cb%3E"');
  });

  test('tells a person on a page, and never what is behind', async () => {
    const answer = await get(api, '/session/oidc/callback?state=%3Cscript%3E', { accept: 'text/html,*/*' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('You are not signed in');
    expect(answer.body).toContain('OIDC_SIGN_IN_UNKNOWN');
    expect(answer.body).not.toContain('<script');
  });
});

describeApi('the cookie of a sign-in', (open) => {
  test('behind https is for this host only, and the provider hears the public address', async () => {
    const api = await apiWithChief(open, configurationOf(), { publicUrl: 'https://stock.example.com' });
    const away = await get(api, '/session/oidc', { host: 'evil.example' });
    expect(away.headers['set-cookie']).toMatch(
      /^__Host-evenstock_sign_in=[\w-]{43}; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    const location = new URL(String(away.headers.location));
    expect(location.searchParams.get('redirect_uri')).toBe('https://stock.example.com/api/v1/session/oidc/callback');
    const { back } = await visit(location.href);
    const answer = await get(api, back, { cookie: cookieNamed(away, '__Host-evenstock_sign_in') ?? '' });
    expect([answer.headers['set-cookie']].flat().join('\n')).toMatch(
      /__Host-evenstock_session=.*Secure; SameSite=Strict/,
    );
  });

  test('is not given where the provider is away, refuses this server, or was never named', async () => {
    const gone = new IdentityProvider();
    await gone.start();
    const { issuer } = gone;
    gone.stop();
    const path = configurationOf();
    writeFileSync(path, readFileSync(path, 'utf8').replace(provider.issuer, issuer));
    const away = await get(await apiWithChief(open, path), '/session/oidc');
    expect(away.json()).toMatchObject({ status: 503, code: 'OIDC_UNREACHABLE' });
    expect(away.headers['set-cookie']).toBeUndefined();
    const wrong = await apiWithChief(open, configurationOf(ROLE, 'wrong'));
    const refused = await signIn(wrong);
    expect(refused.json()).toMatchObject({ status: 503, code: 'OIDC_CLIENT_REFUSED' });
    const none = await open({
      configuration: new URL('../../../examples/founding/evenstock.yaml', import.meta.url).pathname,
    });
    expect((await get(none, '/session/oidc')).json()).toMatchObject({ status: 404, code: 'OIDC_ABSENT' });
    expect((await get(none, '/session/ways')).json()).toEqual({ is_set_up: false, password: true, oidc: null });
    provider.metadata = { issuer: 'https://evil.example' };
    const other = await apiWithChief(open, configurationOf());
    expect((await get(other, '/session/oidc')).json().code).toBe('OIDC_UNREACHABLE');
    // Asked again as soon as it is as it should be.
    provider.metadata = {};
    expect((await get(other, '/session/oidc')).statusCode).toBe(302);
  });
});

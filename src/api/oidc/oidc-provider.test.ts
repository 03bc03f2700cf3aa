/** Signing in through a provider that others have written, certified for what the standard demands. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: it has no types
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const FOUNDING = readFileSync(new URL('../../../examples/founding/evenstock.yaml', import.meta.url), 'utf8');
const CALLBACK = 'http://localhost/api/v1/session/oidc/callback';

let server: Server;
let issuer: string;
const folder = mkdtempSync(join(tmpdir(), 'oidc-provider-'));

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'evenstock',
        client_secret: 'secret: of the client/+%',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: 'Anna of the provider',
        preferred_username: id,
        groups: [id === 'nobody' ? 'others' : 'stock'],
        email: `${id}@example.com`,
        email_verified: true,
      }),
    }),
  });
  server.on('request', provider.callback());
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** A browser at the provider: follows redirects, keeps cookies, fills in forms, until it is sent back to us. */
async function signInAs(login: string, start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, body] = [start, undefined as URLSearchParams | undefined];
  for (let step = 0; step < 20; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const method = body === undefined ? 'GET' : 'POST';
    const answer = await fetch(url, { method, redirect: 'manual', headers: { cookie }, ...(body && { body }) });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location !== null) {
      [url, body] = [new URL(location, url).href, undefined];
      if (url.startsWith(CALLBACK)) return url;
      continue;
    }
    const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(await answer.text()) ?? [];
    body = new URLSearchParams({ prompt, login, password: 'any' });
  }
  throw new Error('the provider did not send the browser back');
}

describeApi('a provider of others', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    const configuration = join(folder, `${Math.random()}.yaml`);
    writeFileSync(join(folder, 'secret'), 'secret: of the client/+%\n');
    const role = 'role: { values: { stock: approver } }';
    const oidc = `issuer: "${issuer}", client_id: evenstock, client_secret: { file: secret }, label: Acme, ${role}`;
    writeFileSync(configuration, `${FOUNDING}\nsign_in: { oidc: { ${oidc} } }\n`);
    api = await open({ configuration });
    const chief = { login: 'chief', name: 'Chief', role: 'administrator', password: 'correct horse battery' };
    await api.request('POST', '/users', { body: chief });
  });

  const signIn = async (login: string) => {
    const headers = { host: 'localhost' };
    const away = await api.request('GET', '/session/oidc', { as: 'none', headers });
    const back = await signInAs(login, String(away.headers.location));
    const [cookie = ''] = String(away.headers['set-cookie']).split(';');
    const url = back.replace('http://localhost/api/v1', '');
    return api.request('GET', url, { as: 'none', headers: { ...headers, cookie } });
  };

  test('signs people in, with claims of its user information', async () => {
    const answer = await signIn('anna');
    expect(answer.statusCode, answer.body).toBe(200);
    const [cookie = ''] = [answer.headers['set-cookie']].flat().filter((one) => one?.startsWith('evenstock_session='));
    const session = await api.request('GET', '/session', {
      as: 'none',
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(session.json()).toMatchObject({
      role: 'approver',
      person: { login: 'anna', name: 'Anna of the provider', email: 'anna@example.com' },
    });
  });

  test('does not let in whom nothing names', async () => {
    expect((await signIn('nobody')).json()).toMatchObject({ status: 403, code: 'OIDC_NO_ROLE' });
  });
});

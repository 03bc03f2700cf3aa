import { expect, test } from 'vitest';
import { letVisitorIn } from '../../server/visitor.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';
import { buildApi } from '../build-api.ts';

const VISITOR = { login: 'demo', name: 'Demo analyst' };

/** The same server, started as a demonstration. */
async function asDemo(api: ApiUnderTest) {
  const { link, token } = await letVisitorIn(api.context, VISITOR, '127.0.0.1');
  const app = await buildApi({ ...api.context, signInLink: link });
  const open = (given: string, remoteAddress = '127.0.0.1', headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/api/v1/session/link', remoteAddress, headers, payload: { token: given } });
  return { app, token, open };
}

describeApi('the link of a demonstration', (start) => {
  test('signs the visitor in, in each browser that opens it, also by the name localhost', async () => {
    const api = await start({ isClockStill: true });
    const { app, token, open } = await asDemo(api);
    const answers = [
      await open(token),
      await open(token, '::1', { host: 'localhost:8470', origin: 'http://localhost:8470' }),
    ];
    for (const answer of answers) {
      expect(answer.json()).toMatchObject({ role: 'administrator', sites: null, person: { name: 'Demo analyst' } });
      const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
      const session = await app.inject({ url: '/api/v1/session', headers: { cookie } });
      expect(session.json()).toEqual(answer.json());
    }
    expect(answers[0]?.headers['set-cookie']).not.toBe(answers[1]?.headers['set-cookie']);
    await app.close();
  });

  test('opens nothing from another machine, from the page of another site, past its day, or once the visitor is disabled', async () => {
    const api = await start({ isClockStill: true });
    const { app, token, open } = await asDemo(api);
    for (const wrong of ['', 'x', `${token}x`, token.slice(1)])
      expect([403, 422], wrong).toContain((await open(wrong)).statusCode);
    const code = async (answer: ReturnType<typeof open>) => (await answer).json().code;
    expect(await code(open(token, '10.0.0.7'))).toBe('SIGN_IN_LINK_INVALID');
    expect(await code(open(token, '10.0.0.7', { 'x-forwarded-for': '127.0.0.1' }))).toBe('SIGN_IN_LINK_INVALID');
    expect(await code(open(token, '127.0.0.1', { origin: 'https://evil.example' }))).toBe('ORIGIN_FOREIGN');
    const { id } = (await open(token)).json().person;
    await api.request('POST', '/users', {
      body: { login: 'chief', name: 'Chief', role: 'administrator', password: 'correct horse battery' },
    });
    await api.request('PATCH', `/users/${id}`, { body: { is_enabled: false }, headers: { 'if-match': '"1"' } });
    expect(await code(open(token))).toBe('SIGN_IN_LINK_INVALID');
    await api.request('PATCH', `/users/${id}`, { body: { is_enabled: true }, headers: { 'if-match': '"2"' } });
    expect((await open(token)).statusCode).toBe(200);
    api.pass(24 * 3_600_000);
    expect(await code(open(token))).toBe('SIGN_IN_LINK_INVALID');
    expect(api.log.join('')).not.toContain(token);
    await app.close();
  });

  test('is unknown to a server of people, also on the work state of a demonstration', async () => {
    const api = await start();
    const { app, token } = await asDemo(api);
    const answer = await api.request('POST', '/session/link', { as: 'none', body: { token } });
    expect(answer.json()).toMatchObject({ status: 403, code: 'SIGN_IN_LINK_INVALID' });
    const password = await api.request('POST', '/session', { as: 'none', body: { login: 'demo', password: token } });
    expect(password.statusCode).toBe(401);
    await app.close();
  });

  test('is made anew by each start, for the same visitor, and never where others can reach the server', async () => {
    const api = await start();
    const first = await asDemo(api);
    const second = await asDemo(api);
    expect((await second.open(first.token)).statusCode).toBe(403);
    const [a, b] = [await first.open(first.token), await second.open(second.token)];
    expect(a.json().person).toEqual(b.json().person);
    await expect(letVisitorIn(api.context, VISITOR, '0.0.0.0')).rejects.toThrow('this machine only');
    for (const { app } of [first, second]) await app.close();
  });
});

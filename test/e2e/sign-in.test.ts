/** A browser goes to an identity provider of another site and comes back, with the cookies that browsers really send. */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT, IdentityProvider } from '../../src/api/oidc/identity-provider-fixture.ts';
import { newFolder, type Served, serve, stop } from './run-server.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env['CHROMIUM'] ?? '', ...CANDIDATES].find((path) => path !== '' && existsSync(path));

describe.skipIf(executablePath === undefined)('signing in, in Chromium (skipped where Chromium is missing)', () => {
  // At 127.0.0.1, and the server at localhost: two sites to a browser.
  const provider = new IdentityProvider();
  let server: Served;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    await provider.start();
    Object.assign(provider, { asksPeople: true, claims: { sub: 'anna-1', name: 'Anna', groups: ['stock'] } });
    const folder = await newFolder('sign-in');
    const oidc = `issuer: "${provider.issuer}", client_id: ${CLIENT.id}, client_secret: "\${OIDC_CLIENT_SECRET}"`;
    const role = 'role: { values: { stock: analyst } }';
    appendFileSync(join(folder, 'evenstock.yaml'), `\nsign_in: { oidc: { ${oidc}, ${role} } }\n`);
    const env = { EVENSTOCK_ADMIN_PASSWORD: 'correct horse battery', OIDC_CLIENT_SECRET: CLIENT.secret };
    server = await serve(folder, { env });
    origin = server.origin.replace('127.0.0.1', 'localhost');
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    provider.stop();
    await stop(server);
  });

  test('leads to the page that was wanted, which is asked for with the session already', async () => {
    const page = await (await browser.newContext()).newPage();
    const asked = page.waitForRequest(`${origin}/wanted?site=DC1`);
    const start = `${origin}/api/v1/session/oidc?return_to=${encodeURIComponent('/wanted?site=DC1')}`;
    await page.goto(start);
    // What follows is begun by a page of the provider: browsers keep strict cookies from it, also after redirects.
    await page.getByText('Agree').click();
    const headers = await (await asked).allHeaders();
    expect(headers['cookie']).toMatch(/(^|; )evenstock_session=[\w-]{43}/);
    expect(headers['cookie']).not.toContain('evenstock_sign_in');
    await page.waitForURL(`${origin}/wanted?site=DC1`);
    const who = await page.evaluate('fetch("/api/v1/session").then((answer) => answer.json())');
    expect(who).toMatchObject({ role: 'analyst', person: { name: 'Anna' } });
    // A link of another site to a page of ours brings no session along; a write of it could not, either.
    await page.goto(`${provider.issuer}/nothing`);
    const foreign = page.waitForRequest(`${origin}/api/v1/session`);
    await page.evaluate(`location.href = "${origin}/api/v1/session"`);
    expect((await (await foreign).allHeaders())['cookie'] ?? '').not.toContain('evenstock_session');
  });

  test('shows a page that says so where nobody gets in', async () => {
    Object.assign(provider, { asksPeople: false, claims: { sub: 'stranger', groups: [] } });
    const page = await (await browser.newContext()).newPage();
    const answer = await page.goto(`${origin}/api/v1/session/oidc`);
    expect(answer?.status()).toBe(403);
    expect(await page.locator('h1').textContent()).toBe('You are not signed in');
    expect(await page.locator('small').textContent()).toContain('OIDC_NO_ROLE');
    expect(await page.context().cookies()).toEqual([]);
  });
});

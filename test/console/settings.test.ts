import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  picture,
  settled,
  violations,
} from './console-world-fixture.ts';

describe.skipIf(isChromiumMissing)('the settings in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(async (folder) => {
      appendFileSync(join(folder, 'evenstock.yaml'), 'notifications: { allow: [127.0.0.1] }\n');
    });
    await world.call('POST', '/users', {
      login: 'mia',
      name: 'Mia Berger',
      role: 'analyst',
      sites: ['RENO'],
      password: 'a-long-enough-phrase',
    });
    await world.call('POST', '/api-keys', { name: 'wms bridge', role: 'analyst' });
  });
  afterAll(() => world?.close());

  it.each(['people', 'keys', 'notifications', 'audit', 'account'])(
    '%s: fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    (tab) => expectWellDrawn(world, `/settings?tab=${tab}`, `settings-${tab}`),
    120_000,
  );

  it('adds a person who then signs in, and sees only what a viewer may', async () => {
    const { page, said, close } = await world.visit('/settings');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name').fill('Jo Keller');
    await page.getByRole('textbox', { name: 'Login' }).fill('jo');
    await page.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Viewer' }).click();
    await page.getByLabel('First password').fill('short');
    await picture(page, 'settings-person');
    await page.getByLabel('First password').fill('jo-likes-long-phrases');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'jo', exact: true }).waitFor();
    expect(said).toEqual([]);
    await page.context().clearCookies();
    await page.goto(`${world.origin}/settings`);
    await page.getByLabel('Login').fill('jo');
    await page.getByRole('textbox', { name: 'Password' }).fill('jo-likes-long-phrases');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('You are signed in as Jo Keller (jo).').waitFor();
    await settled(page);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Your account']);
    await picture(page, 'settings-viewer');
    await page.getByLabel('Current password').fill('not-this-one-surely');
    await page.getByLabel('New password').fill('another-long-phrase');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The current password is wrong.').waitFor();
    await page.getByLabel('Current password').fill('jo-likes-long-phrases');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Your password is changed.').waitFor();
    await close();
  });

  it('does not overwrite what somebody else changed meanwhile', async () => {
    const { page, close } = await world.visit('/settings');
    await page.getByRole('button', { name: 'Mia Berger' }).click();
    const people = (await (await world.call('GET', '/users')).json()) as { items: { id: string; login: string }[] };
    const mia = people.items.find(({ login }) => login === 'mia');
    const changed = await fetch(`${world.server.address}/users/${mia?.id}`, {
      method: 'PATCH',
      headers: { ...world.headers(), 'if-match': '"1"', 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'approver' }),
    });
    expect(changed.status).toBe(200);
    await page.getByLabel('E-mail').fill('mia@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this person meanwhile.').waitFor();
    await close();
  });

  it('makes a key that opens the API, shows it once, and revokes it', async () => {
    const { page, said, close } = await world.visit('/settings?tab=keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('night job');
    await page.getByRole('button', { name: 'Make a key' }).last().click();
    const secret = await page.getByRole('dialog').locator('code').innerText();
    await picture(page, 'settings-secret');
    expect(await violations(page)).toEqual([]);
    const ask = () => fetch(`${world.server.address}/session`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status).toBe(200);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke night job?' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('cell', { name: 'revoked' }).waitFor();
    expect((await ask()).status).toBe(401);
    expect(said).toEqual([]);
    await close();
  });

  it('adds a webhook and a rule, sends a test to a real receiver, and shows what was delivered', async () => {
    const taken: string[] = [];
    const receiver = createServer((request, response) => {
      taken.push(String(request.headers['content-type']));
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const { page, said, close } = await world.visit('/settings?tab=notifications');
    await page.getByText('Nobody is told anything yet').waitFor();
    await page.getByRole('button', { name: 'Add a channel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Name/ }).first().fill('Night desk');
    await dialog.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Webhook' }).click();
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/in`);
    await dialog.getByLabel('What messages are signed with').fill('a secret of twenty-four or more');
    await picture(page, 'settings-channel');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Send a test to Night desk' }).click();
    await page.getByText(/Night desk took the test after/).waitFor();
    expect(taken).toEqual(['application/json; charset=utf-8']);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await dialog.getByRole('textbox', { name: /^Name/ }).first().fill('Everything at night');
    await dialog.getByRole('combobox', { name: 'To' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Night desk' }).click();
    await page.keyboard.press('Escape');
    await picture(page, 'settings-rule');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'What each run found' }).waitFor();
    await picture(page, 'settings-notifications');
    // Chromium takes a channel's secret for a password and would like a user name beside it.
    expect(said.filter((line) => !line.startsWith('verbose: [DOM]'))).toEqual([]);
    await close();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('shows who changed what, and that the trail is whole', async () => {
    const { page, close } = await world.visit('/settings?tab=audit');
    await page.getByRole('button', { name: 'Check the whole trail' }).click();
    await page.getByText(/The trail is whole: \d+ entries/).waitFor();
    await page
      .getByRole('button', { name: /Show the change/ })
      .first()
      .click();
    await picture(page, 'settings-audit-open');
    expect(await violations(page)).toEqual([]);
    await close();
  });
});

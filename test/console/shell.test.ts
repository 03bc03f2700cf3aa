import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsoleWorld,
  isChromiumMissing,
  openConsole,
  picture,
  settled,
  violations,
} from './console-world-fixture.ts';

describe.skipIf(isChromiumMissing)('the console in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  });
  afterAll(() => world?.close());

  it('asks who one is, and then shows what was wanted', async () => {
    const { page, close } = await world.visit('/');
    await page.context().clearCookies();
    await page.goto(`${world.origin}/mapping?site=RENO`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await picture(page, 'sign-in');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Login').fill('admin');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The login or the password is wrong.').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('kettle-in-the-wrong-bin-7');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/mapping?site=RENO');
    await settled(page);
    await close();
  });

  it('finds an item from anywhere by its keys alone', async () => {
    const { page, said, close } = await world.visit('/settings?site=RENO');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Item code, description, lot or page' });
    await field.fill('10000042');
    await page.getByRole('option').filter({ hasText: '000000000010000042' }).first().waitFor();
    await picture(page, 'search');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/items/000000000010000042?site=RENO');
    expect(said).toEqual([]);
    await close();
  });

  it('changes the colours, keeps them, and signs out', async () => {
    const { page, said, close } = await world.visit('/', { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.reload();
    await settled(page);
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await picture(page, 'account');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(said).toEqual([]);
    await close();
  });

  it('the first view takes less than 200 kB of compressed script', async () => {
    const { page, close } = await world.visit('/');
    const names = await page.evaluate<string[]>(
      'performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js"))',
    );
    const sizes = await Promise.all(
      names.map(async (name) => gzipSync(Buffer.from(await (await fetch(name)).arrayBuffer())).length),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(names.length).toBeGreaterThan(1);
    expect(bytes, names.map((name, index) => `${name} ${sizes[index]}`).join('\n')).toBeLessThan(200_000);
    await close();
  });

  it('an address of the API is never answered by a page, and a file that is gone neither', async () => {
    for (const path of ['/api/v1/nothing', '/assets/nothing.js']) {
      const answer = await fetch(world.origin + path);
      expect({ path, status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        path,
        status: 404,
        type: 'application/problem+json; charset=utf-8',
      });
    }
    const page = await fetch(`${world.origin}/items/A%2F1`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/);
  });
});

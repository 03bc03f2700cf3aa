import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../e2e/run-cli.ts';
import { type Served, startServing, stop } from '../e2e/run-server.ts';
import { isChromiumMissing, launchChromium, picture, settled } from './console-world-fixture.ts';

describe.skipIf(isChromiumMissing)('the link that the demo prints (skipped where Chromium is missing)', () => {
  let served: Served;
  beforeAll(async () => {
    const line = /^Open the console: (http:\/\/127\.0\.0\.1:\d+)\/sign-in#([\w-]{43})$/m;
    served = await startServing(makeFolder('demo-link'), ['demo', '--dir', 'demo', '--port', '0'], undefined, line);
  });
  afterAll(() => served && stop(served));

  it('opens what is out of sync today, without a password', async () => {
    const [, token = ''] = /sign-in#([\w-]{43})/.exec(served.out()) ?? [];
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${served.origin}/sign-in#${token}`);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await settled(page);
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).not.toBe('');
    await picture(page, 'demo-first');
    await browser.close();
  });

  it('says what to do where it is too old', async () => {
    const browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`${served.origin}/sign-in#${'x'.repeat(43)}`);
    await page.getByText(/Run `evenstock demo` again for a new link/).waitFor();
    await browser.close();
  });
});

/** What a viewer sees of sources and is not offered, and what stands there while there is nothing. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../e2e/run-cli.ts';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  picture,
  settled,
  type Visit,
  violations,
} from './console-world-fixture.ts';

const PERSON = { login: 'vic', name: 'Vic Moran', role: 'viewer', sites: null, password: 'likes-long-phrases-too' };

describe.skipIf(isChromiumMissing)(
  'sources for who only looks, in Chromium (skipped where Chromium is missing)',
  () => {
    let world: ConsoleWorld;
    let cookie: { name: string; value: string };
    beforeAll(async () => {
      // A new folder with the example: sources that nobody read yet, no schedule, nothing brought in.
      world = await openConsole(async (folder) => {
        rmSync(folder, { recursive: true });
        await runCli(join(folder, '..'), 'init', folder);
        // Files that lie where a source looks are brought in by themselves.
        rmSync(join(folder, 'in'), { recursive: true });
      });
      expect((await world.call('POST', '/users', PERSON)).status).toBe(201);
      const session = await fetch(`${world.server.address}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: PERSON.login, password: PERSON.password }),
      });
      const [name = '', value = ''] = (session.headers.get('set-cookie')?.split(';')[0] ?? '').split('=');
      cookie = { name, value };
    }, 240_000);
    afterAll(() => world?.close());

    /** As the viewer. */
    const visit = async (path: string, options?: Parameters<ConsoleWorld['visit']>[1]): Promise<Visit> => {
      const opened = await world.visit('/sign-in', options);
      await opened.page.context().addCookies([{ ...cookie, url: world.origin, httpOnly: true, sameSite: 'Strict' }]);
      await opened.page.goto(`${world.origin}${path}`);
      await settled(opened.page);
      // There is no run yet, which Chromium tells as what it could not load.
      return {
        ...opened,
        get said() {
          return opened.said.filter((line) => !line.includes('404'));
        },
      };
    };

    it.each([
      ['sources', /nothing came yet/, /analyst/i],
      ['imports', /No file/i, /analyst/i],
      ['schedules', /No schedule yet/, /administrator/i],
    ])(
      '%s: is read, offers nothing that would be refused, and says who may',
      (tab, empty, who) =>
        expectWellDrawn({ visit }, `/sources?tab=${tab}`, `viewer-${tab}`, async (page) => {
          const offered = await page.locator('main').getByRole('button').allInnerTexts();
          const refused = /add|start|upload|bring|release|remove|pause|change/i;
          expect(offered.filter((words) => refused.test(words))).toEqual([]);
          const words = await page.locator('main').innerText();
          expect(words).toMatch(empty);
          expect(words).toMatch(who);
        }),
      120_000,
    );

    it('an address of what is not offered leads to what is', async () => {
      const { page, close } = await visit('/sources?add=file');
      await page.getByRole('tab', { name: 'Sources' }).waitFor();
      expect(await page.getByRole('button', { name: 'Add a source' }).count()).toBe(0);
      await close();
    });

    it('who may is told what would fill it, and offered the way', async () => {
      for (const tab of ['imports', 'schedules']) {
        const { page, close } = await world.visit(`/sources?tab=${tab}`);
        await picture(page, `empty-${tab}`);
        expect(await violations(page)).toEqual([]);
        await close();
      }
      const { page, close } = await world.visit('/sources?tab=schedules');
      await page.getByRole('button', { name: 'Add a schedule' }).waitFor();
      await page.goto(`${world.origin}/sources?tab=imports`);
      await page.getByRole('link', { name: 'Bring one in beside its source' }).click();
      await page
        .getByRole('button', { name: /^Bring in a file for/ })
        .first()
        .waitFor();
      await close();
    });
  },
);

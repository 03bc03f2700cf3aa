import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/run-server.ts';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  picture,
  settled,
  violations,
} from './console-world-fixture.ts';

const SLOW_MS = 180_000;

describe.skipIf(isChromiumMissing)('the page Today in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    // The next run gets a file that was cut off; the last one read all of it.
    world = await openConsole(async (folder) => {
      const file = join(folder, 'erp_balances.csv');
      writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 60).join('\n'));
    });
  }, SLOW_MS);
  afterAll(() => world?.close());

  it(
    'says how it stands, fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    () =>
      expectWellDrawn(world, '/', 'today', async (page) => {
        await page.getByText('no failures').first().waitFor();
        const opening = await page.locator('main header p').first().innerText();
        expect(opening).toBe(
          'RENO, CHICAGO and DALLAS agree on 87.9% of 573 keys (94.0% of units). 69 keys are off by $167,197 gross; 57 of them are one outage of interface 945, 20 November 09:00–10:00.',
        );
      }),
    SLOW_MS,
  );

  it(
    'leads by keys alone from the work list to the most expensive item',
    async () => {
      const { page, close } = await world.visit('/');
      await page
        .getByRole('link', { name: /Circuit breaker/ })
        .first()
        .waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/items/000000000010000042?site=RENO');
      await close();
    },
    SLOW_MS,
  );

  it(
    'says what each measure is, one step away',
    async () => {
      const { page, close } = await world.visit('/');
      await page.getByRole('button', { name: 'Net variance' }).focus();
      await page.getByText(/errors of opposite direction cancel.*v′ is the net variance/).waitFor();
      await close();
    },
    SLOW_MS,
  );

  it(
    'stands on one site where one is chosen, in the address and by a click',
    async () => {
      const { page, close } = await world.visit('/');
      await page.getByRole('link', { name: 'DALLAS' }).click();
      await page.waitForURL('**/?site=DALLAS');
      await page
        .getByText(/^DALLAS agrees on 84\.0% of 188 keys\. 30 keys are off by \$36,111 gross; 26 of them are/)
        .waitFor();
      await settled(page);
      expect(await page.getByRole('row', { name: /CHICAGO.*available/ }).count()).toBe(0);
      await page.goto(`${world.origin}/?site=NOWHERE`);
      await page.getByText('The last run did not compare NOWHERE.').waitFor();
      expect(await violations(page)).toEqual([]);
      await close();
    },
    SLOW_MS,
  );

  it(
    'opens a finding, its lines, and what is behind it',
    async () => {
      const { page, close } = await world.visit('/');
      const lines = page.getByRole('link', { name: 'Show the 54 lines it is the main cause of' });
      expect(await lines.getAttribute('href')).toMatch(/^\/runs\/[\w-]+\?finding=F1$/);
      await page.getByRole('link', { name: /^one outage of interface 945/ }).click();
      await page.waitForURL('**/findings?run=*#F1');
      await page.getByText('that is 119 times as often as all others').waitFor();
      await close();
    },
    SLOW_MS,
  );

  it(
    'shows who sees one site nothing of the others, and offers no run',
    async () => {
      const made = await world.call('POST', '/users', {
        login: 'rene',
        name: 'Rene',
        role: 'viewer',
        sites: ['RENO'],
        password: 'bin-of-another-kettle-7',
      });
      expect(made.status).toBe(201);
      const { page, close } = await world.visit('/');
      await page.context().clearCookies();
      await page.goto(`${world.origin}/sign-in`);
      await page.getByLabel('Login').fill('rene');
      await page.getByRole('textbox', { name: 'Password' }).fill('bin-of-another-kettle-7');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText(/^RENO agrees on 93\.1% of 205 keys\. 14 keys are off by \$72,018 gross/).waitFor();
      await settled(page);
      const text = await page.locator('main').innerText();
      expect(text).not.toMatch(/CHICAGO|DALLAS|Run now/);
      await picture(page, 'today-one-site');
      expect(await violations(page)).toEqual([]);
      await close();
    },
    SLOW_MS,
  );

  it(
    'says that the server does not answer, and goes on when it does',
    async () => {
      const { page, close } = await world.visit('/');
      await page.route('**/api/v1/runs/latest/**', (route) => route.abort());
      await page.reload();
      await page.getByText('The server does not answer').first().waitFor({ timeout: 60_000 });
      await page.unroute('**/api/v1/runs/latest/**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText(/^RENO, CHICAGO and DALLAS agree/).waitFor();
      await close();
    },
    SLOW_MS,
  );

  it(
    'shows a refused run with its reason above the last good one',
    async () => {
      const { page, close } = await world.visit('/');
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.getByText('The last run was refused').waitFor();
      await page.getByText(/59 rows, 10% of the 572.*Send the whole file/).waitFor();
      await page.getByText('Until the next one you see the last good run.').waitFor();
      await page.getByText(/^RENO, CHICAGO and DALLAS agree/).waitFor();
      await picture(page, 'today-refused');
      expect(await violations(page)).toEqual([]);
      await close();
    },
    SLOW_MS,
  );
});

const IN_SYNC = `version: 1
name: Even
currency: USD
systems:
  sap: { role: erp }
  wms1: { role: wms, sites: [DC1] }
balances:
  - { system: sap, format: csv, path: even_erp.csv, as_of: 2026-11-20T23:59:59-06:00 }
  - { system: wms1, format: csv, path: even_wms.csv, as_of: 2026-11-20T23:59:59-06:00 }
categories:
  available: { erp: [UNRESTRICTED], wms: [AVAILABLE] }
`;

describe.skipIf(isChromiumMissing)(
  'Today before and without anything to do (skipped where Chromium is missing)',
  () => {
    let world: ConsoleWorld;
    beforeAll(async () => {
      world = await openConsole(async (folder) => {
        await rm(join(folder, '.evenstock'), { recursive: true });
        writeFileSync(join(folder, 'evenstock.yaml'), IN_SYNC);
        writeFileSync(
          join(folder, 'even_erp.csv'),
          'site,item,status,quantity,uom\nDC1,A,UNRESTRICTED,5,EA\nDC1,B,UNRESTRICTED,7,EA\n',
        );
        writeFileSync(
          join(folder, 'even_wms.csv'),
          'site,item,status,quantity,uom\nDC1,A,AVAILABLE,5,EA\nDC1,B,AVAILABLE,7,EA\n',
        );
      });
    }, SLOW_MS);
    afterAll(() => world?.close());

    it(
      'tells the two ways to the first run; one of them brings it without a reload',
      async () => {
        const { page, close } = await world.visit('/');
        await page.getByText('Nothing has been compared yet').waitFor();
        await picture(page, 'today-empty');
        expect(await violations(page)).toEqual([]);
        expect(await page.getByRole('link', { name: 'Sources and schedules' }).getAttribute('href')).toBe('/sources');
        await page.goto(`${world.origin}/findings`);
        await page.getByText('The first run brings them.').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('link', { name: 'How to make a run' }).click();
        await page.getByRole('button', { name: 'Run now' }).click();
        await page.getByText('Nothing is out of sync: all 2 keys agree at DC1.').waitFor();
        await settled(page);
        await page.getByText('There is nothing to do: no key that was compared is out of sync.').waitFor();
        await picture(page, 'today-in-sync');
        expect(await violations(page)).toEqual([]);
        await page.goto(`${world.origin}/findings`);
        await page.getByText('No systemic fault was found, and nothing is out of sync.').waitFor();
        expect(await violations(page)).toEqual([]);
        await close();
      },
      SLOW_MS,
    );

    it(
      'never says "in sync" where a status has no category',
      async () => {
        writeFileSync(
          join(world.folder, 'even_wms.csv'),
          'site,item,status,quantity,uom\nDC1,A,AVAILABLE,5,EA\nDC1,B,AVAILABLE,7,EA\nDC1,B,LOST,3,EA\n',
        );
        // A run reads what was taken in: the watched folder takes a changed file once it is quiet.
        const taken = async () =>
          (await (await world.call('GET', '/imports')).json()) as { items: { source: string; rows: number }[] };
        await until(async () =>
          (await taken()).items.some(({ source, rows }) => source === 'wms1 balances' && rows === 3),
        );
        const { page, close } = await world.visit('/');
        await page.getByRole('button', { name: 'Run now' }).click();
        await page.getByText('No discrepancy was found in what could be compared').waitFor();
        await page.getByText('1 stock status has no category').waitFor();
        await until(async () => (await violations(page)).length === 0, 'a page that everybody can use');
        await close();
      },
      SLOW_MS,
    );
  },
);

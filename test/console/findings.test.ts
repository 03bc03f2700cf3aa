import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  settled,
  violations,
} from './console-world-fixture.ts';

const SLOW_MS = 180_000;

describe.skipIf(isChromiumMissing)('the page Findings in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  }, SLOW_MS);
  afterAll(() => world?.close());

  it(
    'shows the fault, fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    () =>
      expectWellDrawn(world, '/findings', 'findings', async (page) => {
        await page
          .getByText('1 systemic fault makes up 57 of 69 discrepancies. Settle it once, before any single line.')
          .waitFor();
        const facts = (await page.locator('main dl').first().innerText()).replaceAll(/\s+/g, ' ');
        expect(facts).toBe(
          'Gross $53,495 Impact $54,011 Lines 57 Documents failed 16 of 66 When Fri 09:01–09:37 Why message lost In common interface 945'.replace(
            'Fri 09:01–09:37',
            /When (.*?) Why/.exec(facts)?.[1] ?? '',
          ),
        );
        expect(facts).toContain('09:01–09:37');
        await page
          .getByText(/^24\.2% of the documents with this in common failed; that is 119 times as often as all others\./)
          .waitFor();
      }),
    SLOW_MS,
  );

  it(
    'shows more of the lines, and only those of the chosen site',
    async () => {
      const { page, close } = await world.visit('/findings');
      const rows = page.locator('main section table').first().locator('tbody tr');
      expect(await rows.count()).toBe(8);
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByText('The 54 lines it is the main cause of').first().waitFor();
      // The sentence is there before the lines are.
      await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(54);
      await page.getByRole('combobox', { name: 'Site' }).selectOption('RENO');
      await page.getByText('The 9 lines it is the main cause of').first().waitFor();
      await page
        .getByText('Figures of a finding are of all sites; its lines are of the site that is chosen.')
        .waitFor();
      await close();
    },
    SLOW_MS,
  );

  it(
    'shows another run by its address, and says where there is none',
    async () => {
      const { items } = (await (await world.call('GET', '/runs')).json()) as { items: { id: string }[] };
      const { page, close } = await world.visit(`/findings?run=${items[0]?.id}`);
      await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption('latest');
      await page.waitForURL('**/findings');
      await settled(page);
      await page.goto(`${world.origin}/findings?run=20200101-000000000-aaaaaa`);
      await page.getByText('There is nothing here').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await close();
    },
    SLOW_MS,
  );

  it(
    'a cause opens its lines in the run',
    async () => {
      const { page, close } = await world.visit('/findings');
      const link = page.getByRole('link', { name: 'message rejected' });
      expect(await link.getAttribute('href')).toMatch(/^\/runs\/[\w-]+\?cause=message-rejected$/);
      await close();
    },
    SLOW_MS,
  );
});

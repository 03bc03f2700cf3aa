import { readFileSync } from 'node:fs';
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

describe.skipIf(isChromiumMissing)('the page Measures in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  }, SLOW_MS);
  afterAll(() => world?.close());

  it(
    'fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    () =>
      expectWellDrawn(world, '/measures', 'measures', async (page) => {
        await page.getByText('The last 30 days, by the last run of each day').waitFor();
        await page.getByRole('img', { name: /^Accuracy by keys: 87\.9% at last/ }).waitFor();
        await page.getByRole('cell', { name: 'DALLAS' }).waitFor();
      }),
    SLOW_MS,
  );

  it(
    'keeps period and grouping in the address, and gives the groups as a file',
    async () => {
      const { page, close } = await world.visit('/measures?days=90&by=cause');
      await page.getByRole('cell', { name: 'message rejected' }).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export CSV' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('evenstock-measures-by-cause-90-days.csv');
      const text = readFileSync(await download.path(), 'utf8');
      expect(text).toMatch(/^cause,discrepancies,gross_variance_value,/);
      expect(text).toMatch(/\r\nmessage-rejected,2,\d+\.\d\d,/);
      await page.getByRole('combobox', { name: 'Period' }).selectOption('7');
      await page.waitForURL('**/measures?*days=7*');
      await page.getByRole('combobox', { name: 'Where they come from' }).selectOption('interface');
      await page.waitForURL('**/measures?*by=interface*');
      await settled(page);
      expect(await violations(page)).toEqual([]);
      await close();
    },
    SLOW_MS,
  );
});

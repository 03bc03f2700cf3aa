import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
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

/** As a warehouse system of the nineties writes it; nobody prepared it. */
const GERMAN = [
  'Umlagerungen Werk RENO',
  'Beleg;Buchungsdatum;Werk;Artikel;Bestandsart;Menge;Lagerplatz',
  'B1;22.11.2026 08:15;RENO;Müller-1;AVAILABLE;1.234,5;A-01',
  'B2;22.11.2026 09:30;RENO;Größe L;AVAILABLE;-12,25;A-02',
  'B3;23.11.2026 07:00;RENO;Dübel;AVAILABLE;zwei;A-03',
  '',
].join('\r\n');
const fileOf = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') });

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe.skipIf(isChromiumMissing)('sources and schedules in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
    const document = { time_zone: 'America/Chicago', times: [{ daily: ['06:00', '18:00'] }] };
    await world.call('POST', '/schedules', { name: 'Before the waves', document });
  });
  afterAll(() => world?.close());

  it.each(['sources', 'imports', 'schedules'])(
    '%s: fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    (tab) => expectWellDrawn(world, `/sources?tab=${tab}`, `sources-${tab}`),
    120_000,
  );

  it('a file that nobody prepared becomes a source; its rejected row is downloaded, corrected and sent again', async () => {
    const { page, said, close } = await world.visit('/sources');
    await page.getByRole('button', { name: 'Add a source' }).click();
    await choose(page, 'What it holds', 'movements');
    const sources = (await (await world.call('GET', '/sources')).json()) as { items: { system: string }[] };
    const system = sources.items.map((each) => each.system).find((each) => each.startsWith('wms')) as string;
    await page.getByRole('combobox', { name: 'System' }).fill(system);
    await page.locator('input[type=file]').setInputFiles(fileOf('umlagerung.csv', GERMAN));
    await page.getByRole('combobox', { name: 'Between fields' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Between fields' }).inputValue()).toBe('semicolon ;');
    for (const [name, column] of [
      ['movement_id', 'Beleg'],
      ['posted_at', 'Buchungsdatum'],
      ['site', 'Werk'],
      ['item', 'Artikel'],
      ['status', 'Bestandsart'],
      ['quantity', 'Menge'],
    ] as const) {
      const field = page.getByRole('combobox', { name: `Column for ${name}`, exact: true });
      await field.waitFor();
      if ((await field.inputValue()) !== column) await choose(page, `Column for ${name}`, column);
    }
    const zone = page.getByRole('combobox', { name: 'Times are of' });
    await zone.fill('Los_Angeles');
    await page.getByRole('option', { name: 'America/Los_Angeles' }).click();
    await page.getByText(/Of the first 3 rows 2 are understood.*1 rejected/).waitFor();
    await page.getByText('Menge says “zwei”').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('annex moves');
    await page.getByText('+    name: annex moves').or(page.getByText('name: annex moves')).first().waitFor();
    await settled(page);
    await picture(page, 'sources-wizard');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the source' }).click();
    await page.getByText('annex moves is saved and in force.').waitFor();
    await page.getByRole('button', { name: 'Bring in umlagerung.csv' }).click();
    await page.getByText(/umlagerung.csv is brought in/).waitFor();
    await page.getByRole('link', { name: 'Look for rejected rows' }).click();
    await page.getByText(/A run would reject 1 row of this file/).waitFor();
    await settled(page);
    await picture(page, 'sources-rejections');
    expect(await violations(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download them as CSV' }).click(),
    ]);
    const text = readFileSync((await download.path()) as string, 'latin1');
    expect(text).toContain('B3;23.11.2026 07:00;RENO;Dübel;AVAILABLE;zwei;A-03');
    const corrected = fileOf('umlagerung-2.csv', text.replace(';zwei;', ';2,5;'));
    for (const outcome of [/umlagerung-2.csv is brought in: 1 row/, /The same content was brought in before/]) {
      await page.getByRole('button', { name: 'Send them corrected' }).click();
      await page.locator('input[type=file]').setInputFiles(corrected);
      await page.getByText(outcome).waitFor();
      await page.getByRole('button', { name: 'Close' }).last().click();
    }
    // The browser tells of each refusal: the trial without a name, which another source of the system has.
    expect(said.filter((each) => !each.includes('status of 422'))).toEqual([]);
    await close();
  });

  it('checks what a source sees', async () => {
    const { page, close } = await world.visit('/sources');
    await page
      .getByRole('button', { name: /^Check / })
      .first()
      .click();
    await page.getByText(/Of the first/).waitFor();
    await settled(page);
    await picture(page, 'sources-check');
    expect(await violations(page)).toEqual([]);
    await close();
  });

  it('makes a schedule, says what is wrong with it, changes, pauses and removes it', async () => {
    const { page, close } = await world.visit('/sources?tab=schedules');
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Evening');
    await page.getByRole('textbox', { name: 'Times of the day' }).fill('19:30, 25:00');
    await page
      .getByText(/document\.times/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Times of the day' }).fill('19:30');
    await expect.poll(() => page.getByRole('dialog').locator('time').count(), { timeout: 15_000 }).toBe(5);
    await picture(page, 'sources-schedule');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the schedule' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Evening' });
    await row.getByText('daily 19:30').waitFor();
    await row.getByRole('button', { name: 'Change Evening' }).click();
    await page.getByRole('textbox', { name: 'Times of the day' }).fill('20:45');
    await page.getByRole('button', { name: 'Save the schedule' }).click();
    await row.getByText('daily 20:45').waitFor();
    await row.getByRole('button', { name: 'Pause Evening' }).click();
    await row.getByRole('button', { name: 'Let Evening go on' }).waitFor();
    await row.getByRole('button', { name: 'Remove Evening' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => row.count()).toBe(0);
    await close();
  });
});

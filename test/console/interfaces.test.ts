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

describe.skipIf(isChromiumMissing)('the interfaces in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  });
  afterAll(() => world?.close());

  it(
    'fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    () => expectWellDrawn(world, '/interfaces', 'interfaces'),
    120_000,
  );

  it('leads from an interface that rejects to the raw message and the item', async () => {
    const { page, said, close } = await world.visit('/interfaces');
    const rows = page.getByRole('row').filter({ has: page.getByRole('img') });
    expect(await rows.count()).toBeGreaterThan(1);
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'rejected' }).click();
    await page.waitForURL('**state=rejected**');
    await settled(page);
    const states = await page.locator('td[data-bad]').allInnerTexts();
    expect(new Set(states)).toEqual(new Set(['rejected']));
    await page
      .getByRole('button', { name: /^Open / })
      .first()
      .click();
    const raw = page.getByRole('dialog').locator('pre');
    await raw.waitFor();
    expect(await raw.innerText()).toMatch(/message_id.*\n.*rejected/s);
    await picture(page, 'interfaces-message');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Open the item' }).click();
    await page.waitForURL('**/items/**');
    expect(said).toEqual([]);
    await close();
  });

  it('finds a message by its reference, and says so where none fits', async () => {
    const { page, close } = await world.visit('/interfaces');
    const reference = (
      await page
        .getByRole('button', { name: /^Open / })
        .first()
        .innerText()
    ).trim();
    await page.getByLabel('Reference, message or item').fill(reference);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**text=${reference}**`);
    await settled(page);
    expect(new Set(await page.getByRole('button', { name: /^Open / }).allInnerTexts())).toContain(reference);
    await page.getByLabel('Reference, message or item').fill('no such thing');
    await page.keyboard.press('Enter');
    await page.getByText('No message fits').waitFor();
    await picture(page, 'interfaces-none');
    await close();
  });
});

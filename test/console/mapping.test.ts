import { readFileSync, writeFileSync } from 'node:fs';
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

describe.skipIf(isChromiumMissing)('the mapping in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  });
  afterAll(() => world?.close());

  it(
    'fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing',
    () => expectWellDrawn(world, '/mapping', 'mapping'),
    120_000,
  );

  it('shows what a change would do before it is saved, keeps who and why, and rolls it back', async () => {
    const { page, said, close } = await world.visit('/mapping');
    // By keys alone: from available to unavailable.
    await page.getByRole('radio', { name: 'PICKED: available' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'PICKED: unavailable' }).isChecked()).toBe(true);
    await page.getByText(/This would open \d+ new ones and change \d+ others\./).waitFor();
    await picture(page, 'mapping-draft');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Why, for those who read it later').fill('Picked stock cannot be promised twice');
    await page.getByRole('button', { name: 'Bring into force' }).click();
    const version = page.getByRole('row').filter({ hasText: 'Picked stock cannot be promised twice' });
    await version.getByText('PICKED: available → unavailable').waitFor();
    await version.getByText('in force').waitFor();
    await version.getByRole('cell', { name: 'Administrator' }).waitFor();
    await settled(page);
    await picture(page, 'mapping-versions');
    await page.getByRole('button', { name: 'Roll back to this' }).first().click();
    await page.getByRole('dialog').getByLabel('Why, for those who read it later').fill('It was right before');
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back to this' }).click();
    await page.getByRole('row').filter({ hasText: 'It was right before' }).getByText('in force').waitFor();
    expect(await page.getByRole('radio', { name: 'PICKED: available' }).isChecked()).toBe(true);
    expect(said).toEqual([]);
    await close();
  });

  it('drags a status to another column', async () => {
    const { page, close } = await world.visit('/mapping');
    const from = page.locator('label').filter({ has: page.getByRole('radio', { name: 'HOLD: unavailable' }) });
    const to = page.locator('td').filter({ has: page.getByRole('radio', { name: 'HOLD: available' }) });
    await from.dragTo(to);
    expect(await page.getByRole('radio', { name: 'HOLD: available' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByRole('radio', { name: 'HOLD: unavailable' }).isChecked()).toBe(true);
    await close();
  });
});

describe.skipIf(isChromiumMissing)('a status that no rule takes (skipped where Chromium is missing)', () => {
  it('stands at the edge with its units and what they are worth', async () => {
    const world = await openConsole(async (folder) => {
      const path = join(folder, 'evenstock.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace(', DAMAGED', ''));
    });
    const answer = await world.call('POST', '/runs', {});
    const { id } = (await answer.json()) as { id: string };
    await expect
      .poll(async () => ((await (await world.call('GET', `/runs/${id}`)).json()) as { state: string }).state, {
        timeout: 40_000,
      })
      .toBe('complete');
    const { page, close } = await world.visit('/mapping');
    await page.getByText(/that no comparison sees/).waitFor();
    expect(await page.getByRole('radio', { name: 'DAMAGED: Not mapped' }).isChecked()).toBe(true);
    await picture(page, 'mapping-unmapped');
    expect(await violations(page)).toEqual([]);
    await close();
    await world.close();
  });
});

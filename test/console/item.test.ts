import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../e2e/run-cli.ts';
import { json, until } from '../e2e/run-server.ts';
import {
  type ConsoleWorld,
  expectWellDrawn,
  isChromiumMissing,
  openConsole,
  picture,
  settled,
  violations,
} from './console-world-fixture.ts';

/** In the demo: a status move that the ERP refused, a lost shipment and a return nobody posted, on one item. */
const WORST = '/items/000000000010000042';

describe.skipIf(isChromiumMissing)('an item in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  });
  afterAll(() => world?.close());

  it('fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing', async () => {
    await expectWellDrawn(world, WORST, 'item', async (page, device) => {
      await picture(page, `item-${device}`);
      for (const row of await page.getByRole('button', { name: /message rejected/ }).all()) await row.click();
      await page.getByRole('heading', { name: /^Timeline/ }).scrollIntoViewIfNeeded();
    });
  }, 120_000);

  it('says on the first screen what is off, why, since when and what to do', async () => {
    const { page, close } = await world.visit(WORST);
    const seen = async (text: string | RegExp): Promise<void> => {
      const box = await page.getByText(text).first().boundingBox();
      expect({ text, isOnFirstScreen: box !== null && box.y + box.height < 900 }).toEqual({
        text,
        isOnFirstScreen: true,
      });
    };
    await seen(/ERP shows 1,240 EA more than the warehouse/);
    await seen('Material currently being processed by PATELR, try again');
    await seen('Out of sync since');
    await seen(/^Remove the reason and reprocess message M000032346/);
    await seen('+1,212 = +1,240 − 32 + 4');
    expect(await page.getByText('adds up').count()).toBe(3);
    await close();
  });

  it('opens each contribution to its proofs, and a proof to the raw row with what was read of it', async () => {
    const { page, said, close } = await world.visit(WORST);
    const reason = page.getByRole('button', { name: /message rejected/ }).first();
    await reason.click();
    expect(await reason.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: /^Message M000032346 · messages\.csv row \d+/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('The file is unchanged since the run read it.', { exact: false }).waitFor();
    await drawer.getByRole('row', { name: 'state rejected' }).waitFor();
    const [, row = ''] = /row=(\d+)/.exec(page.url()) ?? [];
    const line = readFileSync(join(world.folder, 'messages.csv'), 'utf8').split('\n')[Number(row) - 1] ?? '';
    expect(line).toContain('M000032346');
    expect(await drawer.locator('pre').textContent()).toContain(line.trim());
    await picture(page, 'item-document');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    expect(page.url()).not.toMatch(/file=/);
    expect(said).toEqual([]);
    await close();
  });

  it('walks the timeline by keys, comes closer to the onset, and keeps all of it in the address', async () => {
    const { page, close } = await world.visit(`${WORST}?category=available`);
    const list = page.getByRole('table', { name: /both ledgers/ });
    expect(await list.getByText('never posted').count()).toBe(3);
    await list
      .getByText(/documents agree/)
      .first()
      .waitFor();
    await list.locator('tr[data-index]').first().focus();
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('SO-0001700');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('row', { name: 'state rejected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Around the onset' }).click();
    await page.waitForURL(/from=.*to=/);
    await list.getByText('SO-0001700').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Whole period' }).click();
    await page.getByRole('button', { name: 'All documents' }).click();
    await page.waitForURL(/show=all/);
    await list.getByText('SO-0001642').waitFor();
    await page.reload();
    await settled(page);
    await list.getByText('SO-0001642').waitFor();
    await close();
  });

  it('lines up the lanes at the document that one points at, and a drag shows a part', async () => {
    const { page, close } = await world.visit(WORST);
    const lanes = page.locator('svg').filter({ has: page.locator('clipPath') });
    await lanes.scrollIntoViewIfNeeded();
    const label = lanes.getByText(/^ST-0090893/);
    const [frame, box] = [await lanes.boundingBox(), await label.boundingBox()];
    if (frame === null || box === null) throw new Error('the lanes are not drawn');
    await page.mouse.move(box.x + 6, frame.y + 140);
    await page.getByText('947 rejected 07:33', { exact: true }).waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + 120, frame.y + 140);
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    await close();
  });

  it('goes from place to place, and keeps to the site of the address', async () => {
    const { page, close } = await world.visit(`${WORST}?site=DALLAS`);
    await page.getByText(/^In sync at DALLAS as of/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: /^RENO/ }).click();
    await page.waitForURL(/site=RENO/);
    await page.getByText(/ERP shows 1,240 EA more/).waitFor();
    await page.goto(`${world.origin}/items/000000000010000014?site=RENO`);
    await page.getByText('Not held at RENO').waitFor();
    await page.getByRole('link', { name: /^CHICAGO · lot L0129143/ }).click();
    await page.getByText(/ERP shows 60 EA more than the warehouse/).waitFor();
    const finding = page.getByRole('link', { name: /^F1: Interface 945/ }).first();
    expect(await finding.getAttribute('href')).toMatch(/^\/findings\?.*run=[\w-]+.*#F1$/);
    await close();
  });

  it('says that what a lot lacks was posted to another, and shows a difference from the start as one', async () => {
    const { page, close } = await world.visit('/items/000000000010000086?site=RENO&lot=00132470');
    await page.getByText('posted elsewhere').waitFor();
    await page.goto(`${world.origin}/items/000000000010000070`);
    await page.getByText('Out of sync since before').waitFor();
    await page.getByText('+24 before + 6 by documents + 0 without a movement = +30').waitFor();
    await close();
  });

  it('shows how the variance went from run to run, with its onset', async () => {
    const { page, close } = await world.visit(WORST);
    await page.getByText(/^onset Nov \d+$/).waitFor();
    await page.getByText(/^last \d+ runs$/).click();
    const runs = page.getByRole('table', { name: 'Variance found by each run: unavailable' }).getByRole('row');
    const told = await runs.allTextContents();
    const { runs: kept } = await json(await world.call('GET', `${WORST}/history`));
    expect(told).toHaveLength(kept.length);
    expect(told[0]).toContain('−1,240');
    expect(told.at(-1)).toContain('in sync');
    await close();
  });

  it('takes the place along as text', async () => {
    const { page, close } = await world.visit(WORST);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(text).toContain('available: ERP 1272, WMS 2484, WMS - ERP 1212 EA');
    expect(text).toContain('1. Remove the reason and reprocess message M000032346');
    await close();
  });

  it('suggests what is alike where the code is none, and leads back where the run is gone', async () => {
    const { page, close } = await world.visit('/items/10000042X');
    await page.getByText('No item 10000042X').waitFor();
    await picture(page, 'item-unknown');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${world.origin}/items/00000000001000004`);
    await page.getByText(/^Several items begin like/).waitFor();
    await page.getByRole('link', { name: '000000000010000042' }).click();
    await page.getByRole('heading', { name: /Circuit breaker/ }).waitFor();
    await page.goto(`${world.origin}${WORST}?run=20200101-000000000-000000`);
    await page.getByRole('link', { name: 'Show the newest run' }).click();
    await page.getByRole('heading', { name: /Circuit breaker/ }).waitFor();
    await close();
  });

  it('shows who sees one site nothing of the others', async () => {
    const person = {
      login: 'reno',
      name: 'Reno',
      role: 'viewer',
      sites: ['DALLAS'],
      password: 'kettle-in-the-wrong-bin-8',
    };
    expect((await world.call('POST', '/users', person)).status).toBe(201);
    const session = await fetch(`${world.server.address}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: person.login, password: person.password }),
    });
    const [name = '', value = ''] = (session.headers.get('set-cookie')?.split(';')[0] ?? '').split('=');
    const { page, close } = await world.visit('/');
    await page.context().addCookies([{ name, value, url: world.origin, httpOnly: true, sameSite: 'Strict' }]);
    await page.goto(`${world.origin}${WORST}?site=RENO`);
    await page.getByText('Not held at RENO').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('69,195');
    await page.getByRole('link', { name: 'DALLAS' }).click();
    await page.getByText(/^In sync at DALLAS as of/).waitFor();
    expect(await page.getByRole('link', { name: /^RENO/ }).count()).toBe(0);
    await page.goto(`${world.origin}/items/000000000010000071?site=DALLAS&file=messages.csv&row=986`);
    await page.getByRole('dialog').getByText('There is nothing here').waitFor();
    await close();
  });
});

describe.skipIf(isChromiumMissing)('an item without ledgers (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(async (folder) => {
      rmSync(folder, { recursive: true });
      await runCli(join(folder, '..'), 'init', folder);
    });
  });
  afterAll(() => world?.close());

  const run = async (): Promise<void> => {
    const { id } = await json(await world.call('POST', '/runs', {}));
    const state = async () => (await json(await world.call('GET', `/runs/${id}`))).state;
    await until(async () => !['queued', 'running'].includes(await state()), 'the end of the run');
    expect(await state()).toBe('complete');
  };

  it('waits for the first run, says what is needed to explain it, and is there by itself when it is over', async () => {
    const { page, close } = await world.visit('/items/00123');
    await page.getByText('There is no run yet').waitFor();
    await picture(page, 'item-no-run');
    expect(await violations(page)).toEqual([]);
    await run();
    // By itself: the server tells that there is a run.
    await page.getByText(/ERP shows 9 EA more than the warehouse/).waitFor();
    await page.getByText('Not explained: 9 EA').waitFor();
    await page.getByText(/^The balances alone do not say why/).waitFor();
    await page.getByText(/^Snapshots of one moment so far/).waitFor();
    await picture(page, 'item-no-ledgers');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${world.origin}/items/00152`);
    await page.getByText('8 EA count for nothing').waitFor();
    await picture(page, 'item-unmapped');
    expect(await violations(page)).toEqual([]);
    await close();
  });
});

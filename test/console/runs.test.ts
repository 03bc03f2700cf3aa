import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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

describe.skipIf(isChromiumMissing)('the list of runs in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    // A new data directory: nothing was ever compared.
    world = await openConsole(async (folder) => rmSync(join(folder, '.evenstock'), { recursive: true, force: true }));
    await world.call('POST', '/users', {
      ...{ login: 'vic', name: 'Vic Moran', role: 'viewer', sites: ['RENO'], password: 'likes-long-phrases-too' },
    });
  }, 240_000);
  afterAll(() => world?.close());

  it('says what would fill it where there is none, and starts the first run', async () => {
    const { page, close } = await world.visit('/runs');
    await page.getByText('No run yet').waitFor();
    await picture(page, 'runs-empty');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${world.origin}/runs/latest`);
    await page.getByText('No run has been completed yet').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start a run' }).click();
    await page.getByRole('dialog', { name: 'Start a run' }).waitFor();
    await page.getByLabel('Accept what the quality gate refuses').check();
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await picture(page, 'runs-start');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Accept what the quality gate refuses').uncheck();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/runs\/\d{8}-/);
    // The run goes on and ends while one looks at it, without a reload.
    await page.getByRole('grid', { name: 'Discrepancies' }).waitFor({ timeout: 60_000 });
    await close();
  }, 180_000);

  it('fits a desk and a phone, by day and by night, says nothing strange, and axe finds nothing', async () => {
    const isThere = (page: Page) =>
      page
        .getByRole('link', { name: /^Open the run of/ })
        .first()
        .waitFor();
    await expectWellDrawn(world, '/runs', 'runs', isThere);
  }, 120_000);

  it('a state that no run is in says so', async () => {
    const { page, close } = await world.visit('/runs');
    await page.getByRole('button', { name: 'Cancelled' }).click();
    await page.waitForURL('**state=cancelled**');
    await page.getByText('No run is in this state').waitFor();
    await close();
  });

  it('who only looks is offered no run, and sees the lines of the own sites', async () => {
    const { page, said, close } = await world.visit('/runs');
    await page.context().clearCookies();
    await page.goto(`${world.origin}/runs/latest`);
    await page.getByLabel('Login').fill('vic');
    await page.getByRole('textbox', { name: 'Password' }).fill('likes-long-phrases-too');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('grid', { name: 'Discrepancies' }).waitFor();
    await settled(page);
    expect(await page.getByRole('button', { name: 'Start a run' }).count()).toBe(0);
    const sites = await page.locator('[role=gridcell][data-column=site]').allInnerTexts();
    expect(new Set(sites)).toEqual(new Set(['RENO']));
    await picture(page, 'run-viewer');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${world.origin}/runs`);
    await settled(page);
    expect(said.filter((each) => !each.includes('401'))).toEqual([]);
    await close();
  }, 120_000);
});

describe.skipIf(isChromiumMissing)('a run that is refused, in Chromium (skipped where Chromium is missing)', () => {
  it('has the words of the server and what to do, in the list and on its page', async () => {
    const world = await openConsole(async (folder) => {
      rmSync(join(folder, '.evenstock'), { recursive: true, force: true });
      const file = join(folder, 'evenstock.yaml');
      const said = readFileSync(file, 'utf8');
      // Two snapshots that are weeks apart, and no movements between them: they cannot be compared.
      const apart = said.replace('as_of: 2026-11-21T00:19:59', 'as_of: 2026-10-21T00:19:59');
      writeFileSync(file, apart.replace(/^ +- \{ system: sap, .*erp_movements.csv.*\n/m, ''));
    });
    const { id } = (await (await world.call('POST', '/runs', {})).json()) as { id: string };
    await until(async () => {
      const { state } = (await (await world.call('GET', `/runs/${id}`)).json()) as { state: string };
      return state === 'refused';
    }, 'the refusal');
    const { page, said } = await world.visit('/runs?state=refused');
    await page.getByRole('cell', { name: /^Refused/ }).waitFor();
    await picture(page, 'runs-refused');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: /^Open the run of/ }).click();
    await page.getByText('The quality gate refused this run').waitFor();
    await settled(page);
    await picture(page, 'run-refused');
    expect(await violations(page)).toEqual([]);
    // The browser tells of each 404, and no run is complete here.
    expect(said.filter((line) => !line.includes('404'))).toEqual([]);
    await world.close();
  }, 240_000);
});

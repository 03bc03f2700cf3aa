/** A run while it waits, runs, is cancelled, or has failed: its page in each of these states, and the order of the list's columns. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database/open-database.ts';
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

const CONFIGURATION = `version: 1
name: Large Goods
currency: USD
systems:
  sap: { role: erp }
  wms1: { role: wms, sites: [DC1] }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: 2026-11-22T23:59:59Z }
  - { system: wms1, format: csv, path: wms.csv, as_of: 2026-11-22T23:59:59Z }
grain: [site, item, category]
categories:
  available: { erp: [UNRESTRICTED], wms: [AVAILABLE] }
`;
/** So many that reading them takes longer than a process takes to be stopped. */
const ROWS = 500_000;

/** One item in 5,000 is out by as much as its number says. */
function stock(status: string, isOff: boolean): string {
  const lines = ['site,item,status,quantity'];
  for (let item = 0; item < ROWS; item++)
    lines.push(`DC1,${String(item).padStart(8, '0')},${status},${10 + (isOff && item % 5_000 === 7 ? item % 50 : 0)}`);
  return `${lines.join('\n')}\n`;
}

/** Processes of runs that the server started. */
function runProcesses(server: number): number[] {
  const tasks = readdirSync(`/proc/${server}/task`);
  const children = tasks.flatMap((task) => readFileSync(`/proc/${server}/task/${task}/children`, 'utf8').split(' '));
  return children.filter((pid) => pid !== '' && commandOf(pid).includes('run-entry')).map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const isUnfit = isChromiumMissing || process.platform !== 'linux';

describe.skipIf(isUnfit)(
  'a run on its way, in Chromium (skipped where Chromium is missing, or this is no Linux)',
  () => {
    let world: ConsoleWorld;
    let stopped: number[] = [];
    beforeAll(async () => {
      world = await openConsole(async (folder) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        writeFileSync(join(folder, 'evenstock.yaml'), CONFIGURATION);
        writeFileSync(join(folder, 'erp.csv'), stock('UNRESTRICTED', false));
        writeFileSync(join(folder, 'wms.csv'), stock('AVAILABLE', true));
      });
      await ended(await ask(), 'complete');
    }, 300_000);
    afterAll(() => world?.close());
    afterEach(async () => {
      goOn();
      // What a test leaves behind must not keep the next one waiting.
      const { items } = await json(await world.call('GET', '/runs?state=queued,running'));
      for (const { id } of items) await world.call('POST', `/runs/${id}/cancel`);
      for (const { id } of items) await until(async () => !['queued', 'running'].includes((await runOf(id)).state));
    }, 120_000);

    const goOn = (): void => {
      for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    };
    const ask = async (): Promise<string> => (await json(await world.call('POST', '/runs', {}))).id;
    const runOf = async (id: string) => json(await world.call('GET', `/runs/${id}`));
    const ended = async (id: string, state: string): Promise<void> => {
      let run = await runOf(id);
      const isOver = async (): Promise<boolean> => {
        run = await runOf(id);
        return !['queued', 'running'].includes(run.state);
      };
      // A machine that does much else takes its time.
      for (let tries = 0; tries < 3; tries++) await until(isOver).catch(() => undefined);
      expect(run, JSON.stringify(run)).toMatchObject({ state });
    };

    /** A run that stands still in the middle of its work. */
    const held = async (): Promise<string> => {
      const id = await ask();
      await until(async () => (await runOf(id)).progress !== null, 'the first progress');
      stopped = runProcesses(world.server.child.pid as number);
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
      expect(stopped).toHaveLength(1);
      await until(async () => (await runOf(id)).state === 'running', 'the run');
      return id;
    };

    it('says how far it is and offers to cancel it, on every device; another one waits for its turn', async () => {
      const id = await held();
      const waiting = await ask();
      await expectWellDrawn(world, `/runs/${id}`, 'run-running', async (page) => {
        await page.getByRole('progressbar', { name: 'How far the run is' }).waitFor();
        await page.getByText(/^(Opening the files|Reading|Comparing)/).waitFor();
        await page.getByRole('button', { name: 'Cancel the run' }).waitFor();
      });
      await expectWellDrawn(world, `/runs/${waiting}`, 'run-queued', (page) =>
        page.getByText('Waiting for its turn').waitFor(),
      );
      // In the list both are seen, and the one that waits is cancelled from its page.
      const { page, close } = await world.visit('/runs');
      await page.getByText('Waiting', { exact: true }).first().waitFor();
      await picture(page, 'runs-running');
      expect(await violations(page)).toEqual([]);
      await page.goto(`${world.origin}/runs/${waiting}`);
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByText('This run was cancelled').waitFor();
      await picture(page, 'run-cancelled');
      expect(await violations(page)).toEqual([]);
      // The one that runs ends only when its process hears of it.
      await page.goto(`${world.origin}/runs/${id}`);
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByText('Being cancelled').waitFor();
      await picture(page, 'run-cancelling');
      expect(await violations(page)).toEqual([]);
      goOn();
      await page.getByText('This run was cancelled').waitFor();
      await ended(id, 'cancelled');
      await close();
    }, 300_000);

    it('moves by itself, and becomes the list of what it found', async () => {
      const id = await held();
      const { page, said, close } = await world.visit(`/runs/${id}`);
      const status = page.getByRole('status').filter({ hasText: /Opening|Reading|Comparing/ });
      const before = await status.innerText();
      goOn();
      await until(async () => {
        const now = await status.innerText({ timeout: 1_000 }).catch(() => '');
        return now !== before;
      }, 'another word of progress');
      await page.getByRole('grid', { name: 'Discrepancies' }).waitFor({ timeout: 120_000 });
      expect(said).toEqual([]);
      await close();
    }, 300_000);

    it('that failed says why and what to do', async () => {
      const id = await ask();
      // Of five attempts, ten seconds apart, this is the last.
      const database = openDatabase(join(world.folder, '.evenstock'), undefined);
      await database.db.transaction().execute((tx) => tx.updateTable('jobs').set({ attempts_max: 1 }).execute());
      await database.close();
      const isOver = async (): Promise<boolean> => {
        // As the machine does where memory runs out.
        for (const pid of runProcesses(world.server.child.pid as number)) process.kill(pid, 'SIGKILL');
        return (await runOf(id)).state === 'failed';
      };
      await until(isOver, 'the failure');
      await expectWellDrawn(world, `/runs/${id}`, 'run-failed', async (page) => {
        await page.getByText('This run failed').waitFor();
        await page.getByText(/the process of the run ended before its work was done/).waitFor();
        await page.getByText(/Look at the log and at the memory of the machine/).waitFor();
      });
    }, 180_000);

    it('is told where it happens before the page listens', async () => {
      // The stream is held up until the page has its first answers; the run is made meanwhile.
      const { page, close } = await world.visit('/sign-in');
      let open: () => void = () => undefined;
      const isHeard = new Promise<void>((resolve) => {
        open = resolve;
      });
      await page.route('**/api/v1/events', async (route) => {
        await isHeard;
        await route.continue();
      });
      await page.goto(`${world.origin}/runs`);
      await settled(page);
      const links = page.getByRole('link', { name: /^Open the run of/ });
      const count = await links.count();
      const id = await ask();
      await world.call('POST', `/runs/${id}/cancel`);
      await ended(id, 'cancelled');
      expect(await links.count()).toBe(count);
      open();
      await until(async () => (await links.count()) === count + 1, 'the run in the list');
      await close();
    }, 120_000);

    const heads = (page: Page): Promise<string[]> =>
      page
        .locator('[role=columnheader][data-column]')
        .evaluateAll((cells) =>
          cells.map((cell) => (cell as unknown as { dataset: Record<string, string> }).dataset['column'] ?? ''),
        );

    it('its columns are moved by keys and by the pointer', async () => {
      const { page, said, close } = await world.visit('/runs/latest');
      const usual = await heads(page);
      expect(usual.slice(0, 3)).toEqual(['item', 'site', 'category']);
      await page.getByRole('button', { name: 'Columns' }).click();
      const left = page.getByRole('button', { name: 'Move Site to the left' });
      await left.focus();
      await page.keyboard.press('Enter');
      await page.getByText('Site is column 1 of 10 now').waitFor({ state: 'attached' });
      // The button keeps the focus wherever its column went, and does nothing at the end.
      expect(
        await left.evaluate(
          (button) =>
            button === (globalThis as never as { document: { activeElement: unknown } }).document.activeElement,
        ),
      ).toBe(true);
      await page.keyboard.press('Enter');
      expect((await heads(page)).slice(0, 3)).toEqual(['site', 'item', 'category']);
      const down = page.getByRole('button', { name: 'Move Item to the right' });
      await down.focus();
      await page.keyboard.press('Space');
      expect((await heads(page)).slice(0, 3)).toEqual(['site', 'category', 'item']);
      expect(
        await down.evaluate(
          (button) =>
            button === (globalThis as never as { document: { activeElement: unknown } }).document.activeElement,
        ),
      ).toBe(true);
      const shown = page.getByRole('list', { name: 'Shown, in this order' }).getByRole('listitem');
      await shown.filter({ hasText: 'Value' }).dragTo(shown.filter({ hasText: 'ERP' }));
      await until(async () => (await heads(page))[3] === 'value', 'the value before the ERP');
      await page.getByRole('checkbox', { name: 'Rank' }).check();
      expect((await heads(page))[0]).toBe('rank');
      await picture(page, 'run-columns');
      expect(await violations(page)).toEqual([]);
      expect(said).toEqual([]);
      await close();
    }, 180_000);
  },
);

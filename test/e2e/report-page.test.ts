import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainedReport } from '../../src/report/explained-report-fixture.ts';
import { renderHtml } from '../../src/report/html.ts';
import { refusedReport, SAMPLE_GAPS, sampleReport } from '../../src/report/sample-report-fixture.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env['CHROMIUM'] ?? '', ...CANDIDATES].find((path) => path !== '' && existsSync(path));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
/** What a reader may have: a desk or a phone, by day or by night. */
const DEVICES: readonly { readonly name: string; readonly options: BrowserContextOptions }[] = [
  { name: '1440 px, light', options: { viewport: DESK, colorScheme: 'light' } },
  { name: '1440 px, dark', options: { viewport: DESK, colorScheme: 'dark' } },
  { name: '360 px, light', options: { viewport: PHONE, colorScheme: 'light' } },
  { name: '360 px, dark', options: { viewport: PHONE, colorScheme: 'dark' } },
];
const REPORTS = [
  { name: 'ordinary', report: () => sampleReport() },
  { name: 'with gaps', report: () => sampleReport(SAMPLE_GAPS) },
  { name: 'without a discrepancy', report: () => sampleReport({ discrepancies: 0 }) },
  { name: 'refused', report: () => refusedReport() },
];

/** Parts of opened items that reach beyond the window or their own cell. */
const SPILLING = `[...document.querySelectorAll('.place, .place section, .place table, .place td')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
    || (each.tagName === 'TD' && each.scrollWidth > each.clientWidth + 1))
  .map((each) => each.outerHTML.slice(0, 80))`;

describe.skipIf(executablePath === undefined)('report.html in Chromium (skipped where Chromium is missing)', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenstock-page-'));
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a report from disk, as a user does. `said` gathers complaints of the page, `asked` requests beyond its own file. */
  async function open(pieces: Iterable<string>, options: BrowserContextOptions = {}) {
    const path = join(folder, 'report.html');
    writeFileSync(path, [...pieces].join(''));
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    const address = pathToFileURL(path).href;
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) asked.push(request.url());
    });
    await page.goto(address, { waitUntil: 'load' });
    return { page, said, asked, close: () => context.close() };
  }

  const column = (page: Page, key: string): Promise<string[]> => page.locator(`#table tbody td.${key}`).allInnerTexts();

  it.each(REPORTS)('$name: asks for nothing and says nothing, on every device', async ({ report }) => {
    for (const { name, options } of DEVICES) {
      const { page, said, asked, close } = await open(renderHtml(report(), { linesMax: 1000 }), options);
      expect({ name, said, asked }).toEqual({ name, said: [], asked: [] });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect({ name, overflow: Math.max(0, overflow) }).toEqual({ name, overflow: 0 });
      await close();
    }
  });

  // The fullest page and the one without a table; the phone's colours are the desk's.
  it.each(REPORTS.filter(({ name }) => name === 'with gaps' || name === 'refused'))(
    '$name: axe finds nothing',
    async ({ report }) => {
      for (const { name, options } of DEVICES.slice(0, 3)) {
        // The page's own policy lets no further script in; the test's browser does.
        const { page, close } = await open(renderHtml(report(), { linesMax: 60 }), { ...options, bypassCSP: true });
        await page.addScriptTag({ content: axe });
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        expect({ name, found }).toEqual({ name, found: [] });
        await close();
      }
    },
  );

  it('dark and light differ, and the ground follows the scheme', async () => {
    const grounds: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await open(renderHtml(sampleReport(), { linesMax: 1000 }), { colorScheme });
      grounds.push(await page.evaluate<string>("getComputedStyle(document.querySelector('main')).backgroundColor"));
      await close();
    }
    expect(grounds).toEqual(['rgb(255, 255, 255)', 'rgb(23, 26, 31)']);
  });

  it('sorts by a column: numbers from the largest, then turned round', async () => {
    const { page, close } = await open(renderHtml(sampleReport(), { linesMax: 1000 }));
    const numbers = async (): Promise<number[]> =>
      (await column(page, 'erp_quantity')).map((text) => Number(text.replaceAll(',', '')));
    await page.locator('th[data-key=erp_quantity] button').click();
    const falling = await numbers();
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect(await page.locator('th[data-key=erp_quantity]').getAttribute('aria-sort')).toBe('descending');
    await page.locator('th[data-key=erp_quantity] button').click();
    const rising = await numbers();
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    expect(rising).not.toEqual(falling);
    await close();
  });

  it('filters by site and by text, says how many fit, and clears', async () => {
    const report = sampleReport();
    const lines = [...report.lines];
    const { page, close } = await open(renderHtml({ ...report, lines }, { linesMax: 1000 }));
    const all = lines.length;
    await page.locator('[data-filter=site] select').selectOption('DC2');
    const atSite = lines.filter((line) => line.site === 'DC2').length;
    expect(await page.locator('#found').innerText()).toBe(`${atSite} of ${all} fit the filters.`);
    expect(new Set(await column(page, 'site'))).toEqual(new Set(['DC2']));
    const { item = '' } = lines.find((line) => line.site === 'DC2') ?? {};
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type(item);
    expect((await column(page, 'item')).every((text) => text.startsWith(item))).toBe(true);
    await page.locator('#search').fill('no such item');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    expect(await page.locator('#found').innerText()).toBe('');
    expect(await page.locator('#table tbody tr').count()).toBe(Math.min(all, 100));
    await close();
  });

  it('opens a line to what else is known of it, and closes it again', async () => {
    const { page, close } = await open(renderHtml(sampleReport(), { linesMax: 1000 }), {
      viewport: PHONE,
    });
    const button = page.locator('#table button.open').first();
    await button.click();
    expect(await page.locator('tr.detail dt').allInnerTexts()).toContain('Unit cost');
    await button.click();
    expect(await page.locator('tr.detail').count()).toBe(0);
    await close();
  });

  describe('items', () => {
    const explained = (): Iterable<string> => {
      const { report, views } = explainedReport();
      return renderHtml(report, { linesMax: 1000, views });
    };
    /** Opens the lines of the three items with the keyboard alone: the way from the search is long, so focus is set. */
    const openItems = async (page: Page): Promise<void> => {
      for (const item of ['00123', '00311', '00207']) {
        await page.locator('#table button.open', { hasText: item }).first().focus();
        await page.keyboard.press('Enter');
      }
    };

    it('opens by keyboard to both systems, reasons and timeline, on every device, and asks for nothing', async () => {
      const tablet = { name: '820 px, light', options: { viewport: { width: 820, height: 900 } } };
      for (const { name, options } of [...DEVICES, tablet]) {
        const { page, said, asked, close } = await open(explained(), options);
        await openItems(page);
        const places = await page.locator('tr.detail .place').allInnerTexts();
        expect({ name, places: places.length }).toEqual({ name, places: 3 });
        for (const part of [
          'Send the 141 messages of interface 945 from 13:40 to 14:25 again',
          'UNRESTRICTED',
          'Why available: +95 = +110 − 12 − 3',
          'W-88101',
          '× none',
        ])
          expect(places[0]).toContain(part);
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect({ name, said, asked, overflow: Math.max(0, overflow) }).toEqual({
          name,
          said: [],
          asked: [],
          overflow: 0,
        });
        expect({ name, spilling: await page.evaluate(SPILLING) }).toEqual({ name, spilling: [] });
        await page.locator('#table button.open', { hasText: '00123' }).first().focus();
        await page.keyboard.press('Space');
        expect(await page.locator('tr.detail .place').count()).toBe(2);
        await close();
      }
    });

    it('axe finds nothing in opened items', async () => {
      for (const { name, options } of DEVICES.slice(0, 3)) {
        const { page, close } = await open(explained(), { ...options, bypassCSP: true });
        await openItems(page);
        await page.addScriptTag({ content: axe });
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        expect({ name, found }).toEqual({ name, found: [] });
        await close();
      }
    });

    it('a click anywhere on a line opens it; one without a place of its own names the command', async () => {
      const { page, close } = await open(explained());
      await page.locator('#table > tbody > tr').first().locator('td.category').click();
      expect(await page.locator('tr.detail .place').count()).toBe(1);
      await page.locator('tr.detail .place').click();
      expect(await page.locator('tr.detail').count()).toBe(1);
      await page.locator('#table > tbody > tr').last().locator('td.category').click();
      expect(await page.locator('tr.detail').last().innerText()).toMatch(/evenstock explain 9\d+ --site DC\d/);
      await close();
    });

    it('filters by cause and shows the lines of a finding', async () => {
      const { page, close } = await open(explained());
      await page.locator('[data-filter=cause] select').selectOption('status move missing');
      expect(await page.locator('#found').innerText()).toBe('2 of 64 fit the filters.');
      await page.getByRole('button', { name: 'Show its lines' }).click();
      expect(await page.locator('#found').innerText()).toBe('20 of 64 fit the filters.');
      expect(new Set(await column(page, 'cause'))).toEqual(new Set(['message lost (.95)']));
      await close();
    });

    it('prints the first places opened, each once', async () => {
      const { page, close } = await open(explained());
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.locator('tr.detail .place').count()).toBe(3);
      expect(await page.locator('tr.detail').count()).toBe(3);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await page.locator('tr.detail').count()).toBe(0);
      await close();
    });
  });
});

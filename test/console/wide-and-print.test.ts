/** The pages that people put on a wall, on a tablet and on paper: run, item, measures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsoleWorld,
  isChromiumMissing,
  openConsole,
  overflow,
  picture,
  violations,
} from './console-world-fixture.ts';

const PAGES = [
  ['run', '/runs/latest'],
  ['run-panel', '/runs/latest?line=1'],
  ['item', '/items/000000000010000042'],
  ['measures', '/measures'],
] as const;
const WIDTHS = [
  { name: '4k', viewport: { width: 3840, height: 2160 } },
  { name: 'tablet', viewport: { width: 820, height: 1180 } },
] as const;

describe.skipIf(isChromiumMissing)('walls, tablets and paper in Chromium (skipped where Chromium is missing)', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  }, 240_000);
  afterAll(() => world?.close());

  it.each(WIDTHS)(
    '$name: everything fits, no line of text is too long to read, and axe finds nothing',
    async ({ name, viewport }) => {
      for (const [what, path] of PAGES) {
        const { page, said, close } = await world.visit(path, { viewport });
        await picture(page, `wide-${what}-${name}`);
        expect({ what, said }).toEqual({ what, said: [] });
        expect({ what, overflow: await overflow(page) }).toEqual({ what, overflow: 0 });
        // Running text is read in lines of at most some 120 characters.
        const widest = await page.evaluate<number>(
          'Math.max(0, ...[...document.querySelectorAll("main p")].filter((p) => p.textContent.length > 150).map((p) => p.getBoundingClientRect().width / parseFloat(getComputedStyle(p).fontSize)))',
        );
        expect({ what, isReadable: widest < 75 }).toEqual({ what, isReadable: true });
        expect({ what, found: await violations(page) }).toEqual({ what, found: [] });
        await close();
      }
    },
    240_000,
  );

  it('paper has no navigation, no buttons of lists, dark letters on white, and the heads of tables', async () => {
    for (const [what, path] of PAGES) {
      const { page, said, close } = await world.visit(path, {
        viewport: { width: 1060, height: 1500 },
        colorScheme: 'dark',
      });
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await picture(page, `print-${what}`);
      expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
      expect(await page.getByRole('banner').count()).toBe(0);
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
      const [text, heads] = await page.evaluate<[string, string[]]>(
        '[getComputedStyle(document.querySelector("h1")).color, [...document.querySelectorAll("main thead")].filter((each) => each.offsetParent !== null).map((each) => getComputedStyle(each).display)]',
      );
      expect({ what, text }).toEqual({ what, text: 'rgb(23, 27, 33)' });
      expect({ what, heads: new Set(heads) }).toEqual({ what, heads: new Set(['table-header-group']) });
      // Nothing is cut off: no part scrolls on paper.
      const cut = await page.evaluate<string[]>(
        '[...document.querySelectorAll("main, main *")].filter((each) => each.scrollHeight > each.clientHeight + 2 && /auto|scroll/.test(getComputedStyle(each).overflowY)).map((each) => each.className)',
      );
      expect({ what, cut }).toEqual({ what, cut: [] });
      expect(said).toEqual([]);
      await close();
    }
  }, 240_000);

  it('the list is printed line by line with its columns, and is a grid again afterwards', async () => {
    const { page, close } = await world.visit('/runs/latest?group=site');
    const grid = page.getByRole('treegrid', { name: 'Discrepancies' });
    await grid.locator('[data-kind=group]').first().click();
    await grid.locator('[data-kind=line] [data-column=value]').first().waitFor();
    const rows = Number(await grid.getAttribute('aria-rowcount')) - 1;
    const pdf = await page.pdf({ format: 'A4', landscape: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    // The page hears of the printer a moment later.
    await grid.waitFor({ state: 'detached' });
    const printed = page.locator('main table').last();
    expect(await printed.locator('tbody tr').count()).toBe(rows);
    expect(await printed.locator('thead').innerText()).toMatch(/Item\s+Site\s+Category/i);
    await picture(page, 'print-run-grouped');
    await page.emulateMedia({ media: 'screen' });
    await grid.waitFor();
    expect(await page.locator('main table').count()).toBeLessThan(2);
    await close();
  }, 120_000);
});

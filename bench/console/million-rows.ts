/**
 * Measures the list of a run with a million discrepancies in a real Chromium, on the built server: how long frames take while
 * somebody scrolls by the wheel, drags the bar, pages and jumps by keys, and from a press to the next frame. Nothing that a
 * user does not do.
 * `npm run bench:console [lines] [data directory to keep and use again]`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BIN, serveBuilt } from '../serve/built-server.ts';
import { keepMillion } from './kept-million.ts';

const lines = Number(process.argv[2] ?? 1_000_000);
const kept = process.argv[3];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'evenstock-bench-console-'));
const PASSWORD = 'kettle-in-the-wrong-bin-7';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

interface Frames {
  readonly what: string;
  readonly frames: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  readonly long_tasks: number;
}

/** Notes the time between frames, and tasks of more than 50 ms, until it is asked for them. */
const WATCH = `(() => {
  const times = [];
  let last = performance.now();
  let isOn = true;
  let tasks = 0;
  const observer = new PerformanceObserver((list) => { tasks += list.getEntries().length; });
  observer.observe({ entryTypes: ['longtask'] });
  const frame = (at) => { times.push(at - last); last = at; if (isOn) requestAnimationFrame(frame); };
  requestAnimationFrame((at) => { last = at; requestAnimationFrame(frame); });
  window.framesSeen = () => { isOn = false; observer.disconnect(); return { times, tasks }; };
})()`;

async function watched(page: Page, what: string, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(WATCH);
  await act();
  const { times, tasks } = await page.evaluate<{ times: number[]; tasks: number }>('framesSeen()');
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { what, frames: times.length, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1), long_tasks: tasks };
}

async function open(browser: Browser, origin: string): Promise<Page> {
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: PASSWORD }),
  });
  const [name = '', value = ''] = (answer.headers.get('set-cookie')?.split(';')[0] ?? '').split('=');
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  await page.goto(`${origin}/runs/latest`);
  await page.locator('[role=row][data-kind=line] [data-column=item]').first().waitFor({ timeout: 120_000 });
  return page;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(page: Page): Promise<Frames[]> {
  const grid = page.getByRole('grid');
  const box = await grid.boundingBox();
  if (box === null) throw new Error('the list is not there');
  const right = box.x + box.width - 6;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const wheel = async (steps: number, distance: number, wait: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      await page.mouse.wheel(0, distance);
      await pause(wait);
    }
  };
  // What is drawn for the first time is compiled for the first time.
  await wheel(20, 120, 16);
  const found = [
    await watched(page, 'wheel, slow', () => wheel(200, 120, 16)),
    await watched(page, 'wheel, fast', () => wheel(200, 2_400, 8)),
    await watched(page, 'bar dragged', async () => {
      await page.mouse.move(right, box.y + 40);
      await page.mouse.down();
      for (let step = 0; step <= 300; step++) {
        await page.mouse.move(right, box.y + 40 + (box.height - 60) * Math.abs(Math.sin(step / 60)));
        await pause(10);
      }
      await page.mouse.up();
    }),
    await watched(page, 'keys held', async () => {
      await grid.focus();
      for (let step = 0; step < 150; step++) await page.keyboard.press('j');
      for (let step = 0; step < 80; step++) await page.keyboard.press('PageDown');
    }),
    await watched(page, 'first to last and back', async () => {
      for (let step = 0; step < 10; step++) {
        await page.keyboard.press(step % 2 === 0 ? 'End' : 'Home');
        await pause(250);
      }
    }),
  ];
  return found;
}

/** From a press to the frame that shows it, as the browser itself counts it. */
async function measurePresses(page: Page): Promise<Record<string, number>> {
  await page.evaluate(`(() => {
    window.pressesSeen = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.interactionId > 0) window.pressesSeen.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
  })()`);
  const most = async (act: () => Promise<void>): Promise<number> => {
    await page.evaluate('pressesSeen.length = 0');
    await act();
    await pause(600);
    return page.evaluate<number>('Math.max(0, ...pressesSeen)');
  };
  const head = (name: string) => page.getByRole('columnheader', { name }).getByRole('button');
  return {
    sort_ms: await most(() => head('Value').click()),
    open_ms: await most(() => page.locator('[data-kind=line]').nth(3).click()),
    next_ms: await most(() => page.keyboard.press('j')),
    close_ms: await most(() => page.keyboard.press('Escape')),
    select_ms: await most(() => page.keyboard.press('x')),
    group_ms: await most(async () => {
      await page.getByLabel('Group').selectOption('site');
    }),
  };
}

/** How long the server takes for pages far down a filtered list. */
async function measureJumps(page: Page): Promise<Record<string, number>> {
  const times: number[] = [];
  for (let jump = 0; jump < 40; jump++)
    times.push(
      await page.evaluate<number>(`(async () => {
        const began = performance.now();
        const url = '/api/v1/runs/latest/discrepancies?direction=erp-overstated&sort=value&limit=200&offset=';
        await (await fetch(url + ${Math.floor((jump * 7_919 * 101) % Math.max(1, lines / 2.2))})).text();
        return performance.now() - began;
      })()`),
    );
  const sorted = times.slice(1).toSorted((a, b) => a - b);
  const round = (ms = 0): number => Math.round(ms * 10) / 10;
  return {
    first_ms: round(times[0]),
    p50_ms: round(sorted[Math.floor(sorted.length / 2)]),
    max_ms: round(sorted.at(-1)),
  };
}

try {
  if (!existsSync(join(folder, '.evenstock'))) await keepMillion(folder, lines, BIN);
  const server = await serveBuilt(folder, [], { EVENSTOCK_ADMIN_PASSWORD: PASSWORD });
  const executablePath = process.env['CHROMIUM'] ?? CHROMIUM.find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // The bar can be dragged only where it is drawn.
    ignoreDefaultArgs: ['--hide-scrollbars'],
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  const page = await open(browser, server.origin);
  for (const frames of await measure(page)) console.log(JSON.stringify({ lines, ...frames }));
  console.log(JSON.stringify({ lines, what: 'a page far down a filtered list', ...(await measureJumps(page)) }));
  console.log(
    JSON.stringify({ lines, what: 'from a press to the next frame, worst', ...(await measurePresses(page)) }),
  );
  await browser.close();
  await server.stop();
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

/**
 * Opens the console as people do: the demo's data, the built server, a real Chromium. Never a recorded answer.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOnly } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { makeFolder, runCli } from '../e2e/run-cli.ts';
import { type Served, serve, stop, until } from '../e2e/run-server.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env['CHROMIUM'] ?? '', ...CANDIDATES].find((path) => path !== '' && existsSync(path));
export const isChromiumMissing = executablePath === undefined;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
/** What a reader may have; each is looked at by day and by night. */
const DEVICES: readonly { readonly device: string; readonly options: BrowserContextOptions }[] = [
  { device: 'desk', options: { viewport: DESK } },
  { device: 'phone', options: { viewport: PHONE, hasTouch: true } },
];
const SEALING_KEY = 'for tests only, thirty-two characters at least';
const PASSWORD = 'kettle-in-the-wrong-bin-7';

export interface Visit {
  readonly page: Page;
  /** Complaints of the page: on its console, and errors nobody caught. */
  readonly said: string[];
  /** Requests to anywhere but the server. */
  readonly strange: string[];
  close(): Promise<void>;
}

export interface ConsoleWorld {
  readonly origin: string;
  /** Where the demo's files lie. */
  readonly folder: string;
  readonly server: Served;
  /** Opens an address as the signed-in administrator. */
  visit(path: string, options?: BrowserContextOptions): Promise<Visit>;
  /** What a write of the administrator carries. */
  headers(): Record<string, string>;
  /** Calls the API as the administrator does. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** The demo as it comes. Whichever test file is there first makes it; the others wait for it. */
async function demoMadeOnce(): Promise<string> {
  const shared = inject('sharedFolder');
  const [made, aside, demo] = [join(shared, 'made'), join(shared, 'aside'), join(shared, 'demo')];
  // No folder is made twice: one of many gets it.
  if (
    await mkdir(made).then(
      () => true,
      () => false,
    )
  ) {
    const { code, err } = await runCli(shared, 'demo', '--dir', aside, '--no-serve', '--quiet');
    if (code !== 0) throw new Error(`the demo failed: ${err}`);
    await rename(aside, demo);
  }
  await until(() => existsSync(demo), 'the demo');
  return demo;
}

/** Copies the demo and starts everything; `prepare` may change the folder before the server starts. */
export async function openConsole(prepare?: (folder: string) => Promise<void>): Promise<ConsoleWorld> {
  const folder = join(makeFolder('console'), 'demo');
  await cp(await demoMadeOnce(), folder, { recursive: true });
  await prepare?.(folder);
  const server = await serve(folder, {
    env: { EVENSTOCK_ADMIN_PASSWORD: PASSWORD, EVENSTOCK_SEALING_KEY: SEALING_KEY },
  });
  const browser = await launchChromium();
  const session = await signIn(server.origin);
  const headers = (): Record<string, string> => ({
    cookie: session.cookie,
    'x-csrf-token': session.csrf,
    'idempotency-key': crypto.randomUUID(),
  });
  return {
    origin: server.origin,
    headers,
    folder,
    server,
    visit: (path, options) => visit(browser, server.origin, session, path, options),
    call: (method, path, body) =>
      fetch(`${server.address}${path}`, {
        method,
        headers: {
          ...headers(),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await browser.close();
      await stop(server);
    },
  };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath as string,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

async function signIn(origin: string): Promise<SignedIn> {
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: PASSWORD }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrf_token: csrf } = (await answer.json()) as { csrf_token: string };
  return { cookie, csrf };
}

async function visit(
  browser: Browser,
  origin: string,
  { cookie }: SignedIn,
  path: string,
  options: BrowserContextOptions = { viewport: DESK },
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  await addCookie(context, origin, cookie);
  const page = await context.newPage();
  const said: string[] = [];
  const strange: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) strange.push(url);
  });
  await page.goto(`${origin}${path}`);
  await settled(page);
  return { page, said, strange, close: () => context.close() };
}

async function addCookie(context: BrowserContext, origin: string, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
}

/** Everything that the page asked for is there and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await until(async () => (await page.locator('[aria-busy=true]').count()) === 0, 'the end of loading');
}

const OFF = { enabled: false };

/**
 * Opens an address on a desk and on a phone, by day and by night: it says nothing strange, asks nobody else, nothing is cut
 * off, and axe finds nothing. `ready` waits for what the page has to show, and may press what opens more of it.
 */
export async function expectWellDrawn(
  world: Pick<ConsoleWorld, 'visit'>,
  path: string,
  name: string,
  ready?: (page: Page, device: string) => Promise<void>,
): Promise<void> {
  for (const { device, options } of DEVICES) {
    const visit = await world.visit(path, { ...options, colorScheme: 'light' });
    const { page } = visit;
    await ready?.(page, device);
    await picture(page, `${name}-${device}-light`);
    const [cutOff, found] = [await overflow(page), await violations(page)];
    const foundAtNight = await violationsAtNight(page, `${name}-${device}`);
    const { said, strange } = visit;
    expect({ path, device, said, strange, cutOff, found, foundAtNight }).toEqual({
      ...{ path, device, said: [], strange: [], cutOff: 0, found: [], foundAtNight: [] },
    });
    await visit.close();
  }
}

/** What is where stays as it is at night; its colours do not. */
async function violationsAtNight(page: Page, name: string): Promise<string[]> {
  const day = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await until(async () => (await background(page)) !== day, 'the colours of the night');
  await picture(page, `${name}-dark`);
  return violations(page, { type: 'rule', values: ['color-contrast'] });
}

const background = (page: Page) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

const ALL_RULES = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
} as const satisfies RunOnly;

/** What axe finds wrong, one line each; none on a page that everybody can use. */
export async function violations(page: Page, runOnly: RunOnly = ALL_RULES): Promise<string[]> {
  // Evaluated by the debugger, which the policy of the page does not bind.
  await page.evaluate(axe);
  // Dialogs and menus are drawn at the end of the document and have heads of their own, which these three take for the page's.
  const rules = { region: OFF, 'landmark-no-duplicate-banner': OFF, 'landmark-unique': OFF };
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify({ runOnly, rules })})`);
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary ?? ''}`);
}

/** How far the page is wider than its window; 0 where nothing is cut off. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - innerWidth, (document.querySelector("main")?.scrollWidth ?? 0) - (document.querySelector("main")?.clientWidth ?? 0))',
  );
}

/** Keeps a picture where EVENSTOCK_PICTURES names a folder: to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['EVENSTOCK_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** `evenstock demo` where somebody wants to look: it serves, its link signs in, and Ctrl-C ends all of it. */
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { type DemoFlags, wantsConsole } from '../../src/cli/commands/demo.ts';
import { makeFolder, runCli } from './run-cli.ts';
import { json, refuses, type Served, startServing, stop } from './run-server.ts';

const LINE = /^Open the console: (http:\/\/127\.0\.0\.1:\d+)\/sign-in#([\w-]{43})$/m;

const serveDemo = (folder: string, ...args: string[]): Promise<Served> =>
  startServing(folder, ['demo', ...args], undefined, LINE);
const tokenOf = ({ out }: Served): string => LINE.exec(out())?.[2] ?? '';

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

it('serves its run, signs in whoever opens the link, and ends at Ctrl-C', { timeout: 120_000 }, async () => {
  const folder = makeFolder('demo-serve');
  const served = await serveDemo(folder, '--port', '0');
  expect(served.out(), 'the report comes first').toContain('Northfield Supply (simulated)');
  const signedIn = await post(`${served.address}/session/link`, { token: tokenOf(served) });
  expect(await json(signedIn)).toMatchObject({ role: 'administrator', person: { name: 'Demo analyst' } });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] as string;
  const runs = await json(await fetch(`${served.address}/runs`, { headers: { cookie } }));
  expect(runs.items.length, 'the days before are there as well').toBe(10);
  expect(runs.items[0]).toMatchObject({ state: 'complete' });
  const again = await runCli(folder, 'demo');
  expect({ code: again.code, err: again.err }).toEqual({ code: 4, err: expect.stringContaining('is being served') });
  expect(served.err(), 'nobody is told of what goes well').toBe('');
  expect((await post(`${served.address}/session/link`, { token: 'x'.repeat(43) })).status).toBe(403);
  // The browser may come by this name as well: its session is another one.
  const byName = served.address.replace('127.0.0.1', 'localhost');
  const origin = new URL(byName).origin;
  expect((await post(`${byName}/session/link`, { token: tokenOf(served) }, { origin })).status).toBe(200);
  const { code, ms } = await stop(served, 'SIGINT');
  expect(code).toBe(0);
  expect(ms).toBeLessThan(10_000);
  expect(await refuses(served.address)).toBe(true);
});

it('takes another port only where none was asked for', { timeout: 120_000 }, async () => {
  const folder = makeFolder('demo-port');
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const { code, err } = await runCli(folder, 'demo', '--quiet', '--port', String(port));
  taken.close();
  expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('another program listens there') });
});

it.each<[string, Partial<DemoFlags>, Record<string, string>, boolean, boolean]>([
  ['somebody at a terminal', {}, {}, true, true],
  ['a script', {}, {}, false, false],
  ['a build with a terminal', {}, { CI: 'true' }, true, false],
  ['a machine that says it is no build', {}, { CI: 'false' }, true, true],
  ['a reader of JSON', { json: true }, {}, true, false],
  ['a script that names a port', { port: '0' }, { CI: '1' }, false, true],
  ['a reader of JSON that names a port', { port: '0', json: true }, {}, false, true],
  ['somebody who does not want it', { serve: false }, {}, true, false],
  ['somebody who does not want it, whatever the port', { serve: false, port: '0' }, {}, true, false],
])('for %s it serves or ends', (_who, flags, env, isAttended, isServed) => {
  expect(wantsConsole({ serve: true, ...flags }, { env, isAttended })).toBe(isServed);
});

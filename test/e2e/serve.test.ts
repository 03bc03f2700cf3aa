import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { json, newFolder, refuses, type Served, serve, stop, until } from './run-server.ts';

describe('evenstock serve', () => {
  let folder: string;
  let server: Served;
  let key: string;
  const request = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.address}${url}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    folder = await newFolder('serve');
    server = await serve(folder);
  });

  test('prints one line when it is ready, and a link where nobody can sign in yet', async () => {
    expect(server.out()).toMatch(/^Evenstock is ready at http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await (await fetch(`${server.address}/health`)).json()).toMatchObject({ status: 'ok' });
    expect((await fetch(`${server.address}/ready`)).status).toBe(200);
    const [, token] = /Set up the administrator within a day: http:\S+\/setup#(\S+)\n/.exec(server.err()) ?? [];
    const body = { token, login: 'chief', name: 'Chief', password: 'correct horse battery' };
    const setUp = (): Promise<Response> =>
      fetch(`${server.address}/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect([(await setUp()).status, (await setUp()).status]).toEqual([201, 403]);
  });

  test('a key is made while it runs, printed once and alone', async () => {
    const made = await runCli(folder, 'key', 'create', '--name', 'test', '--role', 'administrator');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^esk_[\w-]{43}\n$/) });
    key = made.out.trim();
    expect(await json(await request('GET', '/session'))).toMatchObject({ role: 'administrator', sites: null });
  });

  test('a run is asked for, has an address, and comes to its end', async () => {
    const asked = await request('POST', '/runs', undefined, { 'idempotency-key': 'run-1' });
    expect(asked.status).toBe(202);
    const again = await request('POST', '/runs', undefined, { 'idempotency-key': 'run-1' });
    const location = asked.headers.get('location') as string;
    expect(again.headers.get('location')).toBe(location);
    const url = location.replace('/api/v1', '');
    await until(async () => !['queued', 'running'].includes((await json(await request('GET', url))).state), 'the run');
    const run = await json(await request('GET', url));
    expect(run).toMatchObject({ state: 'complete', cause: 'request', summary: { totals: { discrepancies: 8 } } });
    const { items } = await json(await request('GET', '/runs'));
    expect(items.map(({ id }: { id: string }) => id)).toEqual([run.id]);
  });

  test('a large file is judged by a process of its own', async () => {
    const sent = await fetch(`${server.address}/imports/balances?system=sap&file_name=large.csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
      body: `WERKS,MATNR,STOCK_TYPE,LABST,MEINS\n${'DC1,A,UNRESTRICTED,1,EA\n'.repeat(20_000)}DC1,"A`,
    });
    expect(await json(sent)).toMatchObject({
      code: 'IMPORT_REFUSED',
      detail: 'large.csv, row 20002: a quote is opened and never closed',
    });
  });

  test('an upload that is refused in its middle leaves no connection behind', async () => {
    const [host, port] = new URL(server.address).host.split(':') as [string, string];
    const row = 'x'.repeat(2_000_000);
    const head = `POST /api/v1/movements?system=wms1 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\n`;
    const type = 'Content-Type: application/x-ndjson\r\n';
    // The second promises more than it ever sends.
    for (const length of [row.length, row.length * 10]) {
      const socket = connect(Number(port), host);
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      socket.write(`${head}${type}Content-Length: ${length}\r\n\r\n${row}`);
      await until(async () => answer.includes('ROW_TOO_LONG'), 'the answer');
      if (length > row.length) await closed;
      else {
        // It was read to its end, so the connection serves the next request.
        socket.write(`GET /api/v1/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        await closed;
        expect(answer).toContain('"status":"ok"');
      }
    }
  });

  test('nobody else works in its data directory', async () => {
    const second = await serve(folder);
    expect(await second.ended).toMatchObject({ code: 4 });
    expect(second.err()).toMatch(
      new RegExp(`evenstock serve \\(process ${server.child.pid} on \\S+, since \\d{4}-\\S+Z\\) works in`),
    );
    expect((await runCli(folder, 'reconcile', '--quiet')).code).toBe(4);
    const doctor = await runCli(folder, 'doctor');
    expect(doctor).toMatchObject({ code: 0, out: expect.stringContaining(`(process ${server.child.pid} on`) });
    const nowhere = await runCli(folder, 'doctor', '--store', 'postgres://evenstock:secret@127.0.0.1:1/x');
    expect(nowhere).toMatchObject({ code: 4, out: expect.not.stringContaining('secret') });
  });

  test('its configuration is read again when it changes; one that is broken changes nothing', async () => {
    const file = join(folder, 'evenstock.yaml');
    const before = readFileSync(file, 'utf8');
    const check = async (): Promise<string | undefined> =>
      (await json(await fetch(`${server.address}/ready`))).checks.find(
        ({ name }: { name: string }) => name === 'configuration',
      ).detail;
    appendFileSync(file, '\nunknown_key: 1\n');
    await until(async () => (await check())?.includes('unknown_key') ?? false, 'the report');
    expect((await fetch(`${server.address}/ready`)).status).toBe(200);
    writeFileSync(file, before);
    await until(async () => (await check()) === undefined, 'the reload');
    appendFileSync(file, '\nother_key: 1\n');
    server.child.kill('SIGHUP');
    await until(async () => (await check())?.includes('other_key') ?? false, 'the report');
    writeFileSync(file, before);
    expect(server.err()).toContain('the one before stays in force');
  });

  test('SIGTERM ends it within ten seconds, with requests answered and a run handed back', async () => {
    const { id } = await json(await request('POST', '/runs'));
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (part) => {
      answer += part;
    });
    const head = `POST /api/v1/runs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json`;
    socket.write(`${head}\r\ncontent-length: 2\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = stop(server);
    await until(() => refuses(server.address), 'the end of new connections');
    socket.write('}');
    const { code, ms } = await stopped;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    server = await serve(folder);
    await until(async () => (await json(await request('GET', `/runs/${id}`))).state === 'complete', 'the run');
    expect(server.err()).not.toContain('Set up the administrator');
    expect((await stop(server, 'SIGINT')).code).toBe(0);
  });
});

describe('evenstock serve, set up by a machine', () => {
  test('EVENSTOCK_ADMIN_PASSWORD makes the administrator admin, and no link is given', async () => {
    const folder = await newFolder('serve-admin');
    const server = await serve(folder, { env: { EVENSTOCK_ADMIN_PASSWORD: 'set-by-the-machine' } });
    expect(server.err()).not.toMatch(/setup#|set-by-the-machine/);
    const signedIn = await fetch(`${server.address}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'admin', password: 'set-by-the-machine' }),
    });
    expect(await signedIn.json()).toMatchObject({ role: 'administrator' });
    expect((await stop(server)).code).toBe(0);
  });

  test('a configuration that cannot be used, and a port that is taken, end it with what to do', async () => {
    const folder = await newFolder('serve-refused');
    const first = await serve(folder);
    const port = new URL(first.address).port;
    const taken = await serve(folder, { args: ['--port', port, '--data', 'other'] });
    expect(await taken.ended).toMatchObject({ code: 4 });
    expect(taken.err()).toContain('another program listens there');
    await stop(first);
    copyFileSync(join(folder, 'in/items.csv'), join(folder, 'evenstock.yaml'));
    const broken = await serve(folder);
    expect(await broken.ended).toMatchObject({ code: 2 });
  });
});

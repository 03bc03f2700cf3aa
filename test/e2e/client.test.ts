import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiError, EvenstockClient, type ServerEvent } from '../../src/client/evenstock-client.ts';
import { runCli } from './run-cli.ts';
import { newFolder, type Served, serve, stop, until } from './run-server.ts';

const ANNA = { login: 'anna', name: 'Anna', role: 'analyst', password: 'correct horse battery' } as const;

describe('the typed client', () => {
  let folder: string;
  let server: Served;
  let client: EvenstockClient;
  let key: string;

  beforeAll(async () => {
    folder = await newFolder('client');
    server = await serve(folder);
    key = (await runCli(folder, 'key', 'create', '--name', 'client', '--role', 'administrator')).out.trim();
    client = new EvenstockClient({ url: server.origin, key });
  });

  test('asks for a run, follows it, and reads its discrepancies page by page', async () => {
    const asked = await client.call('POST /runs', { body: { site: [] } });
    expect(asked).toMatchObject({ status: 202, location: `/api/v1/runs/${asked.body.id}` });
    const path = { id: asked.body.id };
    await until(async () => (await client.call('GET /runs/{id}', { path })).body.state === 'complete', 'the run');
    const lines: string[] = [];
    for await (const line of client.all('GET /runs/{id}/discrepancies', { path, query: { limit: 3 } }))
      lines.push(line.item);
    expect(lines).toHaveLength(8);
  });

  test('changes what it has read, and hears where somebody else was faster', async () => {
    const { body, version } = await client.call('POST /users', { body: ANNA });
    const path = { id: body.id };
    await client.call('POST /users', { body: { ...ANNA, login: 'chief', role: 'administrator' } });
    const changed = await client.call('PATCH /users/{id}', { path, version: version as number, body: { name: 'A.' } });
    expect(changed).toMatchObject({ version: 2, body: { name: 'A.' } });
    const stale = client.call('PATCH /users/{id}', { path, version: 1, body: { name: 'B.' } });
    await expect(stale).rejects.toMatchObject({ status: 412, code: 'VERSION_STALE', requestId: expect.any(String) });
    await expect(client.call('GET /users/{id}', { path: { id: 'x/../y' } })).rejects.toBeInstanceOf(ApiError);
  });

  test('sends again what did not get through, and it takes effect once', async () => {
    let lost = 0;
    const lossy: typeof fetch = async (url, request) => {
      const response = await fetch(url, request);
      lost += 1;
      // The server has done it, and the answer is lost on its way.
      if (lost < 3) throw new TypeError('fetch failed');
      return response;
    };
    const careless = new EvenstockClient({ url: server.origin, key, fetch: lossy });
    const { body } = await careless.call('POST /users', { body: { ...ANNA, login: 'once' } });
    const people: string[] = [];
    for await (const { login } of client.all('GET /users', { query: { limit: 1 } })) people.push(login);
    expect([lost, people.filter((login) => login === 'once'), body.login]).toEqual([3, ['once'], 'once']);
  });

  test('hears what happens, each event once and in order, also over a restart of the server', async () => {
    const stopping = new AbortController();
    const heard: ServerEvent[] = [];
    const listening = (async () => {
      for await (const event of client.events({ kind: ['run.queued'], after: 0, signal: stopping.signal }))
        heard.push(event);
    })();
    const asked: string[] = [];
    const ask = async (): Promise<void> => {
      asked.push((await client.call('POST /runs', { body: { site: [] } })).body.id);
    };
    // A run that a server hands back is queued again.
    const runs = (): unknown[] => [...new Set(heard.map(({ data }) => data['run_id']))].slice(-asked.length);
    const hasAll = (): boolean => runs().join() === asked.join();
    await ask();
    await ask();
    await until(hasAll, 'the events of this server');
    const { port } = new URL(server.origin);
    await stop(server);
    server = await serve(folder, { args: ['--port', port] });
    await ask();
    await ask();
    await until(hasAll, 'the events of the next server');
    stopping.abort();
    await listening;
    const ids = heard.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const refused = new EvenstockClient({ url: server.origin, key: 'esk_wrong' }).events();
    await expect(refused.next()).rejects.toMatchObject({ name: 'ApiError', status: 401 });
    const old = client.events({ after: 999_999_999 });
    expect((await old.next()).value).toMatchObject({ kind: 'reset' });
    await old.return();
  });

  test('is what the package exports, and needs nothing of Node', () => {
    const program = `const { EvenstockClient } = await import('evenstock/client');
      const client = new EvenstockClient({ url: '${server.origin}' });
      process.stdout.write((await client.call('GET /health')).body.status);`;
    const root = fileURLToPath(new URL('../..', import.meta.url));
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' }),
    ).toBe('ok');
  });

  test('says when the server is gone', async () => {
    await stop(server);
    const hasty = new EvenstockClient({ url: server.origin, key, attemptsMax: 2 });
    await expect(hasty.call('GET /runs')).rejects.toThrow('fetch failed');
  });
});

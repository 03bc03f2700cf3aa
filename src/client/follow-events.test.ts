import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type FollowOptions, followEvents, type ServerEvent } from './follow-events.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function follow(url: string, options: Partial<FollowOptions> = {}): AsyncGenerator<ServerEvent, void, undefined> {
  return followEvents({
    open: (after, signal) =>
      fetch(url, { signal, ...(after !== undefined && { headers: { 'last-event-id': String(after) } }) }),
    refusal: async ({ status }) => (status < 500 ? new Error(`refused ${status}`) : undefined),
    ...{ after: undefined, signal: undefined, pauseMs: 5 },
    ...options,
  });
}

async function first(count: number, events: AsyncIterable<ServerEvent>): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of events) if (found.push(event) === count) break;
  return found;
}

test('reads any form of the format, cut anywhere', async () => {
  const text =
    '\uFEFFretry: 10\nid: 4\n\n: a comment\n\nid: 5\nevent: run.progress\ndata: {"é":\ndata: "ü"}\n\n' +
    'event: a\r\nid: 6\r\ndata:{}\r\n\r\nid: 7\revent: b\rdata: {"n":1}\r\rid: 8\nevent: c\ndata: {}\n\n';
  const url = await listen(async (_request, response) => {
    for (const byte of Buffer.from(text)) {
      response.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  });
  expect(await first(4, follow(url))).toEqual([
    { id: 5, kind: 'run.progress', data: { é: 'ü' } },
    { id: 6, kind: 'a', data: {} },
    { id: 7, kind: 'b', data: { n: 1 } },
    { id: 8, kind: 'c', data: {} },
  ]);
});

test('goes on after the last event that came whole, whatever breaks off', async () => {
  const asked: unknown[] = [];
  const url = await listen((request, response) => {
    asked.push(request.headers['last-event-id']);
    const after = Number(request.headers['last-event-id'] ?? 0);
    if (asked.length === 3) return void response.writeHead(503).end();
    if (asked.length === 4) return void response.destroy();
    response.write(`id: ${after + 1}\nevent: e\ndata: {}\n\n`);
    response.write(`id: ${after + 2}\nevent: e\ndata: {`);
    setTimeout(() => (asked.length % 2 === 0 ? response.end() : response.destroy()), 20);
  });
  expect((await first(4, follow(url, { after: 10 }))).map(({ id }) => id)).toEqual([11, 12, 13, 14]);
  expect(asked).toEqual(['10', '11', '12', '12', '12', '13']);
});

test('a server that says nothing any more is left, but not while the reader works', async () => {
  let connections = 0;
  const url = await listen((_request, response) => {
    connections++;
    response.write(`id: ${connections}\nevent: e\ndata: {}\n\n`);
  });
  const ids: number[] = [];
  for await (const { id } of follow(url, { silenceMs: 100 })) {
    ids.push(id);
    if (id === 1) await sleep(300);
    if (id === 3) break;
  }
  expect(ids).toEqual([1, 2, 3]);
});

test('the signal ends it, wherever it stands, and leaving closes the connection', async () => {
  let open = 0;
  const url = await listen((_request, response) => {
    open++;
    response.on('close', () => open--);
    response.write('id: 1\nevent: e\ndata: {}\n\n');
  });
  const stopping = new AbortController();
  const events = follow(url, { signal: stopping.signal });
  expect(await events.next()).toMatchObject({ done: false });
  const next = events.next();
  await sleep(20);
  stopping.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await first(1, follow(url))).toHaveLength(1);
  for (let wait = 0; open > 0 && wait < 200; wait++) await sleep(10);
  expect(open).toBe(0);
  expect(await first(1, follow(url, { signal: AbortSignal.abort() }))).toEqual([]);
  const nowhere = follow('http://127.0.0.1:1', { signal: AbortSignal.timeout(50), pauseMs: 60_000 });
  expect(await first(1, nowhere)).toEqual([]);
});

test('what the server refuses for good is thrown', async () => {
  const url = await listen((_request, response) => void response.writeHead(401).end());
  await expect(first(1, follow(url))).rejects.toThrow('refused 401');
});

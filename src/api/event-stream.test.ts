import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EventWatch } from '../store/work/event-watch.ts';
import { appendEvents, pruneEvents, type WorkEvent } from '../store/work/events.ts';
import { type ApiUnderTest, describeApi } from './api-fixture.ts';
import { streamEvents } from './event-stream.ts';

interface Received {
  readonly id: number;
  readonly kind: string;
  readonly data: { readonly n?: number };
}

async function tell({ context }: ApiUnderTest, events: readonly WorkEvent[]): Promise<void> {
  await context.database.db.transaction().execute((transaction) => appendEvents(transaction, events, context.now()));
}

const event = (n: number, site?: string): WorkEvent => ({
  kind: n % 2 === 0 ? 'run.progress' : 'discrepancy.opened',
  ...(site !== undefined && { site }),
  document: { n, totals: { all: 1 } },
});

/** Reads a stream as a browser does, until `enough`. */
class Reader {
  readonly events: Received[] = [];
  lastId = '';

  async read(api: ApiUnderTest, address: string, options: { as?: string; query?: string; enough: () => boolean }) {
    const key = options.as ?? (await api.keyOf('viewer', null));
    const headers = {
      authorization: `Bearer ${key}`,
      ...(this.lastId !== '' && { 'last-event-id': this.lastId }),
    };
    const url = `${address}/api/v1/events${options.query ?? ''}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false, timeout: 20_000 }, resolve).on('error', reject);
    });
    expect(answer.statusCode).toBe(200);
    answer.setEncoding('utf8');
    let rest = '';
    // Leaving the loop closes the connection.
    for await (const text of answer as AsyncIterable<string>) {
      rest += text;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
      if (options.enough()) return;
    }
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data !== undefined)
      this.events.push({ id: Number(this.lastId), kind: fields.get('event') ?? '', data: JSON.parse(data) });
  }
}

describeApi('server-sent events', (open) => {
  test('each event comes once and in order, with many writers and a reader that comes and goes', async () => {
    const api = await open();
    const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const all = 6 * 40;
    const writers = Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let round = 0; round < 20; round++) {
          await tell(api, [event(writer * 40 + round * 2), event(writer * 40 + round * 2 + 1)]);
          await pause(5);
        }
      }),
    );
    const received: Received[] = [];
    let lastId = '0';
    // Goes away after a few, with what is under way lost to it, and comes back.
    while (received.length < all) {
      const reader = new Reader();
      reader.lastId = lastId;
      await reader.read(api, address, { enough: () => reader.events.length >= Math.min(35, all - received.length) });
      received.push(...reader.events);
      lastId = reader.lastId;
    }
    await writers;
    expect(received.map(({ id }) => id)).toEqual(Array.from({ length: all }, (_, index) => index + 1));
    expect(new Set(received.map(({ data }) => data.n)).size).toBe(all);
  }, 60_000);

  test('who sees one site hears of it and of what concerns all, without sums', async () => {
    const api = await open();
    const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
    await tell(api, [event(1, 'DC1'), event(2, 'DC2'), event(3), event(4, 'DC1')]);
    const key = await api.keyOf('viewer', ['DC1']);
    const reader = new Reader();
    await reader.read(api, address, { as: key, query: '?last_event_id=0', enough: () => reader.events.length === 3 });
    expect(reader.events.map(({ data }) => data)).toEqual([
      expect.objectContaining({ n: 1, site: 'DC1' }),
      expect.objectContaining({ n: 3 }),
      expect.objectContaining({ n: 4, site: 'DC1' }),
    ]);
    for (const { data } of reader.events) expect(data).not.toHaveProperty('totals');
    const some = new Reader();
    await some.read(api, address, { query: '?last_event_id=0&kind=run', enough: () => some.events.length === 2 });
    expect(some.events.map(({ kind }) => kind)).toEqual(['run.progress', 'run.progress']);
    const connections = () => new Promise((resolve) => api.app.server.getConnections((_, count) => resolve(count)));
    await expect.poll(connections, { timeout: 5_000 }).toBe(0);
  }, 60_000);

  test('a reader whose events are not kept any more is told, and an id of no event of ours too', async () => {
    const api = await open();
    const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
    await tell(api, [event(1), event(2)]);
    const { db } = api.context.database;
    await db.transaction().execute((transaction) => pruneEvents(transaction, api.context.now() + 1));
    for (const id of ['1', '99']) {
      const reader = new Reader();
      reader.lastId = id;
      await reader.read(api, address, { enough: () => reader.events.length === 1 });
      expect(reader.events).toEqual([{ id: 2, kind: 'reset', data: {} }]);
    }
    const bad = await api.request('GET', '/events', { headers: { 'last-event-id': 'x' } });
    expect(bad.json().code).toBe('LAST_EVENT_UNREADABLE');
  }, 60_000);

  test('a reader that does not read is cut off, with little held for it; a quiet one gets a beat', async () => {
    const api = await open();
    const { db } = api.context.database;
    const stop = new AbortController();
    const stream = (cutOff: () => void) =>
      streamEvents({
        db,
        watch: new EventWatch(db),
        principal: { actor: 'system', role: 'viewer', sites: null },
        after: 0,
        kinds: [],
        sites: [],
        signal: stop.signal,
        cutOff,
        limits: { slowMs: 300, beatMs: 300 },
      });
    const quiet = stream(() => undefined)[Symbol.asyncIterator]();
    expect(String((await quiet.next()).value)).toBe('retry: 2000\nid: 0\n\n');
    expect(String((await quiet.next()).value)).toBe('id: 0\n\n');
    for (let round = 0; round < 5; round++)
      await tell(api, [{ kind: 'run.progress', document: { text: 'x'.repeat(200_000) } }]);
    let isCut = false;
    const slow = stream(() => {
      isCut = true;
    });
    slow.read();
    await expect.poll(() => isCut, { timeout: 5_000 }).toBe(true);
    stop.abort();
    slow.destroy();
  }, 60_000);
});

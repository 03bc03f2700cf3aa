import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postJson, type SendOptions } from './post-json.ts';
import { type HttpReceiver, openHttpReceiver } from './receivers-fixture.ts';

let receiver: HttpReceiver;
beforeAll(async () => {
  receiver = await openHttpReceiver();
});
afterAll(() => receiver.close());

const options = (more: Partial<SendOptions> = {}): SendOptions => ({
  allowed: ['127.0.0.1'],
  signal: new AbortController().signal,
  msMax: 10_000,
  ...more,
});
const post = (url = `${receiver.origin}/hook`, more: Partial<SendOptions> = {}) =>
  postJson(url, '{"a":"ä"}', { 'x-own': 'yes' }, options(more));

test('a body arrives once, as it is, with its headers', async () => {
  receiver.received.length = 0;
  expect(await post()).toEqual({ answer: { kind: 'http', status: 200 }, says: '200 OK: ok' });
  expect(receiver.received).toMatchObject([
    { url: '/hook', body: '{"a":"ä"}', headers: { 'x-own': 'yes', 'content-type': 'application/json; charset=utf-8' } },
  ]);
});

test.each([
  ['a failure', 503, {}, '503 Service Unavailable: sorry'],
  [
    'a redirect',
    307,
    { location: 'http://169.254.169.254/latest' },
    '307 Temporary Redirect: sorry; redirects are not followed',
  ],
  ['a pause that is asked for', 429, { 'retry-after': '7' }, '429 Too Many Requests: sorry'],
])('%s is told, and nothing else is asked', async (_name, status, headers, says) => {
  receiver.received.length = 0;
  receiver.answer = (response) => void response.writeHead(status, headers).end('sorry');
  const sent = await post();
  expect(sent).toMatchObject({ answer: { kind: 'http', status }, says });
  if (status === 429) expect(sent.answer).toMatchObject({ retryAfterMs: 7_000 });
  expect(receiver.received).toHaveLength(1);
});

test('an answer without end is cut off, and shown only in part and without control characters', async () => {
  let written = 0;
  receiver.answer = (response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && written < 50_000_000) {
        written += 10_000;
        if (!response.write('x\u001b[31m\n'.repeat(1_250))) return void response.once('drain', more);
      }
    };
    more();
  };
  const { answer, says } = await post();
  expect(answer).toEqual({ kind: 'http', status: 200 });
  expect(says.length).toBeLessThan(220);
  expect(says).not.toMatch(/\p{Cc}/u);
  expect(written).toBeLessThan(20_000_000);
});

test('who hangs before, or in the middle of, the answer is left after the time that a delivery may take', async () => {
  receiver.answer = () => undefined;
  expect(await post(undefined, { msMax: 300 })).toEqual({
    answer: { kind: 'none' },
    says: 'no answer within 0.3 seconds',
  });
  receiver.answer = (response) => void response.writeHead(200).write('half');
  expect(await post(undefined, { msMax: 300 })).toMatchObject({ answer: { kind: 'none' } });
});

test('a server that stops ends it at once', async () => {
  receiver.answer = () => undefined;
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 100);
  const started = performance.now();
  expect(await post(undefined, { signal: stopping.signal })).toMatchObject({ answer: { kind: 'none' } });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await post(undefined, { signal: AbortSignal.abort() })).toMatchObject({ answer: { kind: 'none' } });
});

test('no HTTP, a closed connection and a closed port are no answers', async () => {
  const noHttp: Server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end('220 mail.example.com\r\n'),
  );
  await new Promise<void>((resolve) => noHttp.listen(0, '127.0.0.1', () => resolve()));
  const { port } = noHttp.address() as { port: number };
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ answer: { kind: 'none' } });
  await new Promise((resolve) => noHttp.close(resolve));
  expect(await post(`http://127.0.0.1:${port}/`)).toEqual({
    answer: { kind: 'none' },
    says: 'no answer: ECONNREFUSED',
  });
  receiver.answer = (response) => void response.socket?.destroy();
  expect(await post()).toMatchObject({ answer: { kind: 'none' } });
});

test('within the own network nothing is asked that the configuration does not allow', async () => {
  receiver.answer = (response) => void response.end('ok');
  receiver.received.length = 0;
  for (const url of [
    `${receiver.origin}/`,
    `http://localhost:${receiver.port}/`,
    `http://[::ffff:127.0.0.1]:${receiver.port}/`,
  ])
    expect(await post(url, { allowed: [] }), url).toMatchObject({
      answer: { kind: 'impossible' },
      says: expect.stringContaining('notifications.allow'),
    });
  expect(receiver.received).toEqual([]);
  expect(await post(`http://localhost:${receiver.port}/`, { allowed: ['localhost'] })).toMatchObject({
    says: '200 OK: ok',
  });
});

test('the public is told by https only', async () => {
  expect(await post('http://93.184.216.34/')).toMatchObject({
    answer: { kind: 'impossible' },
    says: '93.184.216.34 is public, and is told by https only',
  });
});

import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { json, newFolder, type Served, serve, stop, until } from './run-server.ts';

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly traceState?: string;
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const FAST = { OTEL_BSP_SCHEDULE_DELAY: '100' };

/** A collector as it takes traces over HTTP. */
class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly resources: Record<string, unknown>[] = [];
  readonly headers: Record<string, unknown>[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      this.headers.push({ ...request.headers, url: request.url });
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        this.resources.push(factsOf(resource));
        for (const { spans } of scopeSpans) this.spans.push(...spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async find(name: string, isIt: (span: ReceivedSpan) => boolean = () => true): Promise<ReceivedSpan> {
    const found = (): ReceivedSpan | undefined => this.spans.find((span) => span.name === name && isIt(span));
    await until(() => found() !== undefined, `a span ${name}`);
    return found() as ReceivedSpan;
  }
}

const factsOf = ({ attributes }: Pick<ReceivedSpan, 'attributes'>): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** What arrives late is read outside of what the first hook of a request began. */
function sendSlowly(url: string, key: string, [first, last]: readonly [string, string]): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sending = httpRequest(url, { method: 'POST', headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      answer.on('end', () => resolve(body));
    });
    sending.on('error', reject).write(first);
    setTimeout(() => sending.end(last), 300);
  });
}

describe('traces', () => {
  const collector = new Collector();
  let folder: string;
  let server: Served;
  let key: string;
  const request = (method: string, url: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${server.address}${url}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && { body }),
    });

  beforeAll(async () => {
    folder = await newFolder('traces');
    const env = {
      ...{ ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start() },
      ...{ OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' },
    };
    server = await serve(folder, { env });
    key = (await runCli(folder, 'key', 'create', '--name', 'test', '--role', 'administrator')).out.trim();
  });
  afterAll(() => collector.stop());

  test('of a request continue the trace of who sent it', async () => {
    const traceparent = `00-${TRACE}-${CALLER}-01`;
    await request('GET', '/runs?limit=7', { traceparent, tracestate: 'acme=1', 'x-request-id': 'request-1' });
    const span = await collector.find('GET /api/v1/runs');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 2, traceState: 'acme=1' });
    expect(factsOf(span)).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/v1/runs',
      'http.response.status_code': expect.anything(),
      'evenstock.request_id': 'request-1',
    });
    expect(Number(factsOf(span)['http.response.status_code'])).toBe(200);
    expect(collector.headers[0]).toMatchObject({ url: '/v1/traces', 'x-tenant': 'acme' });
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'evenstock',
      'deployment.environment.name': 'test',
    });
  });

  test('begin anew where the caller sends none, or nonsense; who wants none gets none', async () => {
    await request('GET', '/users', { traceparent: 'nonsense' });
    const own = await collector.find('GET /api/v1/users');
    expect(own.parentSpanId ?? '').toBe('');
    expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
    await request('GET', '/audit', { traceparent: `00-${TRACE}-${CALLER}-00` });
    await fetch(`${server.address}/health`);
    const unknown = await request('GET', '/nothing/here');
    expect(unknown.status).toBe(404);
    await collector.find('GET /*');
    expect(collector.spans.map(({ name }) => name)).not.toContain('GET /api/v1/audit');
    expect(collector.spans.map(({ name }) => name)).not.toContain('GET /api/v1/health');
  });

  test('of a run hang together from the request over the job to its stages in another process', async () => {
    const { id } = JSON.parse(await sendSlowly(`${server.address}/runs`, key, ['{"site": ', '["DC1"]}']));
    const run = await collector.find('run', (span) => factsOf(span)['evenstock.run.id'] === id);
    const job = await collector.find('job run', ({ traceId }) => traceId === run.traceId);
    const post = await collector.find('POST /api/v1/runs', ({ traceId }) => traceId === run.traceId);
    expect([run.parentSpanId, job.parentSpanId, job.kind]).toEqual([job.spanId, post.spanId, 5]);
    expect(factsOf(job)).toMatchObject({ 'evenstock.job.id': id, 'evenstock.job.outcome': 'done' });
    expect(factsOf(run)).toMatchObject({ 'evenstock.run.end': 'complete' });
    const stages = collector.spans.filter(({ parentSpanId }) => parentSpanId === run.spanId);
    expect(stages.map(({ name }) => name)).toEqual([
      ...['run open', 'run evidence', 'run compare', 'run judge', 'run explain', 'run publish'],
    ]);
    for (const stage of stages) {
      expect(Number(stage.startTimeUnixNano)).toBeGreaterThanOrEqual(Number(run.startTimeUnixNano) - 1e6);
      expect(Number(stage.endTimeUnixNano)).toBeLessThanOrEqual(Number(run.endTimeUnixNano) + 1e6);
    }
  });

  test('of an import are a part of the request that brought it; what fails is told by its code', async () => {
    const configuration = readFileSync(join(folder, 'evenstock.yaml'), 'utf8');
    const [, system = 'erp'] = /^systems:\n(?:.*#.*\n)*\s+(\w+):/m.exec(configuration) ?? [];
    const answer = await request(
      'POST',
      `/imports/balances?system=${system}&file_name=x.csv`,
      { 'content-type': 'text/csv' },
      'nothing,of,use\n',
    );
    const route = 'POST /api/v1/imports/:kind';
    expect(answer.status, await answer.text()).toBeLessThan(500);
    const span = await collector.find('import');
    const post = await collector.find(route, ({ traceId }) => traceId === span.traceId);
    expect(span.parentSpanId).toBe(post.spanId);
    expect(factsOf(span)).toMatchObject({ 'evenstock.import.kind': 'balances', 'evenstock.system': system });
  });

  test('hold nothing of rows, people or keys, and the last ones are sent when the server stops', async () => {
    await request('GET', '/schedules');
    expect(await stop(server)).toMatchObject({ code: 0 });
    expect(collector.spans.map(({ name }) => name)).toContain('GET /api/v1/schedules');
    const text = JSON.stringify(collector.spans);
    expect(text).not.toContain(key);
    expect(text).not.toMatch(/limit=7|person:|key:/);
  });
});

/** Takes connections and never says a word. */
async function startSilence(): Promise<{ readonly url: string; readonly end: () => void }> {
  const sockets = new Set<Socket>();
  const silent = createSocketServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    end: () => {
      silent.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a collector', () => {
  let silence: Awaited<ReturnType<typeof startSilence>>;
  beforeAll(async () => {
    silence = await startSilence();
  });
  afterAll(() => silence.end());

  test.each([
    // Port 9 takes nothing.
    ['is away', () => 'http://127.0.0.1:9'],
    ['never answers', () => silence.url],
  ])('that %s harms nothing: answers, runs and the end are as without', { timeout: 120_000 }, async (_name, url) => {
    const folder = await newFolder('no-collector');
    const env = { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: url(), OTEL_EXPORTER_OTLP_TIMEOUT: '1500' };
    const server = await serve(folder, { env });
    const key = (await runCli(folder, 'key', 'create', '--name', 'test', '--role', 'administrator')).out.trim();
    const headers = { authorization: `Bearer ${key}` };
    const { id } = await json(await fetch(`${server.address}/runs`, { method: 'POST', headers }));
    await until(async () => {
      const { state } = await json(await fetch(`${server.address}/runs/${id}`, { headers }));
      return state === 'complete';
    }, 'the run');
    await until(() => server.err().includes('traces are lost'), 'the warning');
    const { code, ms } = await stop(server);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(9_000);
    expect(server.err().match(/traces are lost/g)).toHaveLength(1);
  });

  test('whose address is none is told, and the server serves', async () => {
    const folder = await newFolder('odd-collector');
    const server = await serve(folder, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'not an address' } });
    expect((await fetch(`${server.address}/health`)).status).toBe(200);
    expect(server.err()).toContain('traces cannot be sent');
    expect(await stop(server)).toMatchObject({ code: 0 });
  });
});

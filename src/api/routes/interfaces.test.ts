import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flushIntake } from '../../app/compact-intake.ts';
import { messageRow } from '../../app/intake-fixture.ts';
import { KeptResults } from '../../app/kept-results.ts';
import { type SimulatedRuns, simulatedRuns } from '../../app/results-fixture.ts';
import type { RunDocument } from '../../contract/run.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

/** Cells with commas stand in quotes, and no cell holds one. */
const CELL = /(?<=^|,)("[^"]*"|[^,]*)/g;

let world: SimulatedRuns;
let run: RunDocument;
/** The log, row by row, as it stands in the file. */
let log: { row: number; raw: string; cells: Record<string, string> }[];
beforeAll(async () => {
  world = await simulatedRuns(7);
  run = await world.run('20261123T060000Z-0001');
  const [head = '', ...rows] = readFileSync(join(world.folder, 'messages.csv'), 'utf8').trimEnd().split(/\r?\n/);
  const header = head.split(',');
  log = rows.map((raw, index) => {
    const cells = Object.fromEntries(
      (raw.match(CELL) ?? []).map((cell, at) => [header[at] ?? '', cell.replaceAll('"', '')]),
    );
    return { row: index + 2, raw, cells };
  });
}, 120_000);
afterAll(() => world.remove());

const openApi = (open: (options: object) => Promise<ApiUnderTest>) =>
  open({ configuration: world.configuration, context: { results: new KeptResults(world.dataDirectory) } });

interface Hit {
  row: number;
  file: string;
  sent_at: string;
  message: Record<string, string>;
  site: string;
}

async function allMessages(api: ApiUnderTest, question: string, as = 'viewer'): Promise<Hit[]> {
  const found: Hit[] = [];
  for (let cursor = ''; ; ) {
    const answer = await api.request('GET', `/runs/latest/messages?limit=500&${question}${cursor}`, { as });
    expect(answer.statusCode, answer.body).toBe(200);
    const { items, next_cursor } = answer.json();
    found.push(...items);
    if (next_cursor === null) return found;
    cursor = `&cursor=${next_cursor}`;
  }
}

describeApi('interfaces', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await openApi(open as never);
  }, 120_000);

  test('are counted as the run counted them', async () => {
    const body = (await api.request('GET', '/interfaces')).json();
    expect(body.run_id).toBe(run.run_id);
    const measured = run.measures?.interfaces ?? [];
    expect(measured.length).toBeGreaterThan(0);
    const perMillion = (count: number, all: number) => Math.round((count * 1_000_000) / all);
    const counted = body.items
      .map((each: Record<string, number>) => ({
        interface: each['interface'],
        messages: each['lines'],
        rejected_per_million: perMillion(each['rejected'] ?? 0, each['lines'] ?? 0),
        duplicate_per_million: perMillion(each['duplicates'] ?? 0, each['lines'] ?? 0),
        unposted_per_million: perMillion(each['late'] ?? 0, each['lines'] ?? 0),
      }))
      .sort((a: { interface: string }, b: { interface: string }) => (a.interface < b.interface ? -1 : 1));
    expect(counted).toEqual(measured.map(({ lag_p95_seconds: _, ...rest }) => rest));
    for (const each of body.items) {
      const p95 = measured.find((one) => one.interface === each.interface)?.lag_p95_seconds ?? -1;
      expect([Math.abs((each.lag.p95_seconds ?? -1) - p95) <= Math.abs(p95) * 0.016, p95]).toEqual([true, p95]);
      expect(each.lines).toBe(each.applied + each.rejected + each.open + each.late + each.superseded);
      expect(each.heartbeat.lines).toHaveLength(48);
      expect(each.lag.median_seconds).toBeLessThanOrEqual(each.lag.p95_seconds);
    }
    expect(body.files).toEqual([expect.objectContaining({ file: 'messages.csv', state: 'as-read' })]);
    expect(body.items.some(({ errors }: { errors: unknown[] }) => errors.length > 0)).toBe(true);
  });

  test('whose findings explain discrepancies say so', async () => {
    const { items } = (await api.request('GET', '/interfaces')).json();
    const named = run.findings.filter(({ factor }) => factor['interface'] !== undefined);
    const explained = items.flatMap((each: { explained: { findings: string[] } }) => each.explained.findings);
    expect(explained.sort()).toEqual(named.map(({ id }) => id).sort());
  });

  test('of one site are of that site, for who sees no other', async () => {
    const sites = [...new Set(log.map(({ cells }) => cells['site'] ?? ''))].filter((site) => site !== '');
    const [site = ''] = sites;
    const key = await api.keyOf('viewer', [site]);
    const { items } = (await api.request('GET', '/interfaces', { as: key })).json();
    const ofSite = log.filter(({ cells }) => cells['site'] === site);
    const ids = new Set(ofSite.map(({ cells }) => `${cells['interface']} ${cells['message_id']}`));
    expect(items.reduce((all: number, { messages }: { messages: number }) => all + messages, 0)).toBe(ids.size);
    expect(items.every(({ explained }: { explained: unknown }) => explained === null)).toBe(true);
    const found = await allMessages(api, `site=${sites.join(',')}`, key);
    expect(new Set(found.map((hit) => hit.site))).toEqual(new Set([site]));
  });

  test('rows of the log are found by what they say, page by page, each once', async () => {
    const all = await allMessages(api, '');
    expect(all).toHaveLength(log.length);
    expect(new Set(all.map(({ row }) => row)).size).toBe(log.length);
    expect(all.map(({ sent_at }) => sent_at)).toEqual(
      all
        .map(({ sent_at }) => sent_at)
        .toSorted()
        .reverse(),
    );
    const rejected = log.filter(({ cells }) => cells['state'] === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    expect(await allMessages(api, 'state=rejected')).toHaveLength(rejected.length);
    const [wanted] = rejected;
    const { reference = '', error = '' } = wanted?.cells ?? {};
    const byReference = await allMessages(api, `reference=${encodeURIComponent(reference)}`);
    expect(byReference.map(({ row }) => row).sort()).toEqual(
      log
        .filter(({ cells }) => cells['reference'] === reference)
        .map(({ row }) => row)
        .sort(),
    );
    const byText = await allMessages(api, `text=${encodeURIComponent(error.toUpperCase())}`);
    expect(byText.length).toBeGreaterThan(0);
    expect(byText.every(({ message }) => message['error']?.includes(error))).toBe(true);
    expect(await allMessages(api, `text=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
    const wrong = Buffer.from('["x",1]').toString('base64url');
    expect((await api.request('GET', `/runs/latest/messages?cursor=${wrong}`)).statusCode).toBe(400);
    expect((await api.request('GET', '/runs/20200101T000000Z-dead/messages')).statusCode).toBe(404);
  });

  test('a hit opens the row as it stands in its file', async () => {
    const wanted = log[Math.floor(log.length / 2)];
    const url = `/runs/latest/document?file=messages.csv&row=${wanted?.row}&around=1`;
    const body = (await api.request('GET', url, { as: 'viewer' })).json();
    expect(body).toMatchObject({
      state: 'as-read',
      kind: 'messages',
      raw_header: expect.stringContaining('message_id'),
    });
    expect(body.rows.map(({ row, is_asked }: { row: number; is_asked: boolean }) => [row, is_asked])).toEqual([
      [(wanted?.row ?? 0) - 1, false],
      [wanted?.row, true],
      [(wanted?.row ?? 0) + 1, false],
    ]);
    const [, asked] = body.rows;
    expect(asked.raw).toBe(wanted?.raw);
    expect(asked.parsed['message_id']).toBe(wanted?.cells['message_id']);
    const other = log.find(({ cells }) => cells['site'] !== '' && cells['site'] !== wanted?.cells['site']);
    const key = await api.keyOf('viewer', [other?.cells['site'] ?? '']);
    expect((await api.request('GET', url, { as: key })).statusCode).toBe(404);
    const seen = `/runs/latest/document?file=messages.csv&row=${other?.row}&around=50`;
    const rows = (await api.request('GET', seen, { as: key })).json().rows as { parsed: { site: string } }[];
    expect(new Set(rows.map(({ parsed }) => parsed.site))).toEqual(new Set([other?.cells['site']]));
  });

  test.each([
    ['file=..%2Fevenstock.yaml&row=1', 404],
    ['file=evenstock.yaml', 404],
    ['file=%2Fetc%2Fpasswd&row=1', 404],
    ['file=messages.csv&source=other&row=2', 404],
    ['file=messages.csv&row=99999999', 404],
    ['row=2', 400],
    ['batch=1', 400],
    ['batch=1&line=1', 404],
  ])('document?%s is %i', async (question, status) => {
    expect((await api.request('GET', `/runs/latest/document?${question}`)).statusCode).toBe(status);
  });

  test('every input of the run opens', async () => {
    for (const { file, source, rows } of run.inputs) {
      const url = `/runs/latest/document?file=${file}&source=${encodeURIComponent(source)}&row=${rows + 1}`;
      const body = (await api.request('GET', url)).json();
      expect([file, body.state, body.rows?.some((each: { is_asked: boolean }) => each.is_asked)]).toEqual([
        file,
        'as-read',
        true,
      ]);
    }
  });

  test('what is taken in since counts at once, in the journal and in the lake', async () => {
    const before = (await allMessages(api, '')).length;
    const site = log.find(({ cells }) => cells['site'] !== '')?.cells['site'] ?? '';
    const wms = Object.entries(api.context.configuration().configuration.systems).find(
      ([, { role }]) => role === 'wms',
    );
    const row = (id: string, more = {}) =>
      messageRow(id, {
        interface: 'new',
        from_system: wms?.[0] ?? '',
        site,
        sent_at: new Date().toISOString(),
        ...more,
      });
    const send = (rows: unknown[]) => api.request('POST', '/messages', { body: rows });
    expect((await send([row('n1'), row('n2', { state: 'rejected', error: 'no such item' })])).statusCode).toBe(202);
    const figures = async () => {
      const { items } = (await api.request('GET', '/interfaces')).json();
      return items.find((each: { interface: string }) => each.interface === 'new');
    };
    const expected = { messages: 2, lines: 2, rejected: 1, open: 1, errors: [{ error: 'no such item', lines: 1 }] };
    expect(await figures()).toMatchObject(expected);
    await flushIntake(api.context);
    expect(await figures()).toMatchObject(expected);
    await send([row('n1', { state: 'applied' })]);
    expect(await figures()).toMatchObject({ messages: 2, lines: 2, rejected: 1, applied: 1, open: 0 });
    expect(await allMessages(api, '')).toHaveLength(before + 3);
    const [hit] = (await allMessages(api, 'message_id=n2')) as unknown as { batch: number; line: number }[];
    const url = `/runs/latest/document?batch=${hit?.batch}&line=${hit?.line}`;
    expect((await api.request('GET', url)).json()).toMatchObject({
      state: 'taken-in',
      rows: [{ parsed: { message_id: 'n2', error: 'no such item' } }],
    });
    const key = await api.keyOf('viewer', ['nowhere']);
    expect((await api.request('GET', url, { as: key })).statusCode).toBe(404);
  });
});

describeApi('files that changed since a run', (open) => {
  test('are said to have changed, and to be gone', async () => {
    const api = await openApi(open as never);
    const path = join(world.folder, 'messages.csv');
    const text = readFileSync(path, 'utf8');
    const url = '/runs/latest/document?file=messages.csv&row=3';
    try {
      writeFileSync(path, `${text.split('\n').slice(0, 4).join('\n')}\n`);
      expect((await api.request('GET', url)).json()).toMatchObject({
        state: 'changed',
        message: expect.stringContaining('messages.csv has changed since the run read it'),
      });
      const { files } = (await api.request('GET', '/interfaces')).json();
      expect(files).toMatchObject([{ file: 'messages.csv', state: 'changed' }]);
      writeFileSync(path, 'nonsense');
      expect((await api.request('GET', url)).json()).toMatchObject({ state: 'unreadable', rows: [] });
      rmSync(path);
      expect((await api.request('GET', url)).json()).toMatchObject({ state: 'gone', rows: [] });
      const { items, files: gone } = (await api.request('GET', '/interfaces')).json();
      expect([items, gone]).toMatchObject([[], [{ state: 'gone' }]]);
    } finally {
      writeFileSync(path, text);
    }
  });
});

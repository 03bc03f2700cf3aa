import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { flushIntake } from '../../app/compact-intake.ts';
import { messageRow, movementRow, type RowTexts } from '../../app/intake-fixture.ts';
import { removeOld } from '../../app/remove-old.ts';
import { LiveKeeper } from '../../jobs/live/live-keeper.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const CONFIGURATION = `version: 1
currency: USD
systems:
  sap: { role: erp }
  wms1: { role: wms, sites: [DC1, DC2] }
balances:
  - { system: sap, format: jsonl, as_of: { column: as_of } }
  - { system: wms1, format: csv, path: wms.csv, as_of: 2026-11-22T00:00:00Z }
movements:
  - { system: wms1, format: jsonl }
categories:
  available: { erp: [UNRESTRICTED], wms: [AVAILABLE] }
`;

const folder = mkdtempSync(join(tmpdir(), 'evenstock-intake-'));
writeFileSync(join(folder, 'evenstock.yaml'), CONFIGURATION);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (rows: readonly RowTexts[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const NDJSON = { headers: { 'content-type': 'application/x-ndjson' } };

describeApi('intake', (open) => {
  const begin = (): Promise<ApiUnderTest> => open({ configuration: join(folder, 'evenstock.yaml') });

  test('takes arrays and JSON Lines, says what became of each row, and takes nothing twice', async () => {
    const { request } = await begin();
    const rows = [movementRow('1'), movementRow('2', { quantity: 'x' }), movementRow('1')];
    const first = await request('POST', '/movements?system=wms1', { body: rows, as: 'analyst' });
    expect(first.statusCode).toBe(202);
    expect(first.json()).toEqual({
      ...{ received: 3, taken: 1, duplicates: 1, rejected: 1 },
      rejections: [{ line: 2, column: 'quantity', value: 'x', reason: 'not a decimal number' }],
    });
    const again = await request('POST', '/movements?system=wms1', { body: lines([movementRow('1')]), ...NDJSON });
    expect([again.statusCode, again.json().duplicates]).toEqual([200, 1]);
    const strict = await request('POST', '/movements?system=wms1&strict=true', { body: rows });
    expect(strict.statusCode).toBe(422);
    expect(strict.json()).toMatchObject({ code: 'ROWS_REJECTED', errors: [{ path: 'line 2.quantity' }] });
  });

  test('gives the first answer again under the same key, and refuses other rows under it', async () => {
    const api = await begin();
    const send = (rows: readonly RowTexts[], key: string, more: { as?: string; url?: string } = {}) =>
      api.request('POST', more.url ?? '/movements?system=wms1', {
        ...(more.as !== undefined && { as: more.as }),
        ...{ body: lines(rows), headers: { ...NDJSON.headers, 'idempotency-key': key } },
      });
    // More than one commit's worth of rows, of which some are refused.
    const rows = Array.from({ length: 2_500 }, (_, id) =>
      movementRow(`${id}`, id % 1_000 === 7 ? { quantity: 'x' } : {}),
    );
    const first = await send(rows, 'k1');
    expect([first.statusCode, first.headers['idempotent-replayed']]).toEqual([202, undefined]);
    expect(first.json()).toMatchObject({ received: 2_500, taken: 2_497, duplicates: 0, rejected: 3 });
    const again = await send(rows, 'k1');
    expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([202, 'true']);
    expect(again.json()).toEqual(first.json());
    expect((await send(rows, 'k2')).json()).toMatchObject({ taken: 0, duplicates: 2_497 });
    const news = Array.from({ length: 1_500 }, (_, id) => movementRow(`new-${id}`));
    for (const other of [
      await send(news, 'k1'),
      await send(rows, 'k1', { url: '/movements?system=wms1&strict=true' }),
      await send(rows, 'k1', { url: '/messages' }),
    ])
      expect(other.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect((await send(news, 'k3')).json()).toMatchObject({ taken: 1_500 });
    const theirs = await send([movementRow('theirs')], 'k1', { as: 'analyst' });
    expect(theirs.json()).toMatchObject({ taken: 1 });
  });

  test('uses a key up with rows that were taken only: not with rows that were refused or broke off', async () => {
    const { request } = await begin();
    const headers = { 'idempotency-key': 'k1' };
    const send = (body: unknown) => request('POST', '/movements?system=wms1', { body, headers });
    expect((await send([movementRow('1', { quantity: 'x' })])).statusCode).toBe(422);
    expect((await send('[{"a": ')).json().code).toBe('ROWS_CUT_OFF');
    expect((await send([movementRow('1')])).json()).toMatchObject({ taken: 1 });
    expect((await send([movementRow('1')])).headers['idempotent-replayed']).toBe('true');
  });

  test('answers the same to many who send the same under one key at once; the answer is kept for a day', async () => {
    const { request, context, pass } = await begin();
    const body = Array.from({ length: 50 }, (_, id) => movementRow(`${id}`));
    const send = () => request('POST', '/movements?system=wms1', { body, headers: { 'idempotency-key': 'k1' } });
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    expect(answers.map((answer) => [answer.statusCode, answer.json().taken])).toEqual(Array(8).fill([202, 50]));
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1);
    pass(24 * 3_600_000 + 1_000);
    const removed = await removeOld({
      ...context,
      configuration: context.configuration().configuration,
      now: context.now(),
    });
    expect(removed).toBeDefined();
    expect((await send()).json()).toMatchObject({ taken: 0, duplicates: 50 });
  });

  test.each([
    ['an unknown system', '/movements?system=x', [], 400, 'SYSTEM_UNKNOWN'],
    ['no array', '/movements?system=wms1', {}, 400, 'ROWS_NO_ARRAY'],
    ['an array that is cut off', '/messages', '[{}', 400, 'ROWS_CUT_OFF'],
    ['no system', '/movements', [], 400, 'REQUEST_INVALID'],
  ])('%s is refused', async (_, url, body, status, code) => {
    const { request } = await begin();
    const answer = await request('POST', url, { body });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('a viewer sends nothing, and who sees one site speaks of that one and finds that one', async () => {
    const { request, keyOf } = await begin();
    expect((await request('POST', '/messages', { body: [], as: 'viewer' })).statusCode).toBe(403);
    const key = await keyOf('analyst', ['DC1']);
    const rows = [movementRow('1'), movementRow('2', { site: 'DC2' })];
    const sent = await request('POST', '/movements?system=wms1', { body: rows, as: key });
    expect(sent.json()).toMatchObject({ taken: 1, rejections: [{ line: 2, column: 'site' }] });
    await request('POST', '/movements?system=wms1', { body: rows });
    const found = (await request('GET', '/movements', { as: key })).json();
    expect(found.items.map(({ site }: { site: string }) => site)).toEqual(['DC1']);
    expect((await request('GET', '/movements?site=DC2', { as: key })).json().items).toEqual([]);
  });

  test('rows are found again by what they say, page by page, in the journal and in the lake', async () => {
    const { request, context } = await begin();
    const rows = Array.from({ length: 25 }, (_, index) =>
      movementRow(`${index}`, { item: index % 5 === 0 ? 'B' : 'A', reference: `R${index % 2}` }),
    );
    await request('POST', '/movements?system=wms1', { body: rows.slice(0, 15) });
    await flushIntake(context);
    await request('POST', '/movements?system=wms1', { body: rows.slice(15) });
    await request('POST', '/messages', {
      body: [messageRow('M1', { item: 'A' }), messageRow('M2', { state: 'failed', reference: 'R7' })],
    });
    const idsOf = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor = ''; ; ) {
        const answer = await request('GET', `${query}&limit=4${cursor}`);
        const { items, next_cursor } = answer.json();
        for (const { row } of items) ids.push(row.movement_id ?? row.message_id);
        if (next_cursor === null) return ids;
        cursor = `&cursor=${next_cursor}`;
      }
    };
    const newestFirst = rows.map(({ movement_id: id }) => id as string).reverse();
    expect(await idsOf('/movements?system=wms1')).toEqual(newestFirst);
    expect(await idsOf('/movements?item=B')).toEqual(['20', '15', '10', '5', '0']);
    expect(await idsOf('/movements?reference=R1&item=B')).toEqual(['15', '5']);
    expect(await idsOf('/movements?until=2026-11-22T08:00:00Z')).toEqual([]);
    expect(await idsOf('/messages?state=failed')).toEqual(['M2']);
    await flushIntake(context);
    expect(await idsOf('/movements?from=2026-11-22T08:00:00Z')).toEqual(newestFirst);
    expect(await idsOf('/messages?message_id=M1')).toEqual(['M1']);
  });

  test('balances are an import of their source', async () => {
    const { request } = await begin();
    const row = { site: 'DC1', item: 'A', status: 'UNRESTRICTED', quantity: '10', as_of: '2026-11-22T00:00:00Z' };
    const sent = await request('POST', '/balances?system=sap', { body: lines([row]), ...NDJSON });
    expect([sent.statusCode, sent.json()]).toMatchObject([202, { is_new: true, state: 'accepted', rows: 1 }]);
    const again = await request('POST', '/balances?system=sap', { body: lines([row]), ...NDJSON });
    expect([again.statusCode, again.json().import_id]).toEqual([200, sent.json().import_id]);
    const other = await request('POST', '/balances?system=wms1', { body: lines([row]), ...NDJSON });
    expect([other.statusCode, other.json().code]).toEqual([422, 'FORMAT_DIFFERS']);
  });

  test('live discrepancies are empty before the first run, and alerts tell of late messages', async () => {
    const { request, context } = await begin();
    expect((await request('GET', '/discrepancies')).json()).toMatchObject({ items: [], run_id: null });
    expect((await request('GET', '/alerts')).json()).toEqual({ items: [], next_cursor: null });
    const temporaryDirectory = join(context.dataDirectory, 'live');
    mkdirSync(temporaryDirectory, { recursive: true });
    const keeper = new LiveKeeper({
      ...context,
      temporaryDirectory,
      storeNow: async () => Date.now(),
      onNote: () => undefined,
      worker: 'one',
    });
    expect(await keeper.tick()).toBe(false);
    await keeper.stop();
  });
});

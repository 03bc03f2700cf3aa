import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const CONFIGURATION = fileURLToPath(new URL('../../../examples/founding/evenstock.yaml', import.meta.url));
const snapshot = (rows: number): string =>
  `site,item,status,quantity\n${Array.from({ length: rows }, (_, at) => `DC1,I${at},AVAILABLE,1\n`).join('')}`;

const send = (api: ApiUnderTest, content: string, query = 'file_name=wms.csv&system=wms1', as = 'analyst') =>
  api.request('POST', `/imports/balances?${query}`, { as, body: content, headers: { 'content-type': 'text/csv' } });

describeApi('imports', (open) => {
  it('a file is brought in once, and told as it is', async () => {
    const api = await open();
    const first = await send(api, snapshot(3));
    expect(first.statusCode).toBe(201);
    expect(first.json()).toMatchObject({ kind: 'balances', source: 'wms1 balances', rows: 3, state: 'accepted' });
    const again = await send(api, snapshot(3), 'file_name=other.csv&system=wms1');
    expect([again.statusCode, again.json().id]).toEqual([200, first.json().id]);
    expect((await api.request('GET', first.headers.location?.slice('/api/v1'.length) as string)).json()).toEqual(
      first.json(),
    );
    const { items } = (await api.request('GET', '/imports?source=wms1%20balances&limit=1')).json();
    expect(items).toEqual([first.json()]);
  });

  it('1,000 uploads of one file at once are one import', async () => {
    const api = await open();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => send(api, snapshot(40))));
    const taken = answers.filter(({ statusCode }) => statusCode < 300);
    // Whoever is told to come again, because the server has too much to do, has not brought anything in.
    const told = answers.filter(({ statusCode }) => statusCode >= 300);
    expect(
      told.filter(({ statusCode }) => statusCode !== 429 && statusCode !== 503).map((answer) => answer.body),
    ).toEqual([]);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(new Set(taken.map((answer) => answer.json().id)).size).toBe(1);
    expect(readdirSync(join(api.context.dataDirectory, 'imports'))).toHaveLength(1);
  });

  it('what cannot be used is refused with its reason', async () => {
    const api = await open();
    const bad = await send(api, 'site,item\nDC1,A\n');
    expect([bad.statusCode, bad.json().code]).toEqual([409, 'IMPORT_REFUSED']);
    expect(bad.json().detail).toContain('has no column');
    expect((await send(api, snapshot(1), 'file_name=a.csv')).json().code).toBe('SOURCE_AMBIGUOUS');
    expect((await send(api, snapshot(1), 'file_name=..%2Fa.csv&system=wms1')).json().code).toBe('FILE_NAME_UNUSABLE');
    const other = createHash('sha256').update('other').digest('hex');
    expect((await send(api, snapshot(1), `file_name=a.csv&system=wms1&sha256=${other}`)).json().code).toBe(
      'CONTENT_DIFFERS',
    );
    expect((await send(api, snapshot(1), undefined, 'viewer')).statusCode).toBe(403);
  });

  it('a held file is released by an approver, once', async () => {
    const api = await open();
    await send(api, snapshot(100));
    const held = (await send(api, snapshot(30))).json();
    expect(held).toMatchObject({ state: 'held', failure: 'it has 30 rows, the snapshot before it had 100' });
    const release = (as: string) => api.request('POST', `/imports/${held.id}/release`, { as });
    expect((await release('analyst')).statusCode).toBe(403);
    expect((await release('approver')).json()).toMatchObject({ state: 'accepted', failure: null });
    expect((await release('approver')).json().code).toBe('IMPORT_NOT_HELD');
  });

  it('rejected rows are told page by page, and downloaded so that they can be sent again', async () => {
    const api = await open();
    const text =
      'site,item,status,quantity\nDC1,A,AVAILABLE,1\nDC1,B,AVAILABLE,x\nDC1,,AVAILABLE,-2\nDC1,=C,AVAILABLE,1e9\n';
    const { id, rejected } = (await send(api, text)).json();
    expect(rejected).toBe(0);
    const pages: { row: number; column: string; reason: string; cells: string[] }[] = [];
    for (let cursor = ''; ; ) {
      const answer = await api.request('GET', `/imports/${id}/rejections?limit=2${cursor}`, { as: 'viewer' });
      expect(answer.statusCode, answer.body).toBe(200);
      const body = answer.json();
      expect(body.header).toEqual(['site', 'item', 'status', 'quantity']);
      pages.push(...body.items);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(pages.map(({ row, column }) => [row, column])).toEqual([
      [3, 'quantity'],
      [4, 'item'],
      [5, 'quantity'],
    ]);
    const csv = await api.request('GET', `/imports/${id}/rejections.csv`, { as: 'viewer' });
    expect(csv.headers['content-disposition']).toBe('attachment; filename="wms-rejections.csv"');
    expect(csv.body.split('\n')).toEqual([
      'site,item,status,quantity,rejected_row,rejected_column,rejected_reason',
      'DC1,B,AVAILABLE,x,3,quantity,not a decimal number',
      'DC1,,AVAILABLE,-2,4,item,item missing',
      "DC1,'=C,AVAILABLE,1e9,5,quantity,not a decimal number",
      '',
    ]);
    const corrected = csv.body.replace(',x,', ',5,').replace('DC1,,', 'DC1,D,').replace('1e9', '9').replace("'=C", 'C');
    const again = (await send(api, corrected)).json();
    expect((await api.request('GET', `/imports/${again.id}/rejections`)).json().items).toEqual([]);
    expect((await api.request('GET', `/imports/${'0'.repeat(26)}/rejections`)).statusCode).toBe(404);
    expect(
      (await api.request('GET', `/imports/${id}/rejections`, { as: await api.keyOf('viewer', ['DC1']) })).statusCode,
    ).toBe(403);
  });

  it('rejected rows are downloaded in the notation of their source', async () => {
    const base = parse(readFileSync(CONFIGURATION, 'utf8'));
    const notation = { format: 'csv', delimiter: ';', encoding: 'windows-1252', skip_rows: 1, decimal: ',' };
    const names = { movement_id: 'Beleg', posted_at: 'Buchung', site: 'Werk', item: 'Artikel', quantity: 'Menge' };
    const columns = { ...names, status: 'Bestandsart' };
    const folder = mkdtempSync(join(tmpdir(), 'evenstock-notation-'));
    cpSync(dirname(CONFIGURATION), folder, { recursive: true });
    const path = join(folder, 'evenstock.yaml');
    writeFileSync(path, stringify({ ...base, movements: [{ system: 'wms1', ...notation, columns }] }));
    const api = await open({ configuration: path });
    const text = [
      'Umlagerungen',
      'Beleg;Buchung;Werk;Artikel;Bestandsart;Menge',
      '1;2026-11-22T08:00:00Z;DC1;Müller;AVAILABLE;1,5',
      '2;2026-11-22T08:00:00Z;DC1;"Größe ""L""";AVAILABLE;viel',
      '',
    ].join('\r\n');
    const sendMoves = (body: Buffer, query: string) =>
      api.request('POST', `/imports/movements?${query}`, { body, headers: { 'content-type': 'text/csv' } });
    const sent = await sendMoves(Buffer.from(text, 'latin1'), 'file_name=m.csv');
    expect(sent.statusCode, sent.body).toBe(201);
    const csv = await api.request('GET', `/imports/${sent.json().id}/rejections.csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=windows-1252');
    const download = csv.rawPayload.toString('latin1');
    expect(download.split('\n')).toEqual([
      '-',
      'Beleg;Buchung;Werk;Artikel;Bestandsart;Menge;rejected_row;rejected_column;rejected_reason',
      '2;2026-11-22T08:00:00Z;DC1;"Größe ""L""";AVAILABLE;viel;4;Menge;not a decimal number with \',\' as the decimal mark',
      '',
    ]);
    const again = await sendMoves(Buffer.from(download.replace(';viel;', ';2,5;'), 'latin1'), 'file_name=n.csv');
    expect(again.json()).toMatchObject({ state: 'accepted', rows: 1 });
    expect((await api.request('GET', `/imports/${again.json().id}/rejections`)).json().items).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });
});

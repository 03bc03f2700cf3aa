import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const FOUNDING = fileURLToPath(new URL('../../../examples/founding', import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function foundingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenstock-wizard-'));
  folders.push(folder);
  cpSync(FOUNDING, folder, { recursive: true });
  return folder;
}

const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64');
const preview = async (api: ApiUnderTest, body: object, as = 'analyst') =>
  api.request('POST', '/sources/preview', { body, as });

const EUROPEAN = [
  'Bestand vom 22.11.2026;;;;',
  'WERKS;MATNR;STOCK_TYPE;LABST;Extracted At',
  '0001;000123;UNRESTRICTED;1.234,5;22.11.2026 23:59',
  '0001;000124;UNRESTRICTED;12,25-;22.11.2026 23:59',
  '0002;Müller;UNAVAILABLE;zwei;22.11.2026 23:59',
  '',
].join('\r\n');

describeApi('the wizard for sources', (open) => {
  test('proposes notation, columns and times from a sample, and shows raw and parsed rows', async () => {
    const api = await open();
    const request = { kind: 'balances', system: 'sap', content_base64: base64(EUROPEAN, 'latin1') };
    const answer = await preview(api, request);
    expect(answer.statusCode, answer.body).toBe(200);
    const body = answer.json();
    expect(body.settings).toMatchObject({
      ...{ format: 'csv', delimiter: ';', skip_rows: 1, encoding: 'windows-1252' },
      ...{ decimal: ',', thousands: '.', negative: ['trailing-minus'], time_format: 'dd.MM.yyyy HH:mm' },
      columns: { site: 'WERKS', item: 'MATNR', quantity: 'LABST', as_of: 'Extracted At' },
    });
    expect(body.questions).toEqual([expect.objectContaining({ setting: 'time_zone' })]);
    // Nothing tells what STOCK_TYPE is but a name that is known: the status.
    expect(body.settings.columns.status).toBe('STOCK_TYPE');
    expect(body.rows.map(({ row, outcome }: { row: number; outcome: string }) => [row, outcome])).toEqual([
      [3, 'accepted'],
      [4, 'accepted'],
      [5, 'rejected'],
    ]);
    expect(body.rows[0]).toMatchObject({
      cells: ['0001', '000123', 'UNRESTRICTED', '1.234,5', '22.11.2026 23:59'],
      parsed: { site: 'DC1', item: '000123', quantity: '1234.5', category: 'available' },
    });
    expect(body.rows[1].parsed.quantity).toBe('-12.25');
    expect(body.rows[2]).toMatchObject({ column: 'LABST', value: 'zwei', cells: expect.arrayContaining(['Müller']) });
    expect(body.canonical.required).toEqual(['site', 'item', 'status', 'quantity']);
  });

  test('takes what the caller changes, and says why a file cannot be read', async () => {
    const api = await open();
    const content_base64 = base64('a,b,c,d\nDC1,X,AVAILABLE,5\n');
    const unknown = (await preview(api, { kind: 'balances', system: 'wms1', content_base64 })).json();
    expect(unknown).toMatchObject({ header: ['a', 'b', 'c', 'd'], problem: { code: expect.any(String) }, rows: [] });
    const settings = { columns: { site: 'a', item: 'b', status: 'c', quantity: 'd' } };
    const told = (await preview(api, { kind: 'balances', system: 'wms1', content_base64, settings })).json();
    expect(told).toMatchObject({ problem: null, counts: { rows: 1, accepted: 1 } });
    expect((await preview(api, { kind: 'balances', content_base64: '' })).json().problem.code).toBe('EMPTY');
    expect(
      (await preview(api, { kind: 'balances', content_base64, settings: { path: '/etc/passwd' } })).statusCode,
    ).toBe(422);
    expect((await preview(api, { kind: 'balances' })).statusCode).toBe(422);
    expect((await preview(api, { kind: 'balances', content_base64 }, 'viewer')).statusCode).toBe(403);
  });

  test.each([
    ['a workbook that is none', 'PK\x03\x04 no zip'],
    ['Parquet that is none', 'PAR1 no parquet PAR1'],
    ['JSON that breaks off', '[{"site": "DC1"'],
    ['quotes without an end', 'a,b\n"x'],
    ['bytes', Array.from({ length: 600 }, (_, at) => String.fromCharCode(at % 256)).join('')],
  ])('%s is a problem, and no failure of the server', async (_, text) => {
    const api = await open();
    const answer = await preview(api, { kind: 'movements', system: 'wms1', content_base64: base64(text, 'latin1') });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json().problem).not.toBeNull();
    expect(answer.body).not.toContain(tmpdir());
  });

  test.each([
    ['jsonl', '{"message_id":"1","sent_at":"2026-11-22T08:00:00Z","state":"sent"}\n'],
    ['json', '[{"message_id":"1","sent_at":"2026-11-22T08:00:00Z","state":"sent"}]'],
    ['tsv', 'message_id\tsent_at\tstate\n1\t2026-11-22T08:00:00Z\tsent\n'],
  ])('%s is recognised', async (format, text) => {
    const api = await open();
    const body = (await preview(api, { kind: 'messages', content_base64: base64(text) })).json();
    expect(body).toMatchObject({ settings: { format }, counts: { accepted: 1 }, questions: [] });
  });

  test('an imported file is previewed, and the beginning of a long one', async () => {
    const api = await open();
    const content = 'site,item,status,quantity\nDC1,A,AVAILABLE,1\n';
    const sent = await api.request('POST', '/imports/balances?file_name=w.csv&system=wms1', {
      body: content,
      headers: { 'content-type': 'text/csv' },
    });
    const imported = (await preview(api, { kind: 'balances', system: 'wms1', import: sent.json().id })).json();
    expect(imported.counts).toEqual({ rows: 1, accepted: 1, excluded: 0, rejected: 0 });
    const cut = { kind: 'balances', system: 'wms1', content_base64: base64(`${content}DC1,B,AVAI`), is_cut: true };
    expect((await preview(api, cut)).json().counts.rows).toBe(1);
    expect((await preview(api, { kind: 'balances', import: '0'.repeat(26) })).statusCode).toBe(404);
  });

  test('a source is checked and saved with all comments, once, for who has read what is there', async () => {
    const folder = foundingFolder();
    const path = join(folder, 'evenstock.yaml');
    const api = await open({ configuration: path });
    const before = readFileSync(path, 'utf8');
    writeFileSync(
      join(folder, 'in/moves.csv'),
      'movement_id,posted_at,site,item,status,quantity\n1,2026-11-22T08:00:00Z,DC1,A,AVAILABLE,-1\n',
    );
    const etag = (await api.request('GET', '/sources')).headers.etag as string;
    const settings = {
      system: 'wms1',
      format: 'csv',
      path: 'in/moves.csv',
      delimiter: ',',
      time_zone: 'America/Chicago',
    };
    const save = (body: object, as = 'administrator', tag = etag) =>
      api.request('POST', '/sources', {
        body: { part: 'movements', settings, ...body },
        as,
        headers: { 'if-match': tag },
      });
    const trial = await save({ is_trial: true });
    expect([trial.statusCode, trial.json().is_saved, readFileSync(path, 'utf8')]).toEqual([200, false, before]);
    expect((await save({}, 'approver')).statusCode).toBe(403);
    expect((await api.request('POST', '/sources', { body: { part: 'movements', settings } })).statusCode).toBe(428);
    const saved = await save({});
    expect(saved.statusCode, saved.body).toBe(201);
    expect(saved.json()).toMatchObject({ name: 'wms1 movements', is_saved: true });
    const lines = (saved.json().diff as string).split('\n');
    expect(lines.filter((line) => line.startsWith('-'))).toEqual([]);
    expect(lines).toContain('+  - system: wms1');
    const after = readFileSync(path, 'utf8');
    for (const comment of before.split('\n').filter((line) => line.startsWith('#'))) expect(after).toContain(comment);
    expect((await save({})).json().code).toBe('CONFIGURATION_CHANGED');
    const next = (await api.request('GET', '/sources')).headers.etag as string;
    expect(next).toBe(saved.headers.etag);
    expect((await save({}, undefined, next)).statusCode).toBe(422);
    const names = (await api.request('GET', '/sources')).json().items.map(({ name }: { name: string }) => name);
    expect(names).toContain('wms1 movements');
    expect((await api.request('GET', '/audit?action=source')).json().items).toMatchObject([
      { action: 'source.add', entity_id: 'wms1 movements', after: { settings: { path: 'in/moves.csv' } } },
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    const checked = (await api.request('POST', '/sources/wms1%20movements/check')).json();
    expect(checked).toMatchObject({ file: 'moves.csv', problem: null, counts: { rows: 1, accepted: 1 } });
  });

  test('a source joins those that are there, in the middle of the file', async () => {
    const folder = foundingFolder();
    const path = join(folder, 'evenstock.yaml');
    const api = await open({ configuration: path });
    const headers = { 'if-match': (await api.request('GET', '/sources')).headers.etag as string };
    const settings = {
      system: 'wms1',
      name: 'annex',
      format: 'csv',
      path: 'in/annex.csv',
      skip_rows: 1,
      as_of: 'file_time',
    };
    const answer = await api.request('POST', '/sources', { body: { part: 'balances', settings }, headers });
    expect(answer.statusCode, answer.body).toBe(201);
    expect((answer.json().diff as string).split('\n')).toEqual([
      '     format: csv',
      '     path: in/wms_stock.csv',
      '     as_of: 2026-11-22T23:59:59-06:00',
      '+  - system: wms1',
      '+    name: annex',
      '+    format: csv',
      '+    path: in/annex.csv',
      '+    skip_rows: 1',
      '+    as_of: file_time',
      ' # Where the file names carry the moment of the snapshot, the newest is taken:',
      expect.any(String),
      expect.any(String),
    ]);
  });

  test.each([
    ['a path out of the folder', { path: '../secrets.csv' }, 400, 'PATH_OUTSIDE'],
    ['an absolute path', { path: '/etc/passwd' }, 400, 'PATH_OUTSIDE'],
    ['the environment', { path: `in/\${HOME}.csv` }, 400, 'REFERENCE_NOT_ALLOWED'],
    ['an unknown key', { path: 'in/a.csv', formats: 'csv' }, 422, 'CONFIGURATION_INVALID'],
    ['an unknown system', { path: 'in/a.csv', system: 'x' }, 422, 'CONFIGURATION_INVALID'],
  ])('%s is refused and changes nothing', async (_, settings, status, code) => {
    const folder = foundingFolder();
    const path = join(folder, 'evenstock.yaml');
    const api = await open({ configuration: path });
    const before = readFileSync(path, 'utf8');
    const headers = { 'if-match': (await api.request('GET', '/sources')).headers.etag as string };
    const body = { part: 'movements', settings: { system: 'wms1', format: 'csv', ...settings } };
    const answer = await api.request('POST', '/sources', { body, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.body).not.toContain(folder);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('a check says what is missing', async () => {
    const folder = foundingFolder();
    const api = await open({ configuration: join(folder, 'evenstock.yaml') });
    rmSync(join(folder, 'in/wms_stock.csv'));
    const check = async (name: string) => api.request('POST', `/sources/${encodeURIComponent(name)}/check`);
    expect((await check('wms1 balances')).json()).toMatchObject({ file: null, problem: { code: 'FILE_NOT_FOUND' } });
    expect((await check('sap balances')).json()).toMatchObject({
      file: 'erp_stock.csv',
      problem: null,
      as_of: expect.any(String),
    });
    expect((await check('nothing')).statusCode).toBe(404);
  });
});

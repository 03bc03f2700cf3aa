import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

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
});

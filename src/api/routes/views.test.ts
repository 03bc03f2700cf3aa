import { expect, test } from 'vitest';
import { describeApi } from '../api-fixture.ts';

const VIEW = { page: 'run', name: 'Mine', query: 'site=DC1&cause=message-rejected', columns: ['rank', 'item'] };

describeApi('saved views', (open) => {
  test('are their owner’s, until they are shared', async () => {
    const { request, keyOf } = await open();
    const anna = await keyOf('analyst', ['DC1']);
    const made = await request('POST', '/views', { body: VIEW, as: anna });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json();
    expect(made.json()).toMatchObject({ ...VIEW, is_mine: true, is_shared: false, version: 1 });
    expect((await request('GET', `/views/${id}`, { as: 'viewer' })).statusCode).toBe(404);
    expect((await request('GET', '/views', { as: 'viewer' })).json().items).toEqual([]);
    const change = (as: string, version: number, more: object) =>
      request('PUT', `/views/${id}`, { as, body: { ...VIEW, ...more }, headers: { 'if-match': `"${version}"` } });
    expect((await change('analyst', 1, {})).statusCode).toBe(404);
    expect((await change('administrator', 1, {})).statusCode).toBe(404);
    const shared = await change(anna, 1, { is_shared: true, name: 'Ours' });
    expect([shared.statusCode, shared.headers.etag]).toEqual([200, '"2"']);
    expect((await change(anna, 1, {})).statusCode).toBe(412);
    expect((await request('GET', '/views?page=run', { as: 'viewer' })).json().items).toMatchObject([
      { id, name: 'Ours', is_mine: false, columns: ['rank', 'item'] },
    ]);
    expect((await request('GET', '/views?page=other', { as: anna })).json().items).toEqual([]);
    expect((await change('analyst', 2, {})).json().code).toBe('VIEW_OF_ANOTHER');
    expect((await change('administrator', 2, { is_shared: true })).statusCode).toBe(200);
    const remove = (as: string, version: number) =>
      request('DELETE', `/views/${id}`, { as, headers: { 'if-match': `"${version}"` } });
    expect((await remove('viewer', 3)).statusCode).toBe(403);
    expect((await remove(anna, 2)).statusCode).toBe(412);
    expect((await remove(anna, 3)).statusCode).toBe(204);
    expect((await request('GET', `/views/${id}`, { as: anna })).statusCode).toBe(404);
    const { items } = (await request('GET', '/audit?entity=view')).json();
    expect(items.map(({ action }: { action: string }) => action).sort()).toEqual([
      'view.create',
      'view.delete',
      'view.update',
      'view.update',
    ]);
  });

  test('have one name on a page of one owner; viewers keep theirs for themselves', async () => {
    const { request } = await open();
    expect((await request('POST', '/views', { body: VIEW, as: 'viewer' })).statusCode).toBe(201);
    expect((await request('POST', '/views', { body: VIEW, as: 'viewer' })).json().code).toBe('VIEW_NAME_TAKEN');
    expect((await request('POST', '/views', { body: VIEW, as: 'analyst' })).statusCode).toBe(201);
    expect((await request('POST', '/views', { body: { ...VIEW, page: 'item' }, as: 'viewer' })).statusCode).toBe(201);
    const sharing = await request('POST', '/views', { body: { ...VIEW, name: 'x', is_shared: true }, as: 'viewer' });
    expect([sharing.statusCode, sharing.json().code]).toEqual([403, 'SHARING_NOT_ALLOWED']);
    const headers = { 'idempotency-key': 'once' };
    const first = await request('POST', '/views', { body: { ...VIEW, name: 'y' }, headers });
    expect((await request('POST', '/views', { body: { ...VIEW, name: 'y' }, headers })).json().id).toBe(
      first.json().id,
    );
    expect((await request('POST', '/views', { body: { ...VIEW, name: ' ' } })).statusCode).toBe(422);
  });
});

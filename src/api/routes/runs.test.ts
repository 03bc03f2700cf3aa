import { expect, test } from 'vitest';
import { endRun, requestRun, startRun } from '../../store/work/runs.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const ids = (page: { items: { id: string }[] }): string[] => page.items.map(({ id }) => id);

describeApi('runs', (open) => {
  test('are asked for by analysts, forced by approvers, each once', async () => {
    const { request, context } = await open();
    const ask = (as: string, body?: unknown, headers = {}) => request('POST', '/runs', { as, body, headers });
    expect((await ask('viewer')).statusCode).toBe(403);
    const asked = await ask('analyst', { site: ['DC1'], item: ['00123'] }, { 'idempotency-key': 'nightly' });
    expect(asked.statusCode).toBe(202);
    expect(asked.json()).toMatchObject({ state: 'queued', filters: { site: ['DC1'], item: ['00123'] }, force: null });
    expect(asked.headers['location']).toBe(`/api/v1/runs/${asked.json().id}`);
    const many = await Promise.all(
      Array.from({ length: 5 }, () =>
        ask('analyst', { site: ['DC1'], item: ['00123'] }, { 'idempotency-key': 'nightly' }),
      ),
    );
    expect(new Set(many.map(({ body }) => body))).toEqual(new Set([asked.body]));
    const force = { reason: 'the file is known to be late' };
    expect((await ask('analyst', { force })).json().code).toBe('ROLE_TOO_LOW');
    const forced = (await ask('approver', { force })).json();
    expect(forced.force).toEqual({ by: forced.requested_by, reason: force.reason });
    const jobs = await context.database.db.selectFrom('jobs').select('id').execute();
    expect(jobs).toHaveLength(2);
  });

  test('are listed from the newest on, by state and cause', async () => {
    const { request } = await open();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await request('POST', '/runs')).json().id);
    await request('POST', `/runs/${made[2]}/cancel`);
    const first = (await request('GET', '/runs?limit=3')).json();
    const second = (await request('GET', `/runs?limit=3&cursor=${first.next_cursor}`)).json();
    expect(new Set([...ids(first), ...ids(second)])).toEqual(new Set(made));
    expect(second.next_cursor).toBeNull();
    expect(ids((await request('GET', '/runs?state=cancelled,failed')).json())).toEqual([made[2]]);
    expect(ids((await request('GET', '/runs?cause=schedule')).json())).toEqual([]);
    expect((await request('GET', '/runs?state=odd')).json()).toMatchObject({ status: 400 });
  });

  test('are cancelled once, and not when they are over', async () => {
    const { request } = await open();
    const { id } = (await request('POST', '/runs')).json();
    const cancelled = await request('POST', `/runs/${id}/cancel`, { as: 'analyst' });
    expect(cancelled.json()).toMatchObject({ id, state: 'cancelled' });
    expect((await request('POST', `/runs/${id}/cancel`)).json()).toMatchObject({ status: 409, code: 'RUN_OVER' });
    expect((await request('POST', '/runs/none/cancel')).json()).toMatchObject({ status: 404, code: 'RUN_UNKNOWN' });
  });
});

describeApi('runs, for who sees one site', (open) => {
  async function worldOf({ context }: ApiUnderTest): Promise<void> {
    const { db } = context.database;
    await db.transaction().execute(async (transaction) => {
      const sites = { all: [], dc1: ['DC1'], dc2: ['DC2'], both: ['DC1', 'DC2'] };
      for (const [index, [id, site]] of Object.entries(sites).entries()) {
        const now = context.now() + index;
        const filters = { site, item: [] };
        await requestRun(transaction, { id, cause: 'request', requestedBy: 'system', filters, now });
        await startRun(transaction, id, now);
        const document = { run_id: id, state: 'complete', totals: { discrepancies: 7 } } as never;
        await endRun(transaction, id, { state: 'complete', document }, now);
      }
    });
  }

  test('those of other sites are not there, and totals of all sites are not told', async () => {
    const api = await open();
    await worldOf(api);
    const as = await api.keyOf('analyst', ['DC1']);
    const seen = (await api.request('GET', '/runs?limit=1', { as })).json();
    expect(ids(seen)).toEqual(['both']);
    const others = (await api.request('GET', `/runs?cursor=${seen.next_cursor}`, { as })).json();
    expect(ids(others)).toEqual(['dc1', 'all']);
    const summaries = [...seen.items, ...others.items].map(({ summary }) => summary);
    expect(summaries).toEqual([null, expect.objectContaining({ totals: { discrepancies: 7 } }), null]);
    expect((await api.request('GET', '/runs/dc2', { as })).statusCode).toBe(404);
    expect((await api.request('GET', '/runs/dc2')).json().summary.totals).toEqual({ discrepancies: 7 });
  });

  test('they ask for and cancel runs of their own sites only', async () => {
    const api = await open();
    const as = await api.keyOf('analyst', ['DC1']);
    for (const body of [undefined, { site: ['DC2'] }, { site: ['DC1', 'DC2'] }])
      expect((await api.request('POST', '/runs', { as, body })).json().code).toBe('SITES_TOO_FEW');
    const own = await api.request('POST', '/runs', { as, body: { site: ['DC1'] } });
    expect(own.statusCode).toBe(202);
    const { id } = (await api.request('POST', '/runs')).json();
    expect((await api.request('POST', `/runs/${id}/cancel`, { as })).json().code).toBe('SITES_TOO_FEW');
    expect((await api.request('POST', `/runs/${own.json().id}/cancel`, { as })).statusCode).toBe(202);
  });
});

import { expect, test } from 'vitest';
import { describeApi } from '../api-fixture.ts';

describeApi('health', (open) => {
  test('needs no key, and readiness says what is missing', async () => {
    const { request } = await open({
      context: { checks: async () => [{ name: 'configuration', isOk: false, detail: 'evenstock.yaml:3:1: …' }] },
    });
    expect((await request('GET', '/health', { as: 'none' })).json()).toEqual({ status: 'ok', version: '0.0.0-test' });
    const ready = await request('GET', '/ready', { as: 'none' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json().checks).toContainEqual({
      name: 'configuration',
      is_ok: false,
      detail: 'evenstock.yaml:3:1: …',
    });
  });

  test('a store that is gone makes it not ready, never unhealthy', async () => {
    const { request, context } = await open();
    expect((await request('GET', '/ready')).json()).toMatchObject({ status: 'ready' });
    await context.database.close();
    expect((await request('GET', '/health', { as: 'none' })).statusCode).toBe(200);
    expect((await request('GET', '/ready', { as: 'none' })).json()).toMatchObject({ status: 'not-ready' });
  });
});

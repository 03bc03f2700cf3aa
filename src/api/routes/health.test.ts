import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  test('a data directory that nothing can be written to makes it not ready', async () => {
    const { request, context } = await open();
    const diskOf = async () => {
      const { status, checks } = (await request('GET', '/ready', { as: 'none' })).json();
      return { status, ...checks.find(({ name }: { name: string }) => name === 'disk') };
    };
    expect(await diskOf()).toEqual({ status: 'ready', name: 'disk', is_ok: true });
    expect(readdirSync(join(context.dataDirectory, 'work'))).toEqual([]);
    rmSync(join(context.dataDirectory, 'work'), { recursive: true });
    writeFileSync(join(context.dataDirectory, 'work'), 'a file stands in the way');
    const detail = 'the data directory cannot be written';
    expect(await diskOf()).toEqual({ status: 'not-ready', name: 'disk', is_ok: false, detail });
  });

  test('a store that is gone makes it not ready, never unhealthy', async () => {
    const { request, context } = await open();
    expect((await request('GET', '/ready')).json()).toMatchObject({ status: 'ready' });
    await context.database.close();
    expect((await request('GET', '/health', { as: 'none' })).statusCode).toBe(200);
    expect((await request('GET', '/ready', { as: 'none' })).json()).toMatchObject({ status: 'not-ready' });
  });
});

import { describe, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { json, newFolder, type Served, serve, stop, until } from './run-server.ts';

describe('live discrepancies of a real server', () => {
  let server: Served;
  let key: string;
  const ask = async (url: string, body?: unknown) =>
    json(
      await fetch(`${server.address}${url}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  /** What the WMS holds of an item now, be it a discrepancy or on its way. */
  const held = async (item: string): Promise<string[]> => {
    const lines = [];
    for (const state of ['discrepancy', 'timing']) {
      const { items } = await ask(`/discrepancies?state=${state}&item=${item}`);
      lines.push(...items.map((line: Record<string, string>) => line['wms_quantity']));
    }
    return lines;
  };

  test('follow what arrives in a thread, go on after a kill, and are handed back at the end', async () => {
    const folder = await newFolder('live');
    server = await serve(folder);
    key = (await runCli(folder, 'key', 'create', '--name', 'live', '--role', 'administrator')).out.trim();
    await ask('/runs', {});
    await until(async () => (await ask('/discrepancies')).as_of !== null, 'the first live state');
    expect((await ask('/discrepancies?limit=1000')).items.length).toBeGreaterThan(5);
    const place = { site: 'DC1', item: 'NEW-1', status: 'AVAILABLE', quantity: '7' };
    const movement = { movement_id: 'L1', posted_at: new Date().toISOString(), ...place };
    expect(await ask('/movements?system=wms1', [movement])).toMatchObject({ taken: 1 });
    await until(async () => (await held('NEW-1')).join() === '7', 'what the movement changes');
    // Another server of this directory waits for the end of the lease, and has nothing to begin anew.
    await stop(server, 'SIGKILL');
    server = await serve(folder);
    await ask('/movements?system=wms1', [{ ...movement, movement_id: 'L2', quantity: '2' }]);
    await until(async () => (await held('NEW-1')).join() === '9', 'what came after the kill');
    expect((await stop(server)).code).toBe(0);
    expect(server.err()).not.toContain('could not be worked out');
  });
});

import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KeptResults } from '../../app/kept-results.ts';
import { LiveWorld, MIDNIGHT, MINUTE_MS, movement } from '../../jobs/live/live-world-fixture.ts';
import { describeApi } from '../api-fixture.ts';

const ERP = { status: 'UNRESTRICTED' };

describeApi('discrepancies as they stand now', (open) => {
  const worlds: LiveWorld[] = [];
  afterAll(async () => {
    for (const world of worlds) await world.end();
  });

  test('are counted whatever is asked for, and say what is known of each system', async () => {
    const { context, keyOf } = await open();
    const world = new LiveWorld(context.database);
    worlds.push(world);
    await world.run(0, 'A 10 10, B 5 7, C 4 9');
    const results = new KeptResults(world.runs.dataDirectory);
    const api = await open({
      configuration: join(world.runs.dataDirectory, '..', 'evenstock.yaml'),
      context: { database: context.database, results },
    });
    const get = async (url: string, as = 'administrator') => (await api.request('GET', url, { as })).json();
    expect(await get('/discrepancies', await keyOf('viewer', null))).toMatchObject({
      ...{ items: [], next_cursor: null, run_id: null, systems: [] },
      totals: { discrepancies: 0, timing: 0 },
    });
    world.now = MIDNIGHT + 60 * MINUTE_MS;
    await world.settle();
    await world.take('movements', 'wms1', [movement('S1', 60, -4)]);
    await world.settle();
    const key = await keyOf('viewer', null);
    const first = await get('/discrepancies?limit=1', key);
    expect(first.items.map(({ item }: { item: string }) => item)).toEqual(['C']);
    expect(first.totals).toEqual({ discrepancies: 2, timing: 1 });
    expect(first.systems).toEqual([
      { system: 'sap', snapshot_as_of: '2026-11-22T00:00:00.000Z', sends_movements: false },
      { system: 'wms1', snapshot_as_of: '2026-11-22T00:00:00.000Z', sends_movements: true },
    ]);
    const second = await get(`/discrepancies?limit=1&cursor=${first.next_cursor}`, key);
    expect(second).toMatchObject({ next_cursor: null, totals: first.totals });
    // Why a movement made no discrepancy: the other side's movements are not sent.
    expect(await get('/discrepancies?item=A', key)).toMatchObject({
      items: [],
      totals: { discrepancies: 0, timing: 1 },
    });
    expect((await get('/discrepancies?item=B&state=timing', key)).totals).toEqual({ discrepancies: 1, timing: 0 });
    expect((await get('/discrepancies?min_value=1&site=DC1&category=available', key)).totals.timing).toBe(0);
    expect((await get('/discrepancies?site=DC1&category=available', key)).totals).toEqual(first.totals);
    expect((await get('/discrepancies', await keyOf('viewer', ['ELSEWHERE']))).totals).toEqual({
      discrepancies: 0,
      timing: 0,
    });
    await world.take('movements', 'sap', [movement('P1', 60, -4, ERP)]);
    await world.settle();
    const after = await get('/discrepancies', key);
    expect(after.totals).toEqual({ discrepancies: 2, timing: 0 });
    expect(after.systems.every((system: { sends_movements: boolean }) => system.sends_movements)).toBe(true);
    await results.close();
  });
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeOnBothStores } from '../../store/database/both-stores-fixture.ts';
import { RunStore } from '../../store/run-store.ts';
import { LiveWorld, MIDNIGHT, MINUTE_MS, message, movement } from './live-world-fixture.ts';

const ERP = { status: 'UNRESTRICTED' };

describeOnBothStores('live discrepancies', (store) => {
  const worlds: LiveWorld[] = [];
  afterAll(async () => {
    for (const world of worlds) await world.end();
  });
  const begin = async (balances = 'A 10 10, B 5 7'): Promise<LiveWorld> => {
    const world = new LiveWorld(await store.open());
    worlds.push(world);
    await world.run(0, balances);
    world.now = MIDNIGHT + 60 * MINUTE_MS;
    await world.settle();
    return world;
  };

  test('start from the last run, and follow what arrives', async () => {
    const world = await begin();
    expect(await world.lines()).toEqual(['discrepancy B 7 5 0']);
    expect(await world.events()).toEqual(['discrepancies.rebased']);
    await world.take('movements', 'sap', [movement('P0', 59, 0, ERP)]);
    await world.take('movements', 'wms1', [movement('S1', 60, -4, { message_id: 'M1' })]);
    await world.take('messages', '', [message('M1', 61, 'sent', -4)]);
    await world.settle();
    expect(await world.lines()).toEqual(['timing A 6 10 -4', 'discrepancy B 7 5 0']);
    await world.events();
    world.now += 32 * MINUTE_MS;
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy A 6 10 0', 'discrepancy B 7 5 0']);
    expect(await world.alerts()).toEqual(['late-message A M1']);
    expect(await world.events()).toEqual(['discrepancy.opened', 'alert.opened']);
    await world.take('movements', 'sap', [movement('P1', 95, -4, { ...ERP, message_id: 'M1' })]);
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy B 7 5 0']);
    expect(await world.alerts()).toEqual([]);
    expect(await world.events()).toEqual(['discrepancy.closed', 'alert.closed']);
  });

  test('a new run is the new start: what its snapshots hold is not counted twice, what they lack is not lost', async () => {
    const world = await begin();
    await world.take('movements', 'sap', [movement('P1', 61, -4, { ...ERP, reference: 'S1' })]);
    await world.take('movements', 'wms1', [
      movement('S1', 60, -4, { reference: 'S1' }),
      movement('S2', 130, -1, { reference: 'S2' }),
      movement('S3', 60, 3, { item: 'C', reference: 'S3' }),
    ]);
    world.now = MIDNIGHT + 200 * MINUTE_MS;
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy A 5 6 0', 'discrepancy B 7 5 0', 'discrepancy C 3 0 0']);
    await world.run(120, 'A 6 6, B 5 7, C 0 3');
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy A 5 6 0', 'discrepancy B 7 5 0', 'discrepancy C 3 0 0']);
    await world.run(140, 'A 6 5, B 7 7, C 3 3');
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy A 5 6 0']);
    expect((await world.events()).filter((kind) => kind === 'discrepancies.rebased')).toHaveLength(3);
    await world.settle();
    const generations = await world.database.db.selectFrom('live_generations').selectAll().execute();
    expect(generations).toHaveLength(1);
  });

  test('are kept by one of several servers, and another goes on', async () => {
    const world = await begin();
    const other = world.openKeeper();
    await world.take('movements', 'wms1', [movement('S1', 60, -4)]);
    expect(await other.tick()).toBe(false);
    world.now += 5_001;
    await other.tick();
    world.now += 2_000;
    while (await other.tick());
    expect(await world.lines()).toEqual(['timing A 6 10 -4', 'discrepancy B 7 5 0']);
    await other.stop();
  });

  test('the first row that a system ever sends is judged as one of a system that sends, whoever looks when', async () => {
    for (const [system, units, more] of [
      ['wms1', -4, {}],
      ['sap', 4, ERP],
    ] as const) {
      const world = await begin();
      await world.events();
      await world.take('movements', system, [movement('S1', 60, units, more)]);
      // Nobody has looked yet who sends: the next look is two seconds away.
      await world.tick();
      const [wms, erp] = system === 'wms1' ? [6, 10] : [10, 14];
      const lines = [`timing A ${wms} ${erp} -4`, 'discrepancy B 7 5 0'];
      expect(await world.lines()).toEqual(lines);
      await world.settle();
      expect(await world.lines()).toEqual(lines);
      // No false alarm was told, and none had to be taken back.
      expect(await world.events()).toEqual([]);
    }
  });

  test('what was known by the snapshot only is judged again once its system sends', async () => {
    const world = await begin();
    await world.take('movements', 'wms1', [movement('S1', 55, -4, { reference: 'S1' })]);
    await world.tick();
    expect(await world.lines()).toEqual(['timing A 6 10 -4', 'discrepancy B 7 5 0']);
    world.now += 60 * MINUTE_MS;
    await world.settle();
    await world.take('movements', 'sap', [movement('P1', 100, 2, { ...ERP, item: 'C' })]);
    while (await world.tick());
    expect(await world.lines()).toEqual(['discrepancy A 6 10 0', 'discrepancy B 7 5 0', 'discrepancy C 0 2 0']);
  });

  test('a message that names no item is late by itself, and not once the receiver posted any of it', async () => {
    const world = await begin();
    const whole = { item: '', status: '', quantity: '', site: '' };
    await world.take('messages', '', [message('M1', 60, 'sent', 0, whole), message('M2', 60, 'sent', 0, whole)]);
    world.now += 40 * MINUTE_MS;
    await world.settle();
    expect(await world.alerts()).toEqual(['late-message  M1', 'late-message  M2']);
    await world.take('movements', 'sap', [movement('P1', 95, -4, { ...ERP, message_id: 'M1' })]);
    await world.settle();
    expect(await world.alerts()).toEqual(['late-message  M2']);
  });

  test('a run without balances that can be read is noted once, and passed over', async () => {
    const world = await begin();
    const balancesOf = async (): Promise<string> => {
      const runs = new RunStore(world.runs.dataDirectory);
      return join(runs.folderOf((await runs.list()).at(-1) as string), 'balances.parquet');
    };
    await world.run(100, 'A 9 9, B 5 7');
    rmSync(await balancesOf());
    await world.run(110, 'A 9 9, B 5 7');
    writeFileSync(await balancesOf(), 'PAR1 no more PAR1');
    await world.take('movements', 'wms1', [movement('S1', 115, -4)]);
    for (let look = 0; look < 3; look++) await world.settle();
    expect(world.notes).toHaveLength(2);
    expect(await world.lines()).toEqual(['timing A 6 10 -4', 'discrepancy B 7 5 0']);
    world.now += 11 * MINUTE_MS;
    await world.settle();
    expect(world.notes).toHaveLength(2);
    await world.run(120, 'A 9 9, B 5 7');
    await world.settle();
    expect(await world.lines()).toEqual(['discrepancy B 7 5 0']);
  });
});

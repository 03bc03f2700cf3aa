import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { configurationSchema } from '../contract/configuration.ts';
import { holdRemovals } from '../store/data-directory-lock.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { RunState } from '../store/database/work-state.ts';
import { appendEvents } from '../store/work/events.ts';
import { listImports } from '../store/work/imports.ts';
import { requestRun } from '../store/work/runs.ts';
import { FileImporter } from './file-importer.ts';
import { findImportSource } from './find-import-source.ts';
import { removeOld } from './remove-old.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T00:00:00Z');
const configuration = configurationSchema.parse({
  version: 1,
  currency: 'USD',
  systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
  balances: ['sap', 'wms1'].map((system) => ({ system, format: 'csv', as_of: 'file_time' })),
  categories: { available: { erp: ['FREE'] } },
  retention: { runs: '100d', imports: '10d', events: '5d' },
});

describeOnBothStores('removeOld', (store) => {
  async function open() {
    const { dataDirectory } = await store.place();
    const database = await store.open();
    let clock = NOW;
    let ids = 0;
    const importer = new FileImporter({
      ...{ database, dataDirectory, loaded: { configuration, directory: dataDirectory } },
      ...{ now: () => clock, newId: () => `id-${++ids}`, signal: new AbortController().signal },
    });
    const source = findImportSource(configuration, { part: 'balances', system: 'sap' });
    const bringIn = async (daysAgo: number): Promise<string> => {
      clock = NOW - daysAgo * DAY;
      const content = Readable.from([Buffer.from(`site,item,status,quantity\nDC1,A,FREE,${daysAgo}\n`)]);
      const request = { source, fileName: `day-${daysAgo}.csv`, content, modifiedMs: clock, receivedBy: 'system' };
      return (await importer.importFile(request)).row.path as string;
    };
    const addRun = async (id: string, state: RunState, daysAgo: number): Promise<void> => {
      mkdirSync(join(dataDirectory, 'runs', id), { recursive: true });
      writeFileSync(join(dataDirectory, 'runs', id, 'run.json'), '{}');
      const finished_at = NOW - daysAgo * DAY;
      const row = { id, job_id: null, state, cause: 'command-line', schedule_id: null, slot_at: null } as const;
      await database.db.transaction().execute((tx) =>
        tx
          .insertInto('runs')
          .values({ ...row, requested_by: 'system', created_at: finished_at, finished_at })
          .execute(),
      );
    };
    const remove = () => removeOld({ database, dataDirectory, configuration, now: NOW });
    const runs = (): string[] => readdirSync(join(dataDirectory, 'runs')).sort();
    return { database, dataDirectory, bringIn, addRun, remove, runs };
  }

  it('removes runs after their time, never the last complete one', async () => {
    const { addRun, remove, runs, database } = await open();
    await addRun('1', 'complete', 300);
    await addRun('2', 'refused', 200);
    await addRun('3', 'complete', 150);
    await addRun('4', 'refused', 120);
    await addRun('5', 'failed', 50);
    expect(await remove()).toMatchObject({ runs: 3 });
    expect(runs()).toEqual(['3', '5']);
    const rows = await database.db.selectFrom('runs').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(['3', '5']);
    expect(await remove()).toEqual({ runs: 0, imports: 0, leftovers: 0 });
  });

  it('removes imported files after their time, never the newest of a source or what a run waits for', async () => {
    const { bringIn, remove, database, dataDirectory } = await open();
    const [old, awaited, last] = [await bringIn(40), await bringIn(30), await bringIn(20)];
    const pinned = { 'sap balances': [{ path: join(dataDirectory, awaited) }] };
    const request = {
      id: 'r1',
      cause: 'request',
      requestedBy: 'system',
      filters: { site: [], item: [] },
      pinned,
      now: 1,
    } as const;
    await database.db.transaction().execute((tx) => requestRun(tx, request));
    expect(await remove()).toMatchObject({ imports: 1 });
    expect([old, awaited, last].map((path) => existsSync(join(dataDirectory, path)))).toEqual([false, true, true]);
    const states = (await listImports(database.db, {}, 9)).map(({ state, path }) => [state, path]);
    expect(states).toEqual([
      ['accepted', last],
      ['accepted', awaited],
      ['removed', null],
    ]);
  });

  it('removes what killed processes left, once nothing was written to it for an hour', async () => {
    const { bringIn, database, dataDirectory } = await open();
    const path = await bringIn(1);
    for (const name of ['.new-id-7', 'id-8']) {
      mkdirSync(join(dataDirectory, 'imports', name));
      writeFileSync(join(dataDirectory, 'imports', name, 'stock.csv'), 'half');
      // The times of the content are the sender's, and say nothing.
      utimesSync(join(dataDirectory, 'imports', name, 'stock.csv'), 1, 1);
    }
    const removeAt = (now: number) => removeOld({ database, dataDirectory, configuration, now });
    expect(await removeAt(Date.now())).toMatchObject({ leftovers: 0 });
    expect(await removeAt(Date.now() + 2 * 3_600_000)).toMatchObject({ leftovers: 2 });
    expect(existsSync(join(dataDirectory, path))).toBe(true);
  });

  it('removes events after their time, and nothing at all while the lake is read', async () => {
    const { database, remove, dataDirectory } = await open();
    await database.db.transaction().execute(async (tx) => {
      await appendEvents(tx, [{ kind: 'old', document: {} }], NOW - 6 * DAY);
      await appendEvents(tx, [{ kind: 'new', document: {} }], NOW - 4 * DAY);
    });
    const reading = holdRemovals(dataDirectory, 'reading');
    expect(await remove()).toBeUndefined();
    reading?.release();
    await remove();
    expect(await database.db.selectFrom('events').select('kind').execute()).toEqual([{ kind: 'new' }]);
  });
});

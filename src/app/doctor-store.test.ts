import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { ScheduleInput } from '../contract/schedule.ts';
import { scheduleDocumentSchema } from '../contract/schedule.ts';
import { lockDataDirectory, RESTORE_MARKER } from '../store/data-directory-lock.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { migrate, readMigrations } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase, workFile } from '../store/database/open-database.ts';
import { appendAudit } from '../store/work/audit.ts';
import { addImport, type NewImport } from '../store/work/imports.ts';
import { createSchedule } from '../store/work/schedules.ts';
import { storeFindings } from './doctor-store.ts';

const NOW = Date.now();
const DAILY: ScheduleInput = { time_zone: 'UTC', times: [{ daily: ['06:00'] }] };

describeOnBothStores('what doctor says of the store', (store) => {
  interface World {
    readonly dataDirectory: string;
    readonly database: WorkDatabase;
    /** What doctor says beside this open store. */
    readonly look: (now?: number) => Promise<Map<string, string>>;
    readonly add: (row: Partial<NewImport> & { id: string }) => Promise<void>;
    readonly schedule: (name: string, document: ScheduleInput, at?: number) => Promise<void>;
    readonly end: () => Promise<void>;
  }

  async function begin(count?: number): Promise<World> {
    const { dataDirectory, address } = await store.place();
    const database = openDatabase(dataDirectory, address);
    await migrate(database.db, database.kind, () => NOW, readMigrations().slice(0, count));
    const change = database.db.transaction();
    return {
      dataDirectory,
      database,
      look: (now) => look(dataDirectory, address, now),
      add: async ({ id, ...more }) => {
        const path = join('imports', id, 'stock.csv');
        mkdirSync(join(dataDirectory, dirname(path)), { recursive: true });
        writeFileSync(join(dataDirectory, path), 'site,item\n');
        const what = { kind: 'balances', system: 'sap', source: 'balances/sap', file_name: 'stock.csv', sha256: id };
        const row = { id, ...what, bytes: 10, rows: 0, rejected: 0, as_of: null, path, received_by: 'system' };
        const state = { state: 'accepted', failure: null, received_at: NOW } as const;
        await change.execute((transaction) => addImport(transaction, { ...row, ...state, ...more }, NOW));
      },
      schedule: async (name, document, at = NOW) => {
        const content = { name, document: scheduleDocumentSchema.parse(document), isEnabled: true };
        await change.execute((transaction) => createSchedule(transaction, name, content, { actor: 'system', now: at }));
      },
      end: () => database.close(),
    };
  }

  async function look(
    dataDirectory: string,
    storeAddress: string | undefined,
    now?: number,
  ): Promise<Map<string, string>> {
    const findings = await storeFindings({ dataDirectory, storeAddress, now: () => now ?? Date.now() });
    for (const { state, action } of findings) expect(action === '').toBe(state === 'ok');
    return new Map(findings.map(({ name, state, message }) => [name, `${state}: ${message}`]));
  }

  test('all is well, beside whoever holds the data directory', async () => {
    const world = await begin();
    await world.add({ id: 'one' });
    await world.schedule('daily', DAILY);
    const holder = { pid: process.pid, what: 'evenstock serve', since: NOW };
    const lock = lockDataDirectory(world.dataDirectory, store.kind === 'sqlite' ? 'alone' : 'shared', holder);
    const said = await world.look();
    lock.release();
    expect([...said.keys()]).toEqual([
      ...['in use', 'store', 'tables', 'store clock', 'lake', 'imports', 'schedules', 'audit trail'],
    ]);
    expect([...said.values()].filter((text) => !text.startsWith('ok: '))).toEqual([]);
    expect(said.get('in use')).toContain(`by evenstock serve (process ${process.pid} on `);
    expect(said.get('store')).toContain(store.kind === 'sqlite' ? 'work.sqlite answers' : 'PostgreSQL at 127.0.0.1:');
    expect(said.get('audit trail')).toContain('2 rows');
    expect(said.get('schedules')).toMatch(/1 schedule; the next run is at .*06:00/);
    expect((await world.look()).get('in use')).toBe('ok: nobody works in the data directory');
    await world.end();
  });

  test('held and refused files are named, and files of the lake that are gone or cut off', async () => {
    const world = await begin();
    await world.add({ id: 'held', state: 'held', failure: 'it has no rows' });
    await world.add({ id: 'bad', state: 'refused', failure: 'line 3 is broken', path: null });
    await world.add({
      id: 'old',
      state: 'refused',
      failure: 'long ago',
      path: null,
      received_at: NOW - 30 * 86_400_000,
    });
    await world.add({ id: 'gone' });
    await world.add({ id: 'cut' });
    await world.add({ id: 'fine' });
    rmSync(join(world.dataDirectory, 'imports/gone'), { recursive: true });
    truncateSync(join(world.dataDirectory, 'imports/cut/stock.csv'), 4);
    const said = await world.look();
    expect(said.get('imports')).toMatch(
      /^warning: 1 file held for a person: stock\.csv for balances\/sap \(it has no rows\)\n/,
    );
    expect(said.get('imports')).toContain(
      '1 file refused within a week: stock.csv for balances/sap (line 3 is broken)',
    );
    expect(said.get('lake')).toContain('problem: 2 files of 4 cannot be used: ');
    expect(said.get('lake')).toContain('imports/gone/stock.csv is not there');
    expect(said.get('lake')).toContain('imports/cut/stock.csv has 4 bytes instead of 10');
    await world.end();
  });

  test('schedules that never come, and ones that nobody looks at', async () => {
    const world = await begin();
    await world.schedule('arrival', { time_zone: 'UTC', arrival: { sides: 'both' } });
    expect((await world.look()).get('schedules')).toBe('ok: 1 schedule, on arrival');
    await world.schedule('daily', DAILY);
    const later = (await world.look(NOW + 2 * 86_400_000)).get('schedules');
    // Schedules go by the store's clock, whatever the time is here.
    expect(later).toMatch(
      store.kind === 'sqlite' ? /^warning: nobody has looked at "daily" since / : /^ok: 2 schedules/,
    );
    await world.schedule('late', DAILY, NOW - 2 * 86_400_000);
    expect((await world.look()).get('schedules')).toMatch(/^warning: nobody has looked at "late" since /);
    await world.schedule('never', { ...DAILY, blackouts: [{ from: '05:00', to: '07:00' }] });
    expect((await world.look()).get('schedules')).toMatch(/^warning: "never" will never come: /);
    await world.end();
  });

  test('an audit trail that somebody changed, tables of an older and of a newer version', async () => {
    const world = await begin();
    const { db } = world.database;
    for (const entityId of ['a', 'b', 'c'])
      await db
        .transaction()
        .execute((transaction) =>
          appendAudit(transaction, { actor: 'system', action: 'test.change', entity: 'test', entityId }, NOW),
        );
    await db.transaction().execute(async (transaction) => {
      await transaction.updateTable('audit').set({ actor: 'nobody' }).where('number', '=', 2).execute();
    });
    expect((await world.look()).get('audit trail')).toMatch(
      /^problem: row 2 of the audit trail is not what was written/,
    );
    await db
      .transaction()
      .execute((transaction) =>
        sql`INSERT INTO migrations (number, name, sha256, applied_at) VALUES (999, 'later', '', 0)`.execute(
          transaction,
        ),
      );
    const newer = await world.look();
    expect(newer.get('tables')).toMatch(/^problem: the store was made by a newer version/);
    expect(newer.has('audit trail')).toBe(false);
    await world.end();
    const older = await begin(3);
    const said = await older.look();
    expect(said.get('tables')).toMatch(/^warning: of an older version: migrations \d+ \(\S+\)/);
    expect(said.get('audit trail')).toMatch(/^ok: /);
    await older.end();
  });

  test('the clock of a PostgreSQL that is another one', async () => {
    const world = await begin();
    const said = (await world.look(Date.now() + 3_600_000)).get('store clock');
    if (store.kind === 'sqlite') expect(said).toBe('ok: this machine’s');
    else expect(said).toMatch(/^warning: PostgreSQL’s clock is (59|60) (min|m).* behind this machine’s/);
    await world.end();
  });

  test('a store that is not there, cannot be read, or is half restored', async () => {
    const { dataDirectory, address } = await store.place();
    expect([...(await look(dataDirectory, address)).keys()]).toEqual(
      store.kind === 'sqlite' ? ['in use', 'store'] : ['in use', 'store', 'tables'],
    );
    if (store.kind === 'sqlite')
      writeFileSync(workFile(dataDirectory), 'no database at all, but long enough to be one');
    const broken = address?.replace(/:\d+\//, ':1/').replace('evenstock@', 'evenstock:secret@');
    const said = await look(dataDirectory, broken);
    expect(said.get('store')).toMatch(
      /^problem: (work\.sqlite|PostgreSQL at 127\.0\.0\.1:1\/test_\d+) cannot be read: ./,
    );
    expect(said.get('store')).not.toContain('secret');
    writeFileSync(join(dataDirectory, RESTORE_MARKER), '');
    expect((await look(dataDirectory, address)).get('store')).toMatch(/^problem: a restore into .* was broken off/);
  });
});

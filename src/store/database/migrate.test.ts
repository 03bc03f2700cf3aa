import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { describeOnBothStores } from './both-stores-fixture.ts';
import { appliedMigrations, type Migration, migrate, readMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';

const migration = (number: number, parts: Partial<Migration>): Migration => ({
  number,
  name: `step-${number}`,
  sha256: `hash-${number}`,
  before: [],
  apply: [],
  after: [],
  ...parts,
});

describeOnBothStores('migrations', (store) => {
  test('are applied in order, once', async () => {
    const { db, kind } = await store.open();
    const numbers = readMigrations().map(({ number }) => number);
    expect((await appliedMigrations(db)).map(({ number }) => number)).toEqual(numbers);
    expect(await migrate(db, kind, () => 1)).toEqual([]);
  });

  test('are applied once by many who try together', async () => {
    const { dataDirectory, address } = await store.place();
    const databases = Array.from({ length: 5 }, () => openDatabase(dataDirectory, address));
    const applied = await Promise.all(databases.map(({ db, kind }) => migrate(db, kind, () => 1)));
    const numbers = applied.flat().map(({ number }) => number);
    expect(numbers.sort((a, b) => a - b)).toEqual(readMigrations().map(({ number }) => number));
    await Promise.all(databases.map((database) => database.close()));
  });

  test('one whose check fails leaves nothing behind, and those before it stand', async () => {
    const { db, kind } = await store.open();
    const own = readMigrations();
    const steps = [
      ...own,
      migration(9001, { apply: ['CREATE TABLE one (n BIGINT)', 'INSERT INTO one VALUES (1)'] }),
      migration(9002, { apply: ['CREATE TABLE two (n BIGINT)'], after: ['SELECT n FROM one'] }),
    ];
    await expect(migrate(db, kind, () => 1, steps)).rejects.toThrow(
      'migration 9002 (step-9002) found after its changes: {"n":1}',
    );
    const names = (await db.introspection.getTables()).map(({ name }) => name);
    expect(names).toContain('one');
    expect(names).not.toContain('two');
    expect((await appliedMigrations(db)).at(-1)?.number).toBe(9001);
  });

  test('refuse a store of a newer version, and one that was altered', async () => {
    const { db, kind } = await store.open();
    await sql`UPDATE migrations SET sha256 = 'other' WHERE number = 1`.execute(db);
    await expect(migrate(db, kind, () => 1)).rejects.toMatchObject({ code: 'STORE_ALTERED' });
    await expect(migrate(db, kind, () => 1, readMigrations().slice(1))).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });

  test('make the same columns in both stores', async () => {
    const { db } = await store.open();
    const tables = (await db.introspection.getTables()).filter(({ name }) => name !== 'migrations');
    const columns = tables.flatMap((table) => table.columns.map(({ name }) => `${table.name}.${name}`)).sort();
    expect(columns).toMatchSnapshot('columns');
  });
});

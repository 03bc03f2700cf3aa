import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isStoreOutage } from '../store-outage.ts';
import { describeOnBothStores } from './both-stores-fixture.ts';
import type { WorkDatabase } from './open-database.ts';

/** Takes in counters until the store breaks the transaction off; the error that the caller gets. */
async function breakOff({ db, kind }: WorkDatabase): Promise<Error & { code?: string }> {
  const write = db.transaction().execute(async (transaction) => {
    if (kind === 'postgresql') await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(transaction);
    for (let number = 0; number < 10_000; number++) {
      const name = `${number}${'x'.repeat(1_000)}`;
      await transaction.insertInto('counters').values({ name, value: 0 }).execute();
    }
  });
  return write.then(
    () => {
      throw new Error('the store took all of it');
    },
    (error) => error,
  );
}

describeOnBothStores('a transaction that the store breaks off', (store) => {
  test('says why, leaves nothing, and the next one is as ever', async () => {
    const database = await store.open();
    const { db, kind } = database;
    const before = await db.selectFrom('counters').select('name').execute();
    // As on a full disk, and as when the server is stopped.
    if (kind === 'sqlite') await sql`PRAGMA max_page_count = 300`.execute(db);
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await breakOff(database);
      expect(error.code).toBe(kind === 'sqlite' ? 'SQLITE_FULL' : '57P01');
      expect(isStoreOutage(error)).toBe(true);
    }
    if (kind === 'sqlite') await sql`PRAGMA max_page_count = 100000`.execute(db);
    expect(await db.selectFrom('counters').select('name').execute()).toEqual(before);
    await db.transaction().execute((tx) => tx.insertInto('counters').values({ name: 'new', value: 1 }).execute());
    expect(await db.selectFrom('counters').select('name').execute()).toHaveLength(before.length + 1);
  });
});

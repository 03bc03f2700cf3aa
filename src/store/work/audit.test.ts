import { expect, test } from 'vitest';
import { describeOnBothStores } from '../database/both-stores-fixture.ts';
import type { WorkDatabase } from '../database/open-database.ts';
import { appendAudit, hashOf, verifyAudit } from './audit.ts';

async function trailOf({ db }: WorkDatabase, length: number): Promise<void> {
  for (let index = 1; index <= length; index++) {
    await db
      .transaction()
      .execute((transaction) =>
        appendAudit(
          transaction,
          { actor: 'person:1', action: 'schedule.update', entity: 'schedule', entityId: `${index}`, after: { index } },
          1000 + index,
        ),
      );
  }
}

describeOnBothStores('the audit trail', (store) => {
  test('is whole as it was written, by many at once too', async () => {
    const database = await store.open();
    await Promise.all([trailOf(database, 10), trailOf(database, 10), trailOf(database, 10)]);
    expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true, head: { number: 30 } });
  });

  test('leaves no row for a change that was rolled back, and no gap', async () => {
    const database = await store.open();
    await trailOf(database, 1);
    const failing = database.db.transaction().execute(async (transaction) => {
      await appendAudit(transaction, { actor: 'system', action: 'x', entity: 'x', entityId: 'x' }, 1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await trailOf(database, 1);
    expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true, head: { number: 2 } });
  });

  test('an edit, a removal, a new order, a cut tail and a rewritten trail are found', async () => {
    const database = await store.open();
    await trailOf(database, 6);
    const { db } = database;
    const verdict = await verifyAudit(db);
    if (!verdict.isWhole) throw new Error(verdict.reason);
    const rows = await db.selectFrom('audit').selectAll().orderBy('number').execute();
    const replaced = async (next: typeof rows): Promise<unknown> => {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('audit').execute();
        await transaction.insertInto('audit').values(next).execute();
      });
      return verifyAudit(db, verdict.head);
    };
    const [, second, third] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
    const edited = { ...second, actor: 'person:2' };
    const swapped = [
      { ...second, number: 3 },
      { ...third, number: 2 },
    ];
    expect(await replaced(rows.with(1, edited))).toMatchObject({ number: 2, reason: 'it was changed' });
    expect(await replaced(rows.with(1, { ...edited, hash: hashOf(edited) }))).toMatchObject({ number: 3 });
    expect(await replaced(rows.toSpliced(1, 1))).toMatchObject({ number: 3, reason: 'row 2 is missing' });
    expect(await replaced(rows.toSpliced(1, 2, ...swapped))).toMatchObject({ isWhole: false });
    expect(await replaced(rows.slice(0, 4))).toMatchObject({ number: 5, reason: 'rows up to 6 are missing' });
    let previous_hash = rows[0]?.previous_hash ?? '';
    const rewritten = rows.map((row) => {
      const content = { ...row, actor: 'person:3', previous_hash };
      previous_hash = hashOf(content);
      return { ...content, hash: previous_hash };
    });
    expect(await replaced(rewritten)).toMatchObject({ number: 6, reason: 'it is not the row that was noted' });
    expect(await replaced(rows)).toMatchObject({ isWhole: true });
  });
});

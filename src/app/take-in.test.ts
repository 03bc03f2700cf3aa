import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { newestBatch, readBatches, readFeeds } from '../store/work/intake.ts';
import {
  intakeConfiguration,
  intakePlan,
  jsonLines,
  messageRow,
  movementRow,
  type RowTexts,
  takeInStream,
} from './intake-fixture.ts';
import { IntakeReader } from './intake-reader.ts';
import type { TakeInOptions } from './take-in.ts';

const configuration = intakeConfiguration();
const plan = intakePlan(configuration);
const readerOf = (kind: 'movements' | 'messages', system = kind === 'messages' ? '' : 'wms1'): IntakeReader =>
  new IntakeReader(kind, system, configuration, plan);

function optionsOf(database: WorkDatabase, more: Partial<TakeInOptions> = {}): TakeInOptions {
  const reader = readerOf('movements');
  return { database, reader, layout: 'lines', isStrict: false, canSee: () => true, now: () => 1, ...more };
}

describe('a row', () => {
  const read = (row: RowTexts, kind: 'movements' | 'messages' = 'movements') =>
    readerOf(kind).read(JSON.stringify(row));

  test.each<[string, RowTexts, string, string]>([
    ['without an id', movementRow(' '), 'movement_id', 'movement_id missing'],
    ['without an offset', movementRow('1', { posted_at: '2026-11-22T08:00:00' }), 'posted_at', 'time_zone'],
    ['of a foreign site', movementRow('1', { site: 'DC9' }), 'site', 'not one of those that wms1 answers for'],
    ['with an unknown unit', movementRow('1', { uom: 'PAL' }), 'uom', 'PAL'],
    ['with more decimals', movementRow('1', { quantity: '1.0001' }), 'quantity', 'decimals'],
    ['with a mistyped column', movementRow('1', { refrence: 'X' }), 'refrence', 'reference may be meant'],
  ])('%s is rejected with its column', (_, row, column, reason) => {
    expect(read(row)).toMatchObject({ ok: false, column, reason: expect.stringContaining(reason) });
  });

  test('of a message needs a known state and a known sender', () => {
    expect(read(messageRow('1', { state: 'gone' }), 'messages')).toMatchObject({ ok: false, column: 'state' });
    expect(read(messageRow('1', { from_system: 'x' }), 'messages')).toMatchObject({ ok: false, column: 'from_system' });
    expect(read(messageRow('1', { item: 'A', interface: '945' }), 'messages')).toMatchObject({
      ok: true,
      row: { kind: 'messages', item: 'A', feed: '945', system: 'wms1', messageId: '1' },
    });
  });

  test('that no comparison counts is kept with its place', () => {
    expect(read(movementRow('1', { status: 'GONE' }))).toMatchObject({
      ok: true,
      row: { item: 'A', site: 'DC1', at: Date.parse('2026-11-22T08:00:00Z') },
    });
  });

  test('is the same content however its columns are ordered, spaced or left blank', () => {
    const hashOf = (text: string): string | undefined => {
      const outcome = readerOf('movements').read(text);
      return outcome.ok ? outcome.row.contentHash : undefined;
    };
    const row = movementRow('1', { lot: '' });
    const turned = Object.fromEntries(Object.entries(row).reverse());
    expect(hashOf(JSON.stringify(turned, undefined, 2))).toBe(hashOf(JSON.stringify(row)));
    expect(hashOf(JSON.stringify(row).replace('"-5"', '-5'))).toBe(hashOf(JSON.stringify(row)));
    expect(hashOf(JSON.stringify({ ...row, quantity: '-5.1' }))).not.toBe(hashOf(JSON.stringify(row)));
  });

  test('in a notation of its own is kept as everybody reads it', () => {
    const own = {
      system: 'wms1',
      format: 'jsonl',
      time_zone: 'America/Chicago',
      decimal: ',',
      constants: { site: 'DC2' },
    };
    const given = intakeConfiguration({ movements: [own] });
    const { site: _, ...row } = movementRow('1', { posted_at: '2026-11-22T08:00:00', quantity: '-1,5' });
    const outcome = new IntakeReader('movements', 'wms1', given, intakePlan(given)).read(JSON.stringify(row));
    expect(outcome.ok && JSON.parse(outcome.row.document)).toMatchObject({
      posted_at: '2026-11-22T14:00:00.000Z',
      quantity: '-1.5',
      site: 'DC2',
    });
  });
});

describeOnBothStores('taking in', (store) => {
  test('takes the good rows, tells the others by line, and repeats nothing', async () => {
    const database = await store.open();
    const rows = [movementRow('1'), movementRow('1'), movementRow('2', { quantity: 'x' }), movementRow('3')];
    expect(await takeInStream(jsonLines(rows), optionsOf(database))).toMatchObject({
      received: 4,
      taken: 2,
      duplicates: 1,
      rejected: 1,
      rejections: [{ line: 3, column: 'quantity', value: 'x' }],
    });
    expect(await takeInStream(jsonLines(rows), optionsOf(database))).toMatchObject({ taken: 0, duplicates: 3 });
    expect(await newestBatch(database.db)).toBe(1);
    expect(await readBatches(database.db, 0, 9)).toMatchObject([{ line: 0 }, { line: 2 }]);
    expect(await readFeeds(database.db)).toEqual([
      { kind: 'movements', name: 'wms1', rows: 2, first_at: 1, last_at: 1 },
    ]);
  });

  test('strictly takes all or none', async () => {
    const database = await store.open();
    const rows = [movementRow('1'), movementRow('2', { quantity: 'x' })];
    const options = optionsOf(database, { isStrict: true });
    expect(await takeInStream(jsonLines(rows), options)).toMatchObject({ received: 2, taken: 0, rejected: 1 });
    expect(await takeInStream(jsonLines(rows.slice(0, 1)), options)).toMatchObject({ taken: 1, rejected: 0 });
  });

  test('takes no row of a site that the sender may not speak of', async () => {
    const database = await store.open();
    const options = optionsOf(database, { canSee: (site) => site === 'DC1' });
    const rows = [movementRow('1'), movementRow('2', { site: 'DC2' })];
    expect(await takeInStream(jsonLines(rows), options)).toMatchObject({ taken: 1, rejections: [{ column: 'site' }] });
  });

  test('a hundred senders of the same rows at once: each row once, and no batch is missing', async () => {
    const database = await store.open();
    const rows = Array.from({ length: 40 }, (_, index) => movementRow(String(index)));
    const turns = Array.from({ length: 100 }, (_, turn) => rows.slice(turn % 40).concat(rows.slice(0, turn % 40)));
    const outcomes = await Promise.all(turns.map((turn) => takeInStream(jsonLines(turn), optionsOf(database))));
    expect(outcomes.reduce((sum, { taken }) => sum + taken, 0)).toBe(40);
    expect(outcomes.every(({ taken, duplicates }) => taken + duplicates === 40)).toBe(true);
    const journal = await readBatches(database.db, 0, Number.MAX_SAFE_INTEGER);
    expect(journal).toHaveLength(40);
    expect(new Set(journal.map(({ batch }) => batch)).size).toBe(await newestBatch(database.db));
  });

  test('a stream that breaks keeps what was committed, and its repetition adds the rest', async () => {
    const database = await store.open();
    const rows = Array.from({ length: 1500 }, (_, index) => movementRow(String(index)));
    const broken = Readable.from(
      (async function* () {
        for (const row of rows) yield Buffer.from(`${JSON.stringify(row)}\n`);
        throw new Error('gone');
      })(),
    );
    await expect(takeInStream(broken, optionsOf(database))).rejects.toThrow('gone');
    const outcome = await takeInStream(jsonLines(rows), optionsOf(database));
    expect(outcome).toMatchObject({ taken: 500, duplicates: 1000 });
  });

  test('any split into batches, order and repetition gives the same set of rows', async () => {
    const sending = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sending, async (batches) => {
        const database = await store.open();
        await Promise.all(
          batches.map((batch) => takeInStream(jsonLines(batch.map((id) => movementRow(`${id}`))), optionsOf(database))),
        );
        const journal = await readBatches(database.db, 0, Number.MAX_SAFE_INTEGER);
        const ids = journal.map(({ document }) => Number(JSON.parse(document).movement_id)).sort((a, b) => a - b);
        expect(ids).toEqual([...new Set(batches.flat())].sort((a, b) => a - b));
      }),
      { numRuns: 5 },
    );
  });
});

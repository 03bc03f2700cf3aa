/**
 * Takes in rows and writes them to the lake until it is killed, and says which rows were acknowledged: the process that
 * intake-kills.test.ts starts. Arguments: data directory, address of the store or '', first number.
 */
import { randomUUID } from 'node:crypto';
import { compactIntake } from '../../src/app/compact-intake.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { type NewIntakeRow, takeIn } from '../../src/store/work/intake.ts';

const [dataDirectory = '', address = '', first = '0'] = process.argv.slice(2);
const DAY_MS = 24 * 3_600_000;
/** Rows need not wait for the lake, and every second one is old enough to leave the journal. */
const later = (): number => Date.now() + DAY_MS;

function rowOf(number: number): NewIntakeRow {
  const at = number % 2 === 0 ? Date.now() : Date.now() - 9 * DAY_MS;
  const [kind, system] =
    number % 3 === 0 ? (['messages', 'sap'] as const) : (['movements', `wms${number % 2}`] as const);
  const id = String(number);
  const document = JSON.stringify(kind === 'messages' ? { message_id: id } : { movement_id: id });
  const place = { site: 'DC1', item: `I${number % 7}`, messageId: '', reference: '', state: '' };
  return { kind, system, ...place, at, feed: system, contentHash: id, document };
}

const database = openDatabase(dataDirectory, address === '' ? undefined : address);
for (let number = Number(first), turn = 0; ; turn++) {
  const rows = Array.from({ length: 40 }, (_, index) => rowOf(number + index));
  await database.db.transaction().execute((transaction) => takeIn(transaction, rows, Date.now()));
  process.stdout.write(`${number}\n`);
  number += rows.length;
  if (turn % 2 === 0) await compactIntake({ database, dataDirectory, now: later, newId: randomUUID });
}

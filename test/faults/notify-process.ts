/** A server that makes events and tells a receiver of them, until it is killed. Prints the number of each event once it is committed. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeptResults } from '../../src/app/kept-results.ts';
import type { LoadedConfiguration } from '../../src/config/load-configuration.ts';
import { startNotify } from '../../src/notify/start-notify.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { appendEvents } from '../../src/store/work/events.ts';
import { newId } from '../../src/store/work/new-id.ts';

const [dataDirectory = '', address = '', first = '0', count = '0'] = process.argv.slice(2);
const database = openDatabase(dataDirectory, address === '' ? undefined : address);
const loaded = { configuration: { currency: 'USD', notifications: { allow: ['127.0.0.1'] } } };
const log = { info: () => undefined, warn: () => undefined, error: (about: object) => console.error(about) };
const running = startNotify({
  database,
  results: new KeptResults(dataDirectory),
  configuration: () => loaded as unknown as LoadedConfiguration,
  environment: { EVENSTOCK_NOTIFY_HOOK: 'what the webhooks of tests are signed with' },
  now: Date.now,
  newId: () => newId(Date.now(), randomBytes(10)),
  random: () => 0,
  randomBytes,
  log,
  worker: `process-${process.pid}`,
  consoleUrl: undefined,
});
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  const about = {
    message_id: `M${number}`,
    interface: '945',
    reference: `N${number}`,
    sent_at: '2026-11-24T10:00:00Z',
  };
  const document = { id: `alert-${number}`, kind: 'late-message', site: '', item: '', ...about };
  await database.db
    .transaction()
    .execute((transaction) => appendEvents(transaction, [{ kind: 'alert.opened', document }], Date.now()));
  console.log(number);
  await sleep(Math.random() * 40);
}
// Whoever started it says when it has told enough.
process.once('message', async () => {
  await running.stop();
  await database.close();
  process.exit(0);
});

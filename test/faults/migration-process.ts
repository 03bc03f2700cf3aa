/**
 * Opens the work state as every start of this version does, with the backup and the migrations that it takes, and ends: the
 * process that migration-kills.test.ts kills. Says `ready` before it begins, and `open` when it is through.
 */
import { writeSync } from 'node:fs';
import { openWorkStore } from '../../src/app/open-work-store.ts';

const [dataDirectory = '', address = ''] = process.argv.slice(2);
writeSync(1, 'ready\n');
const database = await openWorkStore({
  ...{ dataDirectory, address: address === '' ? undefined : address, as: 'command', what: 'a test' },
  ...{ pid: process.pid, now: Date.now },
});
writeSync(1, 'open\n');
await database.close();

/** Imports one file after the other until it is killed, and says of each when it is acknowledged. Never ends by itself. */
import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { FileImporter } from '../../src/app/file-importer.ts';
import { findImportSource } from '../../src/app/find-import-source.ts';
import { openWorkStore } from '../../src/app/open-work-store.ts';
import { newId } from '../../src/store/work/new-id.ts';
import { faultConfiguration, snapshotOf } from './import-world.ts';

const [dataDirectory = '', address = '', first = '0'] = process.argv.slice(2);
const now = Date.now;
const database = await openWorkStore({
  ...{ dataDirectory, address: address === '' ? undefined : address, as: 'command', pid: process.pid, now },
  what: 'a test',
});
const importer = new FileImporter({
  ...{ database, dataDirectory, now, loaded: { configuration: faultConfiguration, directory: dataDirectory } },
  ...{ newId: () => newId(now(), randomBytes(10)), signal: new AbortController().signal },
});
const source = findImportSource(faultConfiguration, { part: 'balances', system: 'sap' });
writeSync(1, 'ready\n');
for (let number = Number(first); ; number++) {
  const content = snapshotOf(number);
  const request = { source, fileName: `stock-${number}.csv`, modifiedMs: now(), receivedBy: 'system' };
  // The file before it comes again: a resend must stay one import whatever happened.
  for (const text of [content, snapshotOf(number - 1)]) {
    const { row } = await importer.importFile({ ...request, content: Readable.from([Buffer.from(text)]) });
    writeSync(1, `${createHash('sha256').update(text).digest('hex')} ${row.id}\n`);
  }
}

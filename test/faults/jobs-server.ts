/**
 * A server that does nothing but jobs, in a process of its own that a test may kill or stop: schedules, and runs of the given
 * folder. Says `ready` when it has begun.
 *
 * tsx test/faults/jobs-server.ts FOLDER DATA [ADDRESS]
 */
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { startJobs } from '../../src/jobs/start-jobs.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';

const [folder = '', dataDirectory = '', address] = process.argv.slice(2);
const log = (about: object, message: string): void => {
  const text = JSON.stringify(about, (_key, value) => (value instanceof Error ? value.stack : value));
  process.stderr.write(`${message} ${text}\n`);
};

const jobs = await startJobs({
  dataDirectory,
  database: openDatabase(dataDirectory, address),
  configuration: () => loadConfiguration(join(folder, 'evenstock.yaml'), {}),
  now: Date.now,
  log: { info: log, warn: log, error: log },
  threads: 1,
  memoryBytes: 512e6,
  timing: { pollMs: 50, renewMs: 200, leaseMs: 2_000, retryMs: 100 },
});
process.on('SIGTERM', () => void jobs.stop().then(() => process.exit(0)));
process.stdout.write('ready\n');

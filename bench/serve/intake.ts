/**
 * Measures continuous intake on a real server of this machine: movements per second that are acknowledged (SQLite,
 * synchronous=FULL), the time from a POST to the changed discrepancy, and memory. The sender is a process of its own.
 * `npx tsx bench/serve/intake.ts [seconds] [items] [rows a second, 0: as many as are taken]`.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { buildApi } from '../../src/api/build-api.ts';
import { FileImporter } from '../../src/app/file-importer.ts';
import { KeptResults } from '../../src/app/kept-results.ts';
import { reconcile } from '../../src/app/reconcile.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { startLive } from '../../src/jobs/live/start-live.ts';
import { channelTools } from '../../src/notify/channel-tools.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { createApiKey } from '../../src/store/work/api-keys.ts';
import { ID_BYTES, newId } from '../../src/store/work/new-id.ts';
import { SECRET_BYTES } from '../../src/store/work/secrets.ts';
import type { SenderOrder, SenderResult } from './intake-sender.ts';

const [seconds = 30, items = 20_000, rate = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'evenstock-bench-intake-'));
const now = (): number => Date.now();
const nextId = (): string => newId(now(), randomBytes(ID_BYTES));

/** Snapshots of an hour ago, both sides alike. */
async function makeBase(dataDirectory: string): Promise<string> {
  const asOf = new Date(now() - 3_600_000).toISOString();
  const rows = (status: string): string =>
    Array.from({ length: items }, (_, index) => `DC1,I${index},${status},1000`).join('\n');
  writeFileSync(join(folder, 'erp.csv'), `site,item,status,quantity\n${rows('UNRESTRICTED')}\n`);
  writeFileSync(join(folder, 'wms.csv'), `site,item,status,quantity\n${rows('AVAILABLE')}\n`);
  const path = join(folder, 'evenstock.yaml');
  writeFileSync(
    path,
    `version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms } }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: ${asOf} }
  - { system: wms1, format: csv, path: wms.csv, as_of: ${asOf} }
categories: { available: { erp: [UNRESTRICTED], wms: [AVAILABLE] } }
`,
  );
  await reconcile({
    ...{ loaded: await loadConfiguration(path, {}), dataDirectory, out: undefined, formats: [], isDryRun: false },
    ...{ filters: { site: [], item: [] }, forced: null, threads: 1, memoryBytes: 1 << 30, runId: 'run-1' },
    ...{ pid: process.pid, now: () => new Date(), signal: new AbortController().signal },
    ...{ onProgress: () => undefined, onReport: () => undefined },
  });
  return path;
}

async function measure(): Promise<void> {
  const dataDirectory = join(folder, 'data');
  const loaded = await loadConfiguration(await makeBase(dataDirectory), {});
  const database = openDatabase(dataDirectory);
  await migrate(database.db, database.kind, now);
  const key = { id: nextId(), name: 'bench', role: 'administrator' as const, sites: null, expiresAt: null };
  const { secret } = await database.db
    .transaction()
    .execute((write) => createApiKey(write, key, { actor: 'system' }, randomBytes(SECRET_BYTES), now()));
  const log = pino({ level: 'error' });
  const configuration = () => loaded;
  const shared = { dataDirectory, database, configuration, now, newId: nextId, log };
  const stopping = new AbortController().signal;
  const app = await buildApi({
    ...shared,
    importer: new FileImporter({ ...shared, loaded, signal: stopping }),
    channelTools: channelTools({ ...shared, randomBytes, environment: {}, consoleUrl: undefined }),
    version: 'bench',
    results: new KeptResults(dataDirectory),
    randomBytes,
    stopping,
    checks: async () => [],
    metrics: async () => '',
  });
  const live = await startLive({ ...shared, storeAddress: undefined, worker: 'bench' });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  let memoryBytes = 0;
  const sampling = setInterval(() => {
    memoryBytes = Math.max(memoryBytes, process.memoryUsage().rss);
  }, 200);
  const order: SenderOrder = { address, secret, seconds, items, rate };
  const sender = fork(fileURLToPath(new URL('./intake-sender.ts', import.meta.url)), { execArgv: process.execArgv });
  sender.send(order);
  const result = await new Promise<SenderResult>((resolve) =>
    sender.once('message', (sent) => resolve(sent as SenderResult)),
  );
  clearInterval(sampling);
  console.log(JSON.stringify({ ...result, items, rate, memory_mb: Math.round(memoryBytes / 1e6) }));
  await live.stop();
  await app.close();
  await database.close();
}

try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A folder with a configuration and two snapshots, and servers that make runs of it in processes of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfiguration } from '../config/load-configuration.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { findRun, type RunRecord, type RunRequest, requestRun } from '../store/work/runs.ts';
import type { JobLog } from './outage-log.ts';
import type { JobsContext } from './start-jobs.ts';

const CONFIGURATION = `
version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms, sites: [DC1] } }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: 2026-11-22T23:59:59-06:00 }
  - { system: wms1, format: csv, path: wms.csv, as_of: 2026-11-22T23:59:59-06:00 }
categories: { available: { erp: [UNRESTRICTED], wms: [AVAILABLE] } }
`;
const HEADER = 'site,item,status,quantity\n';

export class RunWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'evenstock-jobs-'));
  readonly dataDirectory = join(this.folder, 'data');
  readonly configurationPath = join(this.folder, 'evenstock.yaml');
  /** What servers logged as warnings and errors. */
  readonly logged: string[] = [];

  /** `items`: how many items the snapshots hold; the WMS has one unit less of each hundredth. */
  constructor(items = 200) {
    mkdirSync(this.dataDirectory);
    this.write('evenstock.yaml', CONFIGURATION);
    this.writeSnapshots(items);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  writeSnapshots(items: number): void {
    const rows = (status: string, quantityOf: (item: number) => number): string =>
      HEADER + Array.from({ length: items }, (_, item) => `DC1,I${item},${status},${quantityOf(item)}\n`).join('');
    this.write(
      'erp.csv',
      rows('UNRESTRICTED', (item) => item + 1),
    );
    this.write(
      'wms.csv',
      rows('AVAILABLE', (item) => (item % 100 === 99 ? item : item + 1)),
    );
  }

  context(database: WorkDatabase, more: Partial<JobsContext> = {}): JobsContext {
    const log = (about: object, message: string): void => {
      this.logged.push(`${message} ${JSON.stringify(about)}`);
    };
    return {
      dataDirectory: this.dataDirectory,
      database,
      configuration: () => loadConfiguration(this.configurationPath, {}),
      now: Date.now,
      log: { info: () => undefined, warn: log, error: log } satisfies JobLog,
      threads: 1,
      memoryBytes: 512e6,
      timing: { pollMs: 50, renewMs: 100, leaseMs: 2_000, retryMs: 100 },
      execArgv: ['--import', 'tsx'],
      ...more,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function request({ db }: WorkDatabase, id: string, more: Partial<RunRequest> = {}): Promise<string> {
  const filters = { site: [], item: [] };
  const given: RunRequest = { id, cause: 'request', requestedBy: 'person:1', filters, now: Date.now(), ...more };
  return db.transaction().execute((transaction) => requestRun(transaction, given));
}

/** Waits for a run to be as wanted; throws with what it is instead after a minute. */
export async function untilRun(
  { db }: WorkDatabase,
  id: string,
  isWanted: (run: RunRecord) => boolean,
): Promise<RunRecord> {
  for (let attempt = 0; ; attempt++) {
    const run = await findRun(db, id);
    if (run !== undefined && isWanted(run)) return run;
    if (attempt === 1_200) throw new Error(`run ${id} is still ${JSON.stringify(run)}`);
    await sleep(50);
  }
}

export const isOver = ({ state }: RunRecord): boolean => state !== 'queued' && state !== 'running';

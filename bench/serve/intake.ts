/**
 * Measures continuous intake on the built server of this machine: movements per second that are acknowledged (SQLite,
 * synchronous=FULL), the time from a POST to the changed discrepancy, CPU and memory. The sender is a process of its own.
 * `npm run bench:intake -- [seconds] [items] [rows a second, 0: as many as are taken]`.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, createKey, serveBuilt } from './built-server.ts';
import type { SenderOrder, SenderResult } from './intake-sender.ts';

const [seconds = 30, items = 20_000, rate = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'evenstock-bench-intake-'));
const TICKS_PER_SECOND = 100;

/** Snapshots of an hour ago, both sides alike, and a run of them. */
function makeBase(): void {
  const asOf = new Date(Date.now() - 3_600_000).toISOString();
  const rows = (status: string): string =>
    Array.from({ length: items }, (_, index) => `DC1,I${index},${status},1000`).join('\n');
  writeFileSync(join(folder, 'erp.csv'), `site,item,status,quantity\n${rows('UNRESTRICTED')}\n`);
  writeFileSync(join(folder, 'wms.csv'), `site,item,status,quantity\n${rows('AVAILABLE')}\n`);
  writeFileSync(
    join(folder, 'evenstock.yaml'),
    `version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms } }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: ${asOf} }
  - { system: wms1, format: csv, path: wms.csv, as_of: ${asOf} }
categories: { available: { erp: [UNRESTRICTED], wms: [AVAILABLE] } }
`,
  );
  execFileSync(process.execPath, [BIN, 'reconcile', '--format', 'json', '--quiet'], { cwd: folder, stdio: 'ignore' });
}

/** Seconds of CPU of all threads so far, and the most memory ever held; Linux. */
function usageOf(pid: number): { cpu_s: number; memory_mb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const [, peak = '0'] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return {
    cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    memory_mb: Math.round(Number(peak) / 1024),
  };
}

async function measure(): Promise<void> {
  makeBase();
  const secret = createKey(folder, 'administrator');
  const server = await serveBuilt(folder);
  try {
    const before = usageOf(server.pid);
    const order: SenderOrder = { address: server.origin, secret, seconds, items, rate };
    const sender = fork(fileURLToPath(new URL('./intake-sender.ts', import.meta.url)), { execArgv: process.execArgv });
    sender.send(order);
    const result = await new Promise<SenderResult>((resolve, reject) => {
      sender.once('message', (sent) => resolve(sent as SenderResult));
      sender.once('exit', () => reject(new Error('the sender ended')));
    });
    const after = usageOf(server.pid);
    const cpu_ms_per_row = Math.round(((after.cpu_s - before.cpu_s) * 1e5) / result.rows) / 100;
    console.log(JSON.stringify({ ...result, items, rate, cpu_ms_per_row, memory_mb: after.memory_mb }));
  } finally {
    await server.stop();
  }
}

try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

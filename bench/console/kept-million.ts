/**
 * Makes a data directory whose newest run has as many discrepancies as one wants: a small run is made and kept, and its lines
 * are replaced. Never by a run of that size: explaining a million lines takes minutes, and is measured elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptLine } from '../../src/app/lines/kept-lines-fixture.ts';
import type { DiscrepancyLine } from '../../src/contract/run.ts';
import { KEPT_COLUMNS, writeParquet } from '../../src/report/parquet.ts';

const CONFIGURATION = `version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms } }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: 2026-11-20T23:59:59Z }
  - { system: wms1, format: csv, path: wms.csv, as_of: 2026-11-20T23:59:59Z }
categories: { available: { erp: [UNRESTRICTED], wms: [AVAILABLE] } }
`;
const SITES = 5;
const CAUSES = ['unexplained', 'message-lost', 'message-rejected', 'receipt-not-posted', 'unit-mismatch', 'pick-short'];
const PRIORITIES = ['critical', 'high', 'medium', 'low'];

export async function keepMillion(folder: string, lines: number, bin: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const rows = (status: string, quantity: number): string =>
    Array.from({ length: SITES * 10 }, (_, index) => `${siteOf(index)},${itemOf(index)},${status},${quantity}`).join(
      '\n',
    );
  writeFileSync(join(folder, 'evenstock.yaml'), CONFIGURATION);
  writeFileSync(join(folder, 'erp.csv'), `site,item,status,quantity\n${rows('UNRESTRICTED', 100)}\n`);
  writeFileSync(join(folder, 'wms.csv'), `site,item,status,quantity\n${rows('AVAILABLE', 90)}\n`);
  execFileSync(process.execPath, [bin, 'reconcile', '--format', 'json', '--quiet'], { cwd: folder, stdio: 'ignore' });
  const runs = join(folder, '.evenstock', 'runs');
  const [run = ''] = readdirSync(runs);
  const all: Iterable<DiscrepancyLine> = {
    *[Symbol.iterator]() {
      for (let index = 0; index < lines; index++) yield lineAt(index);
    },
  };
  await writeParquet(join(runs, run, 'discrepancies.parquet'), KEPT_COLUMNS, all, folder);
}

const siteOf = (index: number): string => `DC${(index % SITES) + 1}`;
const itemOf = (index: number): string => `I${String(Math.floor(index / SITES)).padStart(8, '0')}`;

/** Out by a few units here, by thousands there; by fewer cents from line to line. */
function lineAt(index: number): DiscrepancyLine {
  const net = (((index * 7_919) % 4_001) - 2_000 || 1) * (index % 97 === 0 ? 10 : 1);
  const cents = Math.sign(net) * Math.max(1, 90_000_000 - index * 90);
  return keptLine({
    ...{ rank: String(index + 1), net, cents, site: siteOf(index), item: itemOf(index) },
    description: `Kettle ${(index % 37) / 10} l no. ${Math.floor(index / SITES)}`,
    erp_quantity: '25000',
    wms_quantity: String(25_000 + net),
    cause: CAUSES[(index * 31) % CAUSES.length] as string,
    cause_confidence: index % 6 === 0 ? '' : '0.989',
    priority: PRIORITIES[Math.floor(index / 250_001)] ?? 'low',
    action: `Resend message M${index} under the same id; the ERP has no posting of it.`,
    days_out_of_sync: String(index % 40),
    first_seen: `2026-11-${String((index % 19) + 1).padStart(2, '0')}T23:59:59Z`,
  });
}

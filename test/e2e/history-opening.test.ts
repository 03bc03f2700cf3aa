/** Where no opening is given, an earlier run of the lake is one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunDocument } from '../../src/contract/run.ts';
import { makeFolder, runCli } from './run-cli.ts';

const folder = makeFolder('history-opening');

function write(day: number, erp: number, wms: number, more: Readonly<Record<string, string>> = {}): void {
  const header = 'site,item,status,quantity\n';
  const files = {
    'erp.csv': `${header}DC1,A,FREE,${erp}\nDC1,B,FREE,7\n`,
    'wms.csv': `${header}DC1,A,OK,${wms}\nDC1,B,OK,7\n`,
    ...more,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const at = `2026-11-${day}T22:00:00Z`;
  const ledgers =
    'erp-moves.csv' in more
      ? 'movements:\n  - { system: sap, format: csv, path: erp-moves.csv }\n  - { system: wms1, format: csv, path: wms-moves.csv }\n'
      : '';
  writeFileSync(
    join(folder, 'evenstock.yaml'),
    `version: 1\ncurrency: USD\nsystems: { sap: { role: erp }, wms1: { role: wms, sites: [DC1] } }
balances:\n  - { system: sap, format: csv, path: erp.csv, as_of: ${at} }\n  - { system: wms1, format: csv, path: wms.csv, as_of: ${at} }
${ledgers}categories: { available: { erp: [FREE], wms: [OK] } }\n`,
  );
}

async function run(out: string): Promise<{ document: RunDocument; contributions: string }> {
  const { code, err } = await runCli(folder, 'reconcile', '--out', out, '--quiet');
  expect([code, err]).toEqual([0, '']);
  return {
    document: JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8')) as RunDocument,
    contributions: readFileSync(join(folder, out, 'contributions.csv'), 'utf8'),
  };
}

it('leads from the balances of the run before to what happened since', async () => {
  // Day 20: five too many in the WMS already, and nobody knows why.
  write(20, 100, 105);
  await run('first');
  // Day 21: both ship 10, the WMS receives 40 that the ERP never posted.
  const header = 'movement_id,posted_at,site,item,status,quantity,type,reference\n';
  write(21, 90, 135, {
    'erp-moves.csv': `${header}E0,2026-11-20T08:00:00Z,DC1,A,FREE,3,receipt,P0\nE1,2026-11-21T09:10:00Z,DC1,A,FREE,-10,shipment,S1\n`,
    'wms-moves.csv': `${header}W0,2026-11-20T07:00:00Z,DC1,A,OK,3,receipt,P0\nW1,2026-11-21T09:00:00Z,DC1,A,OK,-10,shipment,S1\nW2,2026-11-21T11:00:00Z,DC1,A,OK,40,receipt,P2\n`,
  });
  const { document, contributions } = await run('second');
  const openings = document.inputs.filter(({ kind }) => kind === 'opening');
  expect(openings.map(({ source, rows }) => [source, rows])).toEqual([
    ['sap opening', 2],
    ['wms1 opening', 2],
  ]);
  expect(document.explanation?.openings).toEqual({ erp: '2026-11-20T22:00:00Z', wms: { DC1: '2026-11-20T22:00:00Z' } });
  const rows = contributions
    .split(/\r?\n/)
    .slice(1, 3)
    .map((line) => line.split(',').slice(5, 7));
  expect(rows).toEqual([
    ['receipt-not-posted', '40'],
    ['opening-difference', '5'],
  ]);
});

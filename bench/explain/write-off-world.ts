/**
 * Makes a company in which every key differs, and hardly anything says why: of each tenth item one shipment that the ERP lacks.
 * Never a company that anybody has: it shows what a run costs when everything is wrong at once.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineFile } from '../../simulator/world-files.ts';

const SITES = 5;
/** Of so many items one has movements. */
const MOVED_EVERY = 10;
const ERP_UNITS = 1000;

/** `keys`: each of them is a discrepancy. The same bytes for the same number. */
export function writeOffWorld(directory: string, keys: number): void {
  mkdirSync(directory, { recursive: true });
  const open = (name: string, columns: string): LineFile =>
    new LineFile(join(directory, `${name}.csv`), columns.split(','));
  const files = {
    items: open('items', 'item,description,base_uom,unit_cost'),
    erp: open('erp', 'site,item,status,quantity'),
    wms: open('wms', 'site,item,status,quantity'),
    erpMovements: open('erp_movements', MOVEMENT_COLUMNS),
    wmsMovements: open('wms_movements', MOVEMENT_COLUMNS),
  };
  for (let index = 0; index < keys; index++) {
    const site = `DC${(index % SITES) + 1}`;
    const number = Math.floor(index / SITES);
    const item = `I${String(number).padStart(8, '0')}`;
    const variance = ((index * 7919) % 401) - 200 || 1;
    if (index % SITES === 0)
      files.items.lines.push(`${item},Kettle no. ${number},EA,${1 + (number % 90)}.${10 + (number % 90)}\n`);
    files.erp.lines.push(`${site},${item},UNRESTRICTED,${ERP_UNITS}\n`);
    files.wms.lines.push(`${site},${item},AVAILABLE,${ERP_UNITS + variance}\n`);
    if (number % MOVED_EVERY === 0) {
      const day = String(1 + (number % 20)).padStart(2, '0');
      const rest = (status: string, quantity: number, type: string): string =>
        `,2026-11-${day}T10:${10 + (index % 50)}:00Z,${site},${item},${status},${quantity},${type}`;
      files.erpMovements.lines.push(`E${index}${rest('UNRESTRICTED', 5, 'receipt')},R${index}\n`);
      files.wmsMovements.lines.push(
        `W${index}${rest('AVAILABLE', 5, 'receipt')},R${index}\n`,
        `X${index}${rest('AVAILABLE', variance, variance < 0 ? 'shipment' : 'receipt')},S${index}\n`,
      );
    }
    for (const file of Object.values(files)) file.settle();
  }
  for (const file of Object.values(files)) file.close();
  writeFileSync(join(directory, 'evenstock.yaml'), CONFIGURATION);
}

const MOVEMENT_COLUMNS = 'movement_id,posted_at,site,item,status,quantity,type,reference';
const CONFIGURATION = `version: 1
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms } }
balances:
  - { system: sap, format: csv, path: erp.csv, as_of: 2026-11-22T23:59:59Z }
  - { system: wms1, format: csv, path: wms.csv, as_of: 2026-11-22T23:59:59Z }
movements:
  - { system: sap, format: csv, path: erp_movements.csv }
  - { system: wms1, format: csv, path: wms_movements.csv }
items: { format: csv, path: items.csv }
categories: { available: { erp: [UNRESTRICTED], wms: [AVAILABLE] } }
`;

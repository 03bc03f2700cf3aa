/** What the processes that are killed import: snapshots that differ by their number. Never random. */
import { configurationSchema } from '../../src/contract/configuration.ts';

export const faultConfiguration = configurationSchema.parse({
  version: 1,
  currency: 'USD',
  systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
  balances: ['sap', 'wms1'].map((system) => ({ system, format: 'csv', as_of: 'file_time' })),
  categories: { available: { erp: ['FREE'] } },
});

export function snapshotOf(number: number, rows = 200): string {
  const lines = Array.from({ length: rows }, (_, at) => `DC1,I${at},FREE,${number}\n`);
  return `site,item,status,quantity\n${lines.join('')}`;
}

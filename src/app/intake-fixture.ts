/** A configuration of one ERP and one warehouse whose movements and messages are taken in, and rows for it. */
import { Readable } from 'node:stream';
import { type Configuration, configurationSchema } from '../contract/configuration.ts';
import { addItem } from '../core/normalize/master-data.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { makePlan, startMasterData } from './make-plan.ts';
import { type TakeInOptions, type TakenIn, takeAllButLast } from './take-in.ts';

export function intakeConfiguration(more: Readonly<Record<string, unknown>> = {}): Configuration {
  return configurationSchema.parse({
    version: 1,
    currency: 'USD',
    systems: { sap: { role: 'erp' }, wms1: { role: 'wms', sites: ['DC1', 'DC2'] } },
    balances: [
      { system: 'sap', format: 'csv', path: 'erp.csv', as_of: '2026-11-22T00:00:00Z' },
      { system: 'wms1', format: 'csv', path: 'wms.csv', as_of: '2026-11-22T00:00:00Z' },
    ],
    categories: {
      available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE'] },
      blocked: { erp: ['BLOCKED'], wms: ['DAMAGED'] },
    },
    ignore: [{ system: 'wms1', status: ['GONE'], reason: 'title has passed' }],
    lag: { default: '30m', interfaces: { '945': '4h' } },
    quantity_decimals: 3,
    ...more,
  });
}

/** Items A to C cost 2.50. */
export function intakePlan(configuration = intakeConfiguration()): Plan {
  const master = startMasterData(configuration);
  for (const item of ['A', 'B', 'C']) addItem(master, { item, unit_cost: '2.50' }, {});
  return makePlan(configuration, master, { site: [], item: [] });
}

export type RowTexts = Readonly<Record<string, string>>;

export function movementRow(id: string, more: RowTexts = {}): RowTexts {
  return {
    movement_id: id,
    posted_at: '2026-11-22T08:00:00Z',
    site: 'DC1',
    item: 'A',
    status: 'AVAILABLE',
    quantity: '-5',
    ...more,
  };
}

export function messageRow(id: string, more: RowTexts = {}): RowTexts {
  return { message_id: id, sent_at: '2026-11-22T08:00:00Z', state: 'sent', from_system: 'wms1', ...more };
}

export function jsonLines(rows: readonly unknown[]): Readable {
  return Readable.from(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)));
}

/** Takes in all of a stream, the last batch in a transaction of its own. */
export async function takeInStream(stream: AsyncIterable<Uint8Array>, options: TakeInOptions): Promise<TakenIn> {
  const takeLast = await takeAllButLast(stream, options);
  return options.database.db.transaction().execute(takeLast);
}

/** Lines of a run as texts, and the file in which a run keeps them. Never used outside of tests. */
import { join } from 'node:path';
import fc from 'fast-check';
import type { DiscrepancyLine } from '../../contract/run.ts';
import { formatFixed } from '../../core/model/decimal.ts';
import { KEPT_COLUMNS, writeParquet } from '../../report/parquet.ts';
import type { ShelvedRun } from './line-shelf.ts';

/** A line out by `net` units of `cents` each; `change` says what matters to the test. */
export function keptLine(change: Partial<DiscrepancyLine> & { readonly net: number; readonly cents: number | null }) {
  const { net, cents, ...columns } = change;
  const quantity = String(net);
  return {
    ...Object.fromEntries(KEPT_COLUMNS.map((name) => [name, ''])),
    site: 'DC1',
    category: 'available',
    uom: 'EA',
    currency: 'USD',
    cause: 'unexplained',
    erp_quantity: '0',
    wms_quantity: quantity,
    variance_quantity: quantity,
    in_flight_quantity: '0',
    net_variance_quantity: quantity,
    explained_quantity: '0',
    unexplained_quantity: quantity,
    unit_cost: cents === null ? '' : '0.5',
    variance_value: cents === null ? '' : formatFixed(cents, 2),
    direction: net < 0 ? 'erp-overstated' : 'erp-understated',
    ...columns,
  } as DiscrepancyLine;
}

/** Lines of all kinds, few enough different texts that many are equal; keys differ. */
export const keptLines: fc.Arbitrary<DiscrepancyLine[]> = fc
  .array(
    fc.record({
      net: fc.integer({ min: -50, max: 50 }).filter((net) => net !== 0),
      cents: fc.option(fc.integer({ min: -2_000, max: 2_000 })),
      site: fc.constantFrom('DC1', 'DC2', 'DC9'),
      item: fc.constantFrom('00123', '0012', '123', 'Äpfel', 'kettle-1'),
      category: fc.constantFrom('available', 'blocked'),
      description: fc.constantFrom('', 'Kettle 1.7 l', 'KETTLE, red', 'Bolt\nM8'),
      cause: fc.constantFrom('unexplained', 'message-lost', 'rounding'),
      finding_id: fc.constantFrom('', 'F1', 'F2'),
      priority: fc.constantFrom('', 'critical', 'high', 'medium', 'low'),
      first_seen: fc.constantFrom('', '2026-11-01T23:59:59-06:00', '2026-11-02T23:59:59-06:00'),
      days_out_of_sync: fc.constantFrom('', '0', '3', '12'),
      impact_value: fc.constantFrom('', '0.00', '12.50', '9.99'),
    }),
    { maxLength: 60 },
  )
  .map((records) => records.map((record, index) => keptLine({ ...record, rank: String(index + 1), lot: `L${index}` })));

/** Keeps them as a run does. */
export async function keepLines(folder: string, name: string, lines: readonly DiscrepancyLine[]): Promise<ShelvedRun> {
  const path = join(folder, `${name}.parquet`);
  await writeParquet(path, KEPT_COLUMNS, [...lines], folder);
  return { path, quantityDecimals: 6, minorDecimals: 2 };
}

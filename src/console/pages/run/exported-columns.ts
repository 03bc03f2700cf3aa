/** Which columns of the file a column of the list stands for. Never decides which are shown. */
import type { DiscrepancyColumn } from '../../../contract/run.ts';
import type { ColumnName } from './columns.tsx';

const IN_FILE: Readonly<Record<ColumnName, readonly DiscrepancyColumn[]>> = {
  rank: ['rank'],
  item: ['item', 'description'],
  site: ['site'],
  lot: ['lot'],
  owner: ['owner'],
  category: ['category'],
  erp: ['erp_quantity'],
  wms: ['wms_quantity'],
  inFlight: ['in_flight_quantity'],
  net: ['net_variance_quantity', 'uom'],
  value: ['variance_value', 'currency'],
  cause: ['cause', 'cause_confidence'],
  priority: ['priority'],
  age: ['days_out_of_sync'],
  firstSeen: ['first_seen'],
  impact: ['impact_value'],
  finding: ['finding_id'],
  unitCost: ['unit_cost'],
  action: ['action'],
};

/** As the API takes them: in the order of the list, with commas between. */
export function exportedColumns(shown: readonly ColumnName[]): string {
  return shown.flatMap((name) => IN_FILE[name]).join(',');
}

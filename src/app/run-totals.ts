/** Writes the sums of a run as the totals of the contract. Never adds anything up itself. */
import type { GroupTotals, RunTotals } from '../contract/run.ts';
import { type Judgement, type Sums, shareText } from '../core/measure/judge-comparison.ts';
import { formatFixed, formatScaled } from '../core/model/decimal.ts';

export interface TotalsFormat {
  readonly quantityDecimals: number;
  readonly minorDecimals: number;
}

/** Quantities as plain decimals in base units, values with the decimals of the currency. */
function groupTotals(sums: Sums, format: TotalsFormat): GroupTotals {
  const quantity = (scaled: bigint): string => formatScaled(scaled, format.quantityDecimals);
  const value = (minor: bigint): string => formatFixed(minor, format.minorDecimals);
  return {
    keys: sums.keys,
    keys_in_sync: sums.keys - sums.timingOnly - sums.discrepancies,
    keys_timing_only: sums.timingOnly,
    discrepancies: sums.discrepancies,
    erp_quantity: quantity(sums.erp),
    wms_quantity: quantity(sums.wms),
    gross_variance_quantity: quantity(sums.grossQuantity),
    net_variance_quantity: quantity(sums.netQuantity),
    gross_variance_value: value(sums.overstatedMinor + sums.understatedMinor),
    net_variance_value: value(sums.understatedMinor - sums.overstatedMinor),
    erp_overstated_value: value(sums.overstatedMinor),
    erp_understated_value: value(sums.understatedMinor),
    sync_accuracy_keys: shareText(BigInt(sums.keys - sums.discrepancies), BigInt(sums.keys)),
  };
}

/** `rows` are the counts over all inputs of the run. Shares are 0 to 1, or empty where there is nothing to divide by. */
export function runTotals(
  judgement: Judgement,
  rows: { readonly rejected: number; readonly unmapped: number; readonly excluded: number },
  format: TotalsFormat,
): RunTotals {
  const { total } = judgement;
  return {
    ...groupTotals(total, format),
    masking: masking(total),
    sync_accuracy_keys_exact: shareText(BigInt(total.keys - total.notExact), BigInt(total.keys)),
    sync_accuracy_units:
      total.wms <= 0n ? '' : shareText(total.allGross >= total.wms ? 0n : total.wms - total.allGross, total.wms),
    explained_value_share: '',
    unvalued: total.unvalued,
    rejected_rows: rows.rejected,
    unmapped_rows: rows.unmapped,
    excluded_rows: rows.excluded,
  };
}

function masking({ overstatedMinor, understatedMinor, grossQuantity, netQuantity }: Sums): string {
  const gross = overstatedMinor + understatedMinor;
  const net = understatedMinor - overstatedMinor;
  if (gross > 0n) return shareText(gross - (net < 0n ? -net : net), gross);
  return shareText(grossQuantity - (netQuantity < 0n ? -netQuantity : netQuantity), grossQuantity);
}

/** Groups by name, the most expensive first, then by name. */
export function byGroup(groups: ReadonlyMap<string, Sums>, format: TotalsFormat): [string, GroupTotals][] {
  const gross = (sums: Sums): bigint => sums.overstatedMinor + sums.understatedMinor;
  return [...groups]
    .sort(([nameA, a], [nameB, b]) => (gross(a) === gross(b) ? (nameA < nameB ? -1 : 1) : gross(a) > gross(b) ? -1 : 1))
    .map(([name, sums]) => [name, groupTotals(sums, format)]);
}

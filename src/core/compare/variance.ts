/**
 * Decides how the two sides of one key are told apart: the shape of a compared key and of a whole comparison, whichever
 * engine made it. variance = WMS − ERP; net variance = variance − in flight. Never judges tolerance (see tolerance.ts).
 */
import type { Decimal } from '../model/decimal.ts';

/** One key of the grain. Quantities scaled by 10^quantity_decimals, safe integers. A side without rows counts as 0. */
export interface KeyVariance {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: number;
  readonly erp: number;
  readonly wms: number;
  readonly inFlight: number;
  readonly erpPresent: boolean;
  readonly wmsPresent: boolean;
  /** Cost from the balance rows of either side (CostBook), where the items file gives none; undefined where nothing does. */
  readonly rowCost: Decimal | undefined;
}

/** Sums over all compared keys of one site and category. */
export interface VarianceCell {
  readonly site: string;
  readonly category: number;
  readonly keys: number;
  /** Keys that the ERP, the WMS or both hold with a quantity other than 0. */
  readonly erpKeys: number;
  readonly wmsKeys: number;
  readonly bothKeys: number;
  readonly erp: bigint;
  readonly wms: bigint;
}

/** Units of one native status that no category takes, per site and item. */
export interface UnmappedQuantity {
  readonly system: string;
  readonly status: string;
  readonly site: string;
  readonly item: string;
  readonly rows: number;
  readonly quantity: bigint;
  readonly rowCost: Decimal | undefined;
}

/** What a comparison finds, in no particular order. */
export interface Comparison {
  /** Every key whose variance or net variance is not 0. */
  readonly variances: readonly KeyVariance[];
  readonly cells: readonly VarianceCell[];
  readonly unmapped: readonly UnmappedQuantity[];
  /** Keys left out because a side that lacks them gave only a partial snapshot. */
  readonly uncoveredKeys: number;
}

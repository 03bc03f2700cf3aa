/**
 * Decides what it costs the business that the ERP shows another number of available units of an item at a site than there
 * are: orders and sales that cannot be served, sales that are not made, purchases that nobody needs. Never looks at lines.
 */
import { valueMinor } from '../compare/unit-cost.ts';
import { type Decimal, divideHalfAway, multiply, powerOfTen, rescale } from '../model/decimal.ts';
import type { Demand } from '../normalize/demand.ts';
import { servedBetween } from './expected-sales.ts';
import type { PriorityParameters } from './priority-parameters.ts';

/** Decimals of expected units. */
export const EXPECTED_DECIMALS = 6;

/** Available units as both sides hold them, what is in flight removed; scaled by 10^quantity_decimals. */
export interface AvailableUnits {
  readonly erp: number;
  readonly wms: number;
}

/** What is known of the item at its site. */
export interface ItemFacts {
  readonly unitCost: Decimal | undefined;
  readonly margin: Decimal | undefined;
  readonly demand: Demand | undefined;
  /** Days of ordinary demand that the horizon is worth, promotions counted in. */
  readonly demandDays: number;
}

/** What a term needs and nobody gave: the term counts as 0, and this says why. */
export type MissingFact = 'unit_cost' | 'margin' | 'demand';

/** The terms of one item at one site. Quantities scaled as balances, expected units by 10^6, money in minor units. */
export interface ServiceImpact {
  readonly available: AvailableUnits;
  readonly demand: Demand | undefined;
  /** Units that are expected to be sold within the horizon beside the open orders. */
  readonly expectedSales: number;
  /** max(0, min(open orders, ERP) − WMS): promised units that the warehouse does not have. */
  readonly ordersAtRisk: number;
  /** Demand that is served with what one side shows and not with what the other does. */
  readonly unitsAtStake: bigint;
  readonly oversellMinor: bigint;
  readonly lostSalesMinor: bigint;
  readonly purchaseMinor: bigint;
  readonly missing: readonly MissingFact[];
}

/** `scale` is the number of decimals of quantities, `minorDecimals` that of the currency. Each amount is rounded once. */
export function serviceImpact(
  available: AvailableUnits,
  facts: ItemFacts,
  parameters: PriorityParameters,
  scale: number,
  minorDecimals: number,
): ServiceImpact {
  const { demand } = facts;
  const isOverstated = available.erp > available.wms;
  const openOrders = demand?.openOrders ?? 0;
  const expectedSales = (demand?.dailyDemand ?? 0) * facts.demandDays;
  const unit = 10 ** scale;
  const lower = Math.min(available.erp, available.wms) / unit;
  const higher = Math.max(available.erp, available.wms) / unit;
  const served = servedBetween(lower, higher, {
    openOrders: openOrders / unit,
    expectedSales,
    dispersion: parameters.dispersion,
  });
  const unitsAtStake = BigInt(Math.round(served * 10 ** EXPECTED_DECIMALS));
  const perUnit = isOverstated
    ? add(facts.margin ?? ZERO, parameters.cancelCost)
    : multiply(facts.margin ?? ZERO, parameters.lostShare);
  const salesMinor =
    perUnit.coefficient > 0n ? valueMinor(unitsAtStake, EXPECTED_DECIMALS, perUnit, minorDecimals) : 0n;
  return {
    available,
    demand,
    expectedSales,
    ordersAtRisk: Math.max(0, Math.min(openOrders, available.erp) - Math.max(0, available.wms)),
    unitsAtStake,
    oversellMinor: isOverstated ? salesMinor : 0n,
    lostSalesMinor: isOverstated ? 0n : salesMinor,
    purchaseMinor: isBoughtNeedlessly(available, demand)
      ? purchaseMinor(available.wms - available.erp, facts.unitCost ?? ZERO, parameters, scale, minorDecimals)
      : 0n,
    missing: [
      ...(facts.unitCost === undefined ? (['unit_cost'] as const) : []),
      ...(facts.margin === undefined ? (['margin'] as const) : []),
      ...(demand === undefined ? (['demand'] as const) : []),
    ],
  };
}

const ZERO: Decimal = { coefficient: 0n, scale: 0 };

function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { coefficient: (rescale(a, scale) as bigint) + (rescale(b, scale) as bigint), scale };
}

/** The ERP falls below its reorder point, and what is really there does not. */
function isBoughtNeedlessly({ erp, wms }: AvailableUnits, demand: Demand | undefined): boolean {
  if (demand?.reorderPoint === undefined) return false;
  return erp + demand.onOrder < demand.reorderPoint && demand.reorderPoint <= wms + demand.onOrder;
}

/** order cost + min(order quantity, gap) · unit cost · carrying % / 100 · days / 365. */
function purchaseMinor(
  gap: number,
  unitCost: Decimal,
  { orderCost, orderQuantity, carryingPercent, excessDays }: PriorityParameters,
  scale: number,
  minorDecimals: number,
): bigint {
  const missing: Decimal = { coefficient: BigInt(gap), scale };
  const bought = orderQuantity !== undefined && isBelow(orderQuantity, missing) ? orderQuantity : missing;
  const held = multiply(multiply(bought, unitCost), multiply(carryingPercent, excessDays));
  const common = Math.max(held.scale, orderCost.scale, minorDecimals);
  const cost = (rescale(held, common) as bigint) + (rescale(orderCost, common) as bigint) * PERCENT_DAYS;
  return divideHalfAway(cost, PERCENT_DAYS * powerOfTen(common - minorDecimals));
}

const PERCENT_DAYS = 100n * 365n;

function isBelow(a: Decimal, b: Decimal): boolean {
  const scale = Math.max(a.scale, b.scale);
  return (rescale(a, scale) as bigint) < (rescale(b, scale) as bigint);
}

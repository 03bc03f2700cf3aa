/**
 * Decides what a shop says of its own costs and risks, and what holds where it says nothing. Money has no default but 0: no
 * amount is right in every currency.
 */

import type { Decimal } from '../model/decimal.ts';
import { assert } from '../model/failure.ts';
import { parseDecimal } from '../normalize/number.ts';

export type Ranking = 'dollars' | 'impact' | 'points';

/** Points from which on a line has a priority word; below `medium` it is low. */
export interface PriorityThresholds {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
}

export interface PriorityParameters {
  readonly ranking: Ranking;
  /** Days until a fault is mended or the next goods come in. */
  readonly horizonDays: number;
  /** Variance of the sales by their mean. */
  readonly dispersion: number;
  /** Indexes of the categories that can be sold. */
  readonly available: ReadonlySet<number>;
  /** What a unit of an order costs that must be cancelled, beside its margin. */
  readonly cancelCost: Decimal;
  /** Share of the unserved demand that is lost and not only late. */
  readonly lostShare: Decimal;
  /** What placing one purchase order costs. */
  readonly orderCost: Decimal;
  /** Most units that one purchase order brings, in base units; undefined: as many as are missing. */
  readonly orderQuantity: Decimal | undefined;
  /** Cost of holding inventory for a year, in percent of its value. */
  readonly carryingPercent: Decimal;
  /** How long needlessly bought units are held. */
  readonly excessDays: Decimal;
  readonly thresholds: PriorityThresholds;
}

/** The configuration's `priority`; amounts are plain decimals as text. */
export interface PrioritySettings {
  readonly ranking: Ranking;
  readonly horizon_days: number;
  readonly available?: readonly string[] | undefined;
  readonly cancel_cost: string;
  readonly lost_share: string;
  readonly order_cost: string;
  readonly order_quantity?: string | undefined;
  readonly carrying_percent: string;
  readonly excess_days: string;
  readonly dispersion: number;
  readonly thresholds: PriorityThresholds;
}

export const DEFAULT_PRIORITY = {
  ranking: 'dollars',
  horizon_days: 7,
  cancel_cost: '0',
  lost_share: '0.5',
  order_cost: '0',
  carrying_percent: '25',
  excess_days: '90',
  dispersion: 1,
  thresholds: { critical: 70, high: 50, medium: 30 },
} as const satisfies PrioritySettings;

/** `categories` are all of the run, in their order: without `available` the one of that name can be sold, else the first. */
export function priorityParameters(
  settings: PrioritySettings = DEFAULT_PRIORITY,
  categories: readonly string[],
): PriorityParameters {
  const available = settings.available ?? [categories.includes('available') ? 'available' : (categories[0] ?? '')];
  return {
    ranking: settings.ranking,
    horizonDays: settings.horizon_days,
    dispersion: settings.dispersion,
    available: new Set(available.map((name) => categories.indexOf(name))),
    cancelCost: decimal(settings.cancel_cost),
    lostShare: decimal(settings.lost_share),
    orderCost: decimal(settings.order_cost),
    orderQuantity: settings.order_quantity === undefined ? undefined : decimal(settings.order_quantity),
    carryingPercent: decimal(settings.carrying_percent),
    excessDays: decimal(settings.excess_days),
    thresholds: settings.thresholds,
  };
}

function decimal(text: string): Decimal {
  const value = parseDecimal(text, {});
  assert(value.ok, `${text} was checked to be a decimal`);
  return value.value;
}

import { type Decimal, rescale } from '../model/decimal.ts';
import { type Demand, DemandBook } from '../normalize/demand.ts';
import { parseDecimal } from '../normalize/number.ts';
import { PromotionBook } from '../normalize/promotions.ts';
import type { ImpactFacts, PricedLine } from './impact-book.ts';
import type { Rankable } from './rank-discrepancies.ts';

export type TestLine = PricedLine & Rankable;

export function decimal(text: string): Decimal {
  const value = parseDecimal(text, {});
  if (!value.ok) throw new Error(text);
  return value.value;
}

/** Whole units, quantities without decimals. */
export const demandOf = (dailyDemand: number, openOrders = 0, rest: Partial<Demand> = {}): Demand => ({
  dailyDemand,
  openOrders,
  onOrder: 0,
  reorderPoint: undefined,
  ...rest,
});

/** A line of item A at DC1 in the first category, at 2.50 a unit and with a margin of 5.99, unless told otherwise. */
export function lineOf(erp: number, wms: number, rest: Partial<TestLine> = {}): TestLine {
  const inFlight = rest.inFlight ?? 0;
  const unitCost = 'unitCost' in rest ? rest.unitCost : decimal('2.50');
  const netVariance = wms - erp - inFlight;
  const valueMinor = unitCost === undefined ? null : BigInt(netVariance) * (rescale(unitCost, 2) as bigint);
  return {
    site: 'DC1',
    item: 'A',
    owner: '',
    lot: '',
    category: 0,
    categoryName: 'available',
    erp,
    wms,
    inFlight,
    netVariance,
    valueMinor,
    valueSize: valueMinor === null ? -1 : Math.abs(Number(valueMinor)),
    unitCost,
    record: { abcClass: '', margin: decimal('5.99') },
    ...rest,
  };
}

/** Demand by site and item; nothing else is known, and nothing heals by itself. */
export function factsOf<T>(demand: readonly [site: string, item: string, demand: Demand][]): ImpactFacts<T> {
  const book = new DemandBook();
  for (const [site, item, of] of demand) book.set(site, item, of);
  return {
    agreedOf: () => 0,
    demand: book,
    promotions: new PromotionBook(),
    asOfDay: 20_000,
    ageDaysOf: () => undefined,
    persistenceOf: () => 1,
    quantityDecimals: 0,
    minorDecimals: 2,
  };
}

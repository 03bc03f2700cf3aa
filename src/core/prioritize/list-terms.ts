/** Decides how the terms of a line's impact and priority are listed: name, exact amount, unit. Never works one out. */
import { formatFixed, formatScaled } from '../model/decimal.ts';
import type { ImpactTerms } from './impact-book.ts';
import { EXPECTED_DECIMALS, type MissingFact, type ServiceImpact } from './service-impact.ts';

/** `unit` is a currency, a unit of measure, `%` or `points`; both it and `amount` are '' for a remark. */
export interface ListedTerm {
  readonly name: string;
  readonly amount: string;
  readonly unit: string;
}

/** How amounts are written. */
export interface TermForm {
  readonly quantityDecimals: number;
  readonly minorDecimals: number;
  readonly currency: string;
  /** Base unit of the item. */
  readonly uom: string;
}

/**
 * What the impact is made of, then what the points are made of and their sum, then remarks. A term that is not known is left
 * out, and a remark says what it needs.
 */
export function listTerms(terms: ImpactTerms, form: TermForm): ListedTerm[] {
  const money = (name: string, minor: bigint | null): ListedTerm[] =>
    minor === null ? [] : [{ name, amount: formatFixed(minor, form.minorDecimals), unit: form.currency }];
  const points = (name: string, hundredths: number): ListedTerm => ({
    name,
    amount: formatScaled(hundredths, 2),
    unit: 'points',
  });
  const { service } = terms;
  return [
    ...money('book exposure', terms.exposureMinor),
    ...(service === undefined ? [] : listService(service, form)),
    ...money('oversold', terms.oversellMinor),
    ...money('lost sales', terms.lostSalesMinor),
    ...money('needless purchase', terms.purchaseMinor),
    { name: 'chance that it stays', amount: expected(terms.persistence * 100), unit: '%' },
    points('for the value', terms.points.value),
    points('for the impact', terms.points.impact),
    points('for the class or the cover', terms.points.turnover),
    points('for a special item or a promotion', terms.points.event),
    points('for the age', terms.points.age),
    points('together', terms.points.total),
    ...(terms.floor === '' ? [] : [remark(`raised to ${terms.priority}: ${terms.floor}`)]),
    ...missingFacts(terms).map((fact) => remark(MISSING[fact])),
  ];
}

function missingFacts({ service, exposureMinor }: ImpactTerms): readonly MissingFact[] {
  return service?.missing ?? (exposureMinor === null ? ['unit_cost'] : []);
}

function listService(service: ServiceImpact, { quantityDecimals, uom }: TermForm): ListedTerm[] {
  const units = (name: string, scaled: number | bigint, decimals = quantityDecimals): ListedTerm => ({
    name,
    amount: formatScaled(scaled, decimals),
    unit: uom,
  });
  return [
    units('available in the ERP', service.available.erp),
    units('available in the WMS', service.available.wms),
    units('open orders', service.demand?.openOrders ?? 0),
    { name: 'expected sales', amount: expected(service.expectedSales), unit: uom },
    units('orders at risk', service.ordersAtRisk),
    units('demand at stake', service.unitsAtStake, EXPECTED_DECIMALS),
  ];
}

function expected(amount: number): string {
  return formatScaled(BigInt(Math.round(amount * 10 ** EXPECTED_DECIMALS)), EXPECTED_DECIMALS);
}

const remark = (name: string): ListedTerm => ({ name, amount: '', unit: '' });

const MISSING: Readonly<Record<MissingFact, string>> = {
  unit_cost: 'no unit cost is known: neither exposure nor holding cost is counted',
  margin: 'no margin is known: what is not sold counts without it',
  demand: 'no demand is known: nothing is counted as oversold or lost',
};

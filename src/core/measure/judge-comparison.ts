/**
 * Decides what a comparison means: prices each variance, tells discrepancies from timing and tolerance, and adds up the
 * totals. Totals are over the same lines that the report lists, so they add up. Never formats for people.
 */
import { exceeds, limitsFor, type Tolerance } from '../compare/tolerance.ts';
import { valueMinor } from '../compare/unit-cost.ts';
import type { Comparison, KeyVariance } from '../compare/variance.ts';
import type { Decimal } from '../model/decimal.ts';
import type { ItemRecord } from '../normalize/master-data.ts';
import type { Plan } from '../normalize/plan.ts';
import { compareByDollars, sortByDollars } from '../prioritize/rank-discrepancies.ts';

/** A key out of sync, or out only because of what is in flight. Values in minor units of the currency. */
export interface JudgedVariance extends KeyVariance {
  readonly categoryName: string;
  readonly variance: number;
  readonly netVariance: number;
  readonly unitCost: Decimal | undefined;
  readonly valueMinor: bigint | null;
  /** |valueMinor| as a double, −1 where no cost is known. */
  readonly valueSize: number;
  /** What the items file says of the item. */
  readonly record: ItemRecord | undefined;
}

/** Sums over a group of keys; those named gross, net, overstated and understated are over its discrepancies. */
export interface Sums {
  keys: number;
  timingOnly: number;
  discrepancies: number;
  erp: bigint;
  wms: bigint;
  grossQuantity: bigint;
  netQuantity: bigint;
  overstatedMinor: bigint;
  understatedMinor: bigint;
  unvalued: number;
  /** Σ|net variance| over all keys, tolerated ones too, its value where a cost is known, and the number of keys where it is not 0. */
  allGross: bigint;
  allGrossMinor: bigint;
  notExact: number;
}

export interface Judgement {
  /** In rank order. */
  readonly discrepancies: readonly JudgedVariance[];
  /** By site, item, owner, lot, category. */
  readonly timing: readonly JudgedVariance[];
  readonly total: Sums;
  readonly bySite: ReadonlyMap<string, Sums>;
  readonly byCategory: ReadonlyMap<string, Sums>;
}

export interface JudgeOptions {
  readonly tolerance: Tolerance;
  /** Decimals of the currency's minor unit. */
  readonly minorDecimals: number;
}

/** Every variance is priced and judged once; those within tolerance are only counted. */
export function judgeComparison(comparison: Comparison, plan: Plan, options: JudgeOptions): Judgement {
  const sums = new SumBook(plan.categories);
  for (const cell of comparison.cells) sums.addCell(cell.site, cell.category, cell.keys, cell.erp, cell.wms);
  const discrepancies: JudgedVariance[] = [];
  const timing: JudgedVariance[] = [];
  for (const key of comparison.variances) {
    const judged = price(key, plan, options.minorDecimals);
    const kind = classify(judged, plan, options);
    sums.addVariance(judged, kind);
    if (kind === 'discrepancy') discrepancies.push(judged);
    else if (kind === 'timing') timing.push(judged);
  }
  const inRank = sortByDollars(discrepancies);
  timing.sort((a, b) =>
    compareByDollars(
      { ...a, valueMinor: null, valueSize: -1, netVariance: 0 },
      { ...b, valueMinor: null, valueSize: -1, netVariance: 0 },
    ),
  );
  return { discrepancies: inRank, timing, total: sums.total, bySite: sums.bySite, byCategory: sums.byCategory };
}

function price(key: KeyVariance, plan: Plan, minorDecimals: number): JudgedVariance {
  const variance = key.wms - key.erp;
  const netVariance = variance - key.inFlight;
  const record = plan.master.items.get(key.item);
  const unitCost = record?.unitCost ?? key.rowCost;
  const value = unitCost === undefined ? null : valueMinor(netVariance, plan.quantityDecimals, unitCost, minorDecimals);
  return {
    site: key.site,
    item: key.item,
    owner: key.owner,
    lot: key.lot,
    category: key.category,
    erp: key.erp,
    wms: key.wms,
    inFlight: key.inFlight,
    erpPresent: key.erpPresent,
    wmsPresent: key.wmsPresent,
    rowCost: key.rowCost,
    categoryName: plan.categories[key.category] as string,
    variance,
    netVariance,
    unitCost,
    valueMinor: value,
    valueSize: value === null ? -1 : Math.abs(Number(value)),
    record,
  };
}

function classify(
  judged: JudgedVariance,
  plan: Plan,
  { tolerance, minorDecimals }: JudgeOptions,
): 'discrepancy' | 'timing' | 'in-sync' {
  const { record } = judged;
  const limits = limitsFor(tolerance, {
    site: judged.site,
    owner: judged.owner,
    item: judged.item,
    category: judged.categoryName,
    family: record?.family ?? '',
    abc_class: record?.abcClass ?? '',
  });
  const beyond = (quantity: number): boolean => {
    let value = judged.valueMinor;
    if (quantity !== judged.netVariance && judged.unitCost !== undefined)
      value = valueMinor(quantity, plan.quantityDecimals, judged.unitCost, minorDecimals);
    return exceeds(quantity, judged.erp, value, limits, plan.quantityDecimals, minorDecimals);
  };
  if (beyond(judged.netVariance)) return 'discrepancy';
  return beyond(judged.variance) ? 'timing' : 'in-sync';
}

function noSums(): Sums {
  return {
    keys: 0,
    timingOnly: 0,
    discrepancies: 0,
    erp: 0n,
    wms: 0n,
    grossQuantity: 0n,
    netQuantity: 0n,
    overstatedMinor: 0n,
    understatedMinor: 0n,
    unvalued: 0,
    allGross: 0n,
    allGrossMinor: 0n,
    notExact: 0,
  };
}

class SumBook {
  readonly total = noSums();
  readonly bySite = new Map<string, Sums>();
  readonly byCategory = new Map<string, Sums>();
  private readonly categories: readonly string[];

  constructor(categories: readonly string[]) {
    this.categories = categories;
    for (const category of categories) this.byCategory.set(category, noSums());
  }

  private groups(site: string, category: number): Sums[] {
    let bySite = this.bySite.get(site);
    if (bySite === undefined) {
      bySite = noSums();
      this.bySite.set(site, bySite);
    }
    return [this.total, bySite, this.byCategory.get(this.categories[category] as string) as Sums];
  }

  addCell(site: string, category: number, keys: number, erp: bigint, wms: bigint): void {
    for (const sums of this.groups(site, category)) {
      sums.keys += keys;
      sums.erp += erp;
      sums.wms += wms;
    }
  }

  addVariance(judged: JudgedVariance, kind: 'discrepancy' | 'timing' | 'in-sync'): void {
    const net = BigInt(judged.netVariance);
    const gross = net < 0n ? -net : net;
    const minor = judged.valueMinor ?? 0n;
    const grossMinor = minor < 0n ? -minor : minor;
    for (const sums of this.groups(judged.site, judged.category)) {
      sums.allGross += gross;
      sums.allGrossMinor += grossMinor;
      if (net !== 0n) sums.notExact++;
      if (kind === 'timing') sums.timingOnly++;
      if (kind !== 'discrepancy') continue;
      sums.discrepancies++;
      sums.grossQuantity += gross;
      sums.netQuantity += net;
      if (judged.valueMinor === null) sums.unvalued++;
      else if (judged.valueMinor < 0n) sums.overstatedMinor -= judged.valueMinor;
      else sums.understatedMinor += judged.valueMinor;
    }
  }
}

/** numerator / denominator, not above 1, as text with six decimals, cut and not rounded: 1.000000 is said only of the whole. '' where the denominator is 0. */
export function shareText(numerator: bigint, denominator: bigint): string {
  if (denominator === 0n) return '';
  const digits = ((numerator * 1_000_000n) / denominator).toString().padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

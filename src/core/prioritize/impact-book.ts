/**
 * Decides what each line of a report costs the business and how urgent it is. Never orders the lines, and never multiplies
 * by the confidence of a diagnosis.
 */
import { valueMinor } from '../compare/unit-cost.ts';
import { type Decimal, divideHalfAway } from '../model/decimal.ts';
import type { DemandBook } from '../normalize/demand.ts';
import type { PromotionBook } from '../normalize/promotions.ts';
import { apportion } from './apportion.ts';
import { type AgreedOf, type AvailableKey, AvailablePlaces } from './available-places.ts';
import type { PriorityParameters } from './priority-parameters.ts';
import {
  type Floor,
  type PointFacts,
  type PointTerms,
  type Priority,
  pointsOf,
  priorityOf,
} from './priority-points.ts';
import { type ServiceImpact, serviceImpact } from './service-impact.ts';

/** A line as its impact needs it: a priced discrepancy. */
export interface PricedLine extends AvailableKey {
  readonly netVariance: number;
  readonly valueMinor: bigint | null;
  readonly unitCost: Decimal | undefined;
  /** What the items file says of the item. */
  readonly record:
    | { readonly abcClass: string; readonly isSpecial?: boolean; readonly margin?: Decimal | undefined }
    | undefined;
}

/** What the impact is made from beside the lines. Days count from 1970-01-01 on the clock of the cut-off. */
export interface ImpactFacts<T> {
  /** undefined where an item has only one key of an available category at a site: its lines are then all that is available. */
  readonly agreedOf: AgreedOf | undefined;
  readonly demand: DemandBook;
  readonly promotions: PromotionBook;
  readonly asOfDay: number;
  /** undefined where nothing tells since when the line is out of sync. */
  readonly ageDaysOf: (line: T) => number | undefined;
  /** Chance that the line does not heal by itself, 0 to 1. */
  readonly persistenceOf: (line: T) => number;
  readonly quantityDecimals: number;
  readonly minorDecimals: number;
}

/** Why a line has its impact and its priority. Money in minor units of the currency. */
export interface ImpactTerms {
  /** |net variance| · unit cost; null where no cost is known. */
  readonly exposureMinor: bigint | null;
  /** The line's part of what its item costs at its site; 0 for lines that have no part in it. */
  readonly oversellMinor: bigint;
  readonly lostSalesMinor: bigint;
  readonly purchaseMinor: bigint;
  readonly persistence: number;
  /** (exposure + oversell + lost sales + purchase) · persistence; null where no term is known. */
  readonly impactMinor: bigint | null;
  readonly points: PointTerms;
  readonly priority: Priority;
  readonly floor: Floor;
  /** What the line has a part in, as a whole; undefined where it has none. */
  readonly service: ServiceImpact | undefined;
}

/** Promised units that the warehouse does not have, of one site. An item at a site is one place. */
export interface OrdersAtRisk {
  readonly items: number;
  /** Scaled by 10^quantity_decimals. */
  readonly units: bigint;
  /** Units · unit cost in minor units of the currency, of the items that have a cost. */
  readonly valueMinor: bigint;
  /** Items without a cost. */
  readonly unvalued: number;
}

/** A promotion so near raises a line to high. */
const PROMOTION_DAYS = 7;
const PERSISTENCE_UNIT = 1_000_000;
const SHARED_LINES_MIN = 16;

/** What one line carries of the cost of its place. */
type Part = Pick<ImpactTerms, 'oversellMinor' | 'lostSalesMinor' | 'purchaseMinor'>;
const NO_PART: Part = { oversellMinor: 0n, lostSalesMinor: 0n, purchaseMinor: 0n };

interface PlaceCost {
  readonly impact: ServiceImpact;
  /** The lines that carry it and what each carries, in the same order. */
  readonly positions: readonly number[];
  readonly parts: readonly Part[];
}

/** Lines are named by their position. What orders them is kept; the terms, which few ask for, are made when asked for. */
export class ImpactBook<T extends PricedLine> {
  private readonly lines: readonly T[];
  private readonly facts: ImpactFacts<T>;
  private readonly parameters: PriorityParameters;
  /** Minor units in a unit of the currency, and steps of a scaled quantity in a base unit. */
  private readonly minorUnit: number;
  private readonly quantityUnit: number;
  private readonly places: AvailablePlaces;
  private readonly impacts: (bigint | null)[];
  /** Exposure and impact of each line in whole units of the currency, 0 where none is known: for points. */
  private readonly values: Float64Array;
  private readonly impactUnits: Float64Array;
  private readonly hasOrdersAtRisk: Uint8Array;
  /** By site; sites without any are not in it. */
  readonly ordersAtRisk = new Map<string, OrdersAtRisk>();
  /** By place. */
  private readonly dailyDemand: Float64Array;
  /** Costs of places of many lines, which each of these lines would work out again. */
  private readonly sharedCosts = new Map<number, PlaceCost>();
  /** The greatest value and impact of any line, in whole units of the currency. */
  private readonly greatest: { readonly value: number; readonly impact: number };

  constructor(lines: readonly T[], facts: ImpactFacts<T>, parameters: PriorityParameters) {
    this.lines = lines;
    this.facts = facts;
    this.parameters = parameters;
    this.minorUnit = 10 ** facts.minorDecimals;
    this.quantityUnit = 10 ** facts.quantityDecimals;
    this.places = new AvailablePlaces(lines, parameters.available, facts.agreedOf);
    this.impacts = new Array(lines.length);
    this.values = new Float64Array(lines.length);
    this.impactUnits = new Float64Array(lines.length);
    this.hasOrdersAtRisk = new Uint8Array(lines.length);
    this.dailyDemand = new Float64Array(this.places.count);
    for (let place = 0; place < this.places.count; place++) this.addCost(place);
    for (let position = 0; position < lines.length; position++)
      if (this.impacts[position] === undefined) this.setImpact(position, 0n);
    this.greatest = { value: greatestOf(this.values), impact: greatestOf(this.impactUnits) };
  }

  impactMinor(position: number): bigint | null {
    return this.impacts[position] as bigint | null;
  }

  /** The points of a line, its word, and the floor that raised it. */
  urgencyOf(position: number): Pick<ImpactTerms, 'points' | 'priority' | 'floor'> {
    const { asOfDay, promotions, ageDaysOf } = this.facts;
    const line = this.line(position);
    const facts: PointFacts = {
      value: this.values[position] as number,
      impact: this.impactUnits[position] as number,
      abcClass: line.record?.abcClass ?? '',
      coverDays: this.coverDays(position),
      isSpecial: line.record?.isSpecial ?? false,
      isPromoted: promotions.runs(line.site, line.item, asOfDay, PROMOTION_DAYS),
      ageDays: ageDaysOf(line),
    };
    const points = pointsOf(facts, this.greatest);
    const isAtRisk = this.hasOrdersAtRisk[position] === 1;
    return { points, ...priorityOf(points.total, isAtRisk, facts, this.parameters.thresholds) };
  }

  /** Every term of a line. */
  termsOf(position: number): ImpactTerms {
    const line = this.line(position);
    const place = this.places.ofLine(position);
    const cost = place === undefined ? undefined : this.costOf(place);
    const index = cost?.positions.indexOf(position) ?? -1;
    return {
      exposureMinor: exposureOf(line),
      ...(cost?.parts[index] ?? NO_PART),
      persistence: this.facts.persistenceOf(line),
      impactMinor: this.impactMinor(position),
      ...this.urgencyOf(position),
      service: index < 0 ? undefined : cost?.impact,
    };
  }

  private line(position: number): T {
    return this.lines[position] as T;
  }

  private setImpact(position: number, partMinor: bigint): void {
    const line = this.line(position);
    const exposure = exposureOf(line);
    const impact = this.staying(line, exposure, partMinor);
    this.impacts[position] = impact;
    this.values[position] = Number(exposure ?? 0n) / this.minorUnit;
    this.impactUnits[position] = Number(impact ?? 0n) / this.minorUnit;
  }

  /** The exposure and the line's part of its place's cost, as far as they stay; null where neither is known. */
  private staying(line: T, exposure: bigint | null, partMinor: bigint): bigint | null {
    if (exposure === null && partMinor === 0n) return null;
    const sum = (exposure ?? 0n) + partMinor;
    const persistence = Math.round(this.facts.persistenceOf(line) * PERSISTENCE_UNIT);
    return persistence === PERSISTENCE_UNIT ? sum : divideHalfAway(sum * BigInt(persistence), BigInt(PERSISTENCE_UNIT));
  }

  private addCost(place: number): void {
    const { site, item } = this.line(this.places.firstOf(place));
    const demand = this.facts.demand.find(site, item);
    // Nobody asks for it: it costs no order, no sale and no purchase.
    if (demand === undefined) return;
    this.dailyDemand[place] = demand.dailyDemand;
    const cost = this.costOf(place);
    cost?.positions.forEach((position, index) => {
      const { oversellMinor, lostSalesMinor, purchaseMinor } = cost.parts[index] as Part;
      this.setImpact(position, oversellMinor + lostSalesMinor + purchaseMinor);
      if (cost.impact.ordersAtRisk > 0) this.hasOrdersAtRisk[position] = 1;
    });
    if (cost !== undefined && cost.impact.ordersAtRisk > 0) this.addOrdersAtRisk(cost);
  }

  private addOrdersAtRisk({ impact, positions }: PlaceCost): void {
    const { site, unitCost } = this.line(positions[0] as number);
    const { quantityDecimals, minorDecimals } = this.facts;
    const sum = this.ordersAtRisk.get(site) ?? { items: 0, units: 0n, valueMinor: 0n, unvalued: 0 };
    const value =
      unitCost === undefined ? 0n : valueMinor(impact.ordersAtRisk, quantityDecimals, unitCost, minorDecimals);
    this.ordersAtRisk.set(site, {
      items: sum.items + 1,
      units: sum.units + BigInt(impact.ordersAtRisk),
      valueMinor: sum.valueMinor + value,
      unvalued: sum.unvalued + (unitCost === undefined ? 1 : 0),
    });
  }

  private costOf(place: number): PlaceCost | undefined {
    const known = this.sharedCosts.get(place);
    if (known !== undefined) return known;
    const cost = this.workOut(place);
    if (cost !== undefined && cost.positions.length >= SHARED_LINES_MIN) this.sharedCosts.set(place, cost);
    return cost;
  }

  /** Those lines carry what a place costs that differ in the direction of the whole, in proportion to their units. */
  private workOut(place: number): PlaceCost | undefined {
    const { facts, parameters, places } = this;
    const units = places.unitsOf(place);
    const gap = units.wms - units.erp;
    const positions = places.linesOf(place).filter((position) => this.line(position).netVariance * gap > 0);
    if (positions.length === 0) return undefined;
    const { site, item, unitCost, record } = this.line(positions[0] as number);
    const known = {
      unitCost,
      margin: record?.margin,
      demand: facts.demand.find(site, item),
      demandDays: facts.promotions.demandDays(site, item, facts.asOfDay, parameters.horizonDays),
    };
    const impact = serviceImpact(units, known, parameters, facts.quantityDecimals, facts.minorDecimals);
    const weights = positions.map((position) => Math.abs(this.line(position).netVariance));
    const oversell = apportion(impact.oversellMinor, weights);
    const lostSales = apportion(impact.lostSalesMinor, weights);
    const purchase = apportion(impact.purchaseMinor, weights);
    const parts = positions.map((_, index) => ({
      oversellMinor: oversell[index] as bigint,
      lostSalesMinor: lostSales[index] as bigint,
      purchaseMinor: purchase[index] as bigint,
    }));
    return { impact, positions, parts };
  }

  /** How long what the warehouse has lasts at the ordinary demand. Of lines of other categories nothing is known. */
  private coverDays(position: number): number | undefined {
    const place = this.places.ofLine(position);
    const daily = place === undefined ? 0 : (this.dailyDemand[place] as number);
    if (place === undefined || daily === 0) return undefined;
    return Math.max(0, this.places.unitsOf(place).wms) / this.quantityUnit / daily;
  }
}

function greatestOf(amounts: Float64Array): number {
  return amounts.reduce((greatest, amount) => Math.max(greatest, amount), 0);
}

function exposureOf({ valueMinor }: PricedLine): bigint | null {
  return valueMinor !== null && valueMinor < 0n ? -valueMinor : valueMinor;
}

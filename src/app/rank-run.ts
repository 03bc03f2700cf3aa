/**
 * Puts the discrepancies of a run in the order that its configuration asks for, with what each costs. Gathers what that is
 * worked out from; what it costs is decided in core/prioritize.
 */
import type { Configuration } from '../contract/configuration.ts';
import type { PriorityTerm } from '../contract/item-view.ts';
import type { SiteOrdersAtRisk } from '../contract/run.ts';
import { keyText } from '../core/explain/evidence.ts';
import type { KeyExplanation } from '../core/explain/explanation.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import { formatFixed, formatScaled } from '../core/model/decimal.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { OrdersAtRisk } from '../core/prioritize/impact-book.ts';
import { listTerms } from '../core/prioritize/list-terms.ts';
import { persistenceOf } from '../core/prioritize/persistence.ts';
import { priorityParameters } from '../core/prioritize/priority-parameters.ts';
import { rankDiscrepancies } from '../core/prioritize/rank-discrepancies.ts';
import type { EngineResult } from '../engine/comparison-input.ts';
import type { ReadDemand } from './read-demand.ts';

export interface RankInput {
  readonly plan: Plan;
  readonly configuration: Configuration;
  readonly judgement: Judgement;
  readonly result: EngineResult;
  readonly demand: ReadDemand;
  readonly explanationOf: (key: JudgedVariance) => KeyExplanation | undefined;
  /** Whole days that a key is out of sync; undefined where nothing tells. */
  readonly ageDaysOf: (key: JudgedVariance) => number | undefined;
  /** The cut-off of the ERP in milliseconds on its own clock, as if that were UTC. */
  readonly localCutOffMs: number;
  readonly minorDecimals: number;
  readonly uomOf: (key: JudgedVariance) => string;
}

/** By rank less one. */
export interface RankedRun {
  readonly lines: readonly JudgedVariance[];
  /** undefined where no demand is given: then nothing is known of orders. */
  readonly ordersAtRisk: readonly SiteOrdersAtRisk[] | undefined;
  impactMinor(position: number): bigint | null;
  urgencyOf(position: number): { readonly impact_value: string; readonly priority: string };
  termsOf(position: number): readonly PriorityTerm[];
}

const DAY_MS = 86_400_000;

/** Without demand and promotions the impact is the book exposure alone. The lines come in the order of dollars. */
export async function rankRun(input: RankInput): Promise<RankedRun> {
  const { plan, configuration, judgement, demand, minorDecimals } = input;
  const parameters = priorityParameters(configuration.priority, plan.categories);
  const ranked = rankDiscrepancies(
    judgement.discrepancies,
    {
      agreedOf: needsAgreed(input, parameters.available) ? await agreedUnits(input, parameters.available) : undefined,
      demand: demand.demand,
      promotions: demand.promotions,
      asOfDay: input.localCutOffMs / DAY_MS,
      ageDaysOf: input.ageDaysOf,
      persistenceOf: (key) => persistenceOf(input.explanationOf(key)?.contributions ?? []),
      quantityDecimals: plan.quantityDecimals,
      minorDecimals,
    },
    parameters,
  );
  const form = { quantityDecimals: plan.quantityDecimals, minorDecimals, currency: configuration.currency };
  return {
    lines: ranked.lines,
    ordersAtRisk: demand.files.every(({ kind }) => kind !== 'demand')
      ? undefined
      : bySite(ranked.ordersAtRisk, plan.quantityDecimals, minorDecimals),
    impactMinor: (position) => ranked.impactMinor(position),
    urgencyOf: (position) => {
      const impact = ranked.impactMinor(position);
      return {
        impact_value: impact === null ? '' : formatFixed(impact, minorDecimals),
        priority: ranked.priority(position),
      };
    },
    termsOf: (position) =>
      listTerms(ranked.terms(position), { ...form, uom: input.uomOf(ranked.lines[position] as JudgedVariance) }),
  };
}

/** In the order of their names. */
function bySite(
  sums: ReadonlyMap<string, OrdersAtRisk>,
  quantityDecimals: number,
  minorDecimals: number,
): SiteOrdersAtRisk[] {
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([site, { items, units, valueMinor, unvalued }]) => ({
      site,
      items,
      quantity: formatScaled(units, quantityDecimals),
      value: formatFixed(valueMinor, minorDecimals),
      unvalued,
    }));
}

/** An item at a site has other available keys than its lines only where lots, owners or several categories tell them apart. */
function needsAgreed({ plan, demand }: RankInput, available: ReadonlySet<number>): boolean {
  const grains = [plan.input.grain, ...plan.input.grainRules.map(({ grain }) => grain)];
  return demand.files.length > 0 && (available.size > 1 || grains.some(({ lot, owner }) => lot || owner));
}

/** Available units of the lines' items beside the lines themselves: keys on which both sides agree, or nearly so. */
async function agreedUnits(
  { plan, judgement, result }: RankInput,
  available: ReadonlySet<number>,
): Promise<(site: string, item: string) => number> {
  const lines = new Set<string>();
  const items = new Set<string>();
  for (const key of judgement.discrepancies) {
    if (!available.has(key.category)) continue;
    lines.add(keyText(key));
    items.add(key.item);
  }
  const units = new Map<string, number>();
  const ofErp = new Set(plan.systems.flatMap(({ id, role }) => (role === 'erp' ? [id] : [])));
  for (const balance of await result.findBalances((item) => items.has(item))) {
    const { system, site, item, category, quantity } = balance;
    if (ofErp.has(system) || !available.has(category) || lines.has(keyText(balance))) continue;
    const place = `${site}\u0000${item}`;
    units.set(place, (units.get(place) ?? 0) + quantity);
  }
  return (site, item) => units.get(`${site}\u0000${item}`) ?? 0;
}

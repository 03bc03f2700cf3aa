/**
 * Gathers the evidence of one share of the items and has the core explain them. Runs in a thread of its own or, for small
 * inputs, in the caller's. Never talks to other workers: what needs several items comes after all shares.
 */
import { estimateHabits } from '../../core/explain/estimate-habits.ts';
import { type ExplainSettings, type ItemEvidence, type KeyFacts, keyText } from '../../core/explain/evidence.ts';
import { explainItem, type ItemExplanation } from '../../core/explain/explain-item.ts';
import { FactorCounts, type FactorCountsData } from '../../core/explain/systemic/factor-counts.ts';
import { findSystemicTraits } from '../../core/explain/systemic/find-systemic-traits.ts';
import type { Traits } from '../../core/explain/traits.ts';
import { type Role, UNMAPPED } from '../../core/model/balance.ts';
import { Plan } from '../../core/normalize/plan.ts';
import { type PackedPlan, unpackPlan } from '../pass/packed-master.ts';
import { cutOffsOf, type Lags, type SideTimes, wmsTimeOf } from './cut-off-times.ts';
import { DocumentCounter } from './document-counter.ts';
import { type CollectedInput, EvidenceCollector } from './evidence-collector.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { ItemDocumentsWriter } from './item-documents.ts';

export interface ExplainSetup {
  readonly plan: PackedPlan;
  /** Openings and ledgers before messages. */
  readonly inputs: readonly EvidenceInput[];
  readonly times: { readonly cutOffs: SideTimes; readonly opening: SideTimes | undefined; readonly lags: Lags };
  readonly given: ExplainSettings['given'];
  readonly temporaryDirectory: string;
  /** File of the evidence of each explained item; '' keeps none. */
  readonly evidencePath: string;
}

/**
 * Items to gather, with their keys. Where they hold a `sample`, the traits of the run are learned from it; its items may agree
 * on both sides, and are explained only if they differ.
 */
export interface Share {
  readonly keys: readonly KeyFacts[];
  readonly sample: readonly string[];
  /** Inputs, by position, whose documents are counted while they are read. */
  readonly counted: readonly number[];
}

export interface Collected {
  /** In the order of the inputs. */
  readonly inputs: readonly CollectedInput[];
  readonly traits: Traits | undefined;
  readonly counts: FactorCountsData;
}

/** By item: all its keys with their native statuses, those of unmapped statuses among them. */
export type HeldKeys = ReadonlyMap<string, readonly KeyFacts[]>;

/** So many items show the habits of two systems. */
const HABIT_ITEMS = 500;

export class ExplainWorker {
  private readonly setup: ExplainSetup;
  private readonly plan: Plan;
  private readonly settings: ExplainSettings;
  private items: ItemEvidence[] = [];
  private documents: ItemDocumentsWriter | undefined;

  constructor(setup: ExplainSetup) {
    this.setup = setup;
    this.plan = new Plan(unpackPlan(setup.plan));
    this.settings = settingsOf(setup, this.plan);
    if (setup.evidencePath !== '') this.documents = new ItemDocumentsWriter(setup.evidencePath);
  }

  async collect({ keys, sample, counted }: Share): Promise<Collected> {
    const byItem = new Map<string, KeyFacts[]>();
    for (const key of keys) {
      const own = byItem.get(key.item);
      if (own === undefined) byItem.set(key.item, [key]);
      else own.push(key);
    }
    const collector = new EvidenceCollector(this.plan, byItem.keys());
    const options = { temporaryDirectory: this.setup.temporaryDirectory, isCancelled: () => false };
    const inputs: CollectedInput[] = [];
    const counts = new FactorCounts();
    for (const [index, input] of this.setup.inputs.entries()) {
      const witness = counted.includes(index) ? new DocumentCounter(input, counts, this.plan) : undefined;
      inputs.push(await collector.read(input, options, witness));
    }
    const hasOpening = this.setup.times.opening !== undefined;
    this.items = [...byItem].map(([item, own]) => collector.take(item, own, hasOpening));
    return { inputs, traits: sample.length === 0 ? undefined : this.learn(sample), counts: counts.toData() };
  }

  private learn(items: readonly string[]): Traits {
    const { plan, settings } = this;
    const wanted = new Set(items);
    const sample = this.items.filter(({ item }) => wanted.has(item));
    const systemOf = (role: Role, site: string): string =>
      (role === 'wms' ? plan.wmsOf(site) : plan.systems.find((system) => system.role === 'erp')?.id) ?? '';
    return {
      habits: estimateHabits(sample.slice(0, HABIT_ITEMS), settings),
      systemic: findSystemicTraits(sample, { ...settings, systemOf, earlierShifts: [] }).traits,
      resolved: [],
    };
  }

  /**
   * Explains what was collected last, and lets go of it. `held`: the native statuses of keys that came without any, where
   * they are needed.
   */
  explain(traits: Traits, held: HeldKeys): readonly ItemExplanation[] {
    const explanations: ItemExplanation[] = [];
    for (const gathered of this.items.splice(0)) {
      const keys = withStatuses(gathered.keys, held.get(gathered.item) ?? []);
      if (keys.length === 0) continue;
      const evidence = { ...gathered, keys };
      explanations.push(explainItem(evidence, traits, this.settings));
      this.documents?.add(evidence);
    }
    return explanations;
  }

  close(): void {
    this.documents?.close();
    this.documents = undefined;
  }
}

/** The keys that differ, with their native statuses, and those of statuses that no category takes. */
function withStatuses(keys: readonly KeyFacts[], held: readonly KeyFacts[]): KeyFacts[] {
  const differing = keys.filter(({ erp, wms, inFlight }) => erp !== wms || inFlight !== 0);
  if (held.length === 0) return differing;
  const byName = new Map(held.map((facts) => [keyText(facts), facts.statuses]));
  const known = new Set(differing.map(keyText));
  return [
    ...differing.map((key) => (key.statuses.length > 0 ? key : { ...key, statuses: byName.get(keyText(key)) ?? [] })),
    ...held.filter((facts) => facts.category === UNMAPPED && !known.has(keyText(facts))),
  ];
}

export function settingsOf({ times, given }: Pick<ExplainSetup, 'times' | 'given'>, plan: Plan): ExplainSettings {
  const { opening } = times;
  return {
    cutOffs: cutOffsOf(times.cutOffs, times.lags, plan),
    openingAt: opening && { erp: opening.erp, wmsOf: wmsTimeOf(opening, plan) },
    given,
    categories: plan.categories,
    quantityDecimals: plan.quantityDecimals,
  };
}

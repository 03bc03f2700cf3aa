/**
 * Gathers the evidence of one share of the items and has the core explain them. Runs in a thread of its own or, for small
 * inputs, in the caller's. Never talks to other workers: what needs several items comes after all shares.
 */
import { estimateHabits } from '../../core/explain/estimate-habits.ts';
import { type ExplainSettings, type ItemEvidence, type KeyFacts, keyText } from '../../core/explain/evidence.ts';
import { explainItem, type ItemExplanation } from '../../core/explain/explain-item.ts';
import { FactorCounts, type FactorCountsData } from '../../core/explain/systemic/factor-counts.ts';
import { findSystemicTraits } from '../../core/explain/systemic/find-systemic-traits.ts';
import type { TimeZoneShift, Traits } from '../../core/explain/traits.ts';
import { MessageCounts } from '../../core/measure/count-messages.ts';
import type { InterfaceCounts } from '../../core/measure/interface-measures.ts';
import { type Role, UNMAPPED } from '../../core/model/balance.ts';
import { assert } from '../../core/model/failure.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { cutOffsOf, type Lags, type SideTimes, wmsTimeOf } from './cut-off-times.ts';
import { DocumentCounter } from './document-counter.ts';
import { type CollectedInput, EvidenceCollector, sumCollected } from './evidence-collector.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { InterfaceCounter } from './interface-counter.ts';
import { ItemDocumentsWriter } from './item-documents.ts';
import { ItemShares } from './item-shares.ts';
import { type RowWitness, type SelectOptions, together } from './select-rows.ts';
import { type SortedInput, sortRows } from './sort-rows.ts';

export interface ExplainSetup {
  /** Openings and ledgers before messages. */
  readonly inputs: readonly EvidenceInput[];
  readonly times: { readonly cutOffs: SideTimes; readonly opening: SideTimes | undefined; readonly lags: Lags };
  readonly given: ExplainSettings['given'];
  readonly earlierShifts: readonly TimeZoneShift[];
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
  /** By position of the input: the parts of it that are read in its place. */
  readonly parts: ReadonlyMap<number, readonly EvidenceInput[]>;
}

/** Which inputs are sorted, by position, and into which shares of the items. */
export interface SortTask {
  readonly inputs: readonly number[];
  readonly shares: readonly (readonly string[])[];
}

export interface Sorted {
  readonly inputs: ReadonlyMap<number, SortedInput>;
  readonly counts: Counts;
}

/** What was counted of all rows of some inputs. */
export interface Counts {
  readonly documents: FactorCountsData;
  readonly interfaces: ReadonlyMap<string, InterfaceCounts>;
}

export interface Collected {
  /** In the order of the inputs. */
  readonly inputs: readonly CollectedInput[];
  readonly traits: Traits | undefined;
  readonly counts: Counts;
}

/** Of what was collected last: some items at a time, so that neither thread ever holds the answers of a million keys twice. */
export interface Explained {
  readonly explanations: readonly ItemExplanation[];
  /** Whether `explainMore` has more to give. */
  readonly isLast: boolean;
}

/** By item: all its keys with their native statuses, those of unmapped statuses among them. */
export type HeldKeys = ReadonlyMap<string, readonly KeyFacts[]>;

/** Keys that are answered at a time. */
const ANSWERED_KEYS = 10_000;
/** So many items show the habits of two systems. */
const HABIT_ITEMS = 500;

export class ExplainWorker {
  private readonly setup: ExplainSetup;
  private readonly plan: Plan;
  private readonly settings: ExplainSettings;
  private items: ItemEvidence[] = [];
  private judgedBy: { readonly traits: Traits; readonly held: HeldKeys } | undefined;
  private documents: ItemDocumentsWriter | undefined;

  constructor(setup: ExplainSetup, plan: Plan) {
    this.setup = setup;
    this.plan = plan;
    this.settings = settingsOf(setup, plan);
    if (setup.evidencePath !== '') this.documents = new ItemDocumentsWriter(setup.evidencePath);
  }

  /** Sorts inputs by the share of their rows' items, and counts their documents. */
  async sort({ inputs, shares }: SortTask): Promise<Sorted> {
    const { setup, plan } = this;
    const shareOf = new Map(shares.flatMap((items, share) => items.map((item) => [item, share] as const)));
    const itemShares = new ItemShares(plan, shareOf);
    const counter = new EvidenceCounter(plan, this.settings);
    const sorted = new Map<number, SortedInput>();
    for (const index of inputs) {
      const input = setup.inputs[index] as EvidenceInput;
      const options = { ...this.options, name: `evidence-${index}` };
      const witness = counter.of(input);
      const own = { count: shares.length, ofCode: (code: string) => itemShares.ofCode(input, code) };
      sorted.set(index, await sortRows(input, own, options, witness));
    }
    return { inputs: sorted, counts: counter.toData() };
  }

  async collect({ keys, sample, counted, parts }: Share): Promise<Collected> {
    const byItem = new Map<string, KeyFacts[]>();
    for (const key of keys) {
      const own = byItem.get(key.item);
      if (own === undefined) byItem.set(key.item, [key]);
      else own.push(key);
    }
    const collector = new EvidenceCollector(this.plan, byItem.keys());
    const inputs: CollectedInput[] = [];
    const counter = new EvidenceCounter(this.plan, this.settings);
    for (const [index, input] of this.setup.inputs.entries()) {
      const witness = counted.includes(index) ? counter.of(input) : undefined;
      const read: CollectedInput[] = [];
      for (const part of parts.get(index) ?? [input]) read.push(await collector.read(part, this.options, witness));
      inputs.push(sumCollected(read));
    }
    const hasOpening = this.setup.times.opening !== undefined;
    this.items = [...byItem].map(([item, own]) => collector.take(item, own, hasOpening));
    return { inputs, traits: sample.length === 0 ? undefined : this.learn(sample), counts: counter.toData() };
  }

  private get options(): SelectOptions {
    return { temporaryDirectory: this.setup.temporaryDirectory, isCancelled: () => false };
  }

  private learn(items: readonly string[]): Traits {
    const { plan, settings } = this;
    const { earlierShifts } = this.setup;
    const wanted = new Set(items);
    const sample = this.items.filter(({ item }) => wanted.has(item));
    const systemOf = (role: Role, site: string): string =>
      (role === 'wms' ? plan.wmsOf(site) : plan.systems.find((system) => system.role === 'erp')?.id) ?? '';
    return {
      habits: estimateHabits(sample.slice(0, HABIT_ITEMS), settings),
      systemic: findSystemicTraits(sample, { ...settings, systemOf, earlierShifts }).traits,
      resolved: [],
    };
  }

  /**
   * Explains what was collected last, and lets go of it. `held`: the native statuses of keys that came without any, where
   * they are needed.
   */
  explain(traits: Traits, held: HeldKeys): Explained {
    this.judgedBy = { traits, held };
    // Taken from the end one by one, so that what is explained is let go of at once.
    this.items.reverse();
    return this.explainMore();
  }

  explainMore(): Explained {
    const { items, judgedBy } = this;
    assert(judgedBy !== undefined, 'what a run is judged by comes before more of it');
    const explanations: ItemExplanation[] = [];
    for (let keys = 0; keys < ANSWERED_KEYS; ) {
      const gathered = items.pop();
      if (gathered === undefined) break;
      const own = withStatuses(gathered.keys, judgedBy.held.get(gathered.item) ?? []);
      if (own.length === 0) continue;
      const evidence = { ...gathered, keys: own };
      explanations.push(explainItem(evidence, judgedBy.traits, this.settings));
      this.documents?.add(evidence, ['postings', 'messages']);
      keys += own.length;
    }
    return { explanations, isLast: items.length === 0 };
  }

  close(): void {
    this.documents?.close();
    this.documents = undefined;
  }
}

/** Counts all rows of inputs: their documents, and what became of messages. */
class EvidenceCounter {
  private readonly plan: Plan;
  private readonly documents = new FactorCounts();
  private readonly messages: MessageCounts;

  constructor(plan: Plan, { cutOffs }: ExplainSettings) {
    this.plan = plan;
    this.messages = new MessageCounts(cutOffs);
  }

  /** Openings are not counted. */
  of(input: EvidenceInput): RowWitness | undefined {
    const { plan, documents, messages } = this;
    if (input.kind === 'balances') return undefined;
    const counter = new DocumentCounter(input, documents, plan);
    return input.kind === 'messages' ? together([counter, new InterfaceCounter(input, messages, plan)]) : counter;
  }

  toData(): Counts {
    return { documents: this.documents.toData(), interfaces: this.messages.byInterface() };
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

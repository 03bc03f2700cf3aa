/**
 * Has every key that is off explained: gathers its evidence in threads, learns the habits of the systems from a sample, and
 * puts together what the core says. Decides the order of these steps; what a cause is, is decided in core/explain.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { append } from '../core/compare/ledger-evidence.ts';
import { type Amendment, amend } from '../core/explain/amendment.ts';
import { estimateHabits } from '../core/explain/estimate-habits.ts';
import { type ExplainSettings, type KeyFacts, type KeyName, keyText } from '../core/explain/evidence.ts';
import { explainAcross } from '../core/explain/explain-across.ts';
import type { ItemExplanation } from '../core/explain/explain-item.ts';
import type { KeyExplanation } from '../core/explain/explanation.ts';
import { FactorCounts } from '../core/explain/systemic/factor-counts.ts';
import { findUnmappedStatuses } from '../core/explain/systemic/find-unmapped-statuses.ts';
import { NO_SYSTEMIC_TRAITS, type Traits } from '../core/explain/traits.ts';
import { addCounts, type InterfaceCounts, noInterfaceCounts } from '../core/measure/interface-measures.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import type { Role } from '../core/model/balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { type EngineResult, INLINE_BYTES_MAX } from '../engine/comparison-input.ts';
import type { SideTimes } from '../engine/evidence/cut-off-times.ts';
import { type CollectedInput, sumCollected } from '../engine/evidence/evidence-collector.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import { type ExplainThread, InlineExplainThread, WorkerExplainThread } from '../engine/evidence/explain-thread.ts';
import { type Counts, type ExplainSetup, type HeldKeys, settingsOf } from '../engine/evidence/explain-worker.ts';
import type { SortedInput } from '../engine/evidence/sort-rows.ts';
import { packPlan } from '../engine/pass/packed-master.ts';
import type { ReadHistory } from '../store/read-key-history.ts';
import { cancelled } from './cancelled.ts';
import type { FoundCutOffs } from './find-cut-offs.ts';
import { findHistoryOpening } from './history-opening.ts';
import { byKeyName, factsOfBalances, factsOfVariance, type HistoryOf, textHash } from './key-facts.ts';
import type { Opening } from './open-opening.ts';
import type { Evidence } from './read-evidence.ts';
import { sortEvidence } from './sort-evidence.ts';

export interface ExplainRunInput {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly result: EngineResult;
  readonly evidence: Evidence;
  readonly opening: Opening;
  readonly cutOffs: FoundCutOffs;
  readonly historyOf: HistoryOf;
  readonly past: Pick<ReadHistory, 'earlierShifts'>;
  readonly dataDirectory: string;
}

export interface ExplainRunOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  readonly temporaryDirectory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

export interface ExplainedRun {
  of(key: JudgedVariance): KeyExplanation | undefined;
  readonly traits: Traits;
  /** Moments of the openings that were used; undefined where there were none. */
  readonly openingAt: SideTimes | undefined;
  /** Documents of all ledgers and messages by what they have in common. */
  readonly counts: FactorCounts;
  /** What became of the messages of each interface. */
  readonly interfaces: ReadonlyMap<string, InterfaceCounts>;
  /** What became of the rows of each evidence input, in the order of `inputs`. */
  readonly collected: readonly { readonly input: EvidenceInput; readonly outcome: CollectedInput }[];
  /** Files of documents, one for each item that was explained. */
  readonly evidenceFiles: readonly string[];
}

/** Keys of the sample that traits of the whole run are learned from. */
const SAMPLE_KEYS = 3000;
/** Places of unmapped statuses that are looked at one by one; more show in the sample. */
const UNMAPPED_MAX = 20_000;
/** Memory that a byte of a ledger takes once it is a posting. */
const BYTES_PER_BYTE = 6;
/** The rest of a run's memory is the engine's. */
const MEMORY_SHARE = 0.75;

export async function explainRun(input: ExplainRunInput, options: ExplainRunOptions): Promise<ExplainedRun> {
  return new RunExplainer(input, options).explain();
}

class RunExplainer {
  private readonly input: ExplainRunInput;
  private readonly options: ExplainRunOptions;
  private setup: ExplainSetup;
  private settings: ExplainSettings;
  private readonly targets: readonly JudgedVariance[];
  private readonly explanations: ItemExplanation[] = [];
  private readonly outcomes: CollectedInput[][] = [];
  private readonly counts = new FactorCounts();
  private readonly interfaces = new Map<string, InterfaceCounts>();
  private sorted: ReadonlyMap<number, SortedInput> = new Map();
  private traits: Traits | undefined;
  private held: Map<string, KeyFacts[]> | undefined;

  constructor(input: ExplainRunInput, options: ExplainRunOptions) {
    const { plan, judgement, evidence, opening, cutOffs } = input;
    this.input = input;
    this.options = options;
    this.targets = [...judgement.discrepancies, ...judgement.timing];
    const ledgers = evidence.inputs.filter(({ kind }) => kind === 'movements');
    const messages = evidence.inputs.filter(({ kind }) => kind === 'messages');
    const hasLedger = (role: Role): boolean => ledgers.some(({ rules }) => rules.role === role);
    this.setup = {
      inputs: [...(opening.times === undefined ? [] : opening.inputs), ...ledgers, ...messages],
      times: { cutOffs: knownTimes(cutOffs), opening: opening.times, lags: evidence.lags },
      given: { erpLedger: hasLedger('erp'), wmsLedger: hasLedger('wms'), messages: messages.length > 0 },
      earlierShifts: input.past.earlierShifts,
      temporaryDirectory: options.temporaryDirectory,
      evidencePath: '',
    };
    this.settings = settingsOf(this.setup, plan);
  }

  async explain(): Promise<ExplainedRun> {
    const sample = await this.sampleKeys();
    const byItem = this.keysByItem(sample);
    await this.openHistory(byItem.keys());
    const { inputs } = this.setup;
    const shares = this.shares(byItem, new Set(sample.map(({ item }) => item)));
    const threads = this.startThreads(shares.length);
    try {
      await this.explainShares(threads, shares, sample);
    } finally {
      await Promise.all(threads.map((thread) => thread.close()));
    }
    const traits = this.traits as Traits;
    const explained = this.together(traits);
    return {
      of: (key) => explained.get(key),
      traits,
      openingAt: this.setup.times.opening,
      counts: this.counts,
      interfaces: this.interfaces,
      collected: inputs.map((input, index) => ({ input, outcome: this.outcomeOf(index) })),
      evidenceFiles: inputs.length === 0 ? [] : threads.map((_, index) => this.evidencePath(index)),
    };
  }

  /** Where no opening is given, an earlier run's balances serve. */
  private async openHistory(items: Iterable<string>): Promise<void> {
    const { input, options, setup } = this;
    const history =
      input.opening.times === undefined ? await findHistoryOpening({ ...input, ...input.evidence }) : undefined;
    if (history === undefined) return;
    const folder = join(options.temporaryDirectory, 'opening');
    await mkdir(folder);
    const openings = await history.read(items, folder);
    const times = { ...setup.times, opening: history.times };
    this.setup = { ...setup, inputs: [...openings, ...setup.inputs], times };
    this.settings = settingsOf(this.setup, input.plan);
  }

  /** The explanation of each variance, with what several items together tell. */
  private together(traits: Traits): Map<JudgedVariance, KeyExplanation> {
    const leftovers = this.explanations.flatMap((explanation) => explanation.leftovers);
    const amendments = new Map<string, Amendment[]>();
    const documentsOf = (batch: string): number => this.counts.populations.erp.linesWith({ batch }) ?? 0;
    for (const amendment of explainAcross(leftovers, traits, this.settings, documentsOf))
      append(amendments, keyText(amendment.key), amendment);
    const byItem = new Map(this.explanations.map(({ keys }) => [keys[0]?.item ?? '', keys]));
    const explained = new Map<JudgedVariance, KeyExplanation>();
    for (const target of this.targets) {
      const key = findKey(byItem.get(target.item) ?? [], target);
      const own = amendments.size === 0 ? undefined : amendments.get(keyText(target));
      if (key !== undefined) explained.set(target, own === undefined ? key : amend(key, own));
    }
    return explained;
  }

  private evidencePath(thread: number): string {
    return join(this.options.temporaryDirectory, `evidence-${thread}.documents`);
  }

  /** All keys of some items, chosen without a look at their variances, with their native statuses. */
  private async sampleKeys(): Promise<KeyFacts[]> {
    const { judgement, result, plan, historyOf } = this.input;
    const every = Math.max(1, Math.floor(judgement.total.keys / SAMPLE_KEYS));
    const balances = await result.findBalances((item) => textHash(item) % every === 0);
    return factsOfBalances(balances, plan, historyOf);
  }

  private startThreads(shares: number): ExplainThread[] {
    const { options, setup, input } = this;
    const setupOf = (index: number): ExplainSetup => ({
      ...setup,
      evidencePath: setup.inputs.length === 0 ? '' : this.evidencePath(index),
    });
    if (this.evidenceBytes <= INLINE_BYTES_MAX || options.threads === 1)
      return [new InlineExplainThread(setupOf(0), input.plan)];
    const count = Math.min(options.threads, shares);
    const packed = packPlan(input.plan.input);
    return Array.from({ length: count }, (_, index) => new WorkerExplainThread(setupOf(index), packed));
  }

  /** Keys by item, each once: of those in the sample, what the comparison says stands, with the native statuses. */
  private keysByItem(sample: readonly KeyFacts[]): Map<string, KeyFacts[]> {
    const byItem = new Map<string, KeyFacts[]>();
    const sampled = new Map(sample.map((facts) => [keyText(facts), facts]));
    const sampledItems = new Set(sample.map(({ item }) => item));
    for (const target of this.targets) {
      const name = sampledItems.has(target.item) ? keyText(target) : '';
      const statuses = sampled.get(name)?.statuses ?? [];
      sampled.delete(name);
      append(byItem, target.item, factsOfVariance(target, statuses, this.input.historyOf));
    }
    for (const facts of sampled.values()) append(byItem, facts.item, facts);
    return byItem;
  }

  /**
   * The keys cut into so many parts that the evidence of those under way together fits into the memory. The first one holds
   * the sample: nothing is explained before it is seen.
   */
  private shares(byItem: ReadonlyMap<string, KeyFacts[]>, sampled: ReadonlySet<string>): KeyFacts[][] {
    const { threads, memoryBytes } = this.options;
    const bytes = this.evidenceBytes;
    const part = Math.min(1, byItem.size / Math.max(1, this.input.plan.master.items.size));
    const waves = Math.max(1, Math.ceil((bytes * part * BYTES_PER_BYTE) / (memoryBytes * MEMORY_SHARE)));
    const count = bytes <= INLINE_BYTES_MAX ? 1 : waves * threads;
    const shares: KeyFacts[][] = Array.from({ length: count }, () => []);
    for (const [index, item] of [...byItem.keys()].sort().entries()) {
      const share = shares[sampled.has(item) ? 0 : index % count] as KeyFacts[];
      for (const facts of (byItem.get(item) as KeyFacts[]).sort(byKeyName)) share.push(facts);
    }
    return shares;
  }

  private get evidenceBytes(): number {
    return this.setup.inputs.reduce((sum, { file }) => sum + file.bytes, 0);
  }

  private async explainShares(
    threads: readonly ExplainThread[],
    shares: readonly KeyFacts[][],
    sample: readonly KeyFacts[],
  ): Promise<void> {
    const { options } = this;
    const sorted = await sortEvidence(threads, this.setup.inputs, shares);
    if (options.signal.aborted) throw cancelled();
    for (const counts of sorted.counts) this.addCounts(counts);
    this.sorted = sorted.inputs;
    const sampleItems = [...new Set(sample.map(({ item }) => item))];
    for (let first = 0; first < shares.length; first += threads.length) {
      const collected = await Promise.all(
        threads.map((thread, index) =>
          thread.collect({
            keys: shares[first + index] ?? [],
            sample: first + index === 0 ? sampleItems : [],
            counted: first === 0 ? this.inputsOfThread(index, threads.length) : [],
            parts: new Map([...sorted.inputs].map(([input, { parts }]) => [input, parts[first + index] ?? []])),
          }),
        ),
      );
      if (options.signal.aborted) throw cancelled();
      for (const { inputs, counts } of collected) {
        this.outcomes.push([...inputs]);
        this.addCounts(counts);
      }
      this.traits ??= await this.withUnmapped(
        collected[0]?.traits ?? {
          habits: estimateHabits([], this.settings),
          systemic: NO_SYSTEMIC_TRAITS,
          resolved: [],
        },
      );
      const held = await this.heldFor(this.traits);
      const explained = await Promise.all(
        threads.map((thread, index) =>
          explainAll(thread, this.traits as Traits, heldOf(held, shares[first + index] ?? [])),
        ),
      );
      if (options.signal.aborted) throw cancelled();
      for (const part of explained) for (const explanation of part) this.explanations.push(explanation);
      options.onProgress('explain', Math.min(shares.length, first + threads.length), shares.length);
    }
  }

  /** All keys of the items that are explained with their native statuses, where a fault of the whole run lies in these. */
  private async heldFor({ systemic }: Traits): Promise<ReadonlyMap<string, readonly KeyFacts[]>> {
    if (this.held !== undefined) return this.held;
    const isWanted = systemic.scopeGaps.length + systemic.unmappedStatuses.length > 0;
    const items = new Set(isWanted ? this.targets.map(({ item }) => item) : []);
    this.held = await this.findHeld(items);
    return this.held;
  }

  private async findHeld(items: ReadonlySet<string>): Promise<Map<string, KeyFacts[]>> {
    const held = new Map<string, KeyFacts[]>();
    if (items.size === 0) return held;
    const { result, plan, historyOf } = this.input;
    for (const facts of factsOfBalances(await result.findBalances((item) => items.has(item)), plan, historyOf))
      append(held, facts.item, facts);
    return held;
  }

  /** What the sample shows, and in which category the units of statuses are missing that no rule takes. */
  private async withUnmapped(traits: Traits): Promise<Traits> {
    const { result, plan } = this.input;
    const items = new Set(result.comparison.unmapped.slice(0, UNMAPPED_MAX).map(({ item }) => item));
    if (items.size === 0) return traits;
    const systemOf = (role: Role, site: string): string =>
      (role === 'wms' ? plan.wmsOf(site) : plan.systems.find((system) => system.role === 'erp')?.id) ?? '';
    const held = [...(await this.findHeld(items)).values()].flat();
    const known = new Set(traits.systemic.unmappedStatuses.map(({ role, status }) => `${role} ${status}`));
    const found = findUnmappedStatuses(held, systemOf, plan.categories.length).filter(
      ({ role, status }) => !known.has(`${role} ${status}`),
    );
    const unmappedStatuses = [...traits.systemic.unmappedStatuses, ...found];
    return { ...traits, systemic: { ...traits.systemic, unmappedStatuses } };
  }

  private addCounts({ documents, interfaces }: Counts): void {
    this.counts.merge(documents);
    for (const [name, part] of interfaces) {
      const whole = this.interfaces.get(name) ?? noInterfaceCounts();
      this.interfaces.set(name, whole);
      addCounts(whole, part);
    }
  }

  /** What became of an input in all shares. Of one that was not sorted, each of them has read every row. */
  private outcomeOf(input: number): CollectedInput {
    const parts = this.outcomes.map((share) => share[input] as CollectedInput);
    return { ...sumCollected(parts), rows: this.sorted.get(input)?.rows ?? parts[0]?.rows ?? 0 };
  }

  /** The inputs whose documents a thread counts: those that are not sorted are read by all, and counted once. */
  private inputsOfThread(thread: number, threads: number): number[] {
    return this.setup.inputs.flatMap(({ kind }, index) =>
      kind !== 'balances' && index % threads === thread && !this.sorted.has(index) ? [index] : [],
    );
  }
}

/** `keys` are in the order of byKeyName. */
function findKey(keys: readonly KeyExplanation[], key: KeyName): KeyExplanation | undefined {
  let [from, to] = [0, keys.length - 1];
  while (from <= to) {
    const middle = (from + to) >> 1;
    const found = keys[middle] as KeyExplanation;
    const order = byKeyName(found, key);
    if (order === 0) return found;
    if (order < 0) from = middle + 1;
    else to = middle - 1;
  }
  return undefined;
}

async function explainAll(thread: ExplainThread, traits: Traits, held: HeldKeys): Promise<ItemExplanation[]> {
  const all: ItemExplanation[] = [];
  for (let part = await thread.explain(traits, held); ; part = await thread.explainMore()) {
    for (const explanation of part.explanations) all.push(explanation);
    if (part.isLast) return all;
  }
}

/** Those of some keys' items: no thread is sent what it does not need. */
function heldOf(held: ReadonlyMap<string, readonly KeyFacts[]>, keys: readonly KeyFacts[]): HeldKeys {
  if (held.size === 0) return new Map();
  return new Map([...new Set(keys.map(({ item }) => item))].map((item) => [item, held.get(item) ?? []]));
}

/** Where nothing is known of a cut-off, everything that a ledger holds counts. */
function knownTimes(found: FoundCutOffs): SideTimes {
  const last = Number.MAX_SAFE_INTEGER;
  return { erp: found.erp ?? last, wms: found.wms.size === 0 ? new Map([['', last]]) : found.wms };
}

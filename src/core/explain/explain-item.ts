/**
 * Decides why the keys of one item are out of sync: signed contributions that add up to each variance exactly. An identity
 * carries it: variance = difference at the opening + what documents left over + WMS break − ERP break. Never guesses: what no
 * evidence proves with a confidence of at least .5 is `unexplained`.
 */
import { UNMAPPED } from '../model/balance.ts';
import { assert } from '../model/failure.ts';
import { balanceDrafts } from './balance-drafts.ts';
import { draftOf, unexplainedDraft } from './draft.ts';
import { dropRepaired } from './drop-repaired.ts';
import type { ExplainSettings, ItemEvidence, KeyFacts } from './evidence.ts';
import { explainRests, type RestOpinion } from './explain-rest.ts';
import type { Contribution, Hypothesis, KeyExplanation } from './explanation.ts';
import { findContested } from './find-contested.ts';
import { findResiduals } from './find-residuals.ts';
import { ItemCase } from './item-case.ts';
import { type KeyAccount, readAccounts, varianceOf } from './key-account.ts';
import { type Leftover, leftoverOf, oneSidedOf } from './leftover.ts';
import { findOnset, passingSteps, type Step } from './onset.ts';
import { CONFIDENCE_MIN } from './priors.ts';
import { effectOf, type Residual } from './residual.ts';
import { type Beginning, type Difference, differenceOf, settleBeginning } from './settle-beginning.ts';
import { type InFlightSettlement, settleInFlight } from './settle-in-flight.ts';
import { type SystemicSettlement, settleSystemic } from './settle-systemic.ts';
import type { Traits } from './traits.ts';
import { type Opinion, weighCauses } from './weigh-causes.ts';

/** Plain data. */
export interface ItemExplanation {
  /** As the keys of the evidence, in their order, but for those of no category. */
  readonly keys: readonly KeyExplanation[];
  /** What other items may explain; explain-across.ts joins them. */
  readonly leftovers: readonly Leftover[];
}

export function explainItem(evidence: ItemEvidence, traits: Traits, settings: ExplainSettings): ItemExplanation {
  const item = new ItemCase(evidence, traits, settings);
  return new ItemReport(item, findResiduals(item)).write();
}

const HYPOTHESES_MAX = 3;
const WORTH_SHOWING = 0.02;

class ItemReport {
  private readonly item: ItemCase;
  private readonly residuals: readonly Residual[];
  private readonly byKey: ReadonlyMap<number, readonly Residual[]>;
  private readonly contested: ReadonlySet<Residual>;
  private readonly opinions = new Map<Residual, readonly Opinion[]>();
  private readonly systemic: SystemicSettlement;
  private readonly inFlight: InFlightSettlement;
  private readonly accounts: readonly (KeyAccount | undefined)[];
  private readonly differences: readonly (Difference | undefined)[];
  private readonly beginning: Beginning;
  private readonly rests: ReadonlyMap<number, RestOpinion>;
  private readonly passing: ReadonlyMap<number, readonly Step[]>;

  constructor(item: ItemCase, residuals: readonly Residual[]) {
    this.item = item;
    this.residuals = residuals;
    this.byKey = byKey(residuals);
    this.contested = findContested(this.byKey, item);
    this.passing = passingSteps(item);
    this.systemic = settleSystemic(item);
    this.accounts = readAccounts(item, this.systemic);
    this.inFlight = settleInFlight(item, residuals);
    this.differences = this.accounts.map((account, key) => account && this.differenceOf(account, key));
    this.beginning = settleBeginning(item, this.differences, residuals, this.inFlight);
    this.rests = explainRests(
      item,
      this.differences.flatMap((difference, key) =>
        difference === undefined
          ? []
          : [
              {
                key,
                quantity: this.beginning.differenceOf(key),
                isComplete: difference.isOpening,
                opening: this.accounts[key]?.opening,
              },
            ],
      ),
    );
  }

  private differenceOf(account: KeyAccount, key: number): Difference {
    const settled = [...(this.systemic.contributions.get(key) ?? []), ...this.inFlight.contributionsOf(key)];
    const documents = (this.byKey.get(key) ?? []).filter((residual) => !this.inFlight.isInFlight(residual, key));
    const variance = varianceOf(this.item.facts[key] as KeyFacts);
    const rest = documents.reduce((left, residual) => left - partOn(residual, key), variance - sumOf(settled));
    return differenceOf(account, rest);
  }

  write(): ItemExplanation {
    const { item } = this;
    const keys = item.facts.flatMap((facts, key) =>
      facts === undefined || facts.category === UNMAPPED ? [] : [this.explainKey(facts, key)],
    );
    const leftovers = this.residuals.flatMap((residual) => leftoverOf(residual, this.opinionsOf(residual)[0], item));
    return { keys, leftovers: [...oneSidedOf(item), ...leftovers] };
  }

  private opinionsOf(residual: Residual): readonly Opinion[] {
    const known = this.opinions.get(residual);
    if (known !== undefined) return known;
    const share = this.contested.has(residual) ? CONTESTED_SHARE : 1;
    const opinions = weighCauses(residual, this.item).map((opinion) => ({
      ...opinion,
      confidence: share * opinion.confidence,
    }));
    this.opinions.set(residual, opinions);
    return opinions;
  }

  private explainKey(facts: KeyFacts, key: number): KeyExplanation {
    const { contributions, hypotheses, doubts } = this.explainDocuments(key);
    contributions.push(
      ...(this.systemic.contributions.get(key) ?? []),
      ...this.inFlight.contributionsOf(key),
      ...this.beginning.contributionsOf(key),
      ...this.explainBalances(key),
    );
    hypotheses.push(...(this.rests.get(key)?.hypotheses ?? []));
    const variance = varianceOf(facts);
    const rest = variance - sumOf(contributions);
    if (rest !== 0) contributions.push({ ...unexplainedDraft(doubts, this.item, rest), quantity: rest });
    const left = dropRepaired(mergeUnmapped(mergeRounding(contributions)));
    assert(sumOf(left) === variance, `contributions add up to ${sumOf(left)}, the variance is ${variance}`);
    const { site, item, owner, lot, category } = facts;
    return {
      site,
      item,
      owner,
      lot,
      category,
      contributions: left.sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity)),
      hypotheses: hypotheses
        .filter(({ confidence }) => confidence >= WORTH_SHOWING)
        .sort((a, b) => b.confidence - a.confidence)
        .slice(0, HYPOTHESES_MAX),
      onset: findOnset(contributions, this.passing.get(key) ?? [], facts),
    };
  }

  /** What is called for the documents of a key, what was refused, and the documents for which nothing is likely enough. */
  private explainDocuments(key: number): {
    contributions: Contribution[];
    hypotheses: Hypothesis[];
    doubts: Residual[];
  } {
    const contributions: Contribution[] = [];
    const hypotheses: Hypothesis[] = [];
    const doubts: Residual[] = [];
    for (const residual of this.byKey.get(key) ?? []) {
      if (this.inFlight.isInFlight(residual, key) || this.beginning.isOlder(residual, key)) continue;
      const quantity = partOn(residual, key);
      const opinions = this.opinionsOf(residual);
      const [best] = opinions;
      const called = best !== undefined && best.confidence >= CONFIDENCE_MIN ? best : undefined;
      if (called === undefined) doubts.push(residual);
      else contributions.push({ ...draftOf(residual, called, this.item), quantity });
      for (const opinion of opinions) if (opinion !== called) hypotheses.push(hypothesisOf(opinion, quantity, called));
    }
    return { contributions, hypotheses, doubts };
  }

  /** What the balances themselves prove: breaks of either ledger, and what is left of the difference at the beginning. */
  private explainBalances(key: number): Contribution[] {
    const account = this.accounts[key];
    if (account === undefined) return [];
    const isOpening = this.differences[key]?.isOpening ?? false;
    const found = balanceDrafts(account, isOpening ? this.beginning.differenceOf(key) : 0, key, this.item);
    const rest = this.rests.get(key)?.draft;
    return rest === undefined ? found : [...found, { ...rest, quantity: this.beginning.differenceOf(key) }];
  }
}

function byKey(residuals: readonly Residual[]): Map<number, Residual[]> {
  const lists = new Map<number, Residual[]>();
  for (const residual of residuals) {
    for (const { key } of effectOf(residual)) {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [residual]);
      else list.push(residual);
    }
  }
  return lists;
}

/** Of calls on documents that may belong together after all so many are right. */
const CONTESTED_SHARE = 0.92;

/** What a residual adds to the variance of one key. */
function partOn(residual: Residual, key: number): number {
  return effectOf(residual).find((part) => part.key === key)?.quantity ?? 0;
}

function sumOf(contributions: readonly Contribution[]): number {
  return contributions.reduce((sum, { quantity }) => sum + quantity, 0);
}

function hypothesisOf({ cause, confidence }: Opinion, quantity: number, called: Opinion | undefined): Hypothesis {
  if (called === undefined) return { cause: cause.code, quantity, confidence, refusal: 'the evidence is too weak' };
  const refusal = `${called.cause.title} fits better, with a confidence of ${Math.round(called.confidence * 100)}%`;
  return { cause: cause.code, quantity, confidence: Math.min(confidence, 1 - called.confidence), refusal };
}

const PROOFS_MAX = 6;

/** Rounding is one contribution, however many documents it comes from. */
function mergeRounding(contributions: readonly Contribution[]): readonly Contribution[] {
  const rounded = contributions.filter(({ cause }) => cause === 'rounding');
  if (rounded.length === 0) return contributions;
  const others = contributions.filter(({ cause }) => cause !== 'rounding');
  const [first] = rounded;
  const quantity = sumOf(rounded);
  if (first === undefined || quantity === 0) return others;
  const proofs = rounded.flatMap((one) => one.proofs).slice(0, PROOFS_MAX);
  return [...others, rounded.length === 1 ? first : { ...first, quantity, proofs, document: '' }];
}

/** Units of one status that the map puts wrongly are one contribution, less what of them is in flight. */
function mergeUnmapped(contributions: readonly Contribution[]): readonly Contribution[] {
  const sums = new Map<string, Contribution>();
  for (const one of contributions) {
    if (one.cause !== 'status-unmapped') continue;
    const { status } = one.factors;
    const before = sums.get(status);
    sums.set(status, before === undefined ? one : { ...before, quantity: before.quantity + one.quantity });
  }
  if (sums.size === 0) return contributions;
  const others = contributions.filter(({ cause }) => cause !== 'status-unmapped');
  return [...others, ...[...sums.values()].filter(({ quantity }) => quantity !== 0)];
}

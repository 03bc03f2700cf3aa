/**
 * Decides why the keys of one item are out of sync: signed contributions that add up to each variance exactly. An identity
 * carries it: variance = difference at the opening + what documents left over + WMS break − ERP break. Never guesses: what no
 * evidence proves with a confidence of at least .5 is `unexplained`.
 */
import { UNMAPPED } from '../model/balance.ts';
import { assert } from '../model/failure.ts';
import type { CauseCode } from './cause-code.ts';
import { causeOf } from './causes/precedence.ts';
import { type Draft, draftOf, plainDraft, unexplainedDraft } from './draft.ts';
import type { ExplainSettings, ItemEvidence, KeyFacts } from './evidence.ts';
import type { Contribution, Hypothesis, KeyExplanation } from './explanation.ts';
import { findResiduals } from './find-residuals.ts';
import { ItemCase } from './item-case.ts';
import { type KeyAccount, readAccounts, varianceOf } from './key-account.ts';
import { type Leftover, leftoverOf, oneSidedOf } from './leftover.ts';
import { findOnset } from './onset.ts';
import { CONFIDENCE_MIN, confidenceOf } from './priors.ts';
import { balanceProof } from './proof.ts';
import { effectOf, type Residual } from './residual.ts';
import { type Beginning, differenceOf, settleBeginning } from './settle-beginning.ts';
import { type InFlightSettlement, settleInFlight } from './settle-in-flight.ts';
import { type SystemicSettlement, settleSystemic } from './settle-systemic.ts';
import type { Traits } from './traits.ts';
import { type Opinion, weighCauses } from './weigh-causes.ts';

/** Plain data. */
export interface ItemExplanation {
  /** As the keys of the evidence, in their order. */
  readonly keys: readonly KeyExplanation[];
  /** What other items may explain; explain-across.ts joins them. */
  readonly leftovers: readonly Leftover[];
}

export function explainItem(evidence: ItemEvidence, traits: Traits, settings: ExplainSettings): ItemExplanation {
  const item = new ItemCase(evidence, traits, settings);
  return new ItemReport(item, findResiduals(item)).write();
}

/** What a residual adds to the variance of one key. */
function partOn(residual: Residual, key: number): number {
  return effectOf(residual).find((part) => part.key === key)?.quantity ?? 0;
}

const HYPOTHESES_MAX = 3;
const WORTH_SHOWING = 0.02;

class ItemReport {
  private readonly item: ItemCase;
  private readonly residuals: readonly Residual[];
  private readonly opinions = new Map<Residual, readonly Opinion[]>();
  private readonly inFlight: InFlightSettlement;
  private readonly beginning: Beginning;
  private readonly systemic: SystemicSettlement;
  private readonly accounts: readonly (KeyAccount | undefined)[];
  private readonly byKey = new Map<number, Residual[]>();

  constructor(item: ItemCase, residuals: readonly Residual[]) {
    this.item = item;
    this.residuals = residuals;
    this.systemic = settleSystemic(item);
    this.accounts = readAccounts(item, this.systemic);
    this.inFlight = settleInFlight(item, residuals);
    for (const residual of residuals) {
      for (const { key } of effectOf(residual)) {
        const list = this.byKey.get(key);
        if (list === undefined) this.byKey.set(key, [residual]);
        else list.push(residual);
      }
    }
    this.beginning = this.settleBeginning();
  }

  private settleBeginning(): Beginning {
    const isInFlight = (residual: Residual, key: number): boolean => this.inFlight.isInFlight(residual, key);
    const differences = this.accounts.map((account, key) => {
      if (account === undefined) return undefined;
      const settled = [
        ...(this.systemic.contributions.get(key) ?? []),
        ...(this.inFlight.contributions.get(key) ?? []),
      ];
      const documents = (this.byKey.get(key) ?? []).filter((residual) => !isInFlight(residual, key));
      const rest = documents.reduce(
        (left, residual) => left - partOn(residual, key),
        settled.reduce((left, { quantity }) => left - quantity, varianceOf(this.item.facts[key] as KeyFacts)),
      );
      return differenceOf(account, rest);
    });
    return settleBeginning(this.item, differences, this.residuals, isInFlight);
  }

  write(): ItemExplanation {
    const { item } = this;
    const keys = item.facts.flatMap((facts, key) =>
      facts === undefined || facts.category === UNMAPPED ? [] : [this.explainKey(facts, key)],
    );
    const leftovers = this.residuals.flatMap((residual) => {
      const [best] = this.opinionsOf(residual);
      return leftoverOf(residual, best, item);
    });
    return { keys, leftovers: [...oneSidedOf(item), ...leftovers] };
  }

  private opinionsOf(residual: Residual): readonly Opinion[] {
    const known = this.opinions.get(residual);
    if (known !== undefined) return known;
    const opinions = weighCauses(residual, this.item);
    this.opinions.set(residual, opinions);
    return opinions;
  }

  private explainKey(facts: KeyFacts, key: number): KeyExplanation {
    const contributions: Contribution[] = [
      ...(this.systemic.contributions.get(key) ?? []),
      ...(this.inFlight.contributions.get(key) ?? []),
    ];
    const hypotheses: Hypothesis[] = [];
    const doubts: Residual[] = [];
    for (const residual of this.byKey.get(key) ?? []) {
      if (this.inFlight.isInFlight(residual, key) || this.beginning.isOlder(residual, key)) continue;
      const quantity = partOn(residual, key);
      const opinions = this.opinionsOf(residual);
      const [best, ...others] = opinions;
      const isSure = best !== undefined && best.confidence >= CONFIDENCE_MIN;
      if (isSure) contributions.push({ ...draftOf(residual, best), quantity });
      else doubts.push(residual);
      for (const opinion of isSure ? others : opinions)
        hypotheses.push(hypothesisOf(opinion, quantity, isSure ? best : undefined));
    }
    contributions.push(...this.beginning.contributionsOf(key), ...this.balanceContributions(key));
    const variance = varianceOf(facts);
    const rest = contributions.reduce((left, { quantity }) => left - quantity, variance);
    if (rest !== 0) contributions.push({ ...unexplainedDraft(doubts, this.item, rest), quantity: rest });
    const merged = dropRepaired(mergeEqual(contributions));
    const sum = merged.reduce((all, { quantity }) => all + quantity, 0);
    assert(sum === variance, `contributions add up to ${sum}, the variance is ${variance}`);
    const { site, item, owner, lot, category } = facts;
    return {
      ...{ site, item, owner, lot, category },
      contributions: merged.sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity)),
      hypotheses: hypotheses
        .filter(({ confidence }) => confidence >= WORTH_SHOWING)
        .sort((a, b) => b.confidence - a.confidence)
        .slice(0, HYPOTHESES_MAX),
      onset: findOnset(merged, facts),
    };
  }

  /** What the balances themselves prove: breaks of either ledger, and the difference at the opening. */
  private balanceContributions(key: number): Contribution[] {
    const { item } = this;
    const account = this.accounts[key];
    if (account === undefined) return [];
    const found: Contribution[] = [];
    const add = (draft: Draft, quantity: number): void => {
      if (quantity !== 0 && draft.confidence >= CONFIDENCE_MIN) found.push({ ...draft, quantity });
    };
    const { resolved } = item.traits;
    const { wmsBreak, erpBreak } = account;
    if (wmsBreak !== undefined) add(breakDraft('wms-ledger-break', wmsBreak, item), wmsBreak);
    if (erpBreak !== undefined) add(breakDraft('erp-ledger-break', erpBreak, item), -erpBreak);
    const opening = this.beginning.differenceOf(key);
    if (opening !== 0 && account.opening !== undefined && wmsBreak !== undefined && erpBreak !== undefined) {
      const confidence = confidenceOf('opening-difference', 'reference', resolved);
      const at = item.openingOf('wms', item.keyAt(key).site);
      const says = `at the opening the WMS held ${item.signed(opening)} against the ERP`;
      add(
        plainDraft(
          'opening-difference',
          confidence,
          'count',
          at,
          [balanceProof(says)],
          `Count the item; the sides have differed by ${item.signed(opening)} since the opening.`,
        ),
        opening,
      );
    }
    return found;
  }
}

function breakDraft(cause: 'wms-ledger-break' | 'erp-ledger-break', quantity: number, item: ItemCase): Draft {
  const system = cause === 'wms-ledger-break' ? 'WMS' : 'ERP';
  const says = `the ${system}’s balance is ${item.signed(quantity)} off its own movements since the opening`;
  const action =
    system === 'WMS'
      ? `Trace who changed the WMS balance by ${item.signed(quantity)} without a movement, and count.`
      : `Ask the ERP’s support why its balance is ${item.signed(quantity)} off its own movements.`;
  return plainDraft(
    cause,
    confidenceOf(cause, 'reference', item.traits.resolved),
    causeOf(cause).side,
    undefined,
    [balanceProof(says)],
    action,
  );
}

function hypothesisOf({ cause, confidence }: Opinion, quantity: number, best: Opinion | undefined): Hypothesis {
  const refusal =
    best === undefined
      ? 'the evidence is too weak'
      : `${best.cause.title} fits better, with a confidence of ${Math.round(best.confidence * 100)}%`;
  return {
    cause: cause.code,
    quantity,
    confidence: best === undefined ? confidence : Math.min(confidence, 1 - best.confidence),
    refusal,
  };
}

const REPAIRS: ReadonlySet<CauseCode> = new Set(['manual-erp-adjustment']);

/** What a posting by hand brought back to 0 explains nothing any more: neither the fault nor the repair is left in the variance. */
function dropRepaired(contributions: readonly Contribution[]): Contribution[] {
  const timed = contributions
    .filter(({ at, cause }) => at !== undefined && cause !== 'in-flight')
    .sort((a, b) => (a.at as number) - (b.at as number));
  if (
    timed.length < 2 ||
    contributions.length - timed.length > contributions.filter(({ cause }) => cause === 'in-flight').length
  )
    return [...contributions];
  let sum = 0;
  let repaired = 0;
  timed.forEach(({ quantity, cause }, at) => {
    sum += quantity;
    if (sum === 0 && at > 0 && REPAIRS.has(cause)) repaired = at + 1;
  });
  const gone = new Set(timed.slice(0, repaired));
  return contributions.filter((one) => !gone.has(one));
}

/** Rounding is one contribution however many documents it comes from. */
function mergeEqual(contributions: readonly Contribution[]): Contribution[] {
  const rounded = contributions.filter(({ cause }) => cause === 'rounding');
  const [first, ...more] = rounded;
  if (first === undefined || more.length === 0) return contributions.filter(({ quantity }) => quantity !== 0);
  const quantity = rounded.reduce((sum, one) => sum + one.quantity, 0);
  const proofs = rounded.flatMap((one) => one.proofs).slice(0, 6);
  const others = contributions.filter((one) => one.cause !== 'rounding' && one.quantity !== 0);
  return quantity === 0 ? others : [...others, { ...first, quantity, proofs, document: '' }];
}

/**
 * Decides what figures alone can say of what no document explains, where openings or ledgers are missing. Never with a confidence
 * above .6, and never without the chance that the figures agree by accident, counted for that key.
 */
import type { CauseCode } from './cause-code.ts';
import { causeOf } from './causes/precedence.ts';
import { type Draft, plainDraft } from './draft.ts';
import type { Hypothesis } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import { CONFIDENCE_MIN, confidenceOf } from './priors.ts';
import { balanceProof } from './proof.ts';

/** What is left of a key's variance, and whether both openings and both ledgers are there. */
export interface Rest {
  readonly key: number;
  readonly quantity: number;
  readonly isComplete: boolean;
  /** WMS − ERP at the opening snapshots; undefined where they are not given. */
  readonly opening: number | undefined;
}

export interface RestOpinion {
  /** The call, where it is likely enough. */
  readonly draft: Draft | undefined;
  readonly hypotheses: readonly Hypothesis[];
}

/** Opinions by key, for the rests of incomplete evidence; a complete one leaves nothing that figures could tell. */
export function explainRests(item: ItemCase, rests: readonly Rest[]): Map<number, RestOpinion> {
  const opinions = new Map<number, RestOpinion>();
  for (const rest of rests) {
    if (rest.isComplete || rest.quantity === 0) continue;
    const guesses = [
      ...guessOpening(rest, item),
      ...guessPartner(rest, rests, item),
      ...guessDocument(rest, item),
    ].sort((a, b) => b.confidence - a.confidence);
    const [best] = guesses;
    const isCalled = best !== undefined && best.confidence >= CONFIDENCE_MIN;
    opinions.set(rest.key, {
      draft: isCalled ? draftOf(best, item) : undefined,
      hypotheses: (isCalled ? guesses.slice(1) : guesses).map(({ cause, confidence, says }) => ({
        cause,
        quantity: rest.quantity,
        confidence,
        refusal: `only figures speak for it: ${says}`,
      })),
    });
  }
  return opinions;
}

interface Guess {
  readonly cause: CauseCode;
  readonly confidence: number;
  readonly says: string;
}

function draftOf({ cause, confidence, says }: Guess, item: ItemCase): Draft {
  const { side, resolution } = causeOf(cause);
  const at = cause === 'opening-difference' ? item.settings.openingAt?.erp : undefined;
  return plainDraft(cause, confidence, side, at, [balanceProof(says)], resolution);
}

/** The same variance as at the opening; or no openings, so that it may be older than the ledgers. */
function guessOpening({ quantity, opening }: Rest, item: ItemCase): Guess[] {
  const { resolved } = item.traits;
  const { given } = item.settings;
  const weight = confidenceOf('opening-difference', 'arithmetic', resolved);
  if (opening !== undefined) {
    const says = `the sides differed by ${item.signed(opening)} at the opening already`;
    return opening === quantity ? [{ cause: 'opening-difference', confidence: weight, says }] : [];
  }
  if (!given.erpLedger || !given.wmsLedger) return [];
  const says = 'the movements of both ledgers do not lead to it, and no opening balances are given';
  return (['opening-difference', 'wms-ledger-break', 'erp-ledger-break'] as const).map((cause) => ({
    cause,
    confidence: cause === 'opening-difference' ? 0.7 * weight : 0.5 * weight,
    says,
  }));
}

/** Another key of the item with the opposite rest that differs in one thing only: category, lot, or site and owner. */
function guessPartner(rest: Rest, rests: readonly Rest[], item: ItemCase): Guess[] {
  const key = item.keyAt(rest.key);
  const others = rests.filter((other) => other.key !== rest.key && other.quantity !== 0 && !other.isComplete);
  // Another key's rest lies anywhere up to twice this one's, either way.
  const chance = Math.min(1, others.length / (4 * Math.abs(rest.quantity)));
  return others.flatMap((other) => {
    if (other.quantity !== -rest.quantity || !hasSameOnset(rest.key, other.key, item)) return [];
    const partner = item.keyAt(other.key);
    const differing = (['category', 'lot', 'site', 'owner'] as const).filter((name) => key[name] !== partner[name]);
    const cause = PARTNERS[differing.join()];
    if (cause === undefined) return [];
    const confidence = confidenceOf(cause, 'arithmetic', item.traits.resolved) * (1 - chance);
    return [
      {
        cause,
        confidence,
        says: `the same item is out by ${item.signed(other.quantity)} in another ${differing.join(' and ')}`,
      },
    ];
  });
}

const PARTNERS: Readonly<Record<string, CauseCode>> = {
  category: 'status-move-missing',
  lot: 'lot-swapped',
  site: 'site-cross-posted',
  owner: 'site-cross-posted',
};

/** Where earlier runs know both, they went out of sync together. */
function hasSameOnset(key: number, other: number, { facts }: ItemCase): boolean {
  const [one, two] = [facts[key]?.history[0]?.at, facts[other]?.history[0]?.at];
  return one === undefined || two === undefined || one === two;
}

/** At most so many documents are tried, the latest first: among more of them something always fits. */
const DOCUMENTS_MAX = 30;
const CHANCE_MAX = 0.05;

/** One document of the key whose loss, repetition or usual mistakes would make the rest: only if just one does. */
function guessDocument(rest: Rest, item: ItemCase): Guess[] {
  const quantities = item.wms
    .concat(item.wms.length === 0 ? item.erp : [])
    .filter(({ period }) => period === 'within')
    .flatMap(({ parts }) => parts.filter(({ key }) => key === rest.key).map(({ quantity }) => quantity))
    .slice(-DOCUMENTS_MAX);
  const effects = new Map<number, CauseCode[]>();
  for (const quantity of quantities) {
    for (const [cause, effect] of effectsOf(quantity, item)) {
      if (Math.abs(effect) <= 2 * Math.abs(rest.quantity)) effects.set(effect, [...(effects.get(effect) ?? []), cause]);
    }
  }
  const [cause, ...more] = effects.get(rest.quantity) ?? [];
  const chance = effects.size / (4 * Math.abs(rest.quantity) + 1);
  if (cause === undefined || more.length > 0 || chance > CHANCE_MAX) return [];
  const confidence = confidenceOf(cause, 'arithmetic', item.traits.resolved) * (1 - chance);
  return [{ cause, confidence, says: 'one document of the key, and only one, would make this variance so' }];
}

/** What a movement would leave behind: not posted, posted twice, in the wrong direction, unit or decimal. */
function effectsOf(quantity: number, { evidence, settings }: ItemCase): [CauseCode, number][] {
  const scale = 10 ** settings.quantityDecimals;
  const effects: [CauseCode, number][] = [
    [quantity > 0 ? 'receipt-not-posted' : 'shipment-unconfirmed', quantity],
    ['posted-twice', -quantity],
    ['sign-reversed', 2 * quantity],
    ['decimal-shifted', -9 * quantity],
  ];
  for (const factor of evidence.packFactors) effects.push(['unit-mismatch', quantity - (quantity * factor) / scale]);
  return effects.filter(([, effect]) => Number.isSafeInteger(effect));
}

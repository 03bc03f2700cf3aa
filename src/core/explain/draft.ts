/** Decides how a call on a document becomes contributions of its keys: which record it names, when it happened, what it has in common with others. */
import type { CorrectSide } from './cause-code.ts';
import type { Contribution, Factors, Proof } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry } from './ledger-entry.ts';
import { entryProofs } from './proof.ts';
import { erpOf, type Residual, wmsOf } from './residual.ts';
import type { Opinion } from './weigh-causes.ts';

export const NO_FACTORS: Factors = {
  interfaceName: '',
  batch: '',
  file: '',
  user: '',
  type: '',
  status: '',
  error: '',
};

export type Draft = Omit<Contribution, 'quantity'>;

export function draftOf(residual: Residual, { cause, fit, confidence }: Opinion, item: ItemCase): Draft {
  const { proofs, action } = fit.tell();
  return { cause: cause.code, confidence, side: cause.side, ...circumstancesOf(residual, item), proofs, action };
}

interface Circumstances {
  readonly at: number;
  readonly document: string;
  readonly factors: Factors;
}

/** When a residual came to be, and what it has in common with others. */
export function circumstancesOf(residual: Residual, item: ItemCase): Circumstances {
  const entry = faultyEntry(residual);
  const { first } = entry;
  const line = residual.kind === 'missing' ? residual.verdict?.line : undefined;
  return {
    at: beganAt(residual, item),
    document: documentOf(wmsOf(residual)[0] ?? entry),
    factors: {
      interfaceName: line?.interfaceName ?? '',
      batch: line?.batch || first.batch,
      file: (line?.source ?? first.source).file,
      user: first.user,
      type: first.type,
      status: (wmsOf(residual)[0] ?? entry).first.status,
      error: line?.error ?? '',
    },
  };
}

/** What was posted wrongly is wrong from its posting on; what was posted late as well, from its movement on. */
function beganAt(residual: Residual, item: ItemCase): number {
  const { at } = faultyEntry(residual);
  const movedAt = wmsOf(residual)[0]?.at ?? at;
  return at - movedAt > item.usualDelayMs ? movedAt : at;
}

/** The posting that is wrong, else the movement that has none. */
function faultyEntry(residual: Residual): Entry {
  return (erpOf(residual)[0] ?? wmsOf(residual)[0]) as Entry;
}

export function documentOf({ first }: Entry): string {
  return first.reference || first.messageId || first.movementId;
}

/** A contribution that stands on a figure rather than on a document. */
export function plainDraft(
  cause: Contribution['cause'],
  confidence: number,
  side: CorrectSide,
  at: number | undefined,
  proofs: readonly Proof[],
  action: string,
): Draft {
  return { cause, confidence, side, at, document: '', factors: NO_FACTORS, proofs, action };
}

/** What nothing proves; `doubts` are documents that show a difference without telling why. */
export function unexplainedDraft(doubts: readonly Residual[], item: ItemCase, quantity: number): Draft {
  const action = `Count the item; nothing proves why ${item.signed(quantity)} units differ.`;
  const proofs = doubts
    .slice(0, PROOFS_MAX)
    .flatMap((residual) =>
      entryProofs([...wmsOf(residual), ...erpOf(residual)], 'nothing proves what went wrong with it'),
    );
  const times = doubts.map((residual) => circumstancesOf(residual, item).at);
  return plainDraft('unexplained', 0, 'count', times.length === 0 ? undefined : Math.min(...times), proofs, action);
}

const PROOFS_MAX = 3;

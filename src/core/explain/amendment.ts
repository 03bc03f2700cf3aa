/** Decides what an explanation becomes where several items together tell more than one. Never changes the sum of its contributions. */
import type { CauseCode } from './cause-code.ts';
import { causeOf } from './causes/precedence.ts';
import { NO_FACTORS } from './draft.ts';
import type { Contribution, KeyExplanation } from './explanation.ts';
import type { Leftover } from './leftover.ts';
import { CONFIDENCE_MIN } from './priors.ts';

/** That a part of a key's variance has another cause than its item alone could tell. Plain data. */
export interface Amendment {
  /** The document whose contribution it replaces, with its quantity; undefined: all of the key but what is in flight. */
  readonly replaces: { readonly document: string; readonly cause: CauseCode; readonly quantity: number } | undefined;
  readonly key: Leftover['key'];
  readonly contribution: Contribution;
}

/** The contribution that takes the place of a leftover's own. */
export function amendmentOf(
  leftover: Leftover,
  cause: CauseCode,
  confidence: number,
  proofs: Contribution['proofs'],
  action: string,
): Amendment {
  const { key, quantity, document, at, source, batch, type, user, interfaceName } = leftover;
  return {
    key,
    replaces: { document, cause: leftover.confidence < CONFIDENCE_MIN ? 'unexplained' : leftover.cause, quantity },
    contribution: {
      cause,
      quantity,
      confidence,
      side: causeOf(cause).side,
      at,
      document,
      factors: { interfaceName, batch, file: source.file, user, type, status: '', error: '' },
      proofs,
      action,
    },
  };
}

/** The contribution that takes the place of all of a key's, but for what is in flight. */
export function wholeAmendment(
  leftover: Leftover,
  cause: CauseCode,
  confidence: number,
  proofs: Contribution['proofs'],
  action: string,
): Amendment {
  const { contribution, key } = amendmentOf(leftover, cause, confidence, proofs, action);
  return { key, replaces: undefined, contribution: { ...contribution, at: undefined, factors: NO_FACTORS } };
}

/** The explanation with its amendments; the sum of its contributions stays as it is. */
export function amend(explanation: KeyExplanation, amendments: readonly Amendment[]): KeyExplanation {
  let contributions = [...explanation.contributions];
  for (const { replaces, contribution } of amendments) {
    if (replaces === undefined) {
      const kept = contributions.filter(({ cause }) => cause === 'in-flight');
      const quantity =
        contributions.reduce((sum, one) => sum + one.quantity, 0) - kept.reduce((sum, one) => sum + one.quantity, 0);
      contributions = quantity === 0 ? kept : [...kept, { ...contribution, quantity }];
      continue;
    }
    const at = contributions.findIndex(
      ({ document, cause, quantity }) =>
        document === replaces.document && cause === replaces.cause && quantity === replaces.quantity,
    );
    if (at >= 0) contributions[at] = contribution;
    else contributions = takeFromUnexplained(contributions, contribution);
  }
  contributions.sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity));
  return { ...explanation, contributions };
}

function takeFromUnexplained(contributions: readonly Contribution[], contribution: Contribution): Contribution[] {
  const unexplained = contributions.find(({ cause }) => cause === 'unexplained');
  const others = contributions.filter((one) => one !== unexplained);
  const rest = (unexplained?.quantity ?? 0) - contribution.quantity;
  const blank = unexplained ?? {
    ...contribution,
    cause: 'unexplained' as const,
    confidence: 0,
    side: 'count' as const,
    proofs: [],
    action: 'Count the item.',
  };
  return rest === 0 ? [...others, contribution] : [...others, contribution, { ...blank, quantity: rest }];
}

/**
 * Decides how far a cause is believed before and after the evidence of one document: all numbers of that kind stand in one
 * table. Never looks at documents.
 */
import type { CauseCode } from './cause-code.ts';

/** What ties a call to its proof, the strongest first. */
export const EVIDENCE_GRADES = ['message', 'reference', 'time', 'arithmetic'] as const;

export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number];

/** Below this the system abstains: the units are `unexplained`, and the call is shown as a hypothesis. */
export const CONFIDENCE_MIN = 0.5;

interface Prior {
  /** How often the cause is met, relative to the others, per 1,000 faulty documents. */
  readonly rate: number;
  /** Confidence of a call by grade of its evidence, where no other cause fits: message, reference, time, arithmetic. */
  readonly confidence: readonly [number, number, number, number];
}

const PRIORS: Readonly<Record<CauseCode, Prior>> = {
  'in-flight': { rate: 150, confidence: [0.995, 0.995, 0.99, 0.6] },
  'message-lost': { rate: 100, confidence: [0.995, 0.995, 0.99, 0.5] },
  'message-rejected': { rate: 110, confidence: [0.995, 0.995, 0.99, 0.5] },
  'posted-twice': { rate: 80, confidence: [0.995, 0.995, 0.99, 0.5] },
  'file-loaded-twice': { rate: 40, confidence: [0.995, 0.995, 0.99, 0.5] },
  'out-of-order': { rate: 20, confidence: [0.98, 0.98, 0.97, 0.4] },
  'unit-mismatch': { rate: 120, confidence: [0.995, 0.995, 0.99, 0.5] },
  'sign-reversed': { rate: 30, confidence: [0.995, 0.995, 0.99, 0.5] },
  'digits-transposed': { rate: 20, confidence: [0.995, 0.995, 0.99, 0.2] },
  'decimal-shifted': { rate: 15, confidence: [0.995, 0.995, 0.99, 0.3] },
  'status-move-missing': { rate: 80, confidence: [0.995, 0.995, 0.99, 0.6] },
  'status-unmapped': { rate: 20, confidence: [0.995, 0.995, 0.99, 0.6] },
  'item-cross-posted': { rate: 20, confidence: [0.995, 0.995, 0.96, 0.4] },
  'item-alias-missing': { rate: 10, confidence: [0.99, 0.99, 0.99, 0.6] },
  'lot-swapped': { rate: 20, confidence: [0.995, 0.995, 0.99, 0.6] },
  'site-cross-posted': { rate: 20, confidence: [0.995, 0.995, 0.99, 0.5] },
  'count-not-sent': { rate: 50, confidence: [0.995, 0.995, 0.99, 0.5] },
  'count-raced-movement': { rate: 20, confidence: [0.97, 0.97, 0.94, 0.4] },
  'pick-short': { rate: 40, confidence: [0.995, 0.995, 0.99, 0.4] },
  'shipment-unconfirmed': { rate: 50, confidence: [0.995, 0.995, 0.99, 0.4] },
  'receipt-not-posted': { rate: 50, confidence: [0.995, 0.995, 0.99, 0.4] },
  'return-not-posted': { rate: 40, confidence: [0.995, 0.995, 0.99, 0.4] },
  'kit-not-posted': { rate: 30, confidence: [0.995, 0.995, 0.99, 0.4] },
  'manual-erp-adjustment': { rate: 60, confidence: [0.995, 0.995, 0.99, 0.4] },
  'wms-ledger-break': { rate: 30, confidence: [0.995, 0.995, 0.99, 0.5] },
  'erp-ledger-break': { rate: 30, confidence: [0.995, 0.995, 0.99, 0.5] },
  'opening-difference': { rate: 40, confidence: [0.99, 0.99, 0.95, 0.6] },
  'snapshot-stale': { rate: 5, confidence: [0.98, 0.98, 0.98, 0.6] },
  'cutoff-time-zone': { rate: 5, confidence: [0.97, 0.97, 0.97, 0.6] },
  'scope-mismatch': { rate: 5, confidence: [0.98, 0.98, 0.98, 0.6] },
  rounding: { rate: 20, confidence: [0.98, 0.98, 0.95, 0.5] },
  'cost-difference': { rate: 5, confidence: [0.99, 0.99, 0.99, 0.99] },
  unexplained: { rate: 30, confidence: [0, 0, 0, 0] },
};

/** How many resolved cases it takes to weigh as much as the starting value. */
const STARTING_WEIGHT = 20;

/** How many calls of a cause resolved cases confirmed or refuted. */
export interface ResolvedCalls {
  readonly cause: CauseCode;
  readonly grade: EvidenceGrade;
  readonly confirmed: number;
  readonly refuted: number;
}

export function rateOf(cause: CauseCode): number {
  return PRIORS[cause].rate;
}

/** The share of such calls that are right: the starting value, moved by resolved cases as the mean of a beta distribution. */
export function confidenceOf(cause: CauseCode, grade: EvidenceGrade, resolved: readonly ResolvedCalls[]): number {
  const start = PRIORS[cause].confidence[EVIDENCE_GRADES.indexOf(grade)] ?? 0;
  let right = start * STARTING_WEIGHT;
  let all = STARTING_WEIGHT;
  for (const calls of resolved) {
    if (calls.cause !== cause || calls.grade !== grade) continue;
    right += calls.confirmed;
    all += calls.confirmed + calls.refuted;
  }
  return right / all;
}

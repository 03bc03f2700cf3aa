/**
 * What an explanation is: signed contributions of causes, each with its proof, that add up to a key's variance exactly.
 * Never how one is found.
 */
import type { CauseCode, CorrectSide } from './cause-code.ts';
import type { KeyName, RowSource } from './evidence.ts';

/** One piece of proof: a movement, a message, or a figure (a ledger that does not replay, a status nobody maps). */
export interface Proof {
  readonly kind: 'erp-movement' | 'wms-movement' | 'message' | 'balance';
  /** movement_id or message_id; '' for a balance. */
  readonly id: string;
  readonly reference: string;
  /** undefined for a balance. */
  readonly source: RowSource | undefined;
  /** What it shows, in one clause in plain words: "the ERP booked 12, the WMS 120". */
  readonly says: string;
}

/** What a contribution has in common with others, for findings. '' where it has none. */
export interface Factors {
  readonly interfaceName: string;
  readonly batch: string;
  /** File of the posting or message at fault. */
  readonly file: string;
  readonly user: string;
  readonly type: string;
  readonly status: string;
  readonly error: string;
}

/** Part of the variance of one key. `quantity` has the sign of the variance it explains (WMS − ERP), scaled, not 0. */
export interface Contribution {
  readonly cause: CauseCode;
  readonly quantity: number;
  /** 0 to 1: how often such a call is right. 0 for `unexplained`. */
  readonly confidence: number;
  readonly side: CorrectSide;
  /** When it happened; undefined where nothing tells. */
  readonly at: number | undefined;
  /** The document, message or batch that made it; contributions of one document share it, whatever their key. '' where there is none. */
  readonly document: string;
  readonly factors: Factors;
  readonly proofs: readonly Proof[];
  /** What to do, in one sentence. */
  readonly action: string;
}

/** A cause that was looked at and refused. `confidence` is what it would have had. */
export interface Hypothesis {
  readonly cause: CauseCode;
  readonly quantity: number;
  readonly confidence: number;
  readonly refusal: string;
}

export interface KeyExplanation extends KeyName {
  /** Largest first by |quantity|; `in-flight` and `unexplained` among them. They add up to the variance exactly. */
  readonly contributions: readonly Contribution[];
  /** The three best at most, the likeliest first. */
  readonly hypotheses: readonly Hypothesis[];
  /** Since when the key is out of sync; undefined where nothing tells. */
  readonly onset: number | undefined;
}

/** A systemic fault: many contributions with one factor in common, to be put right by one action. */
export interface Finding {
  /** Stable within the run: F1, F2, …, in the order of their impact, then their value. */
  readonly id: string;
  /** The one that most of its documents have; an outage loses some messages and rejects others. */
  readonly cause: CauseCode;
  readonly causes: readonly CauseCode[];
  /** In plain words: "Interface 945, 21 November 09:30–11:00: 214 shipments lost". */
  readonly title: string;
  /** The common factor as columns and values: `{ interface: '945' }`; a time range stands in `from` and `to`. */
  readonly factor: Readonly<Record<string, string>>;
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Documents that failed; for faults without documents, keys. */
  readonly support: number;
  /** Lines of documents that failed, and all that had the factor; both are the same where nothing else could have it. */
  readonly failing: number;
  readonly exposed: number;
  /** Failing share with the factor by the failing share without it; Infinity where nothing fails without it. */
  readonly riskRatio: number;
  /** Share of the failing documents of its causes that the finding covers. */
  readonly coverage: number;
  /** Contributions that it covers, and what they add up to without their signs, in minor units of the currency. */
  readonly lines: number;
  readonly value: bigint;
  readonly impact: bigint;
  readonly action: string;
}

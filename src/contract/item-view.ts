/**
 * Decides the shape in which everything known of one item is given: by `explain --json`, the report's page and the API.
 * Never computes anything. Decimals are strings, times ISO 8601 with offset, '' where nothing is known; variance = WMS − ERP.
 */
import type { MessageState } from '../core/compare/ledger-evidence.ts';
import type { CauseCode, CorrectSide } from '../core/explain/cause-code.ts';
import type { Role } from '../core/model/balance.ts';

/** A systemic fault as `run.json` names it: many documents with one thing in common, and one action for all of them. */
export interface RunFinding {
  /** F1, F2, … */
  readonly id: string;
  readonly cause: CauseCode;
  readonly title: string;
  /** The common factor as columns and values. */
  readonly factor: Readonly<Record<string, string>>;
  readonly from: string;
  readonly to: string;
  /** Documents that failed, and all that had the factor. */
  readonly documents: number;
  readonly documents_exposed: number;
  /** How many times as often documents fail with the factor as without it; null where none fails without it. */
  readonly risk_ratio: number | null;
  /** Share of the cause's failing documents that the finding covers, 0 to 1. */
  readonly coverage: string;
  readonly discrepancies: number;
  readonly gross_variance_quantity: string;
  readonly gross_variance_value: string;
  readonly impact_value: string;
  readonly action: string;
}

/** Units that one system holds in one native status. */
export interface StatusUnits {
  readonly system: string;
  readonly status: string;
  readonly quantity: string;
}

export interface CategoryUnits {
  readonly category: string;
  readonly quantity: string;
}

/** One piece of proof. `id` is a movement or message id; `row` is null for a balance. */
export interface ItemProof {
  readonly kind: 'erp-movement' | 'wms-movement' | 'message' | 'balance';
  readonly id: string;
  readonly reference: string;
  readonly file: string;
  readonly row: number | null;
  readonly says: string;
}

/** Part of a key's variance. The quantities of a key's contributions add up to its variance exactly. */
export interface ItemContribution {
  /** From 1 on at each place; rows of the timeline name it. */
  readonly number: number;
  readonly cause: CauseCode;
  /** The cause as people say it. */
  readonly cause_words: string;
  readonly quantity: string;
  readonly value: string;
  /** 0 to 1; '' for what is not explained. */
  readonly confidence: string;
  readonly confidence_words: string;
  readonly correct_side: CorrectSide;
  readonly at: string;
  readonly document: string;
  readonly finding_id: string;
  readonly action: string;
  readonly evidence: readonly ItemProof[];
}

/** A cause that was looked at and refused. */
export interface ItemHypothesis {
  readonly cause: CauseCode;
  readonly cause_words: string;
  readonly quantity: string;
  readonly confidence: string;
  readonly confidence_words: string;
  readonly refusal: string;
}

/** One term of a key's priority: "orders at risk", "18", "units". `unit`: a currency code, points, units or days. */
export interface PriorityTerm {
  readonly name: string;
  readonly amount: string;
  readonly unit: string;
}

/** How one category of the item stands at one place. `within-tolerance`: off, but by no more than the tolerance. */
export type KeyState = 'discrepancy' | 'timing' | 'within-tolerance' | 'in-sync';

/** One key: the item in one category at one place. */
export interface ItemKey {
  readonly category: string;
  readonly state: KeyState;
  /** In the run's ranking; '' for all but discrepancies. */
  readonly rank: string;
  readonly erp_quantity: string;
  readonly wms_quantity: string;
  readonly variance_quantity: string;
  readonly in_flight_quantity: string;
  readonly net_variance_quantity: string;
  readonly variance_value: string;
  readonly absent_from: '' | Role;
  readonly erp_statuses: readonly StatusUnits[];
  readonly wms_statuses: readonly StatusUnits[];
  readonly contributions: readonly ItemContribution[];
  readonly hypotheses: readonly ItemHypothesis[];
  readonly out_since: string;
  readonly days_out_of_sync: string;
  readonly impact_value: string;
  readonly priority: string;
  readonly priority_terms: readonly PriorityTerm[];
}

/** One row of a movement ledger. `after_cut_off`: the snapshot of its system does not hold it yet, so it counts for nothing here. */
export interface TimelinePosting {
  readonly at: string;
  readonly movement_id: string;
  readonly type: string;
  readonly status: string;
  readonly category: string;
  readonly quantity: string;
  readonly user: string;
  readonly after_cut_off: boolean;
  readonly file: string;
  readonly row: number;
}

export interface TimelineMessage {
  readonly at: string;
  readonly message_id: string;
  readonly interface: string;
  readonly state: MessageState;
  readonly error: string;
  /** '' where the message names none. */
  readonly quantity: string;
  readonly file: string;
  readonly row: number;
}

/**
 * One document of both ledgers and the message log. `matched`: both sides booked the same, or it changes no category.
 * `named`: a contribution names it as its proof. `unmatched`: the sides differ by it, and no contribution names it.
 * `message-only`: no ledger holds it.
 */
export interface TimelineRow {
  readonly state: 'matched' | 'named' | 'unmatched' | 'message-only';
  /** When the first of its postings or messages was made. */
  readonly at: string;
  readonly document: string;
  readonly type: string;
  /** What puts both sides on one row: a document or message that both name, amount and time alone, or the sum of several rows. */
  readonly matched_by: '' | 'document' | 'amount' | 'sum';
  readonly erp: readonly TimelinePosting[];
  readonly wms: readonly TimelinePosting[];
  readonly messages: readonly TimelineMessage[];
  /** By how much the row moves the variance: WMS − ERP, before the cut-offs. Categories that it does not move are left out. */
  readonly effects: readonly CategoryUnits[];
  /** Numbers of the contributions at this place whose proof it is. */
  readonly contributions: readonly number[];
  /** Their causes; also those of contributions at other places. */
  readonly causes: readonly CauseCode[];
}

/**
 * Both ledgers and the messages on one clock. Where both ledgers were given, before + effects of all rows + unaccounted =
 * variance, category by category; where one is missing, these are empty and no row counts as matched.
 */
export interface ItemTimeline {
  readonly given: { readonly erp_ledger: boolean; readonly wms_ledger: boolean; readonly messages: boolean };
  /** Moment of the opening snapshots; '' where there are none. */
  readonly opening_at: string;
  readonly opening_erp: readonly CategoryUnits[];
  readonly opening_wms: readonly CategoryUnits[];
  /** The variance when the rows begin: of the opening snapshots, or what the rows leave over where there are none. */
  readonly before: readonly CategoryUnits[];
  /** By time. */
  readonly rows: readonly TimelineRow[];
  /** What the balances changed by without any movement. */
  readonly unaccounted: readonly CategoryUnits[];
  readonly erp_cut_off: string;
  readonly wms_cut_off: string;
}

/** The item at one site; of one owner and in one lot where the grain tells them apart. */
export interface ItemPlace {
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
  /** By category in the order of the configuration. */
  readonly keys: readonly ItemKey[];
  /** What stands in statuses without a category: part of no key. */
  readonly unmapped_erp: readonly StatusUnits[];
  readonly unmapped_wms: readonly StatusUnits[];
  /** What to do, first things first. */
  readonly actions: readonly string[];
  readonly timeline: ItemTimeline;
}

/** Everything that a run knows of one item. */
export interface ItemView {
  readonly schema: 1;
  readonly run_id: string;
  readonly run_name: string;
  readonly run_finished_at: string;
  readonly item: string;
  readonly description: string;
  readonly uom: string;
  readonly unit_cost: string;
  readonly currency: string;
  /** What the view is limited to; '' for all. */
  readonly filters: { readonly site: string; readonly lot: string };
  /** Σ|variance_value| of the discrepancies shown; '' where none of them has a value. */
  readonly gross_variance_value: string;
  /** The worst first. */
  readonly places: readonly ItemPlace[];
  readonly findings: readonly Pick<RunFinding, 'id' | 'cause' | 'title' | 'action'>[];
}

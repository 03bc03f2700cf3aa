/**
 * Decides the names of the measures of a run, and says in one sentence what each of them is: the same sentence in the report,
 * on the terminal and in docs/guides/measures.md. Never computes one.
 */
import type { RunFigures } from '../core/measure/measure-run.ts';

/** `measures` of run.json. Runs of before it existed have none, and neither has a refused one. */
export interface RunMeasures extends RunFigures {
  /** Id of the run that new, continuing and resolved are counted against: of the cut-off before. '' where there is none. */
  readonly compared_with: string;
  /** False where a run of a later cut-off had been made before. */
  readonly is_latest: boolean;
}

export type MeasureUnit = 'share' | 'money' | 'units' | 'keys' | 'days' | 'hours' | 'seconds' | 'per-million';

/** `field` is where it stands in run.json; `[]` is one for each entry of a list. */
export interface Measure {
  readonly label: string;
  readonly field: `totals.${string}` | `measures.${string}`;
  readonly unit: MeasureUnit;
  readonly definition: string;
}

/** v′ is the net variance: WMS − ERP − in flight. All figures are of the keys that the run compared. */
export const MEASURES = {
  accuracy: {
    label: 'Accuracy by keys',
    field: 'totals.sync_accuracy_keys',
    unit: 'share',
    definition: 'Keys whose |v′| is within tolerance ÷ all keys.',
  },
  accuracyExact: {
    label: 'Accuracy by keys, exact',
    field: 'totals.sync_accuracy_keys_exact',
    unit: 'share',
    definition: 'Keys whose v′ is 0 ÷ all keys.',
  },
  accuracyUnits: {
    label: 'Accuracy by units, exact',
    field: 'totals.sync_accuracy_units',
    unit: 'share',
    definition: '1 − Σ|v′| over all keys ÷ Σ WMS quantity, never below 0.',
  },
  accuracyUnitsTolerated: {
    label: 'Accuracy by units',
    field: 'measures.sync_accuracy_units_within_tolerance',
    unit: 'share',
    definition:
      '1 − Σ|v′| over the discrepancies ÷ Σ WMS quantity, never below 0: what is within tolerance counts as right.',
  },
  accuracyValue: {
    label: 'Accuracy by value, exact',
    field: 'measures.sync_accuracy_value',
    unit: 'share',
    definition:
      '1 − Σ|v′ × unit cost| over all keys ÷ Σ WMS quantity × unit cost, never below 0; keys without a cost are in neither.',
  },
  accuracyValueTolerated: {
    label: 'Accuracy by value',
    field: 'measures.sync_accuracy_value_within_tolerance',
    unit: 'share',
    definition:
      '1 − Σ|v′ × unit cost| over the discrepancies ÷ Σ WMS quantity × unit cost, never below 0; keys without a cost are in neither.',
  },
  gross: {
    label: 'Gross variance',
    field: 'totals.gross_variance_value',
    unit: 'money',
    definition: 'Σ|v′ × unit cost| over the discrepancies: every error counts, in any direction.',
  },
  grossUnits: {
    label: 'Gross variance in units',
    field: 'totals.gross_variance_quantity',
    unit: 'units',
    definition: 'Σ|v′| over the discrepancies.',
  },
  net: {
    label: 'Net variance',
    field: 'totals.net_variance_value',
    unit: 'money',
    definition:
      'Σ v′ × unit cost over the discrepancies: errors of opposite direction cancel; below 0 the ERP shows too much.',
  },
  netUnits: {
    label: 'Net variance in units',
    field: 'totals.net_variance_quantity',
    unit: 'units',
    definition: 'Σ v′ over the discrepancies.',
  },
  masking: {
    label: 'Masking',
    field: 'measures.masking_value',
    unit: 'share',
    definition: '1 − |net variance| ÷ gross variance: the share of the errors that the net hides.',
  },
  maskingUnits: {
    label: 'Masking in units',
    field: 'measures.masking_units',
    unit: 'share',
    definition: '1 − |net variance in units| ÷ gross variance in units.',
  },
  discrepancies: {
    label: 'Discrepancies',
    field: 'totals.discrepancies',
    unit: 'keys',
    definition: 'Keys whose |v′| exceeds the tolerance.',
  },
  ageing: {
    label: 'Ageing',
    field: 'measures.ageing[].discrepancies',
    unit: 'keys',
    definition: 'Discrepancies and their gross variance by whole days out of sync: 0–1, 2–3, 4–7, 8–30, over 30.',
  },
  overAWeek: {
    label: 'Over a week',
    field: 'measures.over_a_week',
    unit: 'keys',
    definition: 'Discrepancies that are out of sync for more than 7 whole days.',
  },
  daysMean: {
    label: 'Days out of sync, mean',
    field: 'measures.days_out_of_sync_mean',
    unit: 'days',
    definition:
      'Days from the onset, where an explanation tells it, or else from the cut-off of the first run in an unbroken sequence that listed the key, to this cut-off; the mean over the discrepancies.',
  },
  daysMedian: {
    label: 'Days out of sync, median',
    field: 'measures.days_out_of_sync_median',
    unit: 'days',
    definition: 'The median of the same days: half of the discrepancies are younger.',
  },
  dollarDays: {
    label: 'Dollar-days',
    field: 'measures.dollar_days',
    unit: 'money',
    definition: 'Σ|v′ × unit cost| × days out of sync over the discrepancies.',
  },
  new: {
    label: 'New',
    field: 'measures.new',
    unit: 'keys',
    definition: 'Discrepancies that the run of the cut-off before did not list.',
  },
  continuing: {
    label: 'Continuing',
    field: 'measures.continuing',
    unit: 'keys',
    definition: 'Discrepancies that the run of the cut-off before listed too.',
  },
  resolved: {
    label: 'Resolved',
    field: 'measures.resolved',
    unit: 'keys',
    definition: 'Keys that the run of the cut-off before listed, that this run compared, and that it does not list.',
  },
  recurring: {
    label: 'Recurring',
    field: 'measures.recurring',
    unit: 'keys',
    definition:
      'New discrepancies of keys that had been resolved within the 30 days before, and have the same cause again.',
  },
  recurrence: {
    label: 'Recurrence',
    field: 'measures.recurrence_share',
    unit: 'share',
    definition:
      'Of the keys resolved within the last 30 days, those that came back with the same cause within these days.',
  },
  selfHealed: {
    label: 'Self-healed',
    field: 'measures.self_healed',
    unit: 'keys',
    definition: 'Resolved keys that nobody corrected; those of which nothing tells are not among them.',
  },
  selfHealedShare: {
    label: 'Self-healed share',
    field: 'measures.self_healed_share',
    unit: 'share',
    definition: 'Of the keys resolved within the last 30 days of which it is known, those that nobody corrected.',
  },
  hoursToDetectMean: {
    label: 'Time to detect, mean',
    field: 'measures.hours_to_detect_mean',
    unit: 'hours',
    definition:
      'From the onset to the cut-off of the first run that listed the key; the mean over the discrepancies with a known onset.',
  },
  hoursToDetectMedian: {
    label: 'Time to detect, median',
    field: 'measures.hours_to_detect_median',
    unit: 'hours',
    definition: 'The median of the same hours.',
  },
  daysToResolve: {
    label: 'Time to resolve',
    field: 'measures.days_to_resolve_mean',
    unit: 'days',
    definition:
      'From the cut-off of the first run that listed a key to the cut-off of the one that does not; the mean over the keys resolved.',
  },
  explainedValue: {
    label: 'Explained by value',
    field: 'measures.explained_value_share',
    unit: 'share',
    definition: 'Σ(|v′| − |unexplained|) × unit cost ÷ gross variance, each line never below 0.',
  },
  explainedUnits: {
    label: 'Explained by units',
    field: 'measures.explained_units_share',
    unit: 'share',
    definition: 'Σ(|v′| − |unexplained|) ÷ gross variance in units, each line never below 0.',
  },
  findingLines: {
    label: 'In findings',
    field: 'measures.finding_lines_share',
    unit: 'share',
    definition: 'Discrepancies that a finding covers ÷ all discrepancies.',
  },
  rejectedMessages: {
    label: 'Rejected messages',
    field: 'measures.interfaces[].rejected_per_million',
    unit: 'per-million',
    definition:
      'Messages that the receiver rejected ÷ all messages of the interface; a message is one line, however often it was logged.',
  },
  duplicateMessages: {
    label: 'Duplicate postings',
    field: 'measures.interfaces[].duplicate_per_million',
    unit: 'per-million',
    definition: 'Postings beyond the first one of each message ÷ all messages of the interface.',
  },
  unpostedMessages: {
    label: 'Unposted messages',
    field: 'measures.interfaces[].unposted_per_million',
    unit: 'per-million',
    definition:
      'Messages neither applied nor rejected after the lag that the interface is allowed ÷ all messages of the interface.',
  },
  lag: {
    label: 'Lag, 95th percentile',
    field: 'measures.interfaces[].lag_p95_seconds',
    unit: 'seconds',
    definition:
      '95% of the applied messages took no longer from sending to application; up to 1.6% above the exact figure.',
  },
  countAccuracy: {
    label: 'Count accuracy',
    field: 'measures.count_accuracy[].count_accuracy',
    unit: 'share',
    definition:
      'Counts within ±1% (class A or none), ±3% (B) or ±5% (C) of the book quantity ÷ all counts; 95% is the least, 99% the best in class.',
  },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;

/** Figures of one run, or of one day by its last run. What the run does not say (an earlier version's, or of a site) is '' or null. */
export interface TrendRow {
  readonly run_id: string;
  /** ISO 8601 with offset. */
  readonly cut_off: string;
  /** Cut-offs of the day that the row stands for; new, resolved and recurring are the sums over them. 1 for a run. */
  readonly cut_offs: number;
  readonly currency: string;
  readonly keys: number;
  readonly discrepancies: number;
  readonly sync_accuracy_keys: string;
  readonly gross_variance_quantity: string;
  readonly gross_variance_value: string;
  readonly net_variance_value: string;
  readonly new: number | null;
  readonly continuing: number | null;
  readonly resolved: number | null;
  readonly recurring: number | null;
  /** Not of one site. */
  readonly ageing: RunFigures['ageing'] | null;
  readonly over_a_week: number | null;
  readonly explained_value_share: string;
}

/** A run of the period that is in no row. */
export interface LeftOutRun {
  readonly run_id: string;
  readonly cut_off: string;
  readonly reason: 'refused' | 'filtered' | 'replaced' | 'unreadable';
}

/** What `evenstock trend --json` prints. */
export interface TrendDocument {
  readonly schema: 1;
  readonly name: string;
  readonly by: 'day' | 'run';
  readonly days: number;
  /** '' for all sites. */
  readonly site: string;
  /** The oldest first. */
  readonly rows: readonly TrendRow[];
  /** All measures of the run of the last row; null where it has none, and for one site. */
  readonly latest: RunMeasures | null;
  readonly left_out: readonly LeftOutRun[];
  /** What each measure is, by its field in run.json. */
  readonly definitions: Readonly<Record<string, string>>;
}

/** Discrepancies that have something in common, over the runs that stand for a period's days. Shares and days as elsewhere. */
export interface MeasureGroup {
  /** Empty: of no cause, category or interface that is known. */
  readonly group: string;
  /** Of the last run. */
  readonly discrepancies: number;
  readonly gross_variance_value: string;
  /** Of sites and categories; '' otherwise. */
  readonly sync_accuracy_keys: string;
  /** Discrepancies of the last run by whole days out of sync. */
  readonly ageing: Readonly<Record<'0-1' | '2-3' | '4-7' | '8-30' | 'over-30', number>>;
  /** Times that a key which a run listed was not listed by the next one. */
  readonly resolved: number;
  /** Of these, those that a later run of the period listed again. */
  readonly came_back: number;
  readonly recurrence_share: string;
  /** From the onset (or the first run that listed the key) to the run that does not list it. */
  readonly days_to_resolve_mean: string;
  readonly days_to_resolve_median: string;
}

/** What the figures of groups are, by their names. */
export const GROUP_DEFINITIONS: Readonly<Record<string, string>> = {
  discrepancies: 'Keys of the group that the last run lists.',
  gross_variance_value: 'Σ|v × unit cost| of these, before what is in flight is taken off.',
  sync_accuracy_keys: 'Keys whose |v′| is within tolerance ÷ all keys, of the last run.',
  ageing: 'Discrepancies of the last run by whole days out of sync.',
  resolved: 'Times that a key which one run listed was not listed by the next run of the period.',
  came_back: 'Of these, those that a later run of the period listed again, whatever the cause.',
  recurrence_share: 'Came back ÷ resolved.',
  days_to_resolve_mean:
    'From the onset, where an explanation tells it, or else from the first run that listed the key, to the run that does not list it; the mean over what was resolved.',
  days_to_resolve_median: 'The median of the same days.',
};

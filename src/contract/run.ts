/**
 * Decides the names and shapes of what a run writes: `run.json` and the columns of its tables.
 * Never computes anything. Decimals are strings; variance = WMS − ERP everywhere.
 */
import type { TimeZoneShift } from '../core/explain/traits.ts';
import type { RunFinding } from './item-view.ts';
import type { RunMeasures, TrendDocument } from './measures.ts';

/** Columns of `discrepancies.*`, in order. */
export const DISCREPANCY_COLUMNS = [
  'rank',
  'site',
  'item',
  'owner',
  'lot',
  'category',
  'description',
  'erp_quantity',
  'wms_quantity',
  'variance_quantity',
  'in_flight_quantity',
  'net_variance_quantity',
  'uom',
  'unit_cost',
  'variance_value',
  'currency',
  'direction',
  'cause',
  'cause_confidence',
  'explained_quantity',
  'unexplained_quantity',
  'correct_side',
  'action',
  'impact_value',
  'priority',
  'finding_id',
  'first_seen',
  'days_out_of_sync',
  'case_id',
] as const;

export type DiscrepancyColumn = (typeof DISCREPANCY_COLUMNS)[number];

/** Columns that hold decimals (as text) or counts; all others are text. */
export const NUMERIC_DISCREPANCY_COLUMNS: readonly DiscrepancyColumn[] = [
  'rank',
  'erp_quantity',
  'wms_quantity',
  'variance_quantity',
  'in_flight_quantity',
  'net_variance_quantity',
  'unit_cost',
  'variance_value',
  'cause_confidence',
  'explained_quantity',
  'unexplained_quantity',
  'impact_value',
  'days_out_of_sync',
];

/**
 * One line of `discrepancies.*`: every column as exact text, '' where there is nothing to say (an unvalued line has
 * unit_cost and variance_value ''). `absent_from` is not a column of the tables: it names the side that holds no row at
 * all for the key ('' where both hold it), and the pages say it in words.
 */
export type DiscrepancyLine = Readonly<Record<DiscrepancyColumn, string>> & {
  readonly absent_from: '' | 'erp' | 'wms';
};

export const REJECTION_COLUMNS = ['source', 'file', 'row', 'column', 'value', 'reason'] as const;
export const UNMAPPED_COLUMNS = ['system', 'status', 'rows', 'quantity', 'value', 'currency'] as const;
export const TIMING_COLUMNS = [
  'site',
  'item',
  'owner',
  'lot',
  'category',
  'description',
  'erp_quantity',
  'wms_quantity',
  'variance_quantity',
  'in_flight_quantity',
  'net_variance_quantity',
  'uom',
  'unit_cost',
  'in_flight_value',
  'currency',
] as const;

/** A native stock status of one system that no category takes. `quantity` in base units; `value` '' where nothing is known of the cost. */
export interface UnmappedStatus {
  readonly system: string;
  readonly status: string;
  readonly rows: number;
  readonly quantity: string;
  readonly value: string;
  readonly currency: string;
}

/**
 * One input file of a run. Times are ISO 8601 with offset. rows = accepted + rejected + excluded. Balances that a delta does
 * not mention are an input too: its `file` is the id of the run that kept them, and it has no hash.
 */
export interface RunInput {
  readonly source: string;
  readonly system: string;
  readonly kind:
    | 'balances'
    | 'opening'
    | 'movements'
    | 'messages'
    | 'items'
    | 'packs'
    | 'aliases'
    | 'sites'
    | 'demand'
    | 'promotions';
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly rejected: number;
  /**
   * Rows left out on purpose: ignored statuses, sites that no warehouse system answers for, filters; of movements and messages
   * those in `repeated`.
   */
  readonly excluded: number;
  readonly duplicates: number;
  readonly as_of: string;
  /** Only of balances that are not a full snapshot. */
  readonly completeness?: 'partial' | 'delta';
  /** Rows of movements or messages that another file holds too: they are counted there. Only where there are any. */
  readonly repeated?: number;
}

/** One verdict of the quality gate or a warning. `severity: refused` ends the run with exit code 3 unless forced. */
export interface QualityNote {
  readonly severity: 'refused' | 'forced' | 'warning';
  readonly code: string;
  readonly source: string;
  readonly message: string;
  readonly action: string;
}

/** Sums over one group of keys. Gross and net are over the discrepancies; quantities in base units, values in the run's currency. */
export interface GroupTotals {
  readonly keys: number;
  readonly keys_in_sync: number;
  readonly keys_timing_only: number;
  readonly discrepancies: number;
  readonly erp_quantity: string;
  readonly wms_quantity: string;
  readonly gross_variance_quantity: string;
  readonly net_variance_quantity: string;
  readonly gross_variance_value: string;
  readonly net_variance_value: string;
  /** Value by which the ERP shows too much, and too little; both not negative, together the gross. */
  readonly erp_overstated_value: string;
  readonly erp_understated_value: string;
  /** Share of keys whose net variance is within tolerance, 0 to 1 with six decimals; '' where there are no keys. */
  readonly sync_accuracy_keys: string;
}

export interface RunTotals extends GroupTotals {
  /** 1 − |net| / gross of the values (of the quantities where nothing is valued); '' where gross is 0. */
  readonly masking: string;
  /** Share of keys whose net variance is exactly 0. */
  readonly sync_accuracy_keys_exact: string;
  /** 1 − Σ|net variance| / Σ WMS quantity, over all keys, never below 0; '' where the WMS holds nothing. */
  readonly sync_accuracy_units: string;
  readonly explained_value_share: string;
  readonly unvalued: number;
  readonly rejected_rows: number;
  readonly unmapped_rows: number;
  readonly excluded_rows: number;
}

/**
 * Promised units that the warehouse does not have: Σ max(0, min(open orders, ERP) − WMS) of available stock over the items of a
 * site with a discrepancy. `value` is at unit cost, of the items that have one; `unvalued` counts the others.
 */
export interface SiteOrdersAtRisk {
  readonly site: string;
  readonly items: number;
  readonly quantity: string;
  readonly value: string;
  readonly unvalued: number;
}

/** Sums over some lines: quantities in base units, values in the run's currency; variance = WMS − ERP. */
export interface LineSums {
  readonly discrepancies: number;
  readonly gross_variance_quantity: string;
  readonly net_variance_quantity: string;
  readonly gross_variance_value: string;
  readonly net_variance_value: string;
  readonly erp_overstated_value: string;
  readonly erp_understated_value: string;
  readonly unvalued: number;
}

/**
 * Which lines of a run a report was limited to, and the exact sums of these lines. All other figures of the document are
 * of the whole run. `min_value` is '' where no limit was given.
 */
export interface Selection extends LineSums {
  readonly site: readonly string[];
  readonly category: readonly string[];
  readonly cause: readonly string[];
  readonly min_value: string;
}

/** Moments of the snapshots as ISO 8601 with offset: the ERP's, and each site's of its warehouse system. */
export interface SnapshotMoments {
  readonly erp: string;
  readonly wms: Readonly<Record<string, string>>;
}

/** What the explanations of a run rest on, and what is needed to read what it kept of its items. */
export interface ExplanationFrame {
  readonly given: { readonly erp_ledger: boolean; readonly wms_ledger: boolean; readonly messages: boolean };
  readonly cut_offs: SnapshotMoments;
  /** null where there were no opening snapshots, or their moment is not known. */
  readonly openings: SnapshotMoments | null;
  readonly categories: readonly string[];
  readonly quantity_decimals: number;
  readonly erp_systems: readonly string[];
  /** Snapshots that were taken hours off the cut-off that they state. Runs of before there was this field have none. */
  readonly time_zone_shifts?: readonly TimeZoneShift[];
}

/** `run.json`, schema 1. */
export interface RunDocument {
  readonly schema: 1;
  readonly run_id: string;
  readonly name: string;
  readonly state: 'complete' | 'refused';
  readonly currency: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly config_hash: string;
  readonly engine: string;
  readonly grain: readonly string[];
  readonly filters: { readonly site: readonly string[]; readonly item: readonly string[] };
  readonly forced: { readonly by: string; readonly reason: string } | null;
  readonly inputs: readonly RunInput[];
  readonly totals: RunTotals | null;
  readonly by_site: readonly (GroupTotals & { readonly site: string })[];
  readonly by_category: readonly (GroupTotals & { readonly category: string })[];
  /** Discrepancies by their main cause, the most expensive first; together they are all of them. */
  readonly by_cause: readonly {
    readonly cause: string;
    readonly discrepancies: number;
    readonly gross_variance_value: string;
  }[];
  /** Systemic faults, by impact. */
  readonly findings: readonly RunFinding[];
  /** Sites without any are not listed. Only of runs to which demand was given. */
  readonly orders_at_risk?: readonly SiteOrdersAtRisk[];
  /** Only of runs that were explained. */
  readonly explanation?: ExplanationFrame;
  /** Only of complete runs. */
  readonly measures?: RunMeasures;
  readonly unmapped: readonly UnmappedStatus[];
  readonly quality: readonly QualityNote[];
  readonly timings_ms: Readonly<Record<string, number>>;
  /** Only in a report that was limited to some lines of its run. */
  readonly selection?: Selection;
}

/** `run.json` without what grows with the data: what lists of runs show of each. */
export type RunSummary = Omit<
  RunDocument,
  | 'inputs'
  | 'by_site'
  | 'by_category'
  | 'by_cause'
  | 'findings'
  | 'orders_at_risk'
  | 'explanation'
  | 'measures'
  | 'unmapped'
  | 'selection'
>;

/** What every printed form of a report is made from. `lines` is in rank order and may be long: read it once. */
export interface Report {
  readonly run: RunDocument;
  readonly lines: Iterable<DiscrepancyLine>;
  /** The runs up to this one; undefined where it cannot be put beside others. */
  readonly trend?: TrendDocument | undefined;
  /** The first rejections of the run (at most 1,000); all of them stand in rejections.csv. */
  readonly rejections: readonly import('../core/model/rejection.ts').Rejection[];
  /** Lines of timing.csv, at most 1,000. */
  readonly timing: readonly Readonly<Record<(typeof TIMING_COLUMNS)[number], string>>[];
}

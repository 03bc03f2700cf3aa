/** Decides the shape of what `evenstock check` finds. Never computes anything. Decimals and times are text. */
import type { SourceKind } from '../contract/configuration.ts';
import type { QualityNote } from '../contract/run.ts';
import type { FailureKind } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';

/** Rejected rows and first rows that are shown of each source. */
export const REJECTED_SHOWN_MAX = 5;
export const FIRST_ROWS = 3;

/** A failure that a run would meet. `at` is its place in the configuration, such as evenstock.yaml:14:5. */
export interface CheckedFailure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly source: string;
  readonly at: string;
  readonly message: string;
  readonly action: string;
}

/** One row as it will be read: canonical name → text. `note` says what becomes of a row that does not count, else ''. */
export interface CheckedRow {
  readonly row: number;
  readonly values: Readonly<Record<string, string>>;
  readonly note: string;
}

/** One source of the configuration. `encoding` and `delimiter` are '' where the format has none; '' where nothing is known. */
export interface CheckedSource {
  readonly source: string;
  readonly system: string;
  readonly kind: SourceKind;
  readonly at: string;
  /** As the configuration names it, or the file found for a pattern; relative to the configuration where it lies below it. */
  readonly file: string;
  readonly format: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly bytes: number;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly excluded: Readonly<Record<string, number>>;
  readonly as_of: string;
  /** Canonical name → column of the file. */
  readonly columns: Readonly<Record<string, string>>;
  readonly columns_without_meaning: readonly string[];
  readonly first_rows: readonly CheckedRow[];
  /** The first of them, and of the rows that count without their unit cost. */
  readonly rejections: readonly Rejection[];
  readonly failure: CheckedFailure | null;
}

/** A native stock status and where it goes. Rejected rows are not in it; of ignored rows the quantity is not read and ''. */
export interface CheckedStatus {
  readonly system: string;
  readonly status: string;
  readonly rows: number;
  readonly quantity: string;
  readonly outcome: 'category' | 'ignored' | 'unmapped';
  readonly category: string;
  readonly reason: string;
  /** A status of the rules that an unmapped one was perhaps meant to be, else ''. */
  readonly did_you_mean: string;
}

/** A unit that has no pack factor for some items. `reason` is that of the first row. */
export interface UnknownUnit {
  readonly system: string;
  readonly uom: string;
  readonly rows: number;
  readonly items: number;
  readonly example_item: string;
  readonly reason: string;
}

/** Two rules for one status that get in each other's way, as a sentence. */
export interface CheckedOverlap {
  readonly kind: 'never-wins' | 'partly';
  readonly system: string;
  readonly status: string;
  readonly earlier: string;
  readonly later: string;
  readonly message: string;
}

export interface CheckResult {
  readonly configuration: {
    readonly file: string;
    readonly name: string;
    readonly currency: string;
    readonly grain: readonly string[];
    readonly hash: string;
  };
  /** What a run would do: go through, be refused, or not reach its files. */
  readonly verdict: 'ready' | 'refused' | 'unreachable' | 'configuration';
  /** Whether only some sources were looked at, so that the two sides were not compared. */
  readonly is_partial: boolean;
  readonly sources: readonly CheckedSource[];
  readonly statuses: readonly CheckedStatus[];
  readonly unknown_units: readonly UnknownUnit[];
  readonly overlaps: readonly CheckedOverlap[];
  readonly gaps: readonly { readonly category: string; readonly missing: 'erp' | 'wms'; readonly at: string }[];
  /** What the quality gate says of the sources that could be read. */
  readonly quality: readonly QualityNote[];
  readonly failures: readonly CheckedFailure[];
}

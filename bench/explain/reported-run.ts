/** What a run reports, as far as the measures look at it. Never says where it comes from: a report's files, or the core. */

export interface ReportedContribution {
  readonly cause: string;
  /** Millionths of base units, with the sign of the variance (WMS − ERP). */
  readonly quantity: number;
  readonly confidence: number;
}

export interface ReportedKey {
  /** Beyond what is in flight. 0: the key is no discrepancy. */
  readonly netVariance: number;
  /** erp, wms, map, count or none; '' where it is not said. */
  readonly side: string;
  /** Local date since when the key is out of sync; '' where nothing tells. */
  readonly onsetDay: string;
  readonly contributions: readonly ReportedContribution[];
  /** Titles of the findings that cover a part of it. */
  readonly findings: readonly string[];
}

/** A systemic fault of documents or keys. */
export interface ReportedFinding {
  readonly causes: readonly string[];
  readonly title: string;
}

export interface ReportedRun {
  readonly keys: ReadonlyMap<string, ReportedKey>;
  readonly findings: readonly ReportedFinding[];
  /** Faults of a whole snapshot that the run names: snapshot-stale, cutoff-time-zone. */
  readonly snapshotFaults: readonly string[];
  /** A run that is refused lists nothing. */
  readonly isRefused: boolean;
}

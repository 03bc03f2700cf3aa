/**
 * Decides whether the inputs of a run can be trusted: a file that is truncated, stale, half or doubled refuses the run
 * instead of making thousands of false discrepancies. Never looks at files itself: it judges what is known of them.
 */

/** One verdict. `refused` ends the run unless it is forced. */
export interface Verdict {
  readonly severity: 'refused' | 'warning';
  readonly code: string;
  readonly source: string;
  readonly message: string;
  readonly action: string;
}

/** Limits of one source; times in milliseconds. */
export interface GateLimits {
  readonly maxAgeMs: number | undefined;
  readonly minRowsShare: number;
  readonly maxRowsShare: number;
  readonly maxRejectedShare: number;
  readonly maxDuplicateShare: number;
  readonly minKeyOverlap: number;
  readonly maxSkewMs: number;
}

export const DEFAULT_LIMITS: GateLimits = {
  maxAgeMs: undefined,
  minRowsShare: 0.8,
  maxRowsShare: 1.8,
  maxRejectedShare: 0.1,
  // A file loaded twice repeats exactly half of its rows.
  maxDuplicateShare: 0.49,
  minKeyOverlap: 0.6,
  maxSkewMs: 15 * 60_000,
};

/** Below this many rows a share says nothing: one bad row in three is no systemic fault. */
const ROWS_FOR_SHARES = 20;

/** What is known of one balance source after it was read. */
export interface SourceFacts {
  readonly source: string;
  readonly system: string;
  readonly role: 'erp' | 'wms';
  readonly file: string;
  /** The sheet of a workbook, where the configuration names one; two sheets of one file are two sources. */
  readonly sheet: string | undefined;
  readonly sha256: string;
  /** A delta holds what changed: how many rows it has says nothing. */
  readonly isDelta?: boolean;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly mustBeUnique: boolean;
  /** Cut-off in epoch milliseconds and as text; undefined where it is not known. */
  readonly asOf: { readonly epochMs: number; readonly text: string } | undefined;
  /** Spread of the cut-offs in the file's rows, in milliseconds. */
  readonly asOfSpreadMs: number;
  readonly limits: GateLimits;
  /** The same source in the last complete run. */
  readonly previous:
    | {
        readonly runId: string;
        readonly rows: number;
        readonly sha256: string;
        readonly asOf: string;
        readonly isDelta?: boolean;
      }
    | undefined;
}

/** Verdicts on one source alone, the row counts first. `startedAtMs` is the start of the run. */
export function judgeSource(facts: SourceFacts, startedAtMs: number): Verdict[] {
  const { source, file, limits } = facts;
  const verdicts: Verdict[] = [];
  const refuse = (code: string, message: string, action: string): void =>
    void verdicts.push({ severity: 'refused', code, source, message: `${file}: ${message}`, action });
  if (facts.rows === 0)
    refuse(
      'NO_ROWS',
      `a header and no rows; ${facts.isDelta ? 'a delta that was cut off looks like that' : 'no rows are not zero stock'}`,
      `Send the file again; if ${facts.isDelta ? 'nothing has changed' : 'the site is really empty'}, run with --force and the reason.`,
    );
  else if (facts.accepted === 0 && facts.rejected > 0)
    refuse(
      'NOTHING_ACCEPTED',
      `all ${facts.rows} rows are rejected`,
      'See rejections.csv; correct the file or the configuration of this source.',
    );
  else if (facts.rejected > ROWS_FOR_SHARES && facts.rejected > facts.rows * limits.maxRejectedShare) {
    refuse(
      'TOO_MANY_REJECTED',
      `${facts.rejected} of ${facts.rows} rows are rejected (at most ${percent(limits.maxRejectedShare)} are accepted)`,
      'See rejections.csv; correct the file or the configuration of this source.',
    );
  }
  if (facts.mustBeUnique && facts.duplicates > 0)
    refuse(
      'ROWS_REPEAT',
      `${facts.duplicates} rows repeat another row in every column, and the source says unique: true`,
      'Send the file again without repeated rows.',
    );
  else if (facts.accepted >= ROWS_FOR_SHARES && facts.duplicates > facts.accepted * limits.maxDuplicateShare) {
    refuse(
      'DOUBLED',
      `${facts.duplicates} of ${facts.accepted} rows repeat another row in every column: the file seems to hold its content twice`,
      'Send the file again; if the rows are right, raise max_duplicate_share.',
    );
  }
  judgeAge(facts, startedAtMs, refuse);
  judgeAgainstLast(facts, refuse);
  return verdicts;
}

type Refuse = (code: string, message: string, action: string) => void;

function judgeAge(facts: SourceFacts, startedAtMs: number, refuse: Refuse): void {
  const { asOf, limits } = facts;
  if (asOf !== undefined && limits.maxAgeMs !== undefined && startedAtMs - asOf.epochMs > limits.maxAgeMs) {
    refuse(
      'STALE',
      `its cut-off ${asOf.text} is ${duration(startedAtMs - asOf.epochMs)} old (max_age is ${duration(limits.maxAgeMs)})`,
      'Fetch a new snapshot.',
    );
  }
  if (facts.asOfSpreadMs > limits.maxSkewMs)
    refuse(
      'CUT_OFFS_MIXED',
      `its rows have cut-offs up to ${duration(facts.asOfSpreadMs)} apart`,
      'Send a snapshot of one moment.',
    );
}

function judgeAgainstLast(facts: SourceFacts, refuse: Refuse): void {
  const { previous, limits } = facts;
  if (previous === undefined) return;
  if (facts.sha256 === previous.sha256) {
    // The same file for the same cut-off is a run on demand. With a new cut-off it is an old file under a new name.
    if (facts.asOf !== undefined && previous.asOf !== '' && facts.asOf.text !== previous.asOf) {
      refuse(
        'ALREADY_LOADED',
        `it is byte for byte the file of run ${previous.runId}, whose cut-off was ${previous.asOf}, and claims ${facts.asOf.text}`,
        'Fetch a new snapshot.',
      );
    }
    return;
  }
  if (facts.isDelta || previous.isDelta) return;
  if (facts.rows > 0 && previous.rows >= ROWS_FOR_SHARES) {
    if (facts.rows < previous.rows * limits.minRowsShare) {
      refuse(
        'TOO_FEW_ROWS',
        `${facts.rows} rows, ${percent(facts.rows / previous.rows)} of the ${previous.rows} in run ${previous.runId} (at least ${percent(limits.minRowsShare)} are expected)`,
        'Send the whole file; if it is whole, run with --force and the reason.',
      );
    } else if (facts.rows > previous.rows * limits.maxRowsShare) {
      refuse(
        'TOO_MANY_ROWS',
        `${facts.rows} rows, ${percent(facts.rows / previous.rows)} of the ${previous.rows} in run ${previous.runId} (at most ${percent(limits.maxRowsShare)} are expected)`,
        'Check whether the file was written twice; if it is right, run with --force and the reason.',
      );
    }
  }
}

/** Keys with a quantity other than 0. A partial side may lack any number of them. */
export interface OverlapFacts {
  readonly erpKeys: number;
  readonly wmsKeys: number;
  readonly bothKeys: number;
  readonly erpPartial: boolean;
  readonly wmsPartial: boolean;
}

/** Whether movements or messages of the later side were given, and whether any of them came after the earlier cut-off. */
export type Aligning = 'none' | 'nothing-between' | 'given';
export type AligningOf = (later: 'erp' | 'wms', earlierMs: number) => Aligning;

/** Verdicts on the sources together: one file on both sides, cut-offs apart, keys that do not overlap. */
export function judgePair(sources: readonly SourceFacts[], overlap: OverlapFacts, aligningOf: AligningOf): Verdict[] {
  return [...judgeSameFile(sources), ...judgeSkew(sources, aligningOf), ...judgeOverlap(sources, overlap)];
}

function judgeSameFile(sources: readonly SourceFacts[]): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [index, source] of sources.entries()) {
    const twin = sources
      .slice(0, index)
      .find((other) => other.sha256 === source.sha256 && other.sheet === source.sheet);
    if (twin) {
      verdicts.push({
        severity: 'refused',
        code: 'SAME_FILE',
        source: source.source,
        message: `${source.file} is byte for byte the same as ${twin.file} of ${twin.source}`,
        action: 'Correct the paths: two sources cannot be one file.',
      });
    }
  }
  return verdicts;
}

function judgeSkew(sources: readonly SourceFacts[], aligningOf: AligningOf): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const source of sources) {
    if (source.asOf === undefined) {
      verdicts.push({
        severity: 'warning',
        code: 'CUT_OFF_UNKNOWN',
        source: source.source,
        message: `${source.file}: its cut-off is not known, so movements between the cut-offs cannot be told from discrepancies`,
        action: 'Say as_of for this source.',
      });
    }
  }
  for (const erp of sources.filter((source) => source.role === 'erp')) {
    for (const wms of sources.filter((source) => source.role === 'wms')) {
      if (erp.asOf === undefined || wms.asOf === undefined) continue;
      const skew = wms.asOf.epochMs - erp.asOf.epochMs;
      const limit = Math.min(erp.limits.maxSkewMs, wms.limits.maxSkewMs);
      if (Math.abs(skew) <= limit) continue;
      const later = skew > 0 ? wms : erp;
      const aligning = aligningOf(later.role, Math.min(erp.asOf.epochMs, wms.asOf.epochMs));
      const apart = `the cut-offs ${erp.asOf.text} (${erp.source}) and ${wms.asOf.text} (${wms.source}) are ${duration(Math.abs(skew))} apart`;
      verdicts.push(apartVerdict(apart, later, aligning));
    }
  }
  return verdicts;
}

function apartVerdict(apart: string, { source, system }: SourceFacts, aligning: Aligning): Verdict {
  if (aligning === 'none')
    return {
      severity: 'refused',
      code: 'CUT_OFFS_APART',
      source,
      message: `${apart}, and no movements of ${system} align them`,
      action: `Fetch snapshots of one moment, or add the movements of ${system}.`,
    };
  if (aligning === 'given')
    return {
      severity: 'warning',
      code: 'CUT_OFFS_ALIGNED',
      source,
      message: `${apart}: what ${system} booked between them is computed away with its movements`,
      action: 'Fetch snapshots of one moment where that can be had.',
    };
  return {
    severity: 'warning',
    code: 'NOTHING_BETWEEN_CUT_OFFS',
    source,
    message: `${apart}, and what was given of ${system} ends before: if anything was booked between them, it looks like discrepancies`,
    action: `Give the movements of ${system} up to its cut-off, or fetch snapshots of one moment.`,
  };
}

function judgeOverlap(sources: readonly SourceFacts[], overlap: OverlapFacts): Verdict[] {
  const { erpKeys, wmsKeys, bothKeys } = overlap;
  const all = sources.map((source) => source.source).join(', ');
  const refuse = (code: string, message: string, action: string): Verdict[] => [
    { severity: 'refused', code, source: all, message, action },
  ];
  if (erpKeys === 0 || wmsKeys === 0) {
    if (sources.some((source) => source.accepted === 0) || (erpKeys === 0 && wmsKeys === 0)) return [];
    return refuse(
      'NO_KEYS',
      `the ${erpKeys === 0 ? 'ERP' : 'WMS'} holds nothing in any category`,
      'Check the categories: the stock statuses of this side map nowhere.',
    );
  }
  if (bothKeys === 0 && Math.min(erpKeys, wmsKeys) > 1) {
    return refuse(
      'NO_OVERLAP',
      `none of the ${erpKeys} keys of the ERP is among the ${wmsKeys} of the WMS`,
      'Check item aliases, site aliases and the grain: the two sides name things differently.',
    );
  }
  const limit = Math.min(...sources.map((source) => source.limits.minKeyOverlap));
  const halves = [
    { name: 'WMS', keys: erpKeys, other: 'ERP', partial: overlap.wmsPartial },
    { name: 'ERP', keys: wmsKeys, other: 'WMS', partial: overlap.erpPartial },
  ];
  for (const half of halves) {
    if (half.partial || half.keys < ROWS_FOR_SHARES || bothKeys >= half.keys * limit) continue;
    return refuse(
      'HALF_MISSING',
      `the ${half.name} knows only ${percent(bothKeys / half.keys)} of the ${half.keys} keys that the ${half.other} holds (at least ${percent(limit)} are expected)`,
      `Check that the ${half.name} file is whole and that items and sites are named alike; min_key_overlap sets the limit.`,
    );
  }
  return [];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

/** A duration in words: "3 days", "5 h", "20 min". */
export function duration(ms: number): string {
  if (ms >= 2 * 86_400_000) return `${Math.floor(ms / 86_400_000)} days`;
  if (ms >= 2 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h`;
  return ms >= 60_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 1000)} s`;
}

/**
 * Puts together what live discrepancies rest on: the configuration, the master data, the moments of the run's snapshots, and
 * who sends movements. Never reads balances or rows.
 */
import { createHash } from 'node:crypto';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { RunDocument } from '../contract/run.ts';
import type { LiveFrame } from '../core/live/judge-live.ts';
import { durationMs, parseTime } from '../core/normalize/time.ts';
import { makePlan, toleranceOf } from './make-plan.ts';
import { minorDecimalsOf } from './minor-decimals.ts';
import type { ReadMasterData } from './read-master-data.ts';

/** Rows this much before the snapshots still say what became of their documents, beside those within the longest lag. */
const BEFORE_MS = 24 * 3_600_000;
const SLACK_MS = 3_600_000;

export interface LiveBasis {
  readonly frame: LiveFrame;
  /** Hash of everything that the state rests on beside rows, their senders and time. */
  readonly hash: string;
  /** Rows that were posted or sent before are not looked at. */
  readonly horizon: number;
}

/** Where a run can be carried forward from: it is whole, and the moments of both sides' snapshots are known. */
export function isLiveBase(run: RunDocument, erpSystem: string): boolean {
  if (run.state !== 'complete' || run.filters.site.length + run.filters.item.length > 0) return false;
  const snapshots = snapshotsOf(run);
  return snapshots.has(erpSystem) && snapshots.size > 1;
}

export function erpSystemOf({ configuration }: LoadedConfiguration): string {
  return Object.entries(configuration.systems).find(([, { role }]) => role === 'erp')?.[0] ?? '';
}

/** `fed`: the systems whose movements are taken in. */
export function liveBasis(
  loaded: LoadedConfiguration,
  { master, files }: ReadMasterData,
  run: RunDocument,
  fed: readonly string[],
): LiveBasis {
  const { configuration } = loaded;
  const snapshots = snapshotsOf(run);
  const lags = new Map(
    Object.entries(configuration.lag?.interfaces ?? {}).map(([name, lag]) => [name, durationMs(lag)]),
  );
  const general = durationMs(configuration.lag?.default ?? '30m');
  const longest = Math.max(BEFORE_MS, general, ...lags.values());
  const frame: LiveFrame = {
    plan: makePlan(configuration, master, { site: [], item: [] }),
    tolerance: toleranceOf(configuration),
    minorDecimals: minorDecimalsOf(configuration.currency),
    erpSystem: erpSystemOf(loaded),
    snapshots,
    fed: new Set(fed),
    partialSystems: new Set(run.inputs.filter(isPartial).map(({ system }) => system)),
    lagOf: (name) => lags.get(name) ?? general,
  };
  const masterFiles = files.map(({ kind, file }) => [kind, file.name, file.bytes, file.modifiedMs]);
  const hash = createHash('sha256')
    .update(JSON.stringify([loaded.hash, run.run_id, masterFiles]))
    .digest('hex');
  return { frame, hash, horizon: Math.min(...snapshots.values()) - longest - SLACK_MS };
}

/** The latest moment of each system's balances, in epoch milliseconds. */
export function snapshotsOf(run: Pick<RunDocument, 'inputs'>): Map<string, number> {
  const snapshots = new Map<string, number>();
  for (const { kind, system, as_of } of run.inputs) {
    const time = kind === 'balances' ? parseTime(as_of, {}) : undefined;
    if (time?.ok) snapshots.set(system, Math.max(time.value.epochMs, snapshots.get(system) ?? time.value.epochMs));
  }
  return snapshots;
}

function isPartial({ kind, completeness }: RunDocument['inputs'][number]): boolean {
  return kind === 'balances' && completeness === 'partial';
}

/**
 * Decides how discrepancies come and go: which keys are new, which came back into sync, how long that took, and which recur.
 * Reads it off what a run hands on (KeyHistory.next). Never looks at keys that the run did not compare.
 */

import { shareText } from './judge-comparison.ts';
import {
  type HandedOn,
  isCompared,
  type KeyHistory,
  type KeyMemory,
  type ResolvedEpisode,
  siteOfName,
} from './key-history.ts';
import { Spread } from './spread.ts';

/** As in run.json; shares are 0 to 1 with six decimals, cut. What nothing tells is '' or null. */
export interface FlowMeasures {
  readonly new: number;
  readonly continuing: number;
  readonly resolved: number;
  /** Of the new ones. */
  readonly recurring: number;
  /** Of the resolved ones; null where of none it is known whether it was corrected. */
  readonly self_healed: number | null;
  readonly days_to_resolve_mean: string;
  readonly hours_to_detect_mean: string;
  readonly hours_to_detect_median: string;
  /** Discrepancies of which the onset is known. */
  readonly onsets_known: number;
  readonly recurrence_share: string;
  readonly self_healed_share: string;
}

const SECOND_MS = 1000;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

class Flow {
  private isNew = 0;
  private continuing = 0;
  private recurring = 0;
  private readonly now = new Resolutions();
  private readonly recent = new Resolutions();
  private recurred = 0;
  private readonly secondsToResolve = new Spread();
  private readonly secondsToDetect = new Spread();

  /** `at` is the cut-off of the run. */
  add({ open, resolved }: KeyMemory, at: number): void {
    const isBack = open !== undefined && open.cause === resolved?.cause;
    if (open !== undefined) {
      if (open.firstSeen.epochMs < at) this.continuing++;
      else {
        this.isNew++;
        if (isBack) this.recurring++;
      }
      // An onset that is not before the first run tells of another cause, or only of that run.
      if (open.onset !== undefined && open.onset < open.firstSeen.epochMs)
        this.secondsToDetect.add(Math.floor((open.firstSeen.epochMs - open.onset) / SECOND_MS));
    }
    if (resolved === undefined) return;
    this.recent.add(resolved);
    if (isBack || resolved.isRecurrence) this.recurred++;
    if (resolved.at < at) return;
    this.now.add(resolved);
    this.secondsToResolve.add(Math.floor((resolved.at - resolved.firstSeen) / SECOND_MS));
  }

  get measures(): FlowMeasures {
    const { now, recent } = this;
    return {
      new: this.isNew,
      continuing: this.continuing,
      resolved: now.count,
      recurring: this.recurring,
      self_healed: now.known === 0 ? null : now.selfHealed,
      days_to_resolve_mean: this.secondsToResolve.mean(DAY_SECONDS),
      hours_to_detect_mean: this.secondsToDetect.mean(HOUR_SECONDS),
      hours_to_detect_median: this.secondsToDetect.median(HOUR_SECONDS),
      onsets_known: this.secondsToDetect.count,
      recurrence_share: shareText(BigInt(this.recurred), BigInt(recent.count)),
      self_healed_share: shareText(BigInt(recent.selfHealed), BigInt(recent.known)),
    };
  }
}

class Resolutions {
  count = 0;
  known = 0;
  selfHealed = 0;

  add({ isCorrected }: ResolvedEpisode): void {
    this.count++;
    if (isCorrected === undefined) return;
    this.known++;
    if (!isCorrected) this.selfHealed++;
  }
}

/** Of all keys that the run compared, and of those of each site. */
export function flowMeasures(
  { cutOff, scope }: KeyHistory,
  { memory, listedCount }: HandedOn,
): { readonly total: FlowMeasures; readonly bySite: ReadonlyMap<string, FlowMeasures> } {
  const total = new Flow();
  const bySite = new Map([...scope.sites].map((site) => [site, new Flow()]));
  let index = 0;
  for (const [name, key] of memory) {
    if (index++ >= listedCount && !isCompared(scope, name)) continue;
    total.add(key, cutOff.epochMs);
    bySite.get(siteOfName(name))?.add(key, cutOff.epochMs);
  }
  return { total: total.measures, bySite: new Map([...bySite].map(([site, flow]) => [site, flow.measures])) };
}

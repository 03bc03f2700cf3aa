/**
 * Decides since when a key is out of sync: what a run takes from the runs before it, and what it hands on to the next.
 * Never reads a file (see src/store), and never calls a key in sync that a run did not compare.
 */
import type { Moment } from '../normalize/time.ts';
import { scaledInteger } from './scaled-text.ts';

export interface HistoryKey {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  /** Name of the category: its number may change with the configuration. */
  readonly category: string;
}

/** A discrepancy as a run lists it. */
export interface ListedKey extends HistoryKey {
  /** WMS − ERP − in flight as a plain decimal. */
  readonly net_variance_quantity: string;
  readonly cause: string;
}

/** What a run compared. Of a key outside of it the run says nothing. */
export interface RunScope {
  readonly sites: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  /** Items that the run was limited to; empty is all. */
  readonly items: ReadonlySet<string>;
  /** With a partial snapshot a key that is not listed may be in sync, or not have been mentioned. */
  readonly isPartial: boolean;
}

/** From `at` on, the net variance was this plain decimal. */
export interface VarianceStep {
  readonly at: number;
  readonly variance: string;
}

/** A key out of sync: an unbroken sequence of runs that listed it. */
export interface OpenEpisode {
  /** Cut-off of the first run of the sequence. */
  readonly firstSeen: Moment;
  /** Cut-off of the last one, in epoch milliseconds. */
  readonly lastSeen: number;
  /** When it began, where an explanation ever told. Kept, since the evidence for it may be gone by the next run. */
  readonly onset: number | undefined;
  readonly cause: string;
  /** The first one, and the latest STEPS_MAX − 1. */
  readonly steps: readonly VarianceStep[];
}

/** A key that came back into sync, by the first run that did not list it any more. */
export interface ResolvedEpisode {
  readonly at: number;
  readonly firstSeen: number;
  readonly cause: string;
  /** Whether somebody corrected it; undefined where nothing tells. */
  readonly isCorrected: boolean | undefined;
  /** Whether it had been resolved before, within RECURRENCE_DAYS, and had come back with the same cause. */
  readonly isRecurrence: boolean;
}

/** What is remembered of one key: that it is out of sync, that it was within RECURRENCE_DAYS, or both. */
export interface KeyMemory {
  readonly open: OpenEpisode | undefined;
  readonly resolved: ResolvedEpisode | undefined;
}

/** By keyName. */
export type HistoryMemory = ReadonlyMap<string, KeyMemory>;

/** What a run hands on to the next one. The first `listedCount` keys are its discrepancies in their order. */
export interface HandedOn {
  readonly memory: HistoryMemory;
  readonly listedCount: number;
}

export const DAY_MS = 86_400_000;
/** A key that comes back with the same cause within this time recurs. */
const RECURRENCE_DAYS = 30;
/** A key that no run compares for a year (its site or category is gone) is forgotten. */
const UNCOMPARED_DAYS = 365;
const STEPS_MAX = 12;
/** 400 bytes each while a run lasts. Beyond OPEN_MAX the most expensive ones are remembered, beyond RESOLVED_MAX the latest cut-offs. */
const OPEN_MAX = 1_000_000;
const RESOLVED_MAX = 100_000;

/** What `next` may be told of keys beside the lines. */
export interface NextFacts {
  /** When a listed key went out of sync, by its explanation. The position counts the lines from 0. */
  readonly onsetOf?: (position: number) => number | undefined;
  /** Whether a key that is not listed any more was corrected; undefined where nothing tells. */
  readonly isCorrected?: (key: HistoryKey) => boolean | undefined;
}

/** The keys' past as one run sees it. */
export class KeyHistory {
  readonly cutOff: Moment;
  readonly scope: RunScope;
  private readonly before: HistoryMemory;
  private readonly same: HistoryMemory;
  private readonly resolvedSince: number;

  /**
   * `before` is what the run of the cut-off before handed on. `same` is what a run of this very cut-off did, where there is
   * one: this run takes its place for the keys that it compares, and leaves the others as that one found them.
   */
  constructor(cutOff: Moment, scope: RunScope, before: HistoryMemory, same: HistoryMemory = before) {
    this.cutOff = cutOff;
    this.scope = scope;
    this.before = before;
    this.same = same;
    this.resolvedSince = rememberedSince(cutOff.epochMs, before);
  }

  /** The sequence of runs that a key stands in; undefined where the run before did not list it. */
  of(key: HistoryKey): OpenEpisode | undefined {
    return this.before.size === 0 ? undefined : this.before.get(keyName(key))?.open;
  }

  /** Net variances of earlier runs, scaled by 10^quantityDecimals, the oldest first; those that need more decimals are left out. */
  variancesOf(key: HistoryKey, quantityDecimals: number): { readonly at: number; readonly variance: number }[] {
    return (this.of(key)?.steps ?? []).flatMap(({ at, variance: text }) => {
      const variance = scaledInteger(text, quantityDecimals);
      return variance === undefined ? [] : [{ at, variance: Number(variance) }];
    });
  }

  /** The columns first_seen and days_out_of_sync of a listed key. Days are whole; the onset counts where it is known and earlier. */
  seen(key: HistoryKey, onset?: number): { readonly first_seen: string; readonly days_out_of_sync: string } {
    const open = this.of(key);
    const firstSeen = open?.firstSeen ?? this.cutOff;
    const since = Math.min(firstSeen.epochMs, earlier(open?.onset, onset) ?? firstSeen.epochMs);
    return { first_seen: firstSeen.text, days_out_of_sync: String(Math.floor((this.cutOff.epochMs - since) / DAY_MS)) };
  }

  /** What this run hands on: its discrepancies in their order, then what is remembered of other keys. */
  next(lines: Iterable<ListedKey>, facts: NextFacts = {}): HandedOn {
    const after = new Map<string, KeyMemory>();
    let lineCount = 0;
    for (const line of lines) {
      if (++lineCount > OPEN_MAX) break;
      const name = keyName(line);
      after.set(name, this.listed(this.before.get(name), line, facts.onsetOf?.(lineCount - 1)));
    }
    const listedCount = after.size;
    const keep = (name: string, memory: KeyMemory | undefined): void => {
      if (memory !== undefined) after.set(name, memory);
    };
    for (const [name, memory] of this.before) {
      if (after.has(name)) continue;
      if (!isCompared(this.scope, name)) {
        if (this.same === this.before) keep(name, this.uncompared(memory));
      } else if (lineCount <= OPEN_MAX) keep(name, this.unlisted(memory, name, facts));
      // Where not all lines are remembered, a key that is not among them may yet be listed: nothing is said of it.
    }
    if (this.same !== this.before) {
      for (const [name, memory] of this.same)
        if (!after.has(name) && !isCompared(this.scope, name)) keep(name, this.uncompared(memory));
    }
    return { memory: after, listedCount };
  }

  private listed(memory: KeyMemory | undefined, line: ListedKey, onset: number | undefined): KeyMemory {
    const { epochMs: at } = this.cutOff;
    const { net_variance_quantity: variance, cause } = line;
    const open = memory?.open;
    const steps = open?.steps ?? [];
    return {
      open: {
        firstSeen: open?.firstSeen ?? this.cutOff,
        lastSeen: at,
        onset: earlier(open?.onset, onset),
        cause,
        steps: steps.at(-1)?.variance === variance ? steps : withStep(steps, { at, variance }),
      },
      resolved: this.isRecent(memory?.resolved) ? memory?.resolved : undefined,
    };
  }

  private unlisted(memory: KeyMemory, name: string, facts: NextFacts): KeyMemory | undefined {
    const { open } = memory;
    if (open === undefined) return this.isRecent(memory.resolved) ? memory : undefined;
    const isCorrected = facts.isCorrected?.(keyOfName(name));
    const { cause, firstSeen } = open;
    const isRecurrence = this.isRecent(memory.resolved) && memory.resolved?.cause === cause;
    return {
      open: undefined,
      resolved: { at: this.cutOff.epochMs, firstSeen: firstSeen.epochMs, cause, isCorrected, isRecurrence },
    };
  }

  private uncompared(memory: KeyMemory): KeyMemory | undefined {
    const isGone = memory.open === undefined || this.cutOff.epochMs - memory.open.lastSeen > UNCOMPARED_DAYS * DAY_MS;
    const open = isGone ? undefined : memory.open;
    const resolved = this.isRecent(memory.resolved) ? memory.resolved : undefined;
    return open === undefined && resolved === undefined ? undefined : { open, resolved };
  }

  private isRecent(resolved: ResolvedEpisode | undefined): boolean {
    return resolved !== undefined && resolved.at >= this.resolvedSince;
  }
}

/** From which cut-off on resolved keys are remembered: RECURRENCE_DAYS, or less where that would be too many keys. */
function rememberedSince(cutOff: number, memory: HistoryMemory): number {
  const counts = new Map<number, number>();
  for (const { open, resolved } of memory.values()) {
    if (open === undefined && resolved !== undefined) counts.set(resolved.at, (counts.get(resolved.at) ?? 0) + 1);
  }
  const since = cutOff - RECURRENCE_DAYS * DAY_MS;
  let sum = 0;
  for (const [at, count] of [...counts].sort(([a], [b]) => b - a)) {
    sum += count;
    if (sum > RESOLVED_MAX) return Math.max(since, at + 1);
  }
  return since;
}

/** False where a run that does not list the key of a name says nothing of it. */
export function isCompared({ sites, categories, items, isPartial }: RunScope, name: string): boolean {
  if (isPartial || !sites.has(siteOfName(name))) return false;
  if (!categories.has(unescaped(name.slice(name.lastIndexOf(MARK) + 1)))) return false;
  return items.size === 0 || items.has(keyOfName(name).item);
}

function withStep(steps: readonly VarianceStep[], step: VarianceStep): VarianceStep[] {
  if (steps.length < STEPS_MAX) return [...steps, step];
  return [steps[0] as VarianceStep, ...steps.slice(2), step];
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

const MARK = '\t';
const SPECIAL = /[\t\\]/;
const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll('\\', '\\\\').replaceAll(MARK, '\\t') : text;
const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(.)/g, (_, mark) => (mark === 't' ? MARK : mark)) : text;

/** A key as one text; no two keys share one. */
export function keyName({ site, item, owner, lot, category }: HistoryKey): string {
  return `${escaped(site)}${MARK}${escaped(item)}${MARK}${escaped(owner)}${MARK}${escaped(lot)}${MARK}${escaped(category)}`;
}

/** The key that keyName made a text of. */
export function keyOfName(name: string): HistoryKey {
  const [site = '', item = '', owner = '', lot = '', category = ''] = name.split(MARK).map(unescaped);
  return { site, item, owner, lot, category };
}

export function siteOfName(name: string): string {
  return unescaped(name.slice(0, name.indexOf(MARK)));
}

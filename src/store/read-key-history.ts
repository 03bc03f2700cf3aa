/**
 * Finds which earlier runs a run's keys are compared with, and reads what they handed on. Runs stand in the order of their
 * cut-offs, not in that in which they were made. Never changes a run, and never fails for want of one.
 */
import type { RunMeasures } from '../contract/measures.ts';
import type { RunDocument } from '../contract/run.ts';
import type { TimeZoneShift } from '../core/explain/traits.ts';
import { type HistoryMemory, KeyHistory, type ListedKey, type RunScope } from '../core/measure/key-history.ts';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import type { Moment } from '../core/normalize/time.ts';
import { readHandedOn } from './key-history-file.ts';
import type { RunStore } from './run-store.ts';

/** A kept run; those of before there were measures have none. */
export type KeptRun = RunDocument & { readonly measures?: RunMeasures };

export interface HistoryOptions {
  /** Of the run that asks. */
  readonly cutOff: Moment;
  readonly scope: RunScope;
  readonly grain: readonly string[];
  /** The discrepancies of a run that handed nothing on: it was made before runs did, or its file is damaged. */
  readonly linesOf: (run: RunDocument) => Promise<Iterable<ListedKey>>;
}

export interface ReadHistory {
  readonly history: KeyHistory;
  /** Id of the run that the keys are compared with, '' where there is none. */
  readonly comparedWith: string;
  /** False where a run of a later cut-off was made before. */
  readonly isLatest: boolean;
  /** What the run that the keys are compared with found wrong with the moments of its snapshots. */
  readonly earlierShifts: readonly TimeZoneShift[];
}

/** Runs without a file of their own that are read from their tables, one by one, at most: that takes a second each. */
const REBUILT_MAX = 60;

/**
 * The keys' past for a new run. Compared with: the complete run of the same grain with the latest cut-off before this one's,
 * the newest of these. Runs limited to some sites or items are among them: what they did not compare they hand on as it was.
 */
export async function readKeyHistory(store: RunStore, options: HistoryOptions): Promise<ReadHistory> {
  const past = await new HistoryReader(store, options.linesOf).pastOf(await store.list(), options);
  const { before, same, ...told } = past;
  return { history: new KeyHistory(options.cutOff, options.scope, before, same), ...told };
}

/** What a kept run compared. */
function scopeOf(run: RunDocument): RunScope {
  return {
    sites: new Set(run.by_site.map(({ site }) => site)),
    categories: new Set(run.by_category.map(({ category }) => category)),
    items: new Set(run.filters.item),
    isPartial: run.inputs.some(({ completeness }) => completeness === 'partial'),
  };
}

/** The run that asks, as far as its place among the others is concerned. */
type Place = Pick<HistoryOptions, 'cutOff' | 'grain'>;

interface Past extends Omit<ReadHistory, 'history'> {
  readonly before: HistoryMemory;
  /** What a run of the same cut-off handed on. */
  readonly same: HistoryMemory | undefined;
}

const NOTHING: HistoryMemory = new Map();

class HistoryReader {
  private readonly store: RunStore;
  private readonly linesOf: HistoryOptions['linesOf'];
  private readonly documents = new Map<string, Promise<KeptRun | undefined>>();
  private readonly memories = new Map<string, Promise<HistoryMemory>>();
  private rebuilt = 0;

  constructor(store: RunStore, linesOf: HistoryOptions['linesOf']) {
    this.store = store;
    this.linesOf = linesOf;
  }

  /** `ids` are the runs made before the one that asks, the oldest first. */
  async pastOf(ids: readonly string[], place: Place): Promise<Past> {
    const { before, same, isLatest } = await this.findLinks(ids, place);
    return {
      before: before === undefined ? NOTHING : await this.memoryAfter(before, ids),
      same: same === undefined ? undefined : await this.memoryAfter(same, ids),
      comparedWith: before?.run_id ?? '',
      isLatest,
      earlierShifts: before?.explanation?.time_zone_shifts ?? [],
    };
  }

  /** The newest first, and no further than needed: before a run that was the latest when it was made there is none with a later cut-off. */
  private async findLinks(
    ids: readonly string[],
    { cutOff, grain }: Place,
  ): Promise<{ before: KeptRun | undefined; same: KeptRun | undefined; isLatest: boolean }> {
    let before: KeptRun | undefined;
    let same: KeptRun | undefined;
    let isLatest = true;
    let latest = Number.NEGATIVE_INFINITY;
    for (const id of ids.toReversed()) {
      const run = await this.document(id);
      if (run?.state !== 'complete' || run.grain.join() !== grain.join()) continue;
      const { epochMs } = runCutOff(run.inputs, run.started_at);
      if (epochMs > cutOff.epochMs) isLatest = false;
      else if (epochMs === cutOff.epochMs) same ??= run;
      else {
        if (epochMs > latest) {
          before = run;
          latest = epochMs;
        }
        if (run.measures?.is_latest) break;
      }
    }
    return { before, same, isLatest };
  }

  private document(id: string): Promise<KeptRun | undefined> {
    let read = this.documents.get(id);
    if (read === undefined) {
      // A damaged run must not stop the runs after it: an older one serves.
      read = this.store.read(id).catch(() => undefined);
      this.documents.set(id, read);
    }
    return read;
  }

  private memoryAfter(run: RunDocument, ids: readonly string[]): Promise<HistoryMemory> {
    let memory = this.memories.get(run.run_id);
    if (memory === undefined) {
      memory = readHandedOn(this.store.folderOf(run.run_id)).then((read) => read ?? this.rebuild(run, ids));
      this.memories.set(run.run_id, memory);
    }
    return memory;
  }

  /** What a run would have handed on, from its lines and the runs before it. */
  private async rebuild(run: RunDocument, ids: readonly string[]): Promise<HistoryMemory> {
    if (++this.rebuilt > REBUILT_MAX) return NOTHING;
    const cutOff = runCutOff(run.inputs, run.started_at);
    const { before, same } = await this.pastOf(ids.slice(0, ids.indexOf(run.run_id)), { cutOff, grain: run.grain });
    const lines = await this.linesOf(run).catch(() => undefined);
    // A run whose table cannot be read says nothing: as if it had not been made.
    return lines === undefined ? before : new KeyHistory(cutOff, scopeOf(run), before, same).next(lines).memory;
  }
}

/**
 * Makes small data directories of kept runs, as the store finds them, with the discrepancies that each run listed. Never
 * compares anything: what is listed is given. Never used outside of tests.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import type { HandedOn, ListedKey, RunScope } from '../core/measure/key-history.ts';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import { writeKeyHistory } from './key-history-file.ts';
import { type ReadHistory, readKeyHistory } from './read-key-history.ts';
import { RunStore } from './run-store.ts';

/** A run of a world. `day` is its cut-off in days; `lists` the keys with their net variance and cause. */
export interface WorldRun {
  readonly day: number;
  readonly isRefused: boolean;
  readonly grain: readonly string[];
  readonly scope: RunScope;
  readonly lists: readonly ListedKey[];
  /** Whether the run hands on what it knows; earlier versions did not. */
  readonly handsOn: boolean;
}

const START_MS = Date.parse('2026-01-01T00:00:00Z');
export const cutOffText = (day: number): string => new Date(START_MS + day * 86_400_000).toISOString();

export class KeyHistoryWorld {
  readonly store: RunStore;
  /** Runs whose tables were read because they handed nothing on. */
  readonly rebuilt: string[] = [];
  /** Runs whose tables cannot be read. */
  readonly damaged = new Set<string>();
  private readonly folder: string;
  private readonly runs = new Map<string, WorldRun>();

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'evenstock-key-history-'));
    this.store = new RunStore(this.folder);
  }

  /** Runs once as the use case does: reads the past, lists its keys, keeps what it hands on. */
  async run(run: WorldRun): Promise<ReadHistory & { readonly runId: string; readonly handedOn: HandedOn }> {
    const runId = `run-${String(this.runs.size + 1).padStart(3, '0')}`;
    const document = documentOf(runId, run);
    const read = await readKeyHistory(this.store, {
      cutOff: runCutOff(document.inputs, document.started_at),
      scope: run.scope,
      grain: run.grain,
      linesOf: async (kept) => {
        this.rebuilt.push(kept.run_id);
        if (this.damaged.has(kept.run_id)) throw new Error('damaged');
        return (this.runs.get(kept.run_id) as WorldRun).lists;
      },
    });
    const handedOn = read.history.next(run.lists);
    const folder = this.store.folderOf(runId);
    mkdirSync(folder, { recursive: true });
    const isKept = run.handsOn && !run.isRefused;
    const measures = { is_latest: read.isLatest, compared_with: read.comparedWith };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(isKept ? { ...document, measures } : document));
    if (isKept) await writeKeyHistory(folder, handedOn);
    this.runs.set(runId, run);
    return { ...read, runId, handedOn };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What of run.json the history reads. */
function documentOf(runId: string, { day, isRefused, grain, scope }: WorldRun): Partial<RunDocument> & HistoryDocument {
  const asOf = cutOffText(day);
  const completeness = scope.isPartial ? { completeness: 'partial' } : {};
  const input = (system: string): object => ({ system, kind: 'balances', as_of: asOf, ...completeness });
  return {
    schema: 1,
    run_id: runId,
    state: isRefused ? 'refused' : 'complete',
    started_at: '2027-01-01T00:00:00.000Z',
    grain,
    filters: { site: [], item: [...scope.items] },
    inputs: [input('sap'), input('wms1')] as unknown as RunDocument['inputs'],
    by_site: [...scope.sites].map((site) => ({ site })) as unknown as RunDocument['by_site'],
    by_category: [...scope.categories].map((category) => ({ category })) as unknown as RunDocument['by_category'],
  };
}

type HistoryDocument = Pick<RunDocument, 'inputs' | 'started_at'>;

/** What all runs of a world say of one key at one cut-off: the newest run that lists it or compared it counts. */
export interface Sighting {
  readonly day: number;
  readonly listed: ListedKey | undefined;
}

/**
 * The oracle: goes through all runs that were made up to a run (by their place in the list), and says at which cut-offs up
 * to its own the key was listed, and at which it was compared and not listed. By cut-off, the oldest first.
 */
export function sightingsOf(
  key: Pick<ListedKey, 'site' | 'item' | 'owner' | 'lot' | 'category'>,
  runs: readonly WorldRun[],
): Sighting[] {
  const last = runs.at(-1) as WorldRun;
  const isKey = (other: ListedKey): boolean => other.site === key.site && other.item === key.item;
  const sightings = new Map<number, Sighting>();
  for (const run of runs) {
    if (run.isRefused || run.day > last.day || run.grain.join() !== last.grain.join()) continue;
    const listed = run.lists.find(isKey);
    if (listed !== undefined || comparesKey(run.scope, key)) sightings.set(run.day, { day: run.day, listed });
  }
  return [...sightings.values()].sort((a, b) => a.day - b.day);
}

function comparesKey(
  scope: RunScope,
  { site, item, category }: Pick<ListedKey, 'site' | 'item' | 'category'>,
): boolean {
  const isInScope = scope.sites.has(site) && scope.categories.has(category);
  return isInScope && !scope.isPartial && (scope.items.size === 0 || scope.items.has(item));
}

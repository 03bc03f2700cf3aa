/**
 * Finds the newest snapshots that belong together: one of each source, their cut-offs as near as the gate demands. Never
 * judges what is in them.
 */
import type { Kysely } from 'kysely';
import type { BalanceSourceConfig, Configuration } from '../contract/configuration.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { acceptedImports, type ImportRow } from '../store/work/imports.ts';
import { gateLimits } from './make-plan.ts';
import { listNamedSources } from './named-sources.ts';

/** How far back is looked: what came before has been run, or nobody waits for it any more. */
const SNAPSHOTS_MAX = 100;

/**
 * One snapshot of each source of balances, in the order of the configuration; undefined where no such set is in. A newer
 * snapshot of one side does not take the older set away: its other half may come hours later.
 */
export async function findNewestSet(
  db: Kysely<WorkState>,
  configuration: Configuration,
): Promise<ImportRow[] | undefined> {
  const candidates: ImportRow[][] = [];
  let skewMaxMs = Number.POSITIVE_INFINITY;
  for (const { part, name, config } of listNamedSources(configuration)) {
    if (part !== 'balances') continue;
    candidates.push(await acceptedImports(db, name, SNAPSHOTS_MAX));
    skewMaxMs = Math.min(skewMaxMs, gateLimits(config as BalanceSourceConfig, configuration.quality).maxSkewMs);
  }
  const moments = new Set(candidates.flat().map(momentOf));
  for (const latest of [...moments].sort((a, b) => b - a)) {
    const set = candidates.map((rows) => rows.find((row) => momentOf(row) <= latest));
    if (set.every((row) => row !== undefined && latest - momentOf(row) <= skewMaxMs)) return set as ImportRow[];
  }
  return undefined;
}

/** What says nothing of its cut-off is as of when it came. */
function momentOf({ as_of, received_at }: ImportRow): number {
  return as_of ?? received_at;
}

/**
 * Decides which files of the lake a run reads for ledgers and message logs that are taken in row by row: those that hold every
 * row that was acknowledged before. Never reads them.
 */
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Configuration } from '../contract/configuration.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { readParts } from '../store/work/intake-parts.ts';
import { type CompactOptions, flushIntake } from './compact-intake.ts';
import { listNamedSources } from './named-sources.ts';
import type { PinnedFiles } from './source-files.ts';

/** By the name of the source; of a system's sources without a path the first one takes what was taken in. */
export async function pinIntake(
  db: Kysely<WorkState>,
  dataDirectory: string,
  configuration: Configuration,
  { now, newId }: Pick<CompactOptions, 'now' | 'newId'>,
): Promise<PinnedFiles> {
  const sources = listNamedSources(configuration).filter(
    ({ part, config }) => (part === 'movements' || part === 'messages') && config.path === undefined,
  );
  if (sources.length === 0) return {};
  await flushIntake({ database: { db }, dataDirectory, now, newId });
  const parts = await readParts(db);
  const pinned: Record<string, { path: string; isCanonical: true }[]> = {};
  const taken = new Set<string>();
  for (const { part, system, name } of sources) {
    const feed = `${part} ${system}`;
    if (taken.has(feed)) continue;
    taken.add(feed);
    const files = parts.filter((each) => each.kind === part && each.system === system);
    if (files.length > 0)
      pinned[name] = files.map(({ path }) => ({ path: join(dataDirectory, path), isCanonical: true }));
  }
  return pinned;
}

/**
 * Decides which imported files a run reads: of snapshots and tables the newest, of ledgers and message logs without a path all
 * that were brought in. Never takes one that is held, refused or removed.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { Configuration } from '../contract/configuration.ts';
import { appliedMigrations } from '../store/database/migrate.ts';
import { openDatabase, workFile } from '../store/database/open-database.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { acceptedImports } from '../store/work/imports.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';
import { pinIntake } from './pin-intake.ts';
import type { PinnedFile, PinnedFiles } from './source-files.ts';

/**
 * `of` says which sources: all of them for a server, which reads a file only once it was brought in whole; or those without a
 * path for a command, which reads the paths themselves. Sources for which nothing was brought in are left out.
 */
export async function pinImports(
  db: Kysely<WorkState>,
  dataDirectory: string,
  configuration: Configuration,
  of: 'all' | 'without-path',
): Promise<Record<string, readonly PinnedFile[]>> {
  const pinned = await pinFiles(db, dataDirectory, configuration, of);
  const clock = { now: () => Date.now(), newId: randomUUID };
  for (const [name, files] of Object.entries(await pinIntake(db, dataDirectory, configuration, clock)))
    pinned[name] = [...(pinned[name] ?? []), ...files];
  return pinned;
}

/** The same without the ledgers that are taken in row by row. */
export async function pinFiles(
  db: Kysely<WorkState>,
  dataDirectory: string,
  configuration: Configuration,
  of: 'all' | 'without-path',
): Promise<Record<string, readonly PinnedFile[]>> {
  const pinned: Record<string, readonly PinnedFile[]> = {};
  for (const source of listNamedSources(configuration)) {
    if (of === 'without-path' && source.config.path !== undefined) continue;
    const imports = await acceptedImports(db, source.name, isLedger(source) ? undefined : 1);
    // The oldest first, so that rows are read in the order in which they were sent.
    const paths = imports.flatMap(({ path }) => (path === null ? [] : [{ path: join(dataDirectory, path) }])).reverse();
    if (paths.length > 0) pinned[source.name] = paths;
  }
  return pinned;
}

/** Whether the files of a source continue each other; else each replaces the one before it. */
function isLedger({ part, config }: NamedSource): boolean {
  return (part === 'movements' || part === 'messages') && config.path === undefined;
}

/** What a command's run reads from the lake, also while a server works there. Nothing where no source is without a path. */
export async function readPins(
  { configuration }: Pick<LoadedConfiguration, 'configuration'>,
  dataDirectory: string,
  address: string | undefined,
): Promise<PinnedFiles> {
  if (listNamedSources(configuration).every(({ config }) => config.path !== undefined)) return {};
  return withStore(dataDirectory, address, (db) => pinImports(db, dataDirectory, configuration, 'without-path'));
}

/** The files that a server's runs read, for a command that looks at what it kept. Writes nothing. */
export function readServerPins(
  { configuration }: Pick<LoadedConfiguration, 'configuration'>,
  dataDirectory: string,
  address: string | undefined,
): Promise<PinnedFiles> {
  return withStore(dataDirectory, address, (db) => pinFiles(db, dataDirectory, configuration, 'all'));
}

/** Nothing where there is no work state yet. */
async function withStore(
  dataDirectory: string,
  address: string | undefined,
  pin: (db: Kysely<WorkState>) => Promise<PinnedFiles>,
): Promise<PinnedFiles> {
  if (address === undefined && !existsSync(workFile(dataDirectory))) return {};
  const database = openDatabase(dataDirectory, address);
  try {
    const hasTables = (await appliedMigrations(database.db)).length > 0;
    return hasTables ? await pin(database.db) : {};
  } finally {
    await database.close();
  }
}

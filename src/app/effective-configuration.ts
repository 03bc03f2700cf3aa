/**
 * The configuration with which a run is made: that of the file, with the mapping that people have edited since. Never changes
 * the file.
 */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { checkReferences } from '../config/reference-checks.ts';
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { adoptMapping, type MappingDocument } from '../store/work/mapping-versions.ts';

/** The mapping that the file says. */
export function mappingOf({ categories, ignore }: Configuration): MappingDocument {
  return { categories, ignore: ignore ?? [] } as MappingDocument;
}

/** Looks up which mapping is in force; a file that says something new brings its own into force. */
export async function effectiveConfiguration(
  db: Kysely<WorkState>,
  loaded: LoadedConfiguration,
  now: number,
): Promise<LoadedConfiguration> {
  const { document, origin } = await adoptMapping(db, mappingOf(loaded.configuration), now);
  if (origin === 'file') return loaded;
  const hash = createHash('sha256').update(JSON.stringify([loaded.hash, document.categories, document.ignore]));
  return { ...loaded, configuration: withMapping(loaded.configuration, document), hash: hash.digest('hex') };
}

export function withMapping(configuration: Configuration, { categories, ignore }: MappingDocument): Configuration {
  return { ...configuration, categories, ignore } as Configuration;
}

/** Throws a Failure of kind `configuration` that says all that does not fit the systems. */
export function checkMapping(configuration: Configuration, mapping: MappingDocument): void {
  const problems: string[] = [];
  checkReferences(withMapping(configuration, mapping), (path, message, _at, hint = '') => {
    if (path[0] === 'categories' || path[0] === 'ignore') problems.push(`${path.join('.')}: ${message}${hint}`);
  });
  if (Object.keys(mapping.categories).length === 0) problems.push('categories: at least one was expected');
  if (problems.length > 0) throw new Failure('configuration', 'MAPPING_INVALID', problems.join('; '));
}

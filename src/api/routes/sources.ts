/** Where the data comes from and how fresh it is. Never shows a credential. */
import { listSources, type SourceState } from '../../app/list-sources.ts';
import { configurationVersion } from '../../app/sources/save-source.ts';
import { sourcesSchema } from '../../contract/api/sources.ts';
import type { ApiContext } from '../api-context.ts';
import { type Route, route } from '../route.ts';

export function sourceRoutes({ configuration, results, database, now }: ApiContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/sources',
      summary: 'Sources of the configuration: last file, cut-off, rows, rejections, age; the ETag is that of its file',
      tag: 'sources',
      role: 'viewer',
      scope: 'all-sites',
      response: sourcesSchema,
      handle: async () => {
        const sources = await listSources(configuration(), results.store, database.db, now());
        const version = await configurationVersion(configuration().path);
        return { body: { items: sources.map(documentOf) }, version };
      },
    }),
  ];
}

function documentOf({ lastImport, lastUsed, ageMs, maxAgeMs, ...source }: SourceState) {
  return {
    ...source,
    last_import: lastImport === undefined ? null : importOf(lastImport),
    last_used: lastUsed === undefined ? null : usedOf(lastUsed),
    age_seconds: secondsOf(ageMs),
    max_age_seconds: secondsOf(maxAgeMs),
    is_stale: ageMs !== undefined && maxAgeMs !== undefined && ageMs > maxAgeMs,
  };
}

function importOf({
  id,
  file_name,
  rows,
  rejected,
  as_of,
  state,
  failure,
  received_at,
  received_by,
}: NonNullable<SourceState['lastImport']>) {
  return {
    import_id: id,
    file: file_name,
    ...{ rows, rejected, state, failure, received_by },
    as_of: as_of === null ? null : new Date(as_of).toISOString(),
    received_at: new Date(received_at).toISOString(),
  };
}

function usedOf({ runId, file, rows, rejected, excluded, as_of }: NonNullable<SourceState['lastUsed']>) {
  return { run_id: runId, file, rows, rejected, excluded, as_of };
}

function secondsOf(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 1_000);
}

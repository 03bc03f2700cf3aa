/** The mapping: read, tried out, changed and rolled back. For those who see all sites: it is one for all of them. */
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { checkMapping, effectiveConfiguration, mappingOf } from '../../app/effective-configuration.ts';
import { previewMapping } from '../../app/preview-mapping.ts';
import {
  mappingChangeSchema,
  mappingVersionParams,
  mappingVersionSchema,
  mappingVersionsPage,
  mappingVersionsQuery,
  matrixQuery,
  matrixSchema,
  previewRequestSchema,
  previewSchema,
  rollBackSchema,
} from '../../contract/api/mappings.ts';
import { Failure } from '../../core/model/failure.ts';
import {
  addMapping,
  adoptMapping,
  findMapping,
  listMappings,
  type MappingDocument,
  type MappingVersion,
} from '../../store/work/mapping-versions.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { MatrixBook } from '../matrix-book.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'mappings', scope: 'all-sites' } as const;

export function mappingRoutes(context: ApiContext): Route[] {
  return [...readRoutes(context), ...trialRoutes(context), ...writeRoutes(context)];
}

function readRoutes(context: ApiContext): Route[] {
  const { db } = context.database;
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/mappings/current',
      summary: 'The mapping in force, with its version as ETag',
      role: 'viewer',
      response: mappingVersionSchema,
      handle: async () => answerOf(await current(context)),
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/mappings/versions',
      summary: 'Versions of the mapping, the newest first, with author and reason',
      role: 'viewer',
      query: mappingVersionsQuery,
      response: mappingVersionsPage,
      handle: async ({ query: { cursor, limit } }) => {
        const [before] = positionOf(cursor, z.tuple([z.int()])) ?? [];
        const rows = await listMappings(db, before, limit + 1);
        return { body: pageFrom(rows, limit, documentOf, ({ version }) => [version]) };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/mappings/versions/:version',
      summary: 'One version of the mapping',
      role: 'viewer',
      params: mappingVersionParams,
      response: mappingVersionSchema,
      handle: async ({ params: { version } }) => ({ body: documentOf(await getMapping(db, version)) }),
    }),
  ];
}

function trialRoutes(context: ApiContext): Route[] {
  const { results, database, configuration, now } = context;
  const matrices = new MatrixBook(context);
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/mappings/matrix',
      summary: 'Native statuses of all systems by category, as a run counted them; unmapped ones with units and value',
      role: 'viewer',
      query: matrixQuery,
      response: matrixSchema,
      handle: async ({ query }) => {
        const run = await results.complete(query.run);
        const { cells, unmapped, run_id, costs } = await matrices.of(run);
        const roles = Object.entries(configuration().configuration.systems).map(
          ([id, { role }]) => [id, role] as const,
        );
        const systems: Record<string, 'erp' | 'wms'> = Object.fromEntries(roles);
        const shown = { cells: cells.map((cell) => ({ ...cell })), unmapped: unmapped.map((each) => ({ ...each })) };
        return { body: { run_id, currency: run.document.currency, systems, costs: { ...costs }, ...shown } };
      },
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/mappings/preview',
      summary: 'How the discrepancies of a run would differ under another mapping; nothing is changed',
      role: 'analyst',
      idempotency: 'repeatable',
      body: previewRequestSchema,
      response: previewSchema,
      handle: async ({ body: { run, ...next } }) => {
        const loaded = await effectiveConfiguration(database.db, configuration(), now());
        checkMapping(loaded.configuration, next as MappingDocument);
        const preview = await previewMapping({
          run: await results.complete(run),
          loaded,
          current: mappingOf(loaded.configuration),
          next: next as MappingDocument,
          temporaryDirectory: tmpdir(),
        });
        return { body: JSON.parse(JSON.stringify(preview)) };
      },
    }),
  ];
}

function writeRoutes(context: ApiContext): Route[] {
  const { configuration, now } = context;
  return [
    route({
      ...NAMES,
      method: 'PUT',
      url: '/mappings/current',
      summary: 'Bring another mapping into force, for the runs from now on',
      role: 'approver',
      idempotency: 'kept',
      ifMatch: true,
      body: mappingChangeSchema,
      response: mappingVersionSchema,
      handle: async ({ body: { reason, ...document }, by, expectedVersion, write }) => {
        checkMapping(configuration().configuration, document as MappingDocument);
        const mapping = { document: document as MappingDocument, origin: 'edit', reason, expectedVersion } as const;
        return write(async (transaction) =>
          answerOf(await addMapping(transaction, { ...mapping, ...authorOf(by) }, now())),
        );
      },
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/mappings/roll-back',
      summary: 'Bring an earlier version into force again, as a new version',
      role: 'approver',
      idempotency: 'kept',
      ifMatch: true,
      body: rollBackSchema,
      response: mappingVersionSchema,
      handle: ({ body: { version, reason }, by, expectedVersion, write }) =>
        write(async (transaction) => {
          const { document } = await getMapping(transaction, version);
          checkMapping(configuration().configuration, document);
          const mapping = { document, origin: 'roll-back', reason, expectedVersion } as const;
          return answerOf(await addMapping(transaction, { ...mapping, ...authorOf(by) }, now()));
        }),
    }),
  ];
}

/** A file that says something new comes into force here too, not only with the next run. */
function current({ database: { db }, configuration, now }: ApiContext): Promise<MappingVersion> {
  return adoptMapping(db, mappingOf(configuration().configuration), now());
}

async function getMapping(db: Parameters<typeof findMapping>[0], version: number): Promise<MappingVersion> {
  const found = await findMapping(db, version);
  if (found === undefined) throw new Failure('absent', 'MAPPING_UNKNOWN', `there is no version ${version}`);
  return found;
}

function authorOf({ actor, requestId }: { readonly actor: string; readonly requestId: string }) {
  return { author: actor, requestId };
}

function answerOf(mapping: MappingVersion) {
  return { body: documentOf(mapping), version: mapping.version };
}

function documentOf({ created_at, document, ...row }: MappingVersion) {
  const { categories, ignore } = document;
  return {
    ...row,
    created_at: new Date(created_at).toISOString(),
    document: { categories: { ...categories }, ignore: [...ignore] },
  };
}

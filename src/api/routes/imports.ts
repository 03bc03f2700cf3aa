/** Files that other systems send, and what became of them. Never keeps a file by itself: the importer does. */
import { z } from 'zod';
import { findImportSource } from '../../app/find-import-source.ts';
import { rejectedRows, rejectionsBehind, rejectionsCsv, rejectionsName } from '../../app/import-rejections.ts';
import type { JudgedRow } from '../../app/judge-rows.ts';
import {
  type ImportView,
  importQuery,
  importSchema,
  importsPage,
  importsQuery,
  rejectionsPage,
  rejectionsQuery,
} from '../../contract/api/imports.ts';
import { Failure } from '../../core/model/failure.ts';
import { findImport, type ImportRow, listImports, releaseImport } from '../../store/work/imports.ts';
import type { ApiContext } from '../api-context.ts';
import { currentPlanOrEmpty } from '../current-plan.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { type Route, route } from '../route.ts';

const NAMES = { tag: 'imports', scope: 'all-sites' } as const;
const position = z.tuple([z.int(), z.string()]);
const params = z.strictObject({ id: z.string().regex(/^[0-9A-Z]{26}$/) });
/** Files are streamed to the disk; this bounds what one request may take of it. */
const BYTES_MAX = 16 * 2 ** 30;
const MEDIA_TYPES = [
  'application/octet-stream',
  'text/csv',
  'text/tab-separated-values',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
];

export function importRoutes(context: ApiContext): Route[] {
  return [uploadRoute(context), ...readRoutes(context), ...rejectionRoutes(context)];
}

function readRoutes(context: ApiContext): Route[] {
  const { db } = context.database;
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/imports',
      summary: 'Files that were brought in, the newest first',
      role: 'viewer',
      query: importsQuery,
      response: importsPage,
      handle: async ({ query: { source, state, limit, cursor } }) => {
        const [received_at, id] = positionOf(cursor, position) ?? [];
        const before = received_at === undefined || id === undefined ? undefined : { received_at, id };
        const rows = await listImports(db, { source, state, before }, limit + 1);
        return { body: pageFrom(rows, limit, importView, (row) => [row.received_at, row.id]) };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/imports/:id',
      summary: 'A file that was brought in',
      role: 'viewer',
      params,
      response: importSchema,
      handle: async ({ params: { id } }) => ({ body: importView((await findImport(db, id)) ?? unknownImport(id)) }),
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/imports/:id/release',
      summary: 'Let runs use a file that was held',
      role: 'approver',
      idempotency: 'kept',
      params,
      response: importSchema,
      handle: ({ params: { id }, by, write }) =>
        write(async (transaction) => {
          const released = await releaseImport(transaction, id, by, context.now());
          if (released !== undefined) return { body: importView(released) };
          const row = (await findImport(transaction, id)) ?? unknownImport(id);
          throw new Failure(
            'conflict',
            'IMPORT_NOT_HELD',
            `the import is ${row.state}`,
            'Only what is held is released.',
          );
        }),
    }),
  ];
}

function rejectionRoutes(context: ApiContext): Route[] {
  const { db } = context.database;
  const rejectedOf = async (id: string) => {
    const row = (await findImport(db, id)) ?? unknownImport(id);
    const loaded = context.configuration();
    const { dataDirectory } = context;
    const { configuration } = loaded;
    const plan = await currentPlanOrEmpty(context, loaded);
    return { row, rejected: await rejectedRows(row, { dataDirectory, configuration, plan }) };
  };
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/imports/:id/rejections',
      summary: 'Rows of a file that a run would reject now, and why',
      role: 'viewer',
      params,
      query: rejectionsQuery,
      response: rejectionsPage,
      handle: async ({ params: { id }, query: { limit, cursor } }) => {
        const [after = -1] = positionOf(cursor, z.tuple([z.int()])) ?? [];
        const { rejected } = await rejectedOf(id);
        const rows = await rejectionsBehind(rejected, after, limit + 1);
        const page = pageFrom(rows, limit, rejectionView, ({ row }) => [row]);
        const header: string[] = [...rejected.header];
        return { body: { header, ...page } };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/imports/:id/rejections.csv',
      summary:
        'The same as CSV: the rows as they stand in the file with the reasons behind, to be corrected and sent again',
      role: 'viewer',
      params,
      produces: ['text/csv; charset=utf-8'],
      handle: async ({ params: { id } }) => {
        const { row, rejected } = await rejectedOf(id);
        const headers = { 'content-disposition': `attachment; filename="${rejectionsName(row)}"` };
        const type = `text/csv; charset=${rejected.notation.encoding}`;
        return { stream: rejectionsCsv(rejected), type, headers };
      },
    }),
  ];
}

function rejectionView({ row, column, value, reason, cells }: JudgedRow) {
  return { row, column, value, reason, cells: [...cells] };
}

function uploadRoute(context: ApiContext): Route {
  return route({
    ...NAMES,
    method: 'POST',
    url: '/imports/:kind',
    summary: 'Bring a file in; the same content is brought in once',
    role: 'analyst',
    idempotency: 'by-content',
    params: z.strictObject({ kind: z.string().max(50).describe('where its source stands, such as balances') }),
    query: importQuery,
    consumes: MEDIA_TYPES,
    bytesMax: BYTES_MAX,
    status: 201,
    response: importSchema,
    otherStatuses: { 200: 'It was brought in before', 409: 'It cannot be read as the source says' },
    handle: async ({ params: { kind }, query, upload, by }) => {
      const { file_name, system, source, modified_at, sha256 } = query;
      const { row, isNew } = await context.importer.importFile({
        source: findImportSource(context.configuration().configuration, { part: kind, system, source }),
        fileName: file_name,
        content: upload,
        modifiedMs: modified_at === undefined ? context.now() : Date.parse(modified_at),
        receivedBy: by.actor,
        sha256,
      });
      if (row.state === 'refused')
        throw new Failure(
          'refused',
          'IMPORT_REFUSED',
          row.failure ?? '',
          'Correct the file, or how its source is described.',
        );
      return { status: isNew ? 201 : 200, body: importView(row), location: `/imports/${row.id}` };
    },
  });
}

function importView(row: ImportRow): ImportView {
  const { id, kind, system, source, file_name, sha256, bytes, rows, rejected, state, failure, received_by } = row;
  const moments = {
    as_of: row.as_of === null ? null : new Date(row.as_of).toISOString(),
    received_at: new Date(row.received_at).toISOString(),
  };
  return {
    id,
    kind,
    system,
    source,
    file_name,
    sha256,
    bytes,
    rows,
    rejected,
    state,
    failure,
    received_by,
    ...moments,
  };
}

function unknownImport(id: string): never {
  throw new Failure('absent', 'IMPORT_UNKNOWN', `there is no import ${id}`);
}

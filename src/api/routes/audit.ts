/** The audit trail: listed, checked, exported. For administrators who see all sites. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type auditEntrySchema,
  auditExportQuery,
  auditPage,
  auditQuery,
  auditVerdictSchema,
  auditVerifyQuery,
} from '../../contract/api/audit.ts';
import { Failure } from '../../core/model/failure.ts';
import { type AuditRow, verifyAudit } from '../../store/work/audit.ts';
import { type AuditSelection, listAudit } from '../../store/work/audit-reading.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { type Route, route } from '../route.ts';

const NAMES = { method: 'GET', tag: 'audit', role: 'administrator', scope: 'all-sites' } as const;
const BATCH = 1_000;

export function auditRoutes({ database: { db } }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      url: '/audit',
      summary: 'Who changed what, the newest first',
      query: auditQuery,
      response: auditPage,
      handle: async ({ query: { cursor, limit, ...filter } }) => {
        const [before] = positionOf(cursor, z.tuple([z.int()])) ?? [];
        const rows = await listAudit(db, selectionOf(filter), { order: 'desc', before }, limit + 1);
        return { body: pageFrom(rows, limit, entryOf, ({ number }) => [number]) };
      },
    }),
    route({
      ...NAMES,
      url: '/audit/verify',
      summary: 'Whether the trail is whole: every hash is computed again',
      query: auditVerifyQuery,
      response: auditVerdictSchema,
      handle: async ({ query: { number, hash } }) => {
        if ((number === undefined) !== (hash === undefined))
          throw new Failure('usage', 'HEAD_INCOMPLETE', 'number and hash: both of the noted head were expected');
        const kept = number === undefined || hash === undefined ? undefined : { number, hash };
        const verdict = await verifyAudit(db, kept);
        const { isWhole: is_whole, ...said } = verdict;
        return { body: { is_whole, ...said } };
      },
    }),
    route({
      ...NAMES,
      url: '/audit/export',
      summary: 'The trail as JSON lines, the oldest first',
      query: auditExportQuery,
      produces: ['application/x-ndjson'],
      handle: ({ query }) => {
        async function* lines(): AsyncGenerator<string> {
          for (let after = 0; ; ) {
            const rows = await listAudit(db, selectionOf(query), { order: 'asc', after }, BATCH);
            for (const row of rows) yield `${JSON.stringify(entryOf(row))}\n`;
            const last = rows.at(-1);
            if (last === undefined || rows.length < BATCH) return;
            after = last.number;
          }
        }
        return {
          stream: Readable.from(lines(), { objectMode: false }),
          headers: { 'content-disposition': 'attachment; filename="audit.ndjson"' },
        };
      },
    }),
  ];
}

function selectionOf({ from, to, entity_id: entityId, ...filter }: z.output<typeof auditExportQuery>): AuditSelection {
  return {
    ...filter,
    entityId,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}

function entryOf({ at, before_document, after_document, ...row }: AuditRow): z.input<typeof auditEntrySchema> {
  return {
    ...row,
    at: new Date(at).toISOString(),
    before: before_document === null ? null : JSON.parse(before_document),
    after: after_document === null ? null : JSON.parse(after_document),
  };
}

/** Discrepancies of a run: pages, groups, comparison with another run, exports. Never shows lines of other sites than the caller's. */

import { EXPORT_TYPES, exportDiscrepancies } from '../../app/export-discrepancies.ts';
import {
  compareRuns,
  groupDiscrepancies,
  readDiscrepancies,
  streamDiscrepancies,
} from '../../app/read-discrepancies.ts';
import {
  comparisonQuery,
  comparisonSchema,
  discrepancyPage,
  discrepancyQuery,
  exportQuery,
  groupQuery,
  groupsSchema,
  runParams,
} from '../../contract/api/discrepancies.ts';
import type { ApiContext } from '../api-context.ts';
import { unknownCursor } from '../cursor.ts';
import { lineCursorOf, linePlaceOf, orderOf, questionOf } from '../line-question.ts';
import { type Route, route } from '../route.ts';

const NAMES = { method: 'GET', tag: 'discrepancies', role: 'viewer', scope: 'filtered', params: runParams } as const;

export function discrepancyRoutes({ results }: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      url: '/runs/:id/discrepancies',
      summary: 'Discrepancies of a run, page by page',
      query: discrepancyQuery,
      response: discrepancyPage,
      handle: async ({ params, query, principal }) => {
        // A page after the first is of the run that the first was of, even if a newer one is complete by then.
        const { run_id: runId } = await results.document(params.id);
        const question = questionOf(runId, query, principal);
        const order = orderOf(query.sort);
        const after = linePlaceOf(query.cursor, runId, question, order);
        const page = await readDiscrepancies(results, {
          ...question,
          order,
          after,
          offset: query.offset,
          limit: query.limit,
        });
        if (page === undefined) throw unknownCursor();
        const { lines, next, sums } = page;
        return {
          body: {
            items: lines,
            next_cursor: next === undefined ? null : lineCursorOf(runId, question, order, next),
            totals: sums,
          },
        };
      },
    }),
    exportRoute(results),
    route({
      ...NAMES,
      url: '/runs/:id/groups',
      summary: 'Sums of the discrepancies by site, category, cause, finding, direction, priority, age or item',
      query: groupQuery,
      response: groupsSchema,
      handle: async ({ params, query, principal }) => {
        const { by, limit } = query;
        const found = await groupDiscrepancies(results, questionOf(params.id, query, principal), { by, limit });
        const { run, groups, others } = found;
        return { body: { run_id: run.run_id, currency: run.currency, groups, others } };
      },
    }),
    route({
      ...NAMES,
      url: '/runs/:id/comparison',
      summary: 'What is new, worse, better, the same and gone since another run',
      query: comparisonQuery,
      response: comparisonSchema,
      handle: async ({ params, query, principal }) => {
        const { run, since, sums } = await compareRuns(results, questionOf(params.id, query, principal));
        return { body: { run_id: run.run_id, since: since.run_id, currency: run.currency, ...sums } };
      },
    }),
  ];
}

function exportRoute(results: ApiContext['results']): Route {
  return route({
    ...NAMES,
    url: '/runs/:id/discrepancies/export',
    summary: 'All discrepancies that fit, as a file',
    query: exportQuery,
    produces: Object.values(EXPORT_TYPES),
    handle: async ({ params, query, principal }) => {
      const { run_id: runId } = await results.document(params.id);
      const question = { ...questionOf(runId, query, principal), order: orderOf(query.sort) };
      const batches = streamDiscrepancies(results, question);
      // What is wrong with the question is said before the first byte is sent.
      const first = await batches.next();
      const all = async function* () {
        if (first.done !== true) yield first.value;
        yield* batches;
      };
      const name = `discrepancies-${runId}.${query.format}`;
      return {
        stream: await exportDiscrepancies(all(), query.format, query.columns),
        type: EXPORT_TYPES[query.format],
        headers: { 'content-disposition': `attachment; filename="${name}"` },
      };
    },
  });
}

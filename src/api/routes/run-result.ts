/** What a run found. Never sums over sites that the caller does not see. */
import { readRunResult } from '../../app/read-run-result.ts';
import { runParams } from '../../contract/api/discrepancies.ts';
import { runResultSchema } from '../../contract/api/run-result.ts';
import type { ApiContext } from '../api-context.ts';
import { type Route, route } from '../route.ts';

export function runResultRoutes({ results }: ApiContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/runs/:id/result',
      summary: 'What a run found: totals, sites, categories, findings, inputs, quality',
      tag: 'runs',
      role: 'viewer',
      scope: 'filtered',
      params: runParams,
      response: runResultSchema,
      handle: async ({ params: { id }, principal }) => ({
        body: JSON.parse(JSON.stringify(await readRunResult(results, id, principal.sites))),
      }),
    }),
  ];
}

/** Whether the server lives, and whether it can serve: for load balancers and supervisors. Never needs a key. */
import { healthSchema, readySchema } from '../../contract/api/health.ts';
import { findRoomProblem } from '../../store/disk-room.ts';
import type { ApiContext, ReadyCheck } from '../api-context.ts';
import { type Route, route } from '../route.ts';

export function healthRoutes(context: ApiContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/health',
      summary: 'Whether the server lives',
      tag: 'operation',
      role: 'public',
      scope: 'none',
      response: healthSchema,
      handle: () => ({ body: { status: 'ok', version: context.version } }),
    }),
    route({
      method: 'GET',
      url: '/ready',
      summary:
        'Whether the server can serve: its store answers, its disk has room, its configuration is valid, it is not stopping',
      tag: 'operation',
      role: 'public',
      scope: 'none',
      response: readySchema,
      otherStatuses: { 503: 'It cannot serve; the checks say why' },
      handle: async () => {
        const checks = [...(await ownChecks(context)), ...(await context.checks())];
        const isReady = checks.every(({ isOk }) => isOk);
        return {
          status: isReady ? 200 : 503,
          body: {
            status: isReady ? 'ready' : 'not-ready',
            checks: checks.map(({ name, isOk, detail }) => ({
              name,
              is_ok: isOk,
              ...(detail !== undefined && { detail }),
            })),
          },
        };
      },
    }),
  ];
}

async function ownChecks({ database, dataDirectory, stopping }: ApiContext): Promise<ReadyCheck[]> {
  const store = await database.db
    .selectFrom('counters')
    .select('name')
    .limit(1)
    .execute()
    .then(
      () => ({ name: 'store', isOk: true }),
      () => ({ name: 'store', isOk: false, detail: 'the store does not answer' }),
    );
  const problem = await findRoomProblem(dataDirectory);
  const disk = { name: 'disk', isOk: problem === undefined, ...(problem !== undefined && { detail: problem.text }) };
  return [store, disk, { name: 'running', isOk: !stopping.aborted }];
}

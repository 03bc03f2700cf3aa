/** Runs asked for, looked at and cancelled. Never made here: the queue has them done. */
import { z } from 'zod';
import { runIdSchema, runRequestSchema, runSchema, runsPage, runsQuery } from '../../contract/api/runs.ts';
import { Failure } from '../../core/model/failure.ts';
import { runIdOf } from '../../core/model/run-id.ts';
import { hasRole, type Principal } from '../../store/work/principal.ts';
import { cancelRun, findRun, listRuns, type RunRecord, requestRun } from '../../store/work/runs.ts';
import { storeNow } from '../../store/work/store-clock.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { ApiProblem } from '../problem.ts';
import { type Answer, type Call, type Route, route } from '../route.ts';
import { isRunOwn, isRunVisible, runView } from '../run-view.ts';

const NAMES = { tag: 'runs', scope: 'filtered' } as const;
const params = z.strictObject({ id: runIdSchema });
const position = z.tuple([z.int(), z.string()]);

export function runRoutes(context: ApiContext): Route[] {
  const { db } = context.database;
  return [
    route({
      ...NAMES,
      method: 'POST',
      url: '/runs',
      summary: 'Ask for a run; its address says how far it is',
      role: 'analyst',
      idempotency: 'kept',
      body: runRequestSchema,
      status: 202,
      response: runSchema,
      handle: (call) => request(context, call),
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/runs',
      summary: 'Runs, the newest first',
      role: 'viewer',
      query: runsQuery,
      response: runsPage,
      handle: (call) => list(context, call),
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/runs/:id',
      summary: 'A run: how far it is, what came of it',
      role: 'viewer',
      params,
      response: runSchema,
      handle: async ({ params: { id }, principal }) => ({ body: runView(await getRun(db, id, principal), principal) }),
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/runs/:id/cancel',
      summary: 'Ask a run to end; nothing of it is kept',
      role: 'analyst',
      idempotency: 'kept',
      params,
      status: 202,
      response: runSchema,
      handle: (call) => cancel(context, call),
    }),
  ];
}

async function request(
  context: ApiContext,
  { body: { force, ...filters }, principal, by, write }: Call<undefined, undefined, z.output<typeof runRequestSchema>>,
): Promise<Answer<z.input<typeof runSchema>>> {
  if (!isRunOwn(principal, { filters }))
    throw new ApiProblem(403, 'SITES_TOO_FEW', 'name sites that you see under site');
  if (force !== undefined && !hasRole(principal, 'approver'))
    throw new ApiProblem(403, 'ROLE_TOO_LOW', 'force needs the role approver');
  const now = await storeNow(context.database, context.now);
  const trace = context.tracing?.current();
  return write(async (transaction) => {
    const id = await requestRun(transaction, {
      id: runIdOf(now, context.randomBytes(3)),
      cause: 'request',
      requestedBy: by.actor,
      requestId: by.requestId,
      filters,
      ...(force !== undefined && { force: { by: by.actor, reason: force.reason } }),
      ...(trace !== undefined && { trace }),
      now,
    });
    return { body: runView(await getRun(transaction, id, principal), principal), location: `/runs/${id}` };
  });
}

async function list(
  { database }: ApiContext,
  { query, principal }: Call<undefined, z.output<typeof runsQuery>, undefined>,
): Promise<Answer<z.input<typeof runsPage>>> {
  const { state, cause, schedule, limit } = query;
  const selection = {
    ...(state.length > 0 && { states: state }),
    ...(cause.length > 0 && { causes: cause }),
    ...(schedule !== undefined && { scheduleId: schedule }),
    limit: limit + 1,
  };
  const [createdAt, id] = positionOf(query.cursor, position) ?? [];
  let before = createdAt === undefined || id === undefined ? undefined : { createdAt, id };
  const visible: RunRecord[] = [];
  // Reads on until the page is full or the list is through: some runs are not for this principal.
  for (let isMore = true; isMore; ) {
    const rows = await listRuns(database.db, { ...selection, ...(before !== undefined && { before }) });
    visible.push(...rows.filter((run) => isRunVisible(principal, run)));
    before = rows.at(-1);
    isMore = rows.length > limit && visible.length <= limit;
  }
  const body = pageFrom(
    visible,
    limit,
    (run) => runView(run, principal),
    (run) => [run.createdAt, run.id],
  );
  return { body };
}

function cancel(
  { now }: ApiContext,
  { params: { id }, principal, by, write }: Call<z.output<typeof params>, undefined, undefined>,
): Promise<Answer<z.input<typeof runSchema>>> {
  return write(async (transaction) => {
    const run = await getRun(transaction, id, principal);
    if (!isRunOwn(principal, run)) throw new ApiProblem(403, 'SITES_TOO_FEW', 'the run is about other sites as well');
    if (!(await cancelRun(transaction, id, { ...by, now: now() })))
      throw new Failure('conflict', 'RUN_OVER', `the run ${id} is over`, 'Ask for a new one.');
    return { body: runView(await getRun(transaction, id, principal), principal) };
  });
}

/** A run that the principal may not see is not there. */
async function getRun(db: Parameters<typeof findRun>[0], id: string, principal: Principal): Promise<RunRecord> {
  const run = await findRun(db, id);
  if (run !== undefined && isRunVisible(principal, run)) return run;
  throw new Failure('absent', 'RUN_UNKNOWN', `there is no run ${id}`);
}

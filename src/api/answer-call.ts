/**
 * Runs a route's handler for one request: parts read by their schemas, one transaction for what it writes, repeated writes
 * answered as before. Never decides whether the caller may.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { WorkState } from '../store/database/work-state.ts';
import { doOnce, type WriteKey } from '../store/work/idempotency.ts';
import type { Principal } from '../store/work/principal.ts';
import type { ApiContext } from './api-context.ts';
import type { Identity } from './authenticate.ts';
import { entityTagOf, expectedVersionOf } from './entity-tag.ts';
import { ApiProblem, unreadableText } from './problem.ts';
import type { Answer, Call, Route } from './route.ts';

const PREFIX = '/api/v1';
/** Who sends rows repeats in minutes; later nothing is taken twice either, but counted as duplicates. */
const UPLOAD_KEPT_MS = 24 * 3_600_000;

export async function answerCall(
  context: ApiContext,
  route: Route,
  { principal, session }: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const hasUpload = route.consumes !== undefined;
  const key = idempotencyKeyOf(request);
  const keeps = route.idempotency === 'kept' || route.idempotency === 'once';
  let signal: AbortSignal | undefined;
  const call: Call<unknown, unknown, unknown> = {
    params: read(route.params, request.params, 'params'),
    query: read(route.query, request.query, 'query'),
    body: hasUpload ? undefined : read(route.body, request.body ?? undefined, 'body'),
    upload: request.body as Readable,
    principal,
    by: { actor: principal.actor, requestId: request.id },
    session,
    requestId: request.id,
    idempotencyKey: key,
    expectedVersion: route.ifMatch ? expectedVersionOf(request.headers['if-match']) : 0,
    get signal() {
      signal ??= endOf(reply, context.stopping);
      return signal;
    },
    request,
    reply,
    write: (change, contentHash) => {
      const isKept = (keeps || contentHash !== undefined) && key !== undefined;
      const kept = isKept ? writeKeyOf(principal, key, request, contentHash) : undefined;
      return write(context, route, request, kept, change);
    },
  };
  return send(route, reply, await route.handle(call));
}

/** Made where a handler asks for it only: most are through before anybody could go. */
function endOf(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  stopping.addEventListener('abort', end);
  // That of the request comes when its body is read; that of the answer, when nobody listens any more.
  reply.raw.once('close', () => {
    stopping.removeEventListener('abort', end);
    end();
  });
  if (stopping.aborted) end();
  return ended.signal;
}

/** Nothing may stand where the route says nothing. */
function read(schema: z.ZodType | undefined, given: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (schema === undefined) {
    const unknown = part === 'query' ? Object.keys(given as object)[0] : undefined;
    if (unknown === undefined) return undefined;
    throw invalid(400, [{ path: `query.${unknown}`, message: 'there is no such parameter' }]);
  }
  if (part !== 'body' && JSON.stringify(given).includes('\\u0000')) throw unreadableText();
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalid(
    part === 'body' ? 422 : 400,
    result.error.issues.map(({ path, message }) => ({ path: [part, ...path.map(String)].join('.'), message })),
  );
}

function invalid(status: number, errors: { path: string; message: string }[]): ApiProblem {
  const shown = errors.slice(0, 50);
  const [first] = shown;
  return new ApiProblem(status, 'REQUEST_INVALID', `${first?.path}: ${first?.message}`, { errors: shown });
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined || request.method === 'GET') return undefined;
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(given))
    throw new ApiProblem(400, 'IDEMPOTENCY_KEY_UNREADABLE', 'Idempotency-Key: 1 to 200 visible ASCII characters');
  return given;
}

function writeKeyOf(
  { actor }: Principal,
  key: string,
  { method, url, body }: FastifyRequest,
  contentHash: string | undefined,
): WriteKey {
  const asked = JSON.stringify([method, url, contentHash ?? body ?? null]);
  const requestHash = createHash('sha256').update(asked).digest('hex');
  return { principal: actor, key, requestHash, keptMs: contentHash === undefined ? undefined : UPLOAD_KEPT_MS };
}

type Change<T> = (transaction: Transaction<WorkState>) => Promise<Answer<T>>;

async function write<T>(
  { database, now }: ApiContext,
  route: Route,
  request: FastifyRequest,
  key: WriteKey | undefined,
  change: Change<T>,
): Promise<Answer<T>> {
  const done = await database.db.transaction().execute(async (transaction) => {
    if (key === undefined) return { kind: 'done', value: await change(transaction) } as const;
    return doOnce(transaction, key, now(), async () => {
      const value = await change(transaction);
      return { value, kept: { status: value.status ?? route.status ?? 200, response: keptText(route, value) } };
    });
  });
  if (done.kind === 'done') return done.value;
  if (done.kind === 'other-request')
    throw new ApiProblem(422, 'IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key came with another request before', {
      action: 'Use a new key for a new request.',
    });
  const { body, version, location } = JSON.parse(done.answer.response) as Answer<T>;
  if (route.idempotency === 'once')
    throw new ApiProblem(409, 'DONE_BEFORE', 'this request was done before; its secret was shown once', {
      ...(location !== undefined && { headers: { location: `${PREFIX}${location}` } }),
    });
  request.log.info({ idempotencyKey: key?.key }, 'a repeated request gets the first answer');
  return {
    status: done.answer.status,
    headers: { 'idempotent-replayed': 'true' },
    ...(body !== undefined && { body }),
    ...(version !== undefined && { version }),
    ...(location !== undefined && { location }),
  };
}

function keptText(route: Route, { body, version, location }: Answer<unknown>): string {
  return JSON.stringify({ ...(route.idempotency !== 'once' && { body }), version, location });
}

function send(route: Route, reply: FastifyReply, answer: Answer<unknown>): FastifyReply {
  // The handler writes to the socket itself, as for server-sent events.
  if (reply.sent) return reply;
  reply.code(answer.status ?? route.status ?? 200);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (answer.version !== undefined) reply.header('etag', entityTagOf(answer.version));
  if (answer.location !== undefined) reply.header('location', `${PREFIX}${answer.location}`);
  if (answer.stream !== undefined) return reply.type(answer.type ?? route.produces?.[0] ?? '').send(answer.stream);
  if (route.response === undefined || answer.body === undefined) return reply.send();
  // What the schema does not name is not sent: it throws on unknown names, so nothing slips out by accident.
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(route.response.parse(answer.body)));
}

/**
 * Puts the API together: every route of all-routes.ts behind one way of authentication, rights, limits and failures.
 *
 * How an endpoint is added: write a function `thingRoutes(context: ApiContext): Route[]` in `routes/thing.ts`, each entry made
 * by `route({ method, url, summary, tag, role, scope, idempotency, params, query, body, response, handle })` (route.ts says what
 * each means), with zod schemas from `src/contract/api/thing.ts`; add it to `allRoutes`. Then the handler
 * - gets `call.params`, `call.query`, `call.body` as the schemas made them, and `call.principal`, who may call the route;
 * - leaves out rows of sites that the principal may not see (`scope: 'filtered'`);
 * - writes in `call.write(async (transaction) => …)`, appending to the audit trail there; `call.expectedVersion` is If-Match;
 * - returns `{ body, version?, location?, status? }`, or `{ stream }`, or writes to `call.reply.raw` after `call.reply.hijack()`;
 * - throws Failure (`absent`, `conflict`, `stale`, …) for what is not possible: problem.ts makes the answer.
 * Lists use `pageQuery`, `pageOf` (contract/api/paging.ts) and `positionOf`, `pageFrom` (cursor.ts). Tests use
 * `describeApi` of api-fixture.ts. Never starts to listen: src/server does.
 */
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { allRoutes } from './all-routes.ts';
import { answerCall } from './answer-call.ts';
import type { ApiContext } from './api-context.ts';
import { ANONYMOUS, authenticate, checkSameSite, type Identity } from './authenticate.ts';
import { authorise } from './authorise.ts';
import { limitBytes } from './limit-bytes.ts';
import { ApiProblem, apiProblemOf, problemDocument } from './problem.ts';
import { RequestMetrics } from './request-metrics.ts';
import type { Route } from './route.ts';
import { traceRequests } from './trace-requests.ts';

const BODY_BYTES_MAX = 2 ** 20;
/** Codes of items may be long; more is an attack on the router. */
const PARAMETER_LENGTH_MAX = 500;
/** A request that has not arrived by then is dropped: a slow sender holds a socket, no more. */
const REQUEST_MS_MAX = 120_000;
/** Answers with a secret are shorter: what is compressed beside what an attacker chose can be guessed by its length. */
const COMPRESSED_BYTES_MIN = 4_096;
const REQUEST_ID = /^[\w.-]{1,64}$/;

export async function buildApi(context: ApiContext): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: context.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    forceCloseConnections: 'idle',
    trustProxy: context.trustedProxies === undefined ? false : [...context.trustedProxies],
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : context.newId();
    },
  });
  const identities = new WeakMap<FastifyRequest, Identity>();
  if (context.tracing !== undefined) traceRequests(app, context.tracing);
  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    identities.set(request, await authenticate(context, request));
  });
  const isSecure = context.publicUrl?.startsWith('https:') ?? false;
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Over plain http it means nothing, and behind a proxy it is the public address that it speaks of.
    hsts: isSecure,
  });
  await app.register(compress, { threshold: COMPRESSED_BYTES_MIN });
  await limitRates(app, identities);
  answerFailures(app);
  const requests = new RequestMetrics();
  noteRequests(app, requests, identities);
  const routes = allRoutes({ ...context, metrics: async () => requests.text() + (await context.metrics()) });
  // Forms of other sites can send it without being asked about it.
  app.removeContentTypeParser('text/plain');
  await app.register((scope, _options, done) => {
    for (const route of routes) if (route.consumes === undefined) addRoute(scope, context, route, identities);
    done();
  });
  await app.register((scope, _options, done) => {
    // These bodies are read by their handlers, as they arrive.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request, payload, parsed) =>
      parsed(null, limitBytes(payload, request.routeOptions.bodyLimit)),
    );
    scope.addHook('onResponse', async ({ raw }) => {
      // Who was answered in the middle of an upload may send on for a moment, and not for ever.
      if (raw.complete === false) setTimeout(() => raw.complete || raw.socket.destroy(), UNREAD_MS_MAX).unref();
    });
    for (const route of routes) if (route.consumes !== undefined) addRoute(scope, context, route, identities);
    done();
  });
  return app;
}

/** One line for each request that changes something or fails; the others where the log is told to say more. Never its query. */
function noteRequests(
  app: FastifyInstance,
  requests: RequestMetrics,
  identities: WeakMap<FastifyRequest, Identity>,
): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip, routeOptions } = request;
    const { statusCode: status, elapsedTime } = reply;
    const url = routeOptions.url ?? 'unknown';
    requests.note(method, url, status, elapsedTime / 1_000);
    const actor = identities.get(request)?.principal.actor;
    const about = { method, route: url, status, ms: Math.round(elapsedTime), actor, address: ip };
    if (status >= 500) request.log.error(about, 'request failed');
    else if (status >= 400 || method !== 'GET') request.log.info(about, 'request');
    else request.log.debug(about, 'request');
  });
}

const UNREAD_MS_MAX = 2_000;

/** Per minute: a program that is known, and an address that says nothing of itself. */
const REQUESTS_MAX = 60_000;
const ANONYMOUS_REQUESTS_MAX = 600;

async function limitRates(app: FastifyInstance, identities: WeakMap<FastifyRequest, Identity>): Promise<void> {
  const actorOf = (request: FastifyRequest): string => identities.get(request)?.principal.actor ?? ANONYMOUS.actor;
  await app.register(rateLimit, {
    timeWindow: 60_000,
    max: (request) => (actorOf(request) === ANONYMOUS.actor ? ANONYMOUS_REQUESTS_MAX : REQUESTS_MAX),
    keyGenerator: (request) => (actorOf(request) === ANONYMOUS.actor ? `address ${request.ip}` : actorOf(request)),
    errorResponseBuilder: (_request, { after }) =>
      new ApiProblem(429, 'REQUESTS_TOO_MANY', `too many requests in a minute; come again in ${after}`),
  });
}

function addRoute(
  app: FastifyInstance,
  context: ApiContext,
  route: Route,
  identities: WeakMap<FastifyRequest, Identity>,
): void {
  const identityOf = (request: FastifyRequest): Identity => identities.get(request) as Identity;
  app.route({
    method: route.method,
    url: `/api/v1${route.url}`,
    bodyLimit: route.bytesMax ?? BODY_BYTES_MAX,
    ...(route.perMinuteMax !== undefined && { config: { rateLimit: { max: route.perMinuteMax } } }),
    // Before the body is read: who may not call does not make the server read.
    preParsing: async (request) => {
      const identity = identityOf(request);
      if (identity.problem !== undefined) throw identity.problem;
      checkSameSite(context, request, identity, route.role === 'public');
      authorise(route, identity.principal);
      if (route.consumes !== undefined) checkMediaType(route.consumes, request.headers['content-type']);
    },
    handler: (request, reply) => answerCall(context, route, identityOf(request), request, reply),
  });
}

function checkMediaType(consumes: readonly string[], given: string | undefined): void {
  const type = given?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!consumes.includes(type))
    throw new ApiProblem(415, 'MEDIA_TYPE_UNKNOWN', `the content type ${type || 'is missing'}`, {
      action: `Send ${consumes.join(' or ')}.`,
    });
}

function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const known = apiProblemOf(error);
    if (known === undefined) request.log.error({ err: error }, 'a request failed by a bug');
    const problem = known ?? new ApiProblem(500, 'BUG', 'the log says more under this request id');
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problemDocument(problem, request.id)));
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new ApiProblem(404, 'ADDRESS_UNKNOWN', 'there is nothing at this address');
  });
}

/**
 * Tells traces of requests: route, status and request id, as a part of what the caller's own trace says. Never a query, a body or
 * who asked; and nothing of those who only ask whether the server lives.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Span, Tracing } from '../app/tracing.ts';
import type { TraceContext } from '../core/model/trace-context.ts';

const UNTOLD = ['/api/v1/health', '/api/v1/ready'];
const TRACESTATE_LENGTH_MAX = 512;

/** To be called before any other hook is added: what they take belongs to the request. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, id, headers } = request;
    const route = request.routeOptions.url ?? 'unknown';
    if (UNTOLD.includes(route)) return done();
    const span = tracing.begin({
      name: `${method} ${route}`,
      kind: 'server',
      parent: contextOf(headers),
      facts: { 'http.request.method': method, 'http.route': route, 'evenstock.request_id': id },
    });
    spans.set(request, span);
    // Fastify keeps what surrounds it over the reading of the body.
    return span.run(done);
  });
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request);
    span?.note({ 'http.response.status_code': statusCode });
    if (statusCode >= 500) span?.fail(String(statusCode));
    span?.end();
    done();
  });
}

function contextOf({ traceparent, tracestate }: FastifyRequest['headers']): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const isFit = typeof tracestate === 'string' && tracestate.length <= TRACESTATE_LENGTH_MAX;
  return { traceparent, ...(isFit && { tracestate }) };
}

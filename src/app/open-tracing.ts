/**
 * Sends traces where the usual variables of OpenTelemetry name an endpoint. Decides that nothing is loaded otherwise, and that a
 * collector which is away costs the traces and nothing else.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type * as Api from '@opentelemetry/api';
import type { BasicTracerProvider, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Environment } from '../config/secret-text.ts';
import { parseTraceparent, type TraceContext, traceparentOf } from '../core/model/trace-context.ts';
import type { Span, SpanFacts, SpanStart, Tracing } from './tracing.ts';

interface TracingLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

/** undefined where no endpoint is named, or it cannot be used: the log says why. */
export async function openTracing(
  environment: Environment,
  version: string,
  log: TracingLog,
): Promise<Tracing | undefined> {
  const endpoint = endpointOf(environment);
  if (endpoint === undefined) return undefined;
  try {
    if (!/^https?:/.test(new URL(endpoint).protocol)) throw new Error(`${endpoint} is no address of HTTP`);
    const { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: own, OTEL_EXPORTER_OTLP_PROTOCOL: protocol } = environment;
    if ((own || protocol) === 'grpc') log.warn({}, 'traces are sent over HTTP as JSON, not by gRPC');
    const [api, provider] = await Promise.all([import('@opentelemetry/api'), openProvider(version, log)]);
    log.info({}, 'traces are sent to the endpoint of OpenTelemetry');
    return new OpenTelemetryTracing(api, provider, version);
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'traces cannot be sent');
    return undefined;
  }
}

function endpointOf(environment: Environment): string | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = environment;
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined;
  if (environment['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
  return OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() || OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || undefined;
}

/** Endpoint, headers, sampling, batches and limits are read from the process's environment by the libraries themselves. */
async function openProvider(version: string, log: TracingLog): Promise<BasicTracerProvider> {
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { resourceFromAttributes, detectResources, envDetector } = resources;
  const own = { 'service.name': 'evenstock', 'service.version': version, 'process.pid': process.pid };
  return new BasicTracerProvider({
    resource: resourceFromAttributes(own).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(sayingWhenItFails(new OTLPTraceExporter(), log))],
  });
}

/** Once when it begins to fail, once when it goes again. */
function sayingWhenItFails(exporter: SpanExporter, log: TracingLog): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const fails = result.code !== 0;
        if (fails && !isFailing) log.warn({ error: result.error?.message }, 'traces are lost: nothing takes them');
        if (!fails && isFailing) log.info({}, 'traces are taken again');
        isFailing = fails;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

class OpenTelemetryTracing implements Tracing {
  private readonly api: typeof Api;
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Api.Tracer;
  private readonly around = new AsyncLocalStorage<OpenTelemetrySpan>();

  constructor(api: typeof Api, provider: BasicTracerProvider, version: string) {
    this.api = api;
    this.provider = provider;
    this.tracer = provider.getTracer('evenstock', version);
  }

  begin({ name, kind, parent, facts = {} }: SpanStart): Span {
    const { SpanKind, ROOT_CONTEXT } = this.api;
    const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;
    const above = this.remote(parent) ?? this.around.getStore()?.below ?? ROOT_CONTEXT;
    const options = { kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind], attributes: facts };
    return new OpenTelemetrySpan(
      this.api,
      this.tracer,
      this.around,
      this.tracer.startSpan(name, options, above),
      above,
    );
  }

  current(): TraceContext | undefined {
    return this.around.getStore()?.context;
  }

  async stop(msMax: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, msMax);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  private remote(parent: TraceContext | undefined): Api.Context | undefined {
    const read = parent === undefined ? undefined : parseTraceparent(parent.traceparent);
    if (read === undefined) return undefined;
    const { ROOT_CONTEXT, trace, TraceFlags, createTraceState } = this.api;
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId: read.traceId,
      spanId: read.spanId,
      traceFlags: read.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: true,
      ...(parent?.tracestate !== undefined && { traceState: createTraceState(parent.tracestate) }),
    });
  }
}

class OpenTelemetrySpan implements Span {
  /** For spans that are parts of this one. */
  readonly below: Api.Context;
  private readonly api: typeof Api;
  private readonly tracer: Api.Tracer;
  private readonly around: AsyncLocalStorage<OpenTelemetrySpan>;
  private readonly span: Api.Span;

  constructor(
    api: typeof Api,
    tracer: Api.Tracer,
    around: AsyncLocalStorage<OpenTelemetrySpan>,
    span: Api.Span,
    above: Api.Context,
  ) {
    this.api = api;
    this.tracer = tracer;
    this.around = around;
    this.span = span;
    this.below = api.trace.setSpan(above, span);
  }

  get context(): TraceContext {
    const { traceId, spanId, traceFlags, traceState } = this.span.spanContext();
    const isSampled = (traceFlags & this.api.TraceFlags.SAMPLED) !== 0;
    const tracestate = traceState?.serialize() ?? '';
    return { traceparent: traceparentOf({ traceId, spanId, isSampled }), ...(tracestate !== '' && { tracestate }) };
  }

  run<T>(work: () => T): T {
    return this.around.run(this, work);
  }

  note(facts: SpanFacts): void {
    this.span.setAttributes(facts);
  }

  record(name: string, fromMs: number, toMs: number, facts: SpanFacts = {}): void {
    const part = this.tracer.startSpan(name, { startTime: new Date(fromMs), attributes: facts }, this.below);
    part.end(new Date(toMs));
  }

  fail(code: string): void {
    this.span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: code });
  }

  end(): void {
    this.span.end();
  }
}

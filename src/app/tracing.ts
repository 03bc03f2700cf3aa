/**
 * What is told of work while it goes on, to whoever collects traces: how long, as part of what, and how it ended. Never who did
 * it, and never rows of data. Where nothing collects them there is no Tracing, and work costs nothing more.
 */
import { Failure } from '../core/model/failure.ts';
import type { TraceContext } from '../core/model/trace-context.ts';

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** As few different ones as there are kinds of work: `GET /api/v1/runs/:id`, `run`. */
  readonly name: string;
  /** `server` answers a request, `consumer` does what was asked for earlier. */
  readonly kind?: 'server' | 'consumer';
  /** Where the work was asked for; without it the span around it, if there is one. */
  readonly parent?: TraceContext | undefined;
  readonly facts?: SpanFacts;
}

export interface Span {
  /** For what goes on elsewhere or later, as a part of this. */
  readonly context: TraceContext;
  /** Spans that begin in `work` are parts of this one. */
  run<T>(work: () => T): T;
  note(facts: SpanFacts): void;
  /** A part of it that is over, by milliseconds since 1970. */
  record(name: string, fromMs: number, toMs: number, facts?: SpanFacts): void;
  fail(code: string): void;
  end(): void;
}

export interface Tracing {
  begin(start: SpanStart): Span;
  /** Of the span around the caller. */
  current(): TraceContext | undefined;
  /** Sends what was not sent yet, for so long at most. */
  stop(msMax: number): Promise<void>;
}

/** Does work as a span; what it throws is told by its code. */
export async function inSpan<T>(
  tracing: Tracing | undefined,
  start: SpanStart,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (tracing === undefined) return work(undefined);
  const span = tracing.begin(start);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(error instanceof Failure ? error.code : 'INTERNAL');
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Decides what an endpoint must say of itself, so that none is forgotten: who may call it, which rows of which sites it
 * touches, what it takes and gives, and what a repeated write does. Never answers: build-api.ts registers what this describes.
 */
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { Role, WorkState } from '../store/database/work-state.ts';
import type { ChangedBy } from '../store/work/audit.ts';
import type { Principal } from '../store/work/principal.ts';
import type { Session } from '../store/work/sessions.ts';

export interface Answer<T> {
  /** Where it is not the route's `status`. */
  readonly status?: number;
  readonly body?: T;
  /** Version of what people edit: the ETag. */
  readonly version?: number;
  /** Address of what was made, from /api/v1 on. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of a body, in one of the media types under `produces`. */
  readonly stream?: Readable;
  readonly type?: string;
}

/** A request that may be answered: it is allowed, and its parts are as the schemas want them. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body, unread, of a route with `consumes`; its media type is in `request.headers`. */
  readonly upload: Readable;
  readonly principal: Principal;
  /** Who writes, for the audit trail. */
  readonly by: Required<ChangedBy>;
  /** Of a person who came with the cookie of a session. */
  readonly session: Session | undefined;
  readonly requestId: string;
  /** Header Idempotency-Key. */
  readonly idempotencyKey: string | undefined;
  /** Header If-Match: the version that the caller has read. Always there on a route with `ifMatch`. */
  readonly expectedVersion: number;
  /** Aborted when the caller has gone or the server stops. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /**
   * One transaction for everything that the request changes. With an Idempotency-Key it also keeps the answer, and a repeated
   * request gets that one; `change` does not run again. `contentHash` stands for an upload, which the handler has read by then;
   * the answer to one is kept for a day.
   */
  write<T>(
    change: (transaction: Transaction<WorkState>) => Promise<Answer<T>>,
    contentHash?: string,
  ): Promise<Answer<T>>;
}

/**
 * What a repeated write does: `kept` gets the first answer again (the handler must use `call.write`); `once` is told that it
 * was done, because the answer held a secret (`call.write` as well); `by-content` is a no-op by what it holds, the handler sees
 * to it, and it may get the first answer again by a content hash; `repeatable` does the same again, which changes nothing.
 */
export type Idempotency = 'kept' | 'once' | 'by-content' | 'repeatable';

/**
 * Which rows the route touches: `filtered` the handler leaves out what the principal may not see (canSee); `all-sites` only
 * those may call it who see all sites, because it is about all of them; `none` it holds nothing of any site.
 */
export type SiteScope = 'filtered' | 'all-sites' | 'none';

interface RouteShape<P, Q, B, R> {
  /** Below /api/v1, parameters as `:id`. */
  readonly url: string;
  readonly summary: string;
  readonly tag: string;
  /** The least role; `public` needs none. */
  readonly role: Role | 'public';
  readonly scope: SiteScope;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Media types of an upload that the handler reads itself, instead of `body`. */
  readonly consumes?: readonly string[];
  /** Largest body in bytes; 1 MiB where not given. */
  readonly bytesMax?: number;
  /** Requests of one caller in a minute, where it is fewer than everywhere. */
  readonly perMinuteMax?: number;
  /** 200 where not given. */
  readonly status?: 200 | 201 | 202 | 204 | 302;
  readonly response?: z.ZodType<unknown, R>;
  /** Media types of a stream, instead of `response`. */
  readonly produces?: readonly string[];
  /** Other statuses than those that every route may answer, for the description. */
  readonly otherStatuses?: Readonly<Record<number, string>>;
  readonly ifMatch?: boolean;
  readonly handle: (call: Call<P, Q, B>) => Promise<Answer<NoInfer<R>>> | Answer<NoInfer<R>>;
}

type RouteDefinition<P, Q, B, R> = RouteShape<P, Q, B, R> &
  (
    | { readonly method: 'GET' }
    | { readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly idempotency: Idempotency }
  );

/** Any endpoint. */
export type Route = RouteShape<unknown, unknown, unknown, unknown> & {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly idempotency?: Idempotency;
};

/** Checks a definition against its schemas; what it returns stands in the list of all routes. */
export function route<P = undefined, Q = undefined, B = undefined, const R = unknown>(
  definition: RouteDefinition<P, Q, B, R>,
): Route {
  return definition as unknown as Route;
}

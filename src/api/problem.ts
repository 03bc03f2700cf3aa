/** The one place where failures become HTTP answers. Never tells a caller about statements, stacks or paths of the machine. */
import type { Problem } from '../contract/api/problem.ts';
import { Failure, type FailureKind } from '../core/model/failure.ts';
import { storageFailure } from '../store/storage-failure.ts';
import { isStoreOutage } from '../store/store-outage.ts';

/** What only the API knows to refuse. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly action: string | undefined;
  readonly errors: Problem['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: {
      readonly action?: string;
      readonly errors?: Problem['errors'];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.action = more.action;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

const STATUS_BY_KIND: Readonly<Record<FailureKind, number>> = {
  usage: 400,
  forbidden: 403,
  absent: 404,
  conflict: 409,
  refused: 409,
  cancelled: 409,
  stale: 412,
  configuration: 422,
  unreachable: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'Nobody is signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not available in this form',
  408: 'The request took too long to arrive',
  409: 'Not possible as things stand',
  412: 'Changed by somebody else',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Not valid',
  428: 'A header is missing',
  429: 'Too many requests',
  500: 'This is a bug of evenstock',
  503: 'Not available just now',
};

/** `undefined` where the error is our bug. */
export function apiProblemOf(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  const failure = storageFailure(error);
  if (failure instanceof Failure) {
    const status = STATUS_BY_KIND[failure.kind];
    return new ApiProblem(status, failure.code, failure.message, {
      ...(failure.action !== '' && { action: failure.action }),
      ...(status === 503 && { headers: { 'retry-after': '5' } }),
    });
  }
  if (isStoreOutage(error))
    return new ApiProblem(503, 'STORE_UNREACHABLE', 'the store does not answer', {
      action: 'Send it again in a moment; with its Idempotency-Key a request is done once.',
      headers: { 'retry-after': '5' },
    });
  // SQLSTATE 22021: PostgreSQL keeps no NUL.
  if ((error as { code?: unknown } | null)?.code === '22021') return unreadableText();
  return frameProblem(error);
}

export function unreadableText(): ApiProblem {
  return new ApiProblem(400, 'TEXT_UNREADABLE', 'a text holds the character NUL');
}

/** What fastify found wrong before a handler saw the request. */
function frameProblem(error: unknown): ApiProblem | undefined {
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined;
  const name = (code ?? `HTTP_${statusCode}`).replace(/^FST_(ERR_)?/, '');
  const titled = TITLES[statusCode] === undefined ? 400 : statusCode;
  return new ApiProblem(titled, name, String(message ?? ''));
}

/** The document that is sent. */
export function problemDocument(problem: ApiProblem, requestId: string): Problem {
  return {
    type: `urn:evenstock:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[problem.status] ?? 'Failed',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    ...(problem.action !== undefined && { action: problem.action }),
    request_id: requestId,
    ...(problem.errors !== undefined && { errors: problem.errors }),
  };
}

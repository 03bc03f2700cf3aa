/**
 * The API for programs, in Node and in browsers: each operation typed as the server describes it. Decides what is sent again
 * after a failure: whatever cannot take effect twice. Never keeps state but the key.
 */
import type { Operations } from './api-types.ts';
import { followEvents, type ServerEvent } from './follow-events.ts';

export type { Operations } from './api-types.ts';
export type { ServerEvent } from './follow-events.ts';
export type OperationName = keyof Operations;

type Asked<O extends OperationName> = Omit<Operations[O], 'answer'>;

export interface CallOptions {
  /** The same key with the same request takes effect once; a new one for each call where not given. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface EventOptions {
  /** Kinds, or their beginnings up to a dot: `run`, `discrepancy.opened`. All where not given. */
  readonly kind?: readonly string[];
  readonly site?: readonly string[];
  /** The last event that is known; where not given, only what happens from now on. */
  readonly after?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
  /** Of what people edit: to be given back with a change. */
  readonly version: number | undefined;
  /** Address of what was made, such as /api/v1/runs/… */
  readonly location: string | undefined;
}

export interface ClientSettings {
  /** Of the server: http://127.0.0.1:8470 */
  readonly url: string;
  /** An API key; in a page of the server itself the session's cookie stands for it. */
  readonly key?: string;
  /** Of the session, for writes from a page. */
  readonly csrfToken?: string;
  /** How often a call is sent that does not get through; 4 where not given. */
  readonly attemptsMax?: number;
  readonly fetch?: typeof fetch;
}

/** What the server answers where it does not do what was asked. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly action: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, problem: Record<string, unknown>) {
    super(String(problem['detail'] ?? `the server answers ${status}`));
    this.name = 'ApiError';
    this.status = status;
    this.code = String(problem['code'] ?? 'UNKNOWN');
    this.action = problem['action'] as string | undefined;
    this.requestId = problem['request_id'] as string | undefined;
    this.errors = (problem['errors'] as ApiError['errors'] | undefined) ?? [];
  }
}

const ATTEMPTS_MAX = 4;
const FIRST_WAIT_MS = 250;
const WAIT_MS_MAX = 30_000;

interface Parts {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly upload?: { readonly type: string; readonly content: unknown };
  readonly version?: number;
}

export class EvenstockClient {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Throws an ApiError where the server refuses, and what fetch throws where it cannot be reached. */
  async call<O extends OperationName>(
    operation: O,
    ...[asked, options]: Record<string, never> extends Asked<O>
      ? [asked?: Asked<O>, options?: CallOptions]
      : [asked: Asked<O>, options?: CallOptions]
  ): Promise<Reply<Operations[O]['answer']>> {
    const response = await this.#send(operation, (asked ?? {}) as Parts, options ?? {});
    const [version] = /\d+/.exec(response.headers.get('etag') ?? '') ?? [];
    return {
      status: response.status,
      body: (await bodyOf(response)) as Operations[O]['answer'],
      version: version === undefined ? undefined : Number(version),
      location: response.headers.get('location') ?? undefined,
    };
  }

  /** Everything of a list, page after page. */
  async *all<O extends PagedOperation>(
    operation: O,
    asked: Asked<O>,
    options: CallOptions = {},
  ): AsyncGenerator<ItemOf<Operations[O]['answer']>, void, undefined> {
    let cursor: string | null = null;
    do {
      const query: Record<string, unknown> = { ...(asked as Parts).query, ...(cursor !== null && { cursor }) };
      const response = await this.#send(operation, { ...(asked as Parts), query }, options);
      const page = (await bodyOf(response)) as Page<ItemOf<Operations[O]['answer']>>;
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /**
   * What happens, as it happens, each event once and in order, also when the connection breaks off or the server is started
   * anew: it is asked again, after longer and longer pauses, from the last event on. Ends with the signal; throws an ApiError
   * where the server refuses. `reset` says that events were missed which are not kept any more: read anew what you show.
   */
  events(options: EventOptions = {}): AsyncGenerator<ServerEvent, void, undefined> {
    const { kind = [], site = [], after, signal } = options;
    const url = this.#url('/events', { query: { kind, site } });
    const headers = { ...this.#authorization(), accept: 'text/event-stream' };
    return followEvents({
      after,
      signal,
      open: (last, until) =>
        (this.#settings.fetch ?? fetch)(url, {
          credentials: 'same-origin',
          headers: { ...headers, ...(last !== undefined && { 'last-event-id': String(last) }) },
          signal: until,
        }),
      refusal: async (response) =>
        response.status === 429 || response.status >= 500
          ? undefined
          : new ApiError(response.status, await problemOf(response)),
    });
  }

  #url(path: string, parts: Parts): string {
    return `${this.#settings.url.replace(/\/$/, '')}/api/v1${addressOf(path, parts)}`;
  }

  #authorization(): Record<string, string> {
    const { key } = this.#settings;
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  async #send(operation: OperationName, parts: Parts, options: CallOptions): Promise<Response> {
    const [method, path] = operation.split(' ') as [string, string];
    const request = this.#request(method, parts, options);
    const url = this.#url(path, parts);
    const isRepeatable = !(parts.upload?.content instanceof ReadableStream);
    const attemptsMax = isRepeatable ? (this.#settings.attemptsMax ?? ATTEMPTS_MAX) : 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = await (this.#settings.fetch ?? fetch)(url, request).catch((error: unknown) => ({ error }));
      if (!('error' in outcome) && outcome.ok) return outcome;
      const isOver = options.signal?.aborted || attempt >= attemptsMax;
      if ('error' in outcome) {
        if (isOver) throw outcome.error;
      } else if (isOver || (outcome.status !== 429 && outcome.status !== 503)) {
        throw new ApiError(outcome.status, await problemOf(outcome));
      }
      await pause(waitMs(attempt, 'error' in outcome ? null : outcome.headers.get('retry-after')), options.signal);
    }
  }

  #request(method: string, { body, upload, version }: Parts, options: CallOptions): RequestInit {
    const { csrfToken } = this.#settings;
    const isWrite = method !== 'GET';
    const type = upload?.type ?? (body === undefined ? undefined : 'application/json');
    const content = upload === undefined ? (body === undefined ? undefined : JSON.stringify(body)) : upload.content;
    return {
      method,
      credentials: 'same-origin',
      headers: {
        ...this.#authorization(),
        ...(isWrite && { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() }),
        ...(isWrite && csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
        ...(version !== undefined && { 'if-match': `"${version}"` }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(content !== undefined && { body: content as string }),
      // A stream is sent as it arrives; fetch wants to hear that.
      ...(content instanceof ReadableStream && { duplex: 'half' }),
      ...(options.signal !== undefined && { signal: options.signal }),
    };
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}
type ItemOf<P> = P extends Page<infer T> ? T : never;
type PagedOperation = {
  [O in OperationName]: Operations[O]['answer'] extends Page<unknown> ? O : never;
}[OperationName];

function addressOf(path: string, { path: names = {}, query = {} }: Parts): string {
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(names[name])));
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(query))
    for (const value of Array.isArray(given) ? given : [given])
      if (value !== undefined) search.append(name, String(value));
  return search.size === 0 ? address : `${address}?${search}`;
}

/** JSON as its value, nothing as undefined, anything else as the response itself. */
async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return isJson ? response.json() : response;
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return response.json().catch(() => ({})) as Promise<Record<string, unknown>>;
}

/** As long as the server says, else longer each time. */
function waitMs(attempt: number, retryAfter: string | null): number {
  const said = Number(retryAfter ?? Number.NaN) * 1_000;
  return Math.min(Number.isNaN(said) ? FIRST_WAIT_MS * 2 ** (attempt - 1) : said, WAIT_MS_MAX);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/**
 * How pages ask the server: each question is an operation of the API and what it is about, cached under just that. Decides
 * for how long an answer counts as fresh. Never knows what a page does with it.
 */
import { QueryClient, queryOptions } from '@tanstack/react-query';
import {
  ApiError,
  type CallOptions,
  type ClientSettings,
  EvenstockClient,
  type OperationName,
  type Operations,
  type Reply,
} from '../../client/evenstock-client.ts';

export { ApiError } from '../../client/evenstock-client.ts';

type Asked<O extends OperationName> = Omit<Operations[O], 'answer'>;
export type Answer<O extends OperationName> = Operations[O]['answer'];

/** The client of the session that is open; a new one with each session, for its token. */
let client = new EvenstockClient({ url: location.origin });

let settings: ClientSettings = { url: location.origin };

export function takeToken(csrfToken: string | null): void {
  settings = { url: location.origin, ...(csrfToken !== null && { csrfToken }) };
  client = new EvenstockClient(settings);
}

/** The client of the session over another fetch: for uploads that tell how far they are. */
export function clientOver(fetchBy: typeof fetch): EvenstockClient {
  return new EvenstockClient({ ...settings, fetch: fetchBy });
}

/** Does something on the server; its answer with the version of what was changed. Throws an ApiError where it refuses. */
export function call<O extends OperationName>(
  operation: O,
  ...rest: Record<string, never> extends Asked<O>
    ? [asked?: Asked<O>, options?: CallOptions]
    : [asked: Asked<O>, options?: CallOptions]
): Promise<Reply<Answer<O>>> {
  return client.call(operation, ...rest);
}

/** A question for `useQuery`: `useQuery(ask('GET /runs/{id}', { path: { id } }))`. */
export function ask<O extends OperationName>(
  operation: O,
  ...[asked]: Record<string, never> extends Asked<O> ? [asked?: Asked<O>] : [asked: Asked<O>]
) {
  return queryOptions({
    queryKey: [operation, asked ?? {}] as const,
    queryFn: async ({ signal }): Promise<Answer<O>> =>
      // biome-ignore lint/suspicious/noExplicitAny: the rest parameter depends on the operation, which the signature checks
      (await (call as any)(operation, asked ?? {}, { signal })).body,
  });
}

/** The same with the version, for what people edit: it goes back with the change. */
export function askVersioned<O extends OperationName>(
  operation: O,
  ...[asked]: Record<string, never> extends Asked<O> ? [asked?: Asked<O>] : [asked: Asked<O>]
) {
  return queryOptions({
    queryKey: [operation, asked ?? {}, 'versioned'] as const,
    queryFn: ({ signal }): Promise<Reply<Answer<O>>> =>
      // biome-ignore lint/suspicious/noExplicitAny: as above
      (call as any)(operation, asked ?? {}, { signal }),
  });
}

const FRESH_MS = 30_000;
const KEPT_MS = 10 * 60_000;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        gcTime: KEPT_MS,
        // The client repeats by itself what may be repeated; what the server refused stays refused.
        retry: (count, error) => !(error instanceof ApiError) && count < 2,
        refetchOnWindowFocus: true,
      },
    },
  });
}

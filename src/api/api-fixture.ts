/** The API on a real store of either kind, with a key of each role: requests as other systems send them, without a socket. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import { FileImporter } from '../app/file-importer.ts';
import { KeptResults } from '../app/kept-results.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { channelTools } from '../notify/channel-tools.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { migrate } from '../store/database/migrate.ts';
import { openDatabase } from '../store/database/open-database.ts';
import type { Role } from '../store/database/work-state.ts';
import { createApiKey } from '../store/work/api-keys.ts';
import { newId } from '../store/work/new-id.ts';
import { ROLES } from '../store/work/principal.ts';
import { SECRET_BYTES } from '../store/work/secrets.ts';
import type { ApiContext } from './api-context.ts';
import { buildApi } from './build-api.ts';

const FOUNDING = fileURLToPath(new URL('../../examples/founding/evenstock.yaml', import.meta.url));

export interface RequestOptions {
  /** Whose key is sent; `none` sends none, anything else than a role is sent as the key. */
  readonly as?: Role | 'none' | (string & {});
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiUnderTest {
  readonly app: FastifyInstance;
  readonly context: ApiContext;
  /** What was logged, one JSON document a line. */
  readonly log: string[];
  /** `url` from /api/v1 on; as an administrator where not said otherwise. */
  request(method: string, url: string, options?: RequestOptions): Promise<LightMyRequestResponse>;
  /** A new key of this role that sees these sites only. */
  keyOf(role: Role, sites: readonly string[] | null): Promise<string>;
  /** Moves the server's clock. */
  pass(milliseconds: number): void;
}

export interface ApiUnderTestOptions {
  /** evenstock.yaml; the founding example where not given. */
  readonly configuration?: string;
  readonly context?: Partial<ApiContext>;
  readonly channels?: Partial<Parameters<typeof channelTools>[0]>;
  /** Time passes only where the test says so. */
  readonly isClockStill?: boolean;
}

/** `describe` for each kind of store; `open` makes a new API with an empty work state. */
export function describeApi(
  name: string,
  tests: (open: (options?: ApiUnderTestOptions) => Promise<ApiUnderTest>) => void,
): void {
  describeOnBothStores(name, (store) => {
    const ends: (() => Promise<unknown>)[] = [];
    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });
    tests(async (options) => {
      const { dataDirectory, address } = await store.place();
      const database = openDatabase(dataDirectory, address);
      ends.push(() => database.close());
      const api = await openApi(dataDirectory, database, options ?? {});
      ends.push(() => api.app.close());
      ends.push(() => api.context.results.close());
      return api;
    });
  });
}

async function openApi(
  dataDirectory: string,
  database: ApiContext['database'],
  options: ApiUnderTestOptions,
): Promise<ApiUnderTest> {
  let loaded = await loadConfiguration(options.configuration ?? FOUNDING, {});
  let passed = 0;
  const started = Date.now();
  const now = (): number => (options.isClockStill ? started : Date.now()) + passed;
  const nextId = (): string => newId(now(), randomBytes(10));
  const log: string[] = [];
  const { signal } = new AbortController();
  await migrate(database.db, database.kind, now);
  const context: ApiContext = {
    version: '0.0.0-test',
    dataDirectory,
    results: new KeptResults(dataDirectory),
    importer: new FileImporter({ ...{ database, dataDirectory, loaded, now }, newId: nextId, signal }),
    channelTools: channelTools({
      ...{ now, newId: nextId, randomBytes, consoleUrl: undefined, configuration: () => loaded },
      environment: { EVENSTOCK_SEALING_KEY: 'for tests only, and long enough' },
      ...options.channels,
    }),
    database,
    configuration: () => loaded,
    configurationFile: {
      load: (path) => loadConfiguration(path, {}),
      reload: async () => {
        loaded = await loadConfiguration(loaded.path, {});
      },
    },
    now,
    newId: nextId,
    randomBytes,
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
    stopping: signal,
    checks: async () => [],
    metrics: async () => '',
    ...options.context,
  };
  const keyOf = async (role: Role, sites: readonly string[] | null): Promise<string> => {
    const key = { id: nextId(), name: role, role, sites, expiresAt: null };
    const { secret } = await database.db
      .transaction()
      .execute((transaction) => createApiKey(transaction, key, { actor: 'system' }, randomBytes(SECRET_BYTES), now()));
    return secret;
  };
  const keys = new Map<string, string>();
  for (const role of ROLES) keys.set(role, await keyOf(role, null));
  const app = await buildApi(context);
  return {
    app,
    context,
    log,
    keyOf,
    pass: (milliseconds) => {
      passed += milliseconds;
    },
    request: (method, url, { as = 'administrator', body, headers } = {}) =>
      app.inject({
        method: method as 'GET',
        url: `/api/v1${url}`,
        headers: {
          ...(as !== 'none' && { authorization: `Bearer ${keys.get(as) ?? as}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && {
          payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        }),
      }),
  };
}

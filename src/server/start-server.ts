/**
 * Puts a server together: store, configuration, API, jobs; and takes it apart again within ten seconds. Decides the order of
 * both; never does any of their work.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import type { ApiContext } from '../api/api-context.ts';
import { buildApi } from '../api/build-api.ts';
import { effectiveConfiguration } from '../app/effective-configuration.ts';
import { FileImporter } from '../app/file-importer.ts';
import { KeptResults } from '../app/kept-results.ts';
import { openWorkStore } from '../app/open-work-store.ts';
import { pinImports } from '../app/pin-imports.ts';
import type { Environment } from '../config/secret-text.ts';
import { Failure } from '../core/model/failure.ts';
import { type RunningLive, startLive } from '../jobs/live/start-live.ts';
import { type Jobs, startJobs } from '../jobs/start-jobs.ts';
import { type Lake, startLake } from '../jobs/start-lake.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { newId } from '../store/work/new-id.ts';
import { firstAdministrator } from './first-administrator.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { pruneSignIns } from './prune-sign-ins.ts';
import { serverMetrics } from './server-metrics.ts';

export interface ServerOptions {
  readonly version: string;
  readonly configurationPath: string;
  readonly dataDirectory: string;
  /** A postgres:// address; undefined: the file in the data directory. */
  readonly storeAddress: string | undefined;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly string[] | undefined;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly environment: Environment;
  readonly now: () => number;
  /** Where the log goes, one JSON document a line. */
  readonly writeLog: (line: string) => void;
}

export interface RunningServer {
  /** http://127.0.0.1:8080 */
  readonly address: string;
  /** Of the one-use link for the first administrator, where there is none. */
  readonly setupToken: string | undefined;
  /** Reads the configuration again. */
  reload(): Promise<void>;
  /** Answers what is under way, hands back what is being worked at, and gives up the store. */
  stop(): Promise<void>;
}

/** What has not ended by then is cut off: the supervisor would kill the process. */
const STOP_MS_MAX = 9_000;
const CLOSE_IDLE_MS = 50;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = makeLog(options);
  const configuration = await LiveConfiguration.open(options.configurationPath, options.environment, log);
  const database = await openStore(options, log);
  const results = new KeptResults(options.dataDirectory);
  const stopping = new AbortController();
  let app: FastifyInstance | undefined;
  let jobs: Jobs | undefined;
  let lake: Lake | undefined;
  let live: RunningLive | undefined;
  let pruning: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    configuration.stop();
    const ended = Promise.all([app?.close(), jobs?.stop(), lake?.stop(), live?.stop(), pruning]);
    // A connection that is kept open after its last answer would be waited for.
    const closing = setInterval(() => app?.server.closeIdleConnections(), CLOSE_IDLE_MS);
    if (!(await within(STOP_MS_MAX, ended))) {
      log.warn({}, 'what was under way did not end in time and is cut off');
      app?.server.closeAllConnections();
    }
    clearInterval(closing);
    await results.close();
    await database.close();
  };
  try {
    const context = contextOf(options, { database, results }, configuration, log, stopping.signal);
    const setupToken = await firstAdministrator(context, options.environment['EVENSTOCK_ADMIN_PASSWORD']);
    app = await buildApi(context);
    const address = await listen(app, options);
    jobs = await startJobs({
      ...options,
      database,
      configuration: () => effectiveConfiguration(database.db, configuration.current, options.now()),
      pinned: () => pinImports(database.db, options.dataDirectory, configuration.current.configuration, 'all'),
      log,
    });
    lake = startLake(context);
    pruning = pruneSignIns(context);
    live = await startLive({ ...context, worker: context.newId() });
    configuration.watch();
    results.keepReady();
    log.info({ address, store: database.kind, version: options.version }, 'the server is ready');
    return { address, setupToken, reload: () => configuration.reload(), stop: once(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function makeLog({ environment, writeLog }: ServerOptions): Logger {
  const settings = {
    level: environment['EVENSTOCK_LOG'] ?? 'info',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  return pino(settings, { write: writeLog });
}

function openStore({ dataDirectory, storeAddress, now }: ServerOptions, log: Logger): Promise<WorkDatabase> {
  return openWorkStore({
    dataDirectory,
    address: storeAddress,
    as: 'server',
    what: 'evenstock serve',
    pid: process.pid,
    now,
    onLost: (error) => log.warn({ err: error }, 'a connection to the store was lost'),
  });
}

function contextOf(
  { version, dataDirectory, now, publicUrl, trustedProxies }: ServerOptions,
  { database, results }: Pick<ApiContext, 'database' | 'results'>,
  configuration: LiveConfiguration,
  log: Logger,
  stopping: AbortSignal,
): ApiContext {
  const context = {
    version,
    dataDirectory,
    results,
    database,
    configuration: () => configuration.current,
    now,
    newId: () => newId(now(), randomBytes(10)),
    randomBytes,
    log,
    stopping,
    checks: async () => {
      const { problem } = configuration;
      // The one before is in force, and the server serves: this is told, and does not make it unready.
      return [{ name: 'configuration', isOk: true, ...(problem !== undefined && { detail: problem }) }];
    },
    metrics: () => serverMetrics(database, configuration.problem === undefined),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustedProxies !== undefined && { trustedProxies }),
  };
  return { ...context, importer: importerOf(context) };
}

/** Judges each file by the configuration that is in force when it arrives. */
function importerOf(context: Omit<ApiContext, 'importer'>): FileImporter {
  const { database, dataDirectory, configuration, now, newId, stopping } = context;
  const loaded = {
    get configuration() {
      return configuration().configuration;
    },
    get directory() {
      return configuration().directory;
    },
  };
  return new FileImporter({ database, dataDirectory, loaded, now, newId, signal: stopping });
}

async function listen(app: FastifyInstance, { host, port }: ServerOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL' && code !== 'ENOTFOUND') throw error;
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : 'this machine does not allow it';
    throw new Failure(
      'unreachable',
      'PORT_UNAVAILABLE',
      `the server cannot listen on ${host}:${port}: ${reason}`,
      'Name another with --port and --host; --port 0 takes any that is free.',
    );
  }
  const { address, family, port: taken } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}

/** Whether the work ended in time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

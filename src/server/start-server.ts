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
import { openTracing } from '../app/open-tracing.ts';
import { openWorkStore } from '../app/open-work-store.ts';
import { pinImports } from '../app/pin-imports.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import type { Environment } from '../config/secret-text.ts';
import { Failure } from '../core/model/failure.ts';
import { judgeInProcesses } from '../jobs/judge-process.ts';
import { type RunningLive, startLive } from '../jobs/live/start-live.ts';
import { type Jobs, startJobs } from '../jobs/start-jobs.ts';
import { type Lake, startLake } from '../jobs/start-lake.ts';
import { channelTools } from '../notify/channel-tools.ts';
import { type RunningNotify, startNotify } from '../notify/start-notify.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { newId } from '../store/work/new-id.ts';
import { firstAdministrator } from './first-administrator.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { pruneSignIns } from './prune-sign-ins.ts';
import { serveConsole } from './serve-console.ts';
import { serverMetrics } from './server-metrics.ts';
import { letVisitorIn, type Visitor } from './visitor.ts';

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
  /** Of a demonstration: who its visitors are. They sign in by a link, and the server must listen on this machine only. */
  readonly visitor?: Visitor;
  readonly now: () => number;
  /** Where the log goes, one JSON document a line. */
  readonly writeLog: (line: string) => void;
}

export interface RunningServer {
  /** http://127.0.0.1:8080 */
  readonly address: string;
  /** Of the one-use link for the first administrator, where there is none. */
  readonly setupToken: string | undefined;
  /** Of the link by which visitors of a demonstration sign in. */
  readonly visitorToken: string | undefined;
  /** Reads the configuration again. */
  reload(): Promise<void>;
  /** Answers what is under way, hands back what is being worked at, and gives up the store. */
  stop(): Promise<void>;
}

/** What has not ended by then is cut off: the supervisor would kill the process. */
const STOP_MS_MAX = 9_000;
const CLOSE_IDLE_MS = 50;
/** Within the ten seconds that are promised. */
const LAST_TRACES_MS_MAX = 700;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = makeLog(options);
  const tracing = await openTracing(options.environment, options.version, log);
  const configuration = await LiveConfiguration.open(options.configurationPath, options.environment, log);
  const database = await openStore(options, log);
  const results = new KeptResults(options.dataDirectory);
  const stopping = new AbortController();
  let app: FastifyInstance | undefined;
  let jobs: Jobs | undefined;
  let lake: Lake | undefined;
  let live: RunningLive | undefined;
  let notify: RunningNotify | undefined;
  let pruning: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    configuration.stop();
    const ended = Promise.all([app?.close(), jobs?.stop(), lake?.stop(), live?.stop(), notify?.stop(), pruning]);
    // A connection that is kept open after its last answer would be waited for.
    const closing = setInterval(() => app?.server.closeIdleConnections(), CLOSE_IDLE_MS);
    if (!(await within(STOP_MS_MAX, ended))) {
      log.warn({}, 'what was under way did not end in time and is cut off');
      app?.server.closeAllConnections();
    }
    clearInterval(closing);
    await Promise.all([results.close().then(() => database.close()), tracing?.stop(LAST_TRACES_MS_MAX)]);
  };
  try {
    const context = contextOf(options, { database, results, tracing }, configuration, log, stopping.signal);
    const visit = options.visitor && (await letVisitorIn(context, options.visitor, options.host));
    const setupToken = await firstAdministrator(context, options.environment['EVENSTOCK_ADMIN_PASSWORD']);
    app = await buildApi({ ...context, ...(visit && { signInLink: visit.link }) });
    await serveConsole(app, randomBytes);
    const address = await listen(app, options);
    jobs = await startJobs({
      ...options,
      database,
      tracing,
      configuration: () => effectiveConfiguration(database.db, configuration.current, options.now()),
      pinned: () => pinImports(database.db, options.dataDirectory, configuration.current.configuration, 'all'),
      log,
    });
    lake = startLake(context);
    pruning = pruneSignIns(context);
    const worker = context.newId();
    live = await startLive({ ...context, storeAddress: options.storeAddress, worker });
    notify = startNotify({ ...context, ...notifyOptions(options), random: Math.random, worker });
    configuration.watch();
    results.keepReady();
    log.info({ address, store: database.kind, version: options.version }, 'the server is ready');
    return { address, setupToken, visitorToken: visit?.token, reload: () => configuration.reload(), stop: once(stop) };
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
  { version, dataDirectory, now, publicUrl, trustedProxies, environment }: ServerOptions,
  { database, results, tracing }: Pick<ApiContext, 'database' | 'results' | 'tracing'>,
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
    configurationFile: {
      load: (path: string) => loadConfiguration(path, environment),
      reload: () => configuration.reload(),
    },
    now,
    newId: () => newId(now(), randomBytes(10)),
    judge: judgeInProcesses(),
    randomBytes,
    log,
    stopping,
    checks: async () => {
      const { problem } = configuration;
      // The one before is in force, and the server serves: this is told, and does not make it unready.
      return [{ name: 'configuration', isOk: true, ...(problem !== undefined && { detail: problem }) }];
    },
    metrics: () => serverMetrics(database, configuration.problem === undefined),
    tracing,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustedProxies !== undefined && { trustedProxies }),
  };
  const tools = channelTools({ ...context, ...notifyOptions({ environment, publicUrl }) });
  return { ...context, channelTools: tools, importer: importerOf(context) };
}

function notifyOptions({ environment, publicUrl }: Pick<ServerOptions, 'environment' | 'publicUrl'>) {
  return { environment, consoleUrl: publicUrl };
}

/** Judges each file by the configuration that is in force when it arrives. */
function importerOf(context: Omit<ApiContext, 'importer' | 'channelTools'>): FileImporter {
  const { database, dataDirectory, configuration, now, newId, judge, stopping, tracing } = context;
  const loaded = {
    get configuration() {
      return configuration().configuration;
    },
    get directory() {
      return configuration().directory;
    },
  };
  return new FileImporter({
    ...{ database, dataDirectory, loaded, now, newId, signal: stopping, tracing },
    ...(judge && { judge }),
  });
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

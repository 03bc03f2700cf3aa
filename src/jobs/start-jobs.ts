/**
 * Starts what a server does by itself: runs that were asked for, schedules, runs of the command line that become known. Decides
 * how many runs go on at a time; never opens or migrates a store.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PinnedFiles } from '../app/source-files.ts';
import type { Tracing } from '../app/tracing.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { runIdOf } from '../core/model/run-id.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { endLeases } from '../store/work/jobs.ts';
import { RUN_JOB } from '../store/work/runs.ts';
import { storeNow } from '../store/work/store-clock.ts';
import { adoptFolderRuns } from './adopt-runs.ts';
import type { JobHandler } from './job-handler.ts';
import { type JobLog, OutageLog } from './outage-log.ts';
import { RunHandler } from './run-handler.ts';
import { Scheduler } from './scheduler.ts';
import { Worker, type WorkerTiming } from './worker.ts';

export interface JobsContext {
  readonly dataDirectory: string;
  readonly database: WorkDatabase;
  /** As it is in force: with the mapping that people have edited. */
  readonly configuration: () => Promise<LoadedConfiguration> | LoadedConfiguration;
  /** Files that were brought in, to be read by the runs to come (`pinned` of reconcile). */
  readonly pinned?: () => Promise<PinnedFiles>;
  readonly now: () => number;
  readonly log: JobLog;
  readonly threads: number;
  readonly memoryBytes: number;
  /** Of other kinds of jobs, by kind. */
  readonly handlers?: Readonly<Record<string, JobHandler>>;
  /** How many runs go on at a time; each takes `memoryBytes`. */
  readonly runsMax?: number;
  readonly timing?: Partial<WorkerTiming>;
  readonly tracing?: Tracing | undefined;
  /** For Node, where a run's process needs others than this one. */
  readonly execArgv?: readonly string[];
}

export interface Jobs {
  /** Takes no more work, hands back what is under way, and resolves within ten seconds. */
  stop(): Promise<void>;
}

const ADOPT_MS = 30_000;
/** Other jobs are short, and must not wait for a run. */
const OTHERS_MAX = 4;

export async function startJobs(context: JobsContext): Promise<Jobs> {
  const { database, log, timing, tracing, handlers = {}, runsMax = 1 } = context;
  const clock = (): Promise<number> => storeNow(database, context.now);
  // Nobody else can have the file: what is said to be under way was left behind by a server that was killed.
  if (database.kind === 'sqlite') {
    const now = await clock();
    await database.db.transaction().execute((transaction) => endLeases(transaction, now));
  }
  const common = {
    database,
    storeNow: clock,
    name: `${hostname()}:${process.pid}`,
    log,
    tracing,
    ...(timing && { timing }),
  };
  const parts = [
    new Worker({ ...common, handlers: { [RUN_JOB]: new RunHandler(context) }, capacity: runsMax }),
    new Worker({ ...common, handlers, capacity: OTHERS_MAX }),
    new Scheduler({ ...common, newRunId: (now) => runIdOf(now, randomBytes(3)) }),
  ];
  for (const part of parts) part.start();
  const stopping = new AbortController();
  const adopt = adoption(context, clock);
  // Whoever comes at once sees the runs that are there.
  await adopt();
  const adopting = repeat(adopt, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([...parts.map((part) => part.stop()), adopting]);
    },
  };
}

function adoption(context: JobsContext, clock: () => Promise<number>): () => Promise<unknown> {
  const looks = new OutageLog(context.log, 'look for runs of the command line');
  return () => looks.attempt(() => adoptFolderRuns(context.database, context.dataDirectory, clock));
}

async function repeat(adopt: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(ADOPT_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await adopt();
  }
}

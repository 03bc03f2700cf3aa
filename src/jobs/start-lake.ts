/**
 * Starts what a server does with files by itself: watched folders, runs on arrival, removal of what is old. Never imports
 * what people send; they use the same importer.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileImporter } from '../app/file-importer.ts';
import { removeOld } from '../app/remove-old.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { runIdOf } from '../core/model/run-id.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { storeNow } from '../store/work/store-clock.ts';
import { requestArrivalRuns } from './arrival-runs.ts';
import { FolderWatch } from './folder-watch.ts';
import type { JobLog } from './outage-log.ts';

export interface LakeContext {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly importer: FileImporter;
  /** As it is in force. */
  readonly configuration: () => Promise<LoadedConfiguration> | LoadedConfiguration;
  readonly now: () => number;
  readonly log: JobLog;
}

export interface Lake {
  readonly watch: FolderWatch;
  stop(): Promise<void>;
}

const REMOVAL_MS = 3_600_000;

export function startLake(context: LakeContext): Lake {
  const { database, configuration, now } = context;
  const clock = (): Promise<number> => storeNow(database, now);
  const newRunId = (at: number): string => runIdOf(at, randomBytes(3));
  const arrival = { ...context, storeNow: clock, newRunId };
  const onLooked = async (): Promise<void> =>
    void (await requestArrivalRuns(arrival, (await configuration()).configuration));
  const watch = new FolderWatch({ ...context, onLooked });
  const stopping = new AbortController();
  const removing = removeAgain(context, clock, stopping.signal);
  watch.start();
  return {
    watch,
    stop: async () => {
      stopping.abort();
      await Promise.all([watch.stop(), removing]);
    },
  };
}

async function removeAgain(context: LakeContext, clock: () => Promise<number>, signal: AbortSignal): Promise<void> {
  const { database, dataDirectory, log } = context;
  while (!signal.aborted) {
    try {
      const { configuration } = await context.configuration();
      const removed = await removeOld({ database, dataDirectory, configuration, now: await clock() });
      if (removed !== undefined && removed.runs + removed.imports + removed.leftovers > 0)
        log.info(removed, 'what is kept long enough was removed');
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'what is old could not be removed');
    }
    await sleep(REMOVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Runs what happens by itself between snapshots: live discrepancies, silent feeds, the journal's way to the lake. Decides when
 * each is looked at; a failure is logged, and tried again a little later.
 */
import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { compactIntake } from '../../app/compact-intake.ts';
import { silentFeeds } from '../../app/silent-feeds.ts';
import { settleSilent } from '../../store/work/alerts.ts';
import { appendEvents } from '../../store/work/events.ts';
import { readFeeds } from '../../store/work/intake.ts';
import { keepTask, releaseTask } from '../../store/work/keeper.ts';
import { storeNow } from '../../store/work/store-clock.ts';
import { LIVE_LEASE_MS, type LiveContext, liveFolder } from './live-keeper.ts';
import { type LiveThreadSetup, openLiveKeeper } from './live-thread.ts';

const IDLE_MS = 250;
const BACK_OFF_MS = 2_000;
const SILENCE_MS = 10_000;
const COMPACTION_MS = 60_000;
/** Compaction of much takes longer than a lease of live discrepancies. */
const COMPACTION_LEASE_MS = 300_000;

export interface LiveLog {
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface RunningLive {
  /** Ends after what is being written is written. */
  stop(): Promise<void>;
}

type Given = Omit<LiveContext, 'temporaryDirectory' | 'storeNow' | 'onNote'> &
  Pick<LiveThreadSetup, 'storeAddress'> & { readonly log: LiveLog };
type Context = LiveContext & { readonly log: LiveLog };

export async function startLive(given: Given): Promise<RunningLive> {
  const temporaryDirectory = liveFolder(given.dataDirectory);
  await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
  const { database, now } = given;
  const onNote: LiveContext['onNote'] = (about, message) => given.log.warn(about, message);
  const context = { ...given, temporaryDirectory, onNote, storeNow: () => storeNow(database, now) };
  const keeper = openLiveKeeper(context);
  const ending = new AbortController();
  const loops = [
    repeat(ending.signal, IDLE_MS, context, 'live discrepancies', () => keeper.tick()),
    repeat(ending.signal, SILENCE_MS, context, 'silent feeds', () => lookForSilence(context)),
    repeat(ending.signal, COMPACTION_MS, context, 'the lake', () => compact(context, ending.signal)),
  ];
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(loops);
      await keeper.stop();
    },
  };
}

/** Again at once where there is more to do, else after a pause; other work of the process comes in between. */
async function repeat(
  signal: AbortSignal,
  idleMs: number,
  { log }: Context,
  what: string,
  act: () => Promise<boolean>,
): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    let pauseMs = idleMs;
    try {
      if (await act()) pauseMs = 0;
      failure = '';
    } catch (error) {
      // An outage is logged when it begins, not with each attempt: the disk that is full may be that of the log.
      const isNews = String(error) !== failure;
      failure = String(error);
      if (isNews) log.error({ err: error }, `${what} could not be worked out just now`);
      pauseMs = Math.max(idleMs, BACK_OFF_MS);
    }
    await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** By the server that keeps the live state: two would open one alert twice. */
async function lookForSilence({ database, configuration, worker, storeNow: clock, newId }: Context): Promise<boolean> {
  const at = await clock();
  const silent = silentFeeds(await readFeeds(database.db), configuration().configuration, at);
  await database.db.transaction().execute(async (transaction) => {
    if (!(await keepTask(transaction, 'live', worker, at, LIVE_LEASE_MS))) return;
    await appendEvents(transaction, await settleSilent(transaction, silent, { now: at, newId }), at);
  });
  return false;
}

async function compact(
  { database, dataDirectory, worker, now, storeNow: clock, newId }: Context,
  signal: AbortSignal,
): Promise<boolean> {
  const write = database.db.transaction();
  const at = await clock();
  const isOurs = await write.execute((transaction) =>
    keepTask(transaction, 'compaction', worker, at, COMPACTION_LEASE_MS),
  );
  if (!isOurs) return false;
  try {
    return await compactIntake({ database, dataDirectory, now, newId, signal });
  } finally {
    await write.execute((transaction) => releaseTask(transaction, 'compaction', worker));
  }
}

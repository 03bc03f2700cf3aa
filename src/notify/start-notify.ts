/** Runs what tells people by itself: what is to be told, and its delivery. Decides when each looks; a failure is logged and tried again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { storeNow } from '../store/work/store-clock.ts';
import { Courier } from './courier.ts';
import type { NotifyContext } from './notify-context.ts';
import { Teller } from './teller.ts';

const IDLE_MS = 1_000;
const BACK_OFF_MS = 5_000;
/** How long what is being sent may take once the server stops. */
const STOP_GRACE_MS = 3_000;

export interface RunningNotify {
  /** What is being sent is sent, or handed back to the next server. */
  stop(): Promise<void>;
}

export function startNotify(given: Omit<NotifyContext, 'storeNow'>): RunningNotify {
  const context = { ...given, storeNow: () => storeNow(given.database, given.now) };
  const teller = new Teller(context);
  const courier = new Courier(context);
  const ending = new AbortController();
  const loops = [
    repeat(ending.signal, context, 'what is to be told', () => teller.tick()),
    repeat(ending.signal, context, 'notifications', () => courier.tick()),
  ];
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(loops);
      await courier.stop(STOP_GRACE_MS);
      await teller.stop().catch((error) => context.log.warn({ err: error }, 'telling people was not handed over'));
    },
  };
}

async function repeat(
  signal: AbortSignal,
  { log }: NotifyContext,
  what: string,
  act: () => Promise<boolean>,
): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    let pauseMs = IDLE_MS;
    try {
      if (await act()) pauseMs = 0;
      failure = '';
    } catch (error) {
      // An outage is logged when it begins, not with each attempt: the disk that is full may be that of the log.
      const isNews = String(error) !== failure;
      failure = String(error);
      if (isNews) log.error({ err: error }, `${what} could not be worked out just now`);
      pauseMs = BACK_OFF_MS;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

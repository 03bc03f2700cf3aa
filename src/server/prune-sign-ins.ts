/** Removes sessions that are over and failed sign-ins that are forgotten, once an hour. Never ends a session that is alive. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiContext } from '../api/api-context.ts';
import { pruneAttempts } from '../store/work/login-throttle.ts';
import { pruneSessions } from '../store/work/sessions.ts';

const PAUSE_MS = 3_600_000;

/** Until the server stops. */
export async function pruneSignIns({ database, now, log, stopping }: ApiContext): Promise<void> {
  while (!stopping.aborted) {
    try {
      await database.db.transaction().execute(async (transaction) => {
        await pruneSessions(transaction, now());
        await pruneAttempts(transaction, now());
      });
    } catch (error) {
      log.warn({ err: error }, 'sessions that are over could not be removed');
    }
    await sleep(PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

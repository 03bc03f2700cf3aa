/** Tells those who wait when there are new events, by one look at the store for all of them. Never reads the events. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

const LOOK_MS = 200;

export class EventWatch {
  private readonly db: Kysely<WorkState>;
  private look: Promise<number> | undefined;

  constructor(db: Kysely<WorkState>) {
    this.db = db;
  }

  /** Number of the newest event; 0 where there was none yet. */
  async newest(): Promise<number> {
    const row = await this.db.selectFrom('counters').select('value').where('name', '=', 'events').executeTakeFirst();
    return row?.value ?? 0;
  }

  /** Number of the oldest event that is kept; undefined where none is. */
  async oldest(): Promise<number | undefined> {
    const row = await this.db.selectFrom('events').select('number').orderBy('number').limit(1).executeTakeFirst();
    return row?.number;
  }

  /** Ends once there are events after `number`, after `most` milliseconds, or with the signal. */
  async after(number: number, most: number, signal: AbortSignal): Promise<void> {
    for (let waited = 0; waited < most && !signal.aborted; waited += LOOK_MS) if ((await this.next()) > number) return;
  }

  /** Whoever asks meanwhile gets the same look. */
  private next(): Promise<number> {
    this.look ??= pause(LOOK_MS, undefined, { ref: false })
      .then(() => {
        this.look = undefined;
        return this.newest();
      })
      .finally(() => {
        this.look = undefined;
      });
    return this.look;
  }
}

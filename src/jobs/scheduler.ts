/**
 * Looks at the schedules again and again, and requests the runs of their slots: each slot is decided once, by whichever server
 * comes first. Decides what becomes of slots that passed while nobody looked; never makes a run itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBlackedOut, slotsBetween } from '../core/schedule/find-slots.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { appendEvents, type WorkEvent } from '../store/work/events.ts';
import { type RunRequest, requestRun } from '../store/work/runs.ts';
import { decideSlot, listSchedules, type Schedule, type SlotDecision, takeSlots } from '../store/work/schedules.ts';
import { type JobLog, OutageLog } from './outage-log.ts';

export interface SchedulerSettings {
  readonly database: WorkDatabase;
  /** The store's clock (store-clock.ts): the wrong clock of one server must not bring runs early. */
  readonly storeNow: () => Promise<number>;
  readonly newRunId: (now: number) => string;
  readonly log: JobLog;
  readonly pollMs?: number;
}

const POLL_MS = 1_000;
/** A run that begins so late after its slot is one that is caught up. */
const LATE_MS = 120_000;
/** Where nothing is due, what was looked at is noted so often. */
const NOTE_MS = 3_600_000;

export class Scheduler {
  private readonly settings: SchedulerSettings;
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(settings: SchedulerSettings) {
    this.settings = settings;
  }

  start(): void {
    this.loop = this.look();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    const looks = new OutageLog(this.settings.log, 'look at the schedules');
    while (!signal.aborted) {
      await looks.attempt(() => decideDueSlots(this.settings));
      await sleep(this.settings.pollMs ?? POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Decides what is due of all schedules. */
export async function decideDueSlots(settings: SchedulerSettings): Promise<void> {
  const { database, storeNow, log } = settings;
  const now = await storeNow();
  for (const schedule of await listSchedules(database.db)) {
    if (!schedule.isEnabled || schedule.document.times.length === 0) continue;
    try {
      await decideDue(settings, schedule, now);
    } catch (error) {
      // One schedule must not keep the others from their runs.
      log.warn({ schedule: schedule.id, error: (error as Error).message }, 'a schedule could not be looked at');
    }
  }
}

async function decideDue({ database, newRunId }: SchedulerSettings, schedule: Schedule, now: number): Promise<void> {
  const { consideredUntil, document } = schedule;
  const slots = slotsBetween(document, consideredUntil, now);
  if (slots.length === 0 && now - consideredUntil < NOTE_MS) return;
  await database.db.transaction().execute(async (transaction) => {
    if (!(await takeSlots(transaction, schedule, now))) return;
    const skipped: WorkEvent[] = [];
    for (const { slotAt, decision } of decisionsOn(schedule, slots, now)) {
      const runId = decision === 'run' ? newRunId(now) : undefined;
      const slot = { scheduleId: schedule.id, slotAt, decision, ...(runId !== undefined && { jobId: runId }) };
      if (!(await decideSlot(transaction, slot, now))) continue;
      if (runId === undefined) skipped.push(skippedEvent(schedule, slot));
      else await requestRun(transaction, requestOf(schedule, slotAt, runId, now));
    }
    await appendEvents(transaction, skipped, now);
  });
}

type Decision = Pick<SlotDecision, 'slotAt' | 'decision'>;

/** Of slots that nobody looked at in time the last one is run, if any: a run shows what is so now, and not what was so then. */
function decisionsOn({ document }: Schedule, slots: readonly number[], now: number): Decision[] {
  const wanted = slots.filter((slot) => !isBlackedOut(document, slot));
  const last = wanted.at(-1);
  return slots.map((slotAt) => {
    if (!wanted.includes(slotAt)) return { slotAt, decision: 'blackout' };
    const isRun = slotAt === last && (document.catch_up === 'once' || now - slotAt <= LATE_MS);
    return { slotAt, decision: isRun ? 'run' : 'missed' };
  });
}

function skippedEvent({ id, name }: Schedule, { slotAt, decision }: Decision): WorkEvent {
  const document = { schedule_id: id, name, slot_at: new Date(slotAt).toISOString(), reason: decision };
  return { kind: 'schedule.skipped', document };
}

function requestOf({ id, document }: Schedule, slotAt: number, runId: string, now: number): RunRequest {
  return {
    id: runId,
    cause: now - slotAt > LATE_MS ? 'catch-up' : 'schedule',
    requestedBy: `schedule:${id}`,
    filters: document.filters,
    scheduleId: id,
    slotAt,
    now,
  };
}

/**
 * Follows what happens, event by event, and turns what is due into deliveries: one server at a time, each event once, each
 * message in one transaction with what it tells. Never sends anything.
 */

import { notifyRuleOf } from '../contract/notification.ts';
import { isDue } from '../core/notify/judge-moment.ts';
import { REMEMBERED_MS } from '../core/notify/judge-news.ts';
import { readEvents } from '../store/work/events.ts';
import { keepTask, releaseTask } from '../store/work/keeper.ts';
import { listChannels } from '../store/work/notification-channels.ts';
import { addDeliveries, pruneDeliveries } from '../store/work/notification-deliveries.ts';
import {
  advanceNotified,
  forgetTold,
  listWaiting,
  notifiedUpTo,
  type PendingChange,
  readPending,
  settlePending,
  type Waiting,
  writePending,
} from '../store/work/notification-pending.ts';
import { listRules, type NotificationRule } from '../store/work/notification-rules.ts';
import { readMeaning } from './event-reader.ts';
import type { NotifyContext } from './notify-context.ts';
import { writeMessage } from './write-message.ts';

const LEASE_MS = 30_000;
const EVENTS_MAX = 500;
/** A message reads as many rows as its lines may be, and some to say what they have in common. */
const ROWS_MAX = 1_000;
/** How often events that cannot be understood are tried before they are passed over. */
const TRIES_MAX = 10;
/** A message that cannot be written is tried again after so long. */
const PUT_OFF_MS = 30_000;
/** How long messages wait for events that have happened already. */
const BEHIND_MS = 10_000;
const TIDY_MS = 600_000;
/** What became of a delivery can be looked up so long. */
const DELIVERIES_KEPT_MS = 30 * 24 * 3_600_000;

/** Another server tells people now: what was being written is not. */
class TaskLost extends Error {}

export class Teller {
  private readonly context: NotifyContext;
  private failed = { position: -1, tries: 0 };
  /** Until when what cannot be written is let be, by rule and topic. */
  private readonly putOff = new Map<string, number>();
  private behindSince: number | undefined;
  private tidiedAt = Number.NEGATIVE_INFINITY;

  constructor(context: NotifyContext) {
    this.context = context;
  }

  /** Does what there is to do. True where more waits already. */
  async tick(): Promise<boolean> {
    try {
      if (!(await this.keep())) return false;
      const rules = await listRules(this.context.database.db);
      const hasMore = await this.follow(rules);
      // What comes in one go is told in one message; but nobody waits for the end of a day of much.
      const now = await this.now();
      this.behindSince ??= now;
      if (!hasMore || Math.abs(now - this.behindSince) >= BEHIND_MS) {
        await this.tellDue(rules);
        this.behindSince = undefined;
      }
      await this.tidy();
      return hasMore;
    } catch (error) {
      if (!(error instanceof TaskLost)) throw error;
      return false;
    }
  }

  /** Gives the task back. */
  async stop(): Promise<void> {
    const { database, worker } = this.context;
    await database.db.transaction().execute((transaction) => releaseTask(transaction, 'notify', worker));
  }

  private now(): Promise<number> {
    return this.context.storeNow();
  }

  private async keep(): Promise<boolean> {
    const { database, worker } = this.context;
    const now = await this.now();
    return database.db.transaction().execute((transaction) => keepTask(transaction, 'notify', worker, now, LEASE_MS));
  }

  /** Takes the next events in. The position moves with what they mean, or not at all. */
  private async follow(rules: readonly NotificationRule[]): Promise<boolean> {
    const { database } = this.context;
    const position = await notifiedUpTo(database.db);
    const events = await readEvents(database.db, position, EVENTS_MAX);
    const last = events.at(-1);
    if (last === undefined) return false;
    const changes = await this.meaningOf(rules, events, position);
    await database.db.transaction().execute(async (transaction) => {
      if (!(await advanceNotified(transaction, position, last.number))) throw new TaskLost();
      await writePending(transaction, changes, await this.now());
    });
    return events.length === EVENTS_MAX;
  }

  private async meaningOf(
    rules: readonly NotificationRule[],
    events: Parameters<typeof readMeaning>[1],
    position: number,
  ): Promise<readonly PendingChange[]> {
    const { database, results, configuration, log } = this.context;
    const { currency } = configuration().configuration;
    try {
      return await readMeaning({ database, results, currency, rules }, events);
    } catch (error) {
      const tries = this.failed.position === position ? this.failed.tries + 1 : 1;
      this.failed = { position, tries };
      if (tries < TRIES_MAX) throw error;
      const about = { from: position, to: events.at(-1)?.number, err: error };
      log.error(about, 'these events could not be told to anybody and are passed over');
      return [];
    }
  }

  private async tellDue(rules: readonly NotificationRule[]): Promise<void> {
    const now = await this.now();
    for (const waiting of await listWaiting(this.context.database.db)) {
      const rule = rules.find(({ id }) => id === waiting.ruleId);
      const name = `${waiting.ruleId} ${waiting.topic}`;
      if ((this.putOff.get(name) ?? 0) > now) continue;
      // A rule that was added since is looked at the next time.
      if (rule === undefined || !isDue(notifyRuleOf(rule.document), waiting.topic, waiting.since, now)) continue;
      try {
        await this.tell(rule, waiting);
        this.putOff.delete(name);
      } catch (error) {
        if (error instanceof TaskLost) throw error;
        // Others need not wait for it.
        this.putOff.set(name, now + PUT_OFF_MS);
        this.context.log.error({ err: error, rule: rule.name, topic: waiting.topic }, 'a message could not be written');
      }
    }
  }

  private async tell(rule: NotificationRule, waiting: Waiting): Promise<void> {
    const { database, results, configuration, newId, worker } = this.context;
    const { topic } = waiting;
    const position = await notifiedUpTo(database.db);
    const pending = await readPending(database.db, waiting, ROWS_MAX);
    // Rows and their count are two looks: another server told them in between.
    if (pending.count < pending.rows.length || pending.rows.length === 0) throw new TaskLost();
    const { currency } = configuration().configuration;
    const message = await writeMessage(results, { rule, topic, pending, currency });
    const channels = (await listChannels(database.db)).filter(
      ({ id, isEnabled }) => isEnabled && rule.document.channels.includes(id),
    );
    const now = await this.now();
    await database.db.transaction().execute(async (transaction) => {
      if (!(await keepTask(transaction, 'notify', worker, now, LEASE_MS))) throw new TaskLost();
      // Held until the end: as many rows as were read could be others that came meanwhile.
      if (!(await advanceNotified(transaction, position, position))) throw new TaskLost();
      // Somebody changed the rule meanwhile, or another server has told it: nothing of this is written.
      const [current] = (await listRules(transaction)).filter(({ id }) => id === rule.id);
      if (current?.version !== rule.version) return;
      if ((await settlePending(transaction, waiting, now)) !== pending.count) throw new TaskLost();
      if (message !== undefined) await addDeliveries(transaction, rule, channels, message, { now, newId });
    });
  }

  private async tidy(): Promise<void> {
    const now = await this.now();
    if (Math.abs(now - this.tidiedAt) < TIDY_MS) return;
    this.tidiedAt = now;
    await this.context.database.db.transaction().execute(async (transaction) => {
      await forgetTold(transaction, now - REMEMBERED_MS);
      await pruneDeliveries(transaction, now - DELIVERIES_KEPT_MS);
    });
  }
}

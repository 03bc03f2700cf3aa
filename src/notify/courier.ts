/**
 * Sends what waits: takes deliveries one by one, one at a time for each channel, and writes down what was answered. Decides
 * nothing about retries itself (core/notify); a delivery that was cut off is sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeAnswer, type Verdict } from '../core/notify/judge-answer.ts';
import { findChannel } from '../store/work/notification-channels.ts';
import {
  claimDelivery,
  type DeliveryRow,
  finishDelivery,
  handBackDelivery,
} from '../store/work/notification-deliveries.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Sent } from './post-json.ts';
import { sendMessage } from './send-message.ts';

/** Longer than a delivery may take: a lease that runs out is that of a server that is gone. */
const LEASE_MS = 60_000;
const PARALLEL_MAX = 8;

export class Courier {
  private readonly context: NotifyContext;
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(context: NotifyContext) {
    this.context = context;
  }

  /** Begins with what can be begun. True where something was. */
  async tick(): Promise<boolean> {
    const { database } = this.context;
    let hasBegun = false;
    while (this.underWay.size < PARALLEL_MAX && !this.stopping.signal.aborted) {
      const now = await this.context.storeNow();
      const claim = { now, leaseMs: LEASE_MS, busy: [...this.underWay.keys()] };
      const delivery = await claimDelivery(database.db, claim);
      if (delivery === undefined) break;
      hasBegun = true;
      const channelId = delivery.channel_id;
      const done = this.deliver(delivery).finally(() => this.underWay.delete(channelId));
      this.underWay.set(channelId, done);
    }
    return hasBegun;
  }

  /** Ends when what is under way is over. For tests, and for a pause between two looks. */
  async idle(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  /** Gives what is under way a moment, then cuts it off and hands it back. */
  async stop(graceMs: number): Promise<void> {
    const cut = new AbortController();
    const late = sleep(graceMs, undefined, { signal: cut.signal }).catch(() => undefined);
    await Promise.race([this.idle(), late]);
    cut.abort();
    this.stopping.abort();
    await this.idle();
  }

  private async deliver(delivery: DeliveryRow): Promise<void> {
    const { database, log, random } = this.context;
    const { id, attempts, channel_name: channel } = delivery;
    try {
      const { answer, says } = await this.send(delivery);
      if (this.stopping.signal.aborted && answer.kind === 'none') {
        await database.db.transaction().execute((transaction) => handBackDelivery(transaction, delivery));
        return;
      }
      const verdict: Verdict = judgeAnswer(answer, attempts, random());
      const now = await this.context.storeNow();
      const end = { answer: says, now };
      await database.db.transaction().execute((transaction) => finishDelivery(transaction, delivery, verdict, end));
      const about = { delivery: id, channel, attempts, answer: says };
      if (verdict.state === 'dead') log.error(about, 'a notification was given up');
      else if (verdict.state === 'again') log.warn(about, 'a notification was not received and is sent again later');
    } catch (error) {
      // What was answered is not written down: the lease runs out, and it is sent again.
      log.error({ delivery: id, channel, err: error }, 'what became of a notification could not be written down');
    }
  }

  private async send(delivery: DeliveryRow): Promise<Sent> {
    const { database, configuration, environment, consoleUrl, now, authorities, sendMsMax } = this.context;
    const channel = await findChannel(database.db, delivery.channel_id);
    if (channel === undefined || !channel.isEnabled) {
      const says = channel === undefined ? 'the channel was removed' : 'the channel is switched off';
      return { answer: { kind: 'impossible' }, says };
    }
    const { id, created_at: createdAt, rule_name: ruleName, message } = delivery;
    const outgoing = { id, createdAt, ruleName, message: JSON.parse(message) };
    return sendMessage(channel, outgoing, {
      allowed: configuration().configuration.notifications?.allow ?? [],
      signal: this.stopping.signal,
      ...{ environment, consoleUrl, now },
      ...(authorities !== undefined && { authorities }),
      ...(sendMsMax !== undefined && { msMax: sendMsMax }),
    });
  }
}

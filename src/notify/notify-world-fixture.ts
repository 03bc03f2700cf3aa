/**
 * A store with rules, real runs, and servers that tell people of them through a real HTTP receiver, on a clock that the test
 * moves. Never used outside of tests.
 */
import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { KeptResults } from '../app/kept-results.ts';
import { MeasuredRuns } from '../app/measured-runs-fixture.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { type ChannelSettings, ruleDocumentSchema } from '../contract/notification.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { appendEvents, type WorkEvent } from '../store/work/events.ts';
import { newId } from '../store/work/new-id.ts';
import { type Channel, createChannel } from '../store/work/notification-channels.ts';
import { type DeliveryRow, listDeliveries } from '../store/work/notification-deliveries.ts';
import { createRule, type NotificationRule } from '../store/work/notification-rules.ts';
import { adoptRuns } from '../store/work/runs.ts';
import { Courier } from './courier.ts';
import type { WebhookForm } from './forms/webhook-form.ts';
import type { NotifyContext } from './notify-context.ts';
import { type HttpReceiver, openHttpReceiver } from './receivers-fixture.ts';
import { Teller } from './teller.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const ENVIRONMENT = { EVENSTOCK_NOTIFY_HOOK: 'what the webhooks of tests are signed with' };
const HOOK_SECRET = '$'.concat('{EVENSTOCK_NOTIFY_HOOK}');
const BY = { actor: 'person:1' };

/** A live discrepancy as events have it. */
export const liveLine = (item: string, value: string, more: Readonly<Record<string, string>> = {}) => ({
  ...{ site: 'DC1', item, owner: '', lot: '', category: 'available', description: '', state: 'discrepancy' },
  ...{ erp_quantity: '0', wms_quantity: '1', variance_quantity: '1', in_flight_quantity: '0' },
  ...{ net_variance_quantity: '1', uom: 'EA', unit_cost: value, variance_value: value, currency: 'USD' },
  ...{ direction: 'erp-understated', absent_from: '' },
  ...more,
});

export class NotifyWorld {
  readonly runs = new MeasuredRuns();
  readonly database: WorkDatabase;
  readonly results = new KeptResults(this.runs.dataDirectory);
  readonly logged: string[] = [];
  /** 18:00 UTC: noon in Chicago. */
  now = Date.parse('2026-11-24T18:00:00Z');
  receiver!: HttpReceiver;
  teller!: Teller;
  courier!: Courier;

  private constructor(database: WorkDatabase) {
    this.database = database;
  }

  static async open(database: WorkDatabase): Promise<NotifyWorld> {
    const world = new NotifyWorld(database);
    world.receiver = await openHttpReceiver();
    world.restart('server-1');
    return world;
  }

  context(worker: string, more: Partial<NotifyContext> = {}): NotifyContext {
    const log = (about: object, message: string): void => {
      this.logged.push(`${message} ${JSON.stringify(about)}`);
    };
    return {
      database: this.database,
      results: this.results,
      configuration: () =>
        ({
          configuration: { currency: 'USD', notifications: { allow: ['127.0.0.1'] } },
        }) as unknown as LoadedConfiguration,
      environment: ENVIRONMENT,
      now: () => this.now,
      storeNow: async () => this.now,
      newId: () => newId(this.now, randomBytes(10)),
      random: () => 0.5,
      randomBytes,
      log: { info: () => undefined, warn: log, error: log },
      worker,
      consoleUrl: 'https://stock.example.com',
      sendMsMax: 10_000,
      ...more,
    };
  }

  /** Another server, with the same store. */
  restart(worker: string): void {
    this.teller = new Teller(this.context(worker));
    this.courier = new Courier(this.context(worker));
  }

  channel(
    name = 'hook',
    about: ChannelSettings = { kind: 'webhook', settings: { url: `${this.receiver.origin}/${name}`, key_id: 'k1' } },
    secret: string | null = HOOK_SECRET,
  ): Promise<Channel> {
    const content = { name, about, secret, isEnabled: true };
    const id = newId(this.now, randomBytes(10));
    return this.write((transaction) => createChannel(transaction, id, content, { ...BY, now: this.now }));
  }

  rule(
    name: string,
    channels: readonly Channel[],
    document: Readonly<Record<string, unknown>>,
  ): Promise<NotificationRule> {
    const whole = { gather: '0s', ...document, channels: channels.map(({ id }) => id) };
    const content = { name, document: ruleDocumentSchema.parse(whole), isEnabled: true };
    const id = newId(this.now, randomBytes(10));
    return this.write((transaction) => createRule(transaction, id, content, { ...BY, now: this.now }));
  }

  write<T>(change: (transaction: Transaction<WorkState>) => Promise<T>): Promise<T> {
    return this.database.db.transaction().execute(change);
  }

  happens(...events: WorkEvent[]): Promise<void> {
    return this.write((transaction) => appendEvents(transaction, events, this.now));
  }

  /** A real run of these balances, entered as complete. See MeasuredRuns. */
  async run(balances: string, change: Parameters<MeasuredRuns['run']>[2] = {}): Promise<string> {
    const { run } = await this.runs.run(new Date(this.now).toISOString(), balances, change);
    const document = { ...run, finished_at: new Date(this.now).toISOString() };
    await this.write((transaction) => adoptRuns(transaction, [document], this.now));
    return run.run_id;
  }

  /** Until nothing more is to be told or sent now. What was received since the last look. */
  async settle(): Promise<WebhookForm[]> {
    for (let round = 0; round < 50; round++) {
      const hasMore = await this.teller.tick();
      const hasBegun = await this.courier.tick();
      await this.courier.idle();
      if (!hasMore && !hasBegun) break;
    }
    return this.receiver.received.splice(0).map(({ body }) => JSON.parse(body));
  }

  deliveries(): Promise<DeliveryRow[]> {
    return listDeliveries(this.database.db, { limit: 1_000 });
  }

  async close(): Promise<void> {
    await this.receiver.close();
    await this.results.close();
  }
}

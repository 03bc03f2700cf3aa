import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ruleDocumentSchema } from '../../src/contract/notification.ts';
import { openHttpReceiver } from '../../src/notify/receivers-fixture.ts';
import { describeOnBothStores } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { EventWatch } from '../../src/store/work/event-watch.ts';
import { newId } from '../../src/store/work/new-id.ts';
import { createChannel } from '../../src/store/work/notification-channels.ts';
import { countDeliveries } from '../../src/store/work/notification-deliveries.ts';
import { notifiedUpTo } from '../../src/store/work/notification-pending.ts';
import { createRule } from '../../src/store/work/notification-rules.ts';

/** Kills on each store; `npm run test:faults` asks for more. */
const KILLS = Number(process.env['EVENSTOCK_FAULTS'] ?? 4);
const ENTRY = fileURLToPath(new URL('./notify-process.ts', import.meta.url));

describeOnBothStores('notifications of servers that are killed', (store) => {
  test('are each received, and what is received again has the id of the first time', {
    timeout: 120_000 + KILLS * 15_000,
  }, async () => {
    const { dataDirectory, address } = await store.place();
    const database = openDatabase(dataDirectory, address);
    await migrate(database.db, database.kind, Date.now);
    const receiver = await openHttpReceiver();
    const about = { kind: 'webhook', settings: { url: `${receiver.origin}/`, key_id: '1' } } as const;
    const channelId = newId(Date.now(), randomBytes(10));
    const change = { actor: 'system', now: Date.now() };
    await database.db.transaction().execute(async (transaction) => {
      const secret = '$'.concat('{EVENSTOCK_NOTIFY_HOOK}');
      await createChannel(transaction, channelId, { name: 'hook', about, secret, isEnabled: true }, change);
      const document = ruleDocumentSchema.parse({
        ...{ topics: ['message-late'], channels: [channelId], gather: '0s', lines_max: 50 },
      });
      await createRule(transaction, 'rule-1', { name: 'Late', document, isEnabled: true }, change);
    });
    // Some answers are lost on their way: those are sent again, too.
    receiver.answer = (response) => void (Math.random() < 0.15 ? response.socket?.destroy() : response.end('ok'));
    const acknowledged: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) acknowledged.push(...(await workUntilKilled(kill * 1_000)));
    await database.db.transaction().execute(async (transaction) => {
      await transaction.updateTable('notification_deliveries').set({ lease_until: 0 }).execute();
    });
    const last = start(KILLS * 1_000, 1);
    await Promise.race([last.started, last.ended]);
    const end = Date.now() + 60_000;
    while (!(await isOver()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 300));
    last.child.kill('SIGKILL');
    await last.ended;
    const events = await database.db.selectFrom('events').select('document').execute();
    const committed = events.map(({ document }) => JSON.parse(document).reference as string);
    expect(acknowledged.filter((number) => !committed.includes(`N${number}`))).toEqual([]);
    // A message that was received twice has one id; all of them together tell of each event once.
    const messages = new Map<string, { count: number; messages: { reference: string }[] }>(
      receiver.received.map(({ body }) => JSON.parse(body)).map(({ id, data }) => [id, data]),
    );
    expect([...messages.values()].reduce((sum, { count }) => sum + count, 0)).toBe(committed.length);
    const listed = [...messages.values()].flatMap((data) => data.messages.map(({ reference }) => reference));
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(0);
    await receiver.close();
    await database.close();

    /** Leases of those that were killed are not waited for, nor the pauses between attempts. */
    async function hurry(): Promise<void> {
      await database.db.transaction().execute(async (transaction) => {
        await transaction.updateTable('live_keeper').set({ lease_until: 0 }).execute();
        await transaction
          .updateTable('notification_deliveries')
          .set({ next_at: 0 })
          .where('state', '=', 'waiting')
          .execute();
      });
    }

    /** Asked in the order in which an event goes on: what leaves one place meanwhile is met in the next. */
    async function isOver(): Promise<boolean> {
      await hurry();
      const isCaughtUp = (await notifiedUpTo(database.db)) === (await new EventWatch(database.db).newest());
      const pending = await database.db.selectFrom('notification_pending').select('subject').execute();
      const { waiting, sending, delivered } = await countDeliveries(database.db);
      return isCaughtUp && delivered > 0 && waiting + sending + pending.length === 0;
    }

    function start(first: number, count: number) {
      const args = ['--import', 'tsx', ENTRY, dataDirectory, address ?? '', String(first), String(count)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      let told = '';
      const started = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
      child.stdout?.on('data', (chunk) => {
        told += chunk;
      });
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      return { child, started, ended, told: () => told.split('\n').slice(0, -1).map(Number) };
    }

    async function workUntilKilled(first: number): Promise<number[]> {
      const { child, started, ended, told } = start(first, 900);
      await Promise.race([started, ended]);
      await database.db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('notification_deliveries')
          .set({ lease_until: 0 })
          .where('state', '=', 'sending')
          .execute();
      });
      await hurry();
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2_500));
      child.kill('SIGKILL');
      await ended;
      return told();
    }
  });
});

import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '../core/notify/judge-answer.ts';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import { updateChannel } from '../store/work/notification-channels.ts';
import {
  claimDelivery,
  type DeliveryRow,
  finishDelivery,
  handBackDelivery,
  retryDelivery,
} from '../store/work/notification-deliveries.ts';
import { Courier } from './courier.ts';
import { HOUR_MS, liveLine, MINUTE_MS, NotifyWorld } from './notify-world-fixture.ts';
import { openMailReceiver, plainTextOf } from './receivers-fixture.ts';
import { Teller } from './teller.ts';

const BY = { actor: 'person:1' };

describeOnBothStores('deliveries', (store) => {
  let world: NotifyWorld;
  const worlds: NotifyWorld[] = [];
  beforeEach(async () => {
    world = await NotifyWorld.open(await store.open());
    worlds.push(world);
  });
  afterAll(() => Promise.all(worlds.map((each) => each.close())));
  const off = (item: string) =>
    world.happens({ kind: 'discrepancy.opened', site: 'DC1', document: liveLine(item, '9.00') });
  const states = async () => (await world.deliveries()).map(({ state }) => state).toSorted();

  test('a webhook is signed over its moment and its body, with the same id in each attempt', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'] });
    let failures = 1;
    world.receiver.answer = (response) => void response.writeHead(failures-- > 0 ? 500 : 204).end();
    await off('A');
    await world.teller.tick();
    await world.courier.tick();
    await world.courier.idle();
    world.now += MINUTE_MS;
    await world.courier.tick();
    await world.courier.idle();
    const requests = world.receiver.received;
    expect(requests).toHaveLength(2);
    const signatures = requests.map(({ headers, body }) => {
      const [, seconds, key, digest] =
        /^t=(\d+),kid=(.+),v1=([0-9a-f]{64})$/.exec(String(headers['evenstock-signature'])) ?? [];
      const own = createHmac('sha256', 'what the webhooks of tests are signed with')
        .update(`${seconds}.${body}`)
        .digest('hex');
      expect([key, digest]).toEqual(['k1', own]);
      return Number(seconds);
    });
    expect((signatures[1] ?? 0) - (signatures[0] ?? 0)).toBe(60);
    expect(new Set(requests.map(({ headers }) => headers['evenstock-delivery'])).size).toBe(1);
    expect(requests[0]?.body).toBe(requests[1]?.body);
    expect(await world.deliveries()).toMatchObject([{ state: 'delivered', attempts: 2, answer: '204 No Content' }]);
  });

  test('what is not received is tried again ever later, then given up, shown, and sent again by hand', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'] });
    world.receiver.answer = (response) => void response.writeHead(503).end('later');
    await off('A');
    const pauses: number[] = [];
    let before = world.now;
    for (let minute = 0; minute < 24 * 60; minute++) {
      if ((await world.settle()).length > 0) {
        pauses.push(world.now - before);
        before = world.now;
      }
      const [delivery] = await world.deliveries();
      if (delivery?.state === 'dead') break;
      world.now = Math.max(world.now + 1, delivery?.next_at ?? 0);
    }
    expect(pauses).toHaveLength(ATTEMPTS_MAX);
    expect(pauses.slice(1)).toEqual(pauses.slice(1).toSorted((a, b) => a - b));
    const [dead] = await world.deliveries();
    expect(dead).toMatchObject({ state: 'dead', attempts: ATTEMPTS_MAX, answer: '503 Service Unavailable: later' });
    expect(world.logged.join()).toContain('a notification was given up');
    world.now += HOUR_MS;
    expect(await world.settle()).toEqual([]);
    world.receiver.answer = (response) => void response.end('ok');
    await world.write((transaction) => retryDelivery(transaction, dead?.id ?? '', { ...BY, now: world.now }));
    expect((await world.settle()).map(({ id }) => id)).toEqual([dead?.id]);
    const again = world.write((transaction) => retryDelivery(transaction, dead?.id ?? '', { ...BY, now: world.now }));
    await expect(again).rejects.toMatchObject({ code: 'DELIVERY_NOT_DEAD' });
  });

  test('a redirect and a channel that was switched off are given up at once', async () => {
    const channel = await world.channel();
    await world.rule('All', [channel], { topics: ['discrepancy'] });
    world.receiver.answer = (response) => void response.writeHead(302, { location: '/other' }).end();
    await off('A');
    await world.settle();
    expect(await states()).toEqual(['dead']);
    await off('B');
    await world.teller.tick();
    const content = { name: channel.name, about: channel.about, isEnabled: false, secret: undefined };
    await world.write((transaction) => updateChannel(transaction, channel, content, { ...BY, now: world.now }));
    await world.settle();
    const answers = (await world.deliveries()).map(({ answer }) => answer).toSorted();
    expect(answers).toEqual(['302 Found; redirects are not followed', 'the channel is switched off']);
    await off('C');
    expect(await world.settle()).toEqual([]);
    expect(await states()).toEqual(['dead', 'dead']);
  });

  test('a receiver that hangs holds up no other channel', async () => {
    const [slow, quick] = [await world.channel('slow'), await world.channel('quick')];
    await world.rule('All', [slow, quick], { topics: ['discrepancy'] });
    world.receiver.answer = (response, { url }) => void (url === '/quick' && response.end('ok'));
    for (const item of ['A', 'B', 'C']) {
      await off(item);
      await world.teller.tick();
    }
    for (let round = 0; round < 40 && (await states()).filter((state) => state === 'delivered').length < 3; round++) {
      await world.courier.tick();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered', 'sending', 'waiting', 'waiting']);
    const started = performance.now();
    await world.courier.stop(100);
    expect(performance.now() - started).toBeLessThan(5_000);
    // Handed back, and no attempt counted.
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered', 'waiting', 'waiting', 'waiting']);
    expect(
      (await world.deliveries()).filter(({ state }) => state === 'waiting').map(({ attempts }) => attempts),
    ).toEqual([0, 0, 0]);
  });

  test('five servers on one store tell and send each once', async () => {
    const channels = [await world.channel('one'), await world.channel('two')];
    await world.rule('All', channels, { topics: ['discrepancy', 'message-late'] });
    const servers = Array.from({ length: 5 }, (_, index) => {
      const context = world.context(`server-${index + 10}`);
      return { teller: new Teller(context), courier: new Courier(context) };
    });
    for (let item = 0; item < 20; item++) {
      await off(`I${item}`);
      await Promise.all(servers.map(async ({ teller, courier }) => [await teller.tick(), await courier.tick()]));
      await Promise.all(servers.map(({ courier }) => courier.idle()));
      world.now += MINUTE_MS;
    }
    for (let round = 0; round < 40 && (await states()).some((state) => state !== 'delivered'); round++)
      for (const { teller, courier } of servers) {
        await teller.tick();
        await courier.tick();
        await courier.idle();
      }
    const told = world.receiver.received.map(({ url, body }) => `${url} ${JSON.parse(body).subject.split(' ')[0]}`);
    expect(told).toHaveLength(40);
    expect(new Set(told).size).toBe(40);
  });

  test('servers whose clocks are hours apart, so that no lease holds, tell of each event once', async () => {
    await world.rule('All', [await world.channel()], { topics: ['message-late'] });
    let hours = 0;
    // Each look at the clock finds another hour: whoever asks finds every lease of the others run out.
    const storeNow = async (): Promise<number> => world.now + ++hours * HOUR_MS;
    const tellers = Array.from({ length: 4 }, (_, index) => new Teller(world.context(`server-${index}`, { storeNow })));
    for (let number = 0; number < 40; number++) {
      const document = {
        id: `${number}`,
        kind: 'late-message',
        site: '',
        item: '',
        reference: `N${number}`,
        sent_at: '',
      };
      await world.happens({ kind: 'alert.opened', document });
      await Promise.all(tellers.map((teller) => teller.tick().catch(() => false)));
    }
    for (let round = 0; round < 20; round++) for (const teller of tellers) await teller.tick();
    const told = (await world.deliveries()).flatMap(({ message }) =>
      JSON.parse(message).data.messages.map(({ reference }: { reference: string }) => reference),
    );
    expect(told).toHaveLength(40);
    expect(new Set(told).size).toBe(40);
  });

  test('what a server says that was away for longer than its lease changes nothing', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'] });
    await off('A');
    await world.teller.tick();
    const zombie = await claimDelivery(world.database.db, { now: world.now, leaseMs: 60_000, busy: [] });
    world.now += 61_000;
    const other = await claimDelivery(world.database.db, { now: world.now, leaseMs: 60_000, busy: [] });
    expect(other?.id).toBe(zombie?.id);
    const end = { answer: 'of the zombie', now: world.now };
    await world.write((transaction) => finishDelivery(transaction, zombie as DeliveryRow, { state: 'dead' }, end));
    await world.write((transaction) => handBackDelivery(transaction, zombie as DeliveryRow));
    expect(await world.deliveries()).toMatchObject([{ state: 'sending', answer: null, attempts: 2 }]);
  });

  test('a server that is gone is followed by another: what it may have sent comes again, under the same id', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'] });
    await off('A');
    await world.teller.tick();
    const claim = { now: world.now, leaseMs: 60_000, busy: [] };
    const taken = await claimDelivery(world.database.db, claim);
    expect(taken?.state).toBe('sending');
    world.restart('server-2');
    expect(await world.settle()).toEqual([]);
    world.now += 61_000;
    expect((await world.settle()).map(({ id }) => id)).toEqual([taken?.id]);
    expect(await states()).toEqual(['delivered']);
  });

  test('a secret that is not there is told, and tried again once it may be', async () => {
    const name = '$'.concat('{EVENSTOCK_NOTIFY_LATER}');
    await world.rule('All', [await world.channel('hook', undefined, name)], { topics: ['discrepancy'] });
    await off('A');
    await world.settle();
    expect(await world.deliveries()).toMatchObject([
      { state: 'waiting', answer: 'the environment variable EVENSTOCK_NOTIFY_LATER is not set' },
    ]);
    expect(world.receiver.received).toEqual([]);
  });

  test('mail, Slack and Teams get it in their forms', async () => {
    const mail = await openMailReceiver();
    const environment = {
      EVENSTOCK_NOTIFY_SLACK: `${world.receiver.origin}/slack`,
      EVENSTOCK_NOTIFY_TEAMS: `${world.receiver.origin}/teams`,
    };
    world.courier = new Courier(world.context('server-3', { environment }));
    const settings = { host: '127.0.0.1', port: mail.port, security: 'none', user: null } as const;
    const channels = [
      await world.channel('slack', { kind: 'slack', settings: {} }, '$'.concat('{EVENSTOCK_NOTIFY_SLACK}')),
      await world.channel('teams', { kind: 'teams', settings: {} }, '$'.concat('{EVENSTOCK_NOTIFY_TEAMS}')),
      await world.channel(
        'mail',
        { kind: 'email', settings: { ...settings, from: 'evenstock@example.com', to: ['ann@example.com'] } },
        null,
      ),
    ];
    await world.rule('All', channels, { topics: ['discrepancy'] });
    await off('<b>A&*_');
    const [slack, teams] = (await world.settle()).toSorted((a) => ('blocks' in a ? -1 : 1)) as unknown as object[];
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered']);
    const subject = '<b>A&*_ at DC1: ERP shows 1 EA less than the warehouse, $9.00 (available)';
    expect(slack).toMatchObject({ text: subject.replace('<b>A&', '&lt;b&gt;A&amp;'), mrkdwn: false });
    expect(JSON.stringify(slack)).not.toContain('"mrkdwn"}');
    expect(teams).toMatchObject({ type: 'message', summary: subject });
    expect(JSON.stringify(teams)).not.toContain('"TextBlock"');
    const [text] = mail.mails;
    expect(plainTextOf(text ?? '')).toContain('- <b>A&*_, DC1\n  ERP shows 1 EA less');
    expect(text).not.toMatch(/<strong><b>/);
    expect(text).toMatch(/^Message-ID: <[0-9A-Z]{26}@example\.com>/m);
    await mail.close();
  });
});

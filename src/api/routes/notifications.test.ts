import { afterAll, beforeAll, expect, test } from 'vitest';
import { testMessage } from '../../notify/messages/test-message.ts';
import { type HttpReceiver, openHttpReceiver } from '../../notify/receivers-fixture.ts';
import { addDeliveries, claimDelivery, finishDelivery } from '../../store/work/notification-deliveries.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

const SECRET = 'a secret that nobody is shown again';
const NAME = '$'.concat('{EVENSTOCK_NOTIFY_HOOK}');

describeApi('notifications', (open) => {
  let api: ApiUnderTest;
  let receiver: HttpReceiver;
  beforeAll(async () => {
    receiver = await openHttpReceiver();
    const loaded = { configuration: { currency: 'USD', notifications: { allow: ['127.0.0.1'] } } };
    api = await open({
      channels: {
        configuration: () => loaded as never,
        environment: { EVENSTOCK_SEALING_KEY: 'k'.repeat(32), EVENSTOCK_NOTIFY_HOOK: SECRET },
      },
    });
  });
  afterAll(() => receiver.close());
  const hook = (name: string, path = '/hook', more: object = {}) => ({
    name,
    about: { kind: 'webhook', settings: { url: `${receiver.origin}${path}` } },
    secret: SECRET,
    ...more,
  });
  const make = async (body: unknown, url = '/notifications/channels') => {
    const answer = await api.request('POST', url, { body });
    expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()]);
    return answer.json();
  };
  const put = (url: string, version: number, body: unknown) =>
    api.request('PUT', url, { body, headers: { 'if-match': `"${version}"` } });
  const remove = (url: string, version: number) =>
    api.request('DELETE', url, { headers: { 'if-match': `"${version}"` } });

  test('a channel is added, read, changed and removed; two who edit it do not overwrite each other', async () => {
    const made = await make(hook('Hook'));
    expect(made).toMatchObject({
      about: { kind: 'webhook', settings: { url: `${receiver.origin}/hook`, key_id: '1' } },
      ...{ secret_from: 'sealed', is_enabled: true, version: 1 },
    });
    const url = `/notifications/channels/${made.id}`;
    const changed = await put(url, 1, { ...hook('Hook 2'), secret: undefined });
    expect(changed.json()).toMatchObject({ name: 'Hook 2', version: 2, secret_from: 'sealed' });
    expect(changed.headers['etag']).toBe('"2"');
    expect((await put(url, 1, hook('Hook 3'))).json()).toMatchObject({ status: 412, code: 'CHANNEL_STALE' });
    expect((await api.request('POST', '/notifications/channels', { body: hook('Hook 2') })).json()).toMatchObject({
      ...{ status: 409, code: 'NAME_TAKEN' },
    });
    expect((await remove(url, 1)).statusCode).toBe(412);
    expect((await remove(url, 2)).statusCode).toBe(204);
    expect((await api.request('GET', url)).statusCode).toBe(404);
  });

  test('no answer, audit row, log line or column holds a secret', async () => {
    const { id } = await make(hook('Sealed'));
    await put(`/notifications/channels/${id}`, 1, hook('Sealed', '/other'));
    const named = await make(hook('Named', '/hook', { secret: NAME }));
    expect(named.secret_from).toBe(NAME);
    const pages = await Promise.all(
      ['/notifications/channels', `/notifications/channels/${id}`, '/audit'].map((url) => api.request('GET', url)),
    );
    const rows = await api.context.database.db.selectFrom('notification_channels').selectAll().execute();
    const told = [...pages.map(({ body }) => body), JSON.stringify(rows), ...api.log].join();
    expect(told).not.toContain(SECRET);
    expect(pages[2]?.body).toContain('exchanged');
  });

  test('a secret goes to no other place unless it is sent anew', async () => {
    const { id } = await make(hook('Elsewhere'));
    const elsewhere = { kind: 'webhook', settings: { url: 'https://eve.example.com/hook' } };
    const url = `/notifications/channels/${id}`;
    const refused = await put(url, 1, { name: 'Elsewhere', about: elsewhere });
    expect(refused.json()).toMatchObject({ status: 400, code: 'SECRET_MISSING' });
    expect((await put(url, 1, { name: 'Elsewhere', about: elsewhere, secret: SECRET })).statusCode).toBe(200);
    const settings = { host: 'mail.example.com', user: 'sender', from: 'a@example.com', to: ['b@example.com'] };
    const mail = await make({ name: 'Mail', about: { kind: 'email', settings }, secret: 'password' });
    const moved = { name: 'Mail', about: { kind: 'email', settings: { ...settings, host: 'mail.eve.example.com' } } };
    expect((await put(`/notifications/channels/${mail.id}`, 1, moved)).json().code).toBe('SECRET_MISSING');
    const others = { ...settings, to: ['c@example.com'] };
    const same = { name: 'Mail', about: { kind: 'email', settings: others } };
    expect((await put(`/notifications/channels/${mail.id}`, 1, same)).statusCode).toBe(200);
  });

  test.each([
    ['a short secret', { secret: 'short' }, 422],
    ['no secret', { secret: undefined }, 400],
    ['a variable that is none of its business', { secret: '$'.concat('{EVENSTOCK_STORE}') }, 400],
    ['a name within a text', { secret: `${'x'.repeat(30)}$`.concat('{EVENSTOCK_NOTIFY_HOOK}') }, 400],
    ['a password in the address', { about: { kind: 'webhook', settings: { url: 'https://a:b@example.com' } } }, 422],
    ['no web address', { about: { kind: 'webhook', settings: { url: 'file:///etc/passwd' } } }, 422],
    [
      'a password without TLS',
      {
        about: { kind: 'email', settings: { host: 'a', user: 'u', security: 'none', from: 'a@b.cc', to: ['a@b.cc'] } },
      },
      422,
    ],
    [
      'a header in an address',
      {
        about: { kind: 'email', settings: { host: 'a', from: 'a@b.cc\r\nBcc: x@y.zz', to: ['a@b.cc'] } },
      },
      422,
    ],
    ['more than it has', { secret_hash: 'x' }, 422],
  ])('%s is refused', async (_name, more, status) => {
    const answer = await api.request('POST', '/notifications/channels', { body: hook('Refused', '/hook', more) });
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain(SECRET);
  });

  test('a test sends a real message and says what was answered', async () => {
    const { id } = await make(hook('Tried', '/tried'));
    receiver.received.length = 0;
    const tried = await api.request('POST', `/notifications/channels/${id}/test`);
    expect(tried.json()).toEqual({ is_delivered: true, answer: '200 OK: ok', ms: expect.any(Number) });
    expect(receiver.received).toMatchObject([{ url: '/tried', headers: { 'evenstock-event': 'test' } }]);
    receiver.answer = (response) => void response.writeHead(404).end('no such hook');
    const failed = await api.request('POST', `/notifications/channels/${id}/test`);
    expect(failed.json()).toMatchObject({ is_delivered: false, answer: '404 Not Found: no such hook' });
    receiver.answer = (response) => void response.end('ok');
    const inside = await make({
      ...hook('Inside'),
      about: { kind: 'webhook', settings: { url: 'http://169.254.169.254/' } },
    });
    const refused = await api.request('POST', `/notifications/channels/${inside.id}/test`);
    expect(refused.json()).toMatchObject({ is_delivered: false, answer: expect.stringContaining('own network') });
    const audit = await api.request('GET', '/audit?action=channel.test');
    expect(audit.json().items).toHaveLength(3);
    const statuses = await Promise.all(
      Array.from(
        { length: 12 },
        async () => (await api.request('POST', `/notifications/channels/${inside.id}/test`)).statusCode,
      ),
    );
    expect(statuses).toContain(429);
  });

  test('a rule names channels that are there, and these cannot be removed under it', async () => {
    const { id } = await make(hook('Used'));
    const document = { topics: ['discrepancy'], channels: [id], min_value: '500' };
    const rule = await make({ name: 'Rule', document }, '/notifications/rules');
    expect(rule.document).toMatchObject({ ...document, sites: null, gather: '5m', quiet_hours: [], lines_max: 10 });
    expect((await remove(`/notifications/channels/${id}`, 1)).json()).toMatchObject({
      status: 409,
      code: 'CHANNEL_IN_USE',
    });
    const url = `/notifications/rules/${rule.id}`;
    const none = await put(url, 1, { name: 'Rule', document: { ...document, channels: ['none'] } });
    expect(none.json()).toMatchObject({ status: 400, code: 'CHANNEL_ABSENT' });
    const changed = await put(url, 1, { name: 'Rule 2', document: { ...document, sites: ['DC1'] }, is_enabled: false });
    expect(changed.json()).toMatchObject({
      name: 'Rule 2',
      is_enabled: false,
      version: 2,
      document: { sites: ['DC1'] },
    });
    expect((await put(url, 1, { name: 'Rule 3', document })).statusCode).toBe(412);
    expect((await api.request('GET', '/notifications/rules')).json().items).toHaveLength(1);
    const audit = (await api.request('GET', '/audit?entity=rule')).json().items;
    expect(audit[0]).toMatchObject({ action: 'rule.update', before: { name: 'Rule' }, after: { name: 'Rule 2' } });
    expect((await remove(url, 2)).statusCode).toBe(204);
    expect((await remove(`/notifications/channels/${id}`, 1)).statusCode).toBe(204);
  });

  test.each([
    ['an unknown topic', { topics: ['everything'] }],
    ['no topic', { topics: [] }],
    ['no channel', { channels: [] }],
    ['no site at all', { sites: [] }],
    ['an unknown cause', { causes: ['magic'] }],
    ['an amount that is none', { min_value: '1e9' }],
    ['an unknown time zone', { time_zone: 'Mars/Olympus' }],
    ['quiet hours without end', { quiet_hours: [{ from: '00:00', to: '00:00' }] }],
    ['a message that gathers for days', { gather: '3d' }],
  ])('%s is refused', async (_name, more) => {
    const body = { name: 'Refused', document: { topics: ['discrepancy'], channels: ['x'], ...more } };
    expect((await api.request('POST', '/notifications/rules', { body })).statusCode).toBe(422);
  });

  test('deliveries are listed page by page with what became of them, and one that was given up is sent again', async () => {
    const { database, newId, now } = api.context;
    const channels = [
      { id: 'channel-1', name: 'One' },
      { id: 'channel-2', name: 'Two' },
      { id: 'channel-3', name: 'Three' },
    ];
    const write = database.db.transaction();
    await write.execute((transaction) =>
      addDeliveries(transaction, { id: 'rule-1', name: 'Rule' }, channels, testMessage('One'), { now: now(), newId }),
    );
    const claimed = await claimDelivery(database.db, { now: now(), leaseMs: 60_000, busy: [] });
    const end = { answer: '410 Gone', now: now() };
    await write.execute((transaction) => finishDelivery(transaction, claimed as never, { state: 'dead' }, end));
    const first = (await api.request('GET', '/notifications/deliveries?limit=2')).json();
    const second = (await api.request('GET', `/notifications/deliveries?limit=2&cursor=${first.next_cursor}`)).json();
    expect([...first.items, ...second.items].map((item) => item.channel_name).toSorted()).toEqual([
      'One',
      'Three',
      'Two',
    ]);
    expect(second.next_cursor).toBeNull();
    const dead = (await api.request('GET', '/notifications/deliveries?state=dead')).json().items;
    expect(dead).toMatchObject([
      { state: 'dead', answer: '410 Gone', attempts: 1, event: 'test', next_attempt_at: null },
    ]);
    const url = `/notifications/deliveries/${dead[0].id}`;
    expect((await api.request('GET', url)).json().text).toContain('This is a test.');
    expect((await api.request('POST', `${url}/retry`)).json()).toMatchObject({ state: 'waiting', attempts: 0 });
    expect((await api.request('POST', `${url}/retry`)).json()).toMatchObject({
      status: 409,
      code: 'DELIVERY_NOT_DEAD',
    });
    expect((await api.request('GET', '/notifications/deliveries?channel=channel-9')).json().items).toEqual([]);
  });
});

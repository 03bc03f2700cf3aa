import { afterAll, beforeEach, expect, test } from 'vitest';
import { describeOnBothStores } from '../store/database/both-stores-fixture.ts';
import type { WorkEvent } from '../store/work/events.ts';
import { updateRule } from '../store/work/notification-rules.ts';
import { HOUR_MS, liveLine, MINUTE_MS, NotifyWorld } from './notify-world-fixture.ts';

const opened = (item: string, value: string, more = {}): WorkEvent => ({
  kind: 'discrepancy.opened',
  site: 'DC1',
  document: liveLine(item, value, more),
});
const changed = (item: string, value: string): WorkEvent => ({ ...opened(item, value), kind: 'discrepancy.changed' });
const closed = (item: string): WorkEvent => ({ ...opened(item, ''), kind: 'discrepancy.closed' });
const alert = (kind: string, id: string, more = {}, is = 'opened'): WorkEvent => ({
  kind: `alert.${is}`,
  document: { id, kind, site: '', item: '', ...more },
});
const silent = (id: string, name: string, is = 'opened'): WorkEvent =>
  alert(
    'silent-feed',
    id,
    { feed: 'messages', name, last_received_at: '2026-11-24T17:00:00Z', silent_after: '30m' },
    is,
  );
const late = (id: string, minute: number, more = {}): WorkEvent =>
  alert('late-message', id, {
    ...{ message_id: id, interface: '945', reference: `SO-${id}` },
    sent_at: new Date(Date.parse('2026-11-24T10:00:00Z') + minute * MINUTE_MS).toISOString(),
    ...more,
  });

describeOnBothStores('what people are told', (store) => {
  let world: NotifyWorld;
  const worlds: NotifyWorld[] = [];
  beforeEach(async () => {
    world = await NotifyWorld.open(await store.open());
    worlds.push(world);
  });
  afterAll(() => Promise.all(worlds.map((each) => each.close())));
  const subjects = async (): Promise<string[]> => (await world.settle()).map(({ subject }) => subject);

  test('of discrepancies between runs: each once, again when it grew, and again when it is back', async () => {
    await world.rule('Large ones', [await world.channel()], { topics: ['discrepancy'], min_value: '500' });
    await world.happens(opened('A', '499.99'), opened('B', '-700.00', { net_variance_quantity: '-3' }));
    const [first, ...others] = await world.settle();
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      event: 'discrepancy',
      subject: 'B at DC1: ERP shows 3 EA more than the warehouse, $700.00 (available)',
      url: 'https://stock.example.com/items/B?site=DC1',
      rule: 'Large ones',
      data: { discrepancies: 1, gross_variance_value: '700.00' },
    });
    await world.happens(changed('B', '-800.00'), changed('B', '-700.00'), changed('A', '100.00'));
    expect(await subjects()).toEqual([]);
    await world.happens(changed('B', '-841.00'));
    const [grown] = await world.settle();
    expect(grown?.text).toContain('A discrepancy has grown');
    expect(grown?.text).toContain('It was $700 when last told.');
    await world.happens(closed('B'));
    world.now += 59 * MINUTE_MS;
    await world.happens(opened('B', '-841.00'));
    expect(await subjects()).toEqual([]);
    await world.happens(closed('B'));
    await world.settle();
    world.now += HOUR_MS;
    await world.happens(opened('B', '-841.00'));
    expect((await world.settle())[0]?.text).toContain('A discrepancy is back');
  });

  test('what is over before its message is written is not told', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy', 'feed-silent'], gather: '5m' });
    await world.happens(opened('A', '10.00'), opened('B', '20.00'), silent('1', '945'), silent('2', '856'));
    expect(await subjects()).toEqual([]);
    await world.happens(closed('A'), silent('2', '856', 'closed'));
    world.now += 5 * MINUTE_MS;
    expect((await subjects()).toSorted()).toEqual([
      'B at DC1: ERP shows 1 EA less than the warehouse, $20.00 (available)',
      'Interface 945 has been silent since Tue 24 Nov, 17:00 UTC',
    ]);
  });

  test('a crowd is one message with the largest and a count, and nobody of it is told again', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'], lines_max: 3 });
    const items = Array.from({ length: 1_200 }, (_, index) => index);
    await world.happens(...items.map((index) => opened(`I${index}`, `${index + 1}.00`)), opened('X', ''));
    const [message, ...others] = await world.settle();
    expect(others).toEqual([]);
    expect(message?.subject).toBe('1,201 discrepancies, $720,600 together');
    expect(message?.text).toContain('I1199, DC1');
    expect(message?.text).not.toContain('I1196, DC1');
    expect(message?.text).toContain('1,198 more are not listed here.');
    expect(message?.text).toContain('1 without a unit cost is not in that amount');
    await world.happens(...items.map((index) => changed(`I${index}`, `${index + 1}.10`)));
    expect(await subjects()).toEqual([]);
  });

  test('in quiet hours nothing; afterwards one message, and of runs the last', async () => {
    const quiet = { time_zone: 'America/Chicago', quiet_hours: [{ from: '12:00', to: '14:00' }] };
    const topics = ['discrepancy', 'run-digest'];
    await world.rule('By day', [await world.channel()], { topics, ...quiet });
    await world.happens(opened('A', '10.00'));
    const first = await world.run('A 10 9, B 5 5');
    await world.settle();
    world.now += HOUR_MS;
    const second = await world.run('A 10 9, B 5 4');
    await world.happens(opened('C', '30.00'));
    expect(await subjects()).toEqual([]);
    world.now += HOUR_MS;
    const told = await world.settle();
    expect(told.map(({ event }) => event).toSorted()).toEqual(['discrepancy', 'run-digest']);
    expect(told.find(({ event }) => event === 'run-digest')?.data).toMatchObject({ run_id: second });
    expect(JSON.stringify(told)).not.toContain(first);
    expect(told.find(({ event }) => event === 'discrepancy')?.data).toMatchObject({ discrepancies: 3 });
  });

  test('a run: its digest, what of it is news, and what is in sync again', async () => {
    const channel = await world.channel();
    await world.rule('Digest', [channel], { topics: ['run-digest'] });
    await world.rule('News', [channel], { topics: ['discrepancy'], min_value: '4' });
    await world.run('A 10 4, B 5 4, DC2/C 7 7');
    const [digest, news, ...none] = (await world.settle()).toSorted((a, b) => (a.event < b.event ? 1 : -1));
    expect(none).toEqual([]);
    expect(digest?.subject).toBe('2 keys are off by $14 at DC1 and DC2 (Mon 23 Nov, 12:00 UTC)');
    expect(digest?.text).toMatch(/^ERP and WMS agree on 33.3% of 3 keys/);
    expect(digest?.text).toContain(
      'All 2 discrepancies\n- A, DC1\n  ERP shows 6 EA more than the warehouse, $12.00 (available)',
    );
    expect(news?.subject).toBe('A at DC1: ERP shows 6 EA more than the warehouse, $12.00 (available)');
    world.now += HOUR_MS;
    await world.run('A 10 4, B 5 1, DC2/C 7 7');
    const second = await world.settle();
    expect(second.map(({ subject }) => subject).toSorted()).toEqual([
      '2 keys are off by $20 at DC1 and DC2 (Mon 23 Nov, 12:00 UTC)',
      'B at DC1: ERP shows 4 EA more than the warehouse, $8.00 (available)',
    ]);
    expect(second.find(({ event }) => event === 'run-digest')?.text).toContain('Since the run before: 1 worse.');
    world.now += HOUR_MS;
    await world.run('A 10 10, B 5 1, DC2/C 7 7');
    expect((await subjects()).length).toBe(1);
    world.now += 2 * HOUR_MS;
    await world.run('A 10 4, B 5 1, DC2/C 7 7');
    expect((await world.settle()).find(({ event }) => event === 'discrepancy')?.text).toContain(
      'A discrepancy is back',
    );
  });

  test('who hears of some sites hears nothing of the others, not even in sums', async () => {
    const topics = ['run-digest', 'discrepancy', 'message-late'];
    await world.rule('DC2 only', [await world.channel()], { topics, sites: ['DC2'] });
    await world.run('SECRET1 10 1, SECRET2 50 60, DC2/C 7 3, DC2/D 4 4');
    await world.happens(opened('SECRET3', '900.00'), late('SECRET4', 1, { site: 'DC1', item: 'SECRET4' }));
    await world.happens(opened('E', '5.00', { site: 'DC2' }));
    const told = await world.settle();
    expect(told.map(({ subject }) => subject).toSorted()).toEqual([
      '1 key is off by $8 at DC2 (Mon 23 Nov, 12:00 UTC)',
      '2 discrepancies, $13 together',
    ]);
    expect(JSON.stringify(told)).not.toMatch(/SECRET|DC1|\$46|"keys":4/);
    expect(told.find(({ event }) => event === 'run-digest')?.text).toMatch(
      /^ERP and WMS agree on 50.0% of 2 keys at DC2\./,
    );
    expect(told.find(({ event }) => event === 'run-digest')?.data).toMatchObject({ keys: 2, sites: ['DC2'] });
    await world.run('SECRET1 10 1', { options: { filters: { site: ['DC1'], item: [] } } });
    expect(await subjects()).toEqual([]);
  });

  test('causes are waited for: between runs nobody knows one', async () => {
    await world.rule('Lost', [await world.channel()], { topics: ['discrepancy'], causes: ['message-lost'] });
    await world.rule('Not explained', [await world.channel('other')], {
      topics: ['discrepancy'],
      causes: ['unexplained'],
    });
    await world.happens(opened('A', '12.00'));
    expect(await subjects()).toEqual([]);
    await world.run('A 10 4');
    const told = await world.settle();
    expect(told.map(({ rule }) => rule)).toEqual(['Not explained']);
  });

  test('a rule about what is new hears of that only, and of a digest only where something is', async () => {
    await world.run('A 10 4, B 5 5');
    await world.settle();
    await world.rule('New', [await world.channel()], { topics: ['discrepancy', 'run-digest'], only_new: true });
    world.now += HOUR_MS;
    await world.run('A 10 4, B 5 5');
    expect(await subjects()).toEqual([]);
    await world.run('A 10 4, B 5 4');
    expect((await world.settle()).map(({ event, data }) => [event, data['discrepancies']]).toSorted()).toEqual([
      ['discrepancy', 1],
      ['run-digest', 2],
    ]);
  });

  test('a run that was refused or failed: why, and what to do', async () => {
    await world.rule('Failures', [await world.channel()], { topics: ['run-failed'] });
    const { run } = await world.runs.run('2026-11-24T18:00:00Z', 'A 1 1');
    const quality = [
      {
        severity: 'refused',
        code: 'EMPTY',
        source: 'sap',
        message: 'erp_stock.csv has no rows',
        action: 'Send it again.',
      },
    ] as const;
    const refused = {
      ...run,
      state: 'refused',
      totals: null,
      quality,
      finished_at: new Date(world.now).toISOString(),
    } as const;
    const { adoptRuns } = await import('../store/work/runs.ts');
    await world.write((transaction) => adoptRuns(transaction, [refused], world.now));
    const [message, ...none] = await world.settle();
    expect(none).toEqual([]);
    expect(message).toMatchObject({ event: 'run-failed', subject: 'The run of Tue 24 Nov, 18:00 UTC was refused' });
    expect(message?.text).toMatch(/^Erp_stock\.csv has no rows\.\n|^erp_stock\.csv has no rows\.\n/);
    expect(message?.text).toContain('What to do: Send it again.');
  });

  test('a run of long ago that is entered now is no news', async () => {
    await world.rule('All', [await world.channel()], { topics: ['run-digest', 'discrepancy', 'run-failed'] });
    const { run } = await world.runs.run('2026-11-20T18:00:00Z', 'A 10 1');
    const { adoptRuns } = await import('../store/work/runs.ts');
    const old = { ...run, finished_at: new Date(world.now - 25 * HOUR_MS).toISOString() };
    await world.write((transaction) => adoptRuns(transaction, [old], world.now));
    expect(await subjects()).toEqual([]);
  });

  test('silent and late: each once, a crowd in one message, the oldest first', async () => {
    await world.rule('Interfaces', [await world.channel()], { topics: ['feed-silent', 'message-late'], lines_max: 2 });
    await world.happens(silent('1', '945'), late('9', 9), late('3', 3), late('6', 6, { item: 'A', site: 'DC1' }));
    const told = await world.settle();
    expect(told.map(({ subject }) => subject).toSorted()).toEqual([
      '3 messages of interface 945 are late, the oldest sent Tue 24 Nov, 10:03 UTC',
      'Interface 945 has been silent since Tue 24 Nov, 17:00 UTC',
    ]);
    const text = told.find(({ event }) => event === 'message-late')?.text ?? '';
    expect(text.indexOf('SO-3')).toBeLessThan(text.indexOf('SO-6'));
    expect(text).not.toContain('SO-9');
    world.now += 24 * HOUR_MS;
    expect(await subjects()).toEqual([]);
  });

  test('a rule that is switched off, and what happened before there was one, are told to nobody', async () => {
    await world.happens(opened('OLD', '10.00'));
    await world.settle();
    const channel = await world.channel();
    const rule = await world.rule('All', [channel], { topics: ['discrepancy'], gather: '5m' });
    await world.happens(opened('A', '10.00'));
    await world.settle();
    const content = { name: 'All', document: rule.document, isEnabled: false };
    await world.write((transaction) => updateRule(transaction, rule, content, { actor: 'person:1', now: world.now }));
    world.now += HOUR_MS;
    expect(await subjects()).toEqual([]);
    await world.happens(opened('B', '10.00'));
    expect(await subjects()).toEqual([]);
  });

  test('events that cannot be understood hold up nobody for ever', async () => {
    await world.rule('All', [await world.channel()], { topics: ['discrepancy'] });
    await world.happens({ kind: 'discrepancy.opened', document: { item: 'BROKEN' } });
    for (let attempt = 1; attempt < 10; attempt++) await expect(world.teller.tick()).rejects.toThrow();
    await world.happens(opened('A', '1.00'));
    await world.teller.tick();
    expect(world.logged.join()).toContain('these events could not be told to anybody');
    await world.happens(opened('B', '1.00'));
    expect(await subjects()).toEqual(['B at DC1: ERP shows 1 EA less than the warehouse, $1.00 (available)']);
  });
});

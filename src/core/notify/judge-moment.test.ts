import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAlwaysQuiet, isDue } from './judge-moment.ts';
import type { NotifyRule, Topic } from './notify-rule.ts';

const MINUTE_MS = 60_000;
const rule = (more: Partial<NotifyRule>): NotifyRule => ({
  topics: ['discrepancy'],
  sites: null,
  causes: [],
  categories: [],
  min_value: null,
  only_new: false,
  grown_by_percent: 20,
  time_zone: 'America/Chicago',
  quiet_hours: [{ from: '20:00', to: '06:00' }],
  gatherMs: 5 * MINUTE_MS,
  lines_max: 10,
  ...more,
});

test.each<[string, Topic, string, string, boolean]>([
  ['a discrepancy waits for others', 'discrepancy', '2026-11-24T18:00Z', '2026-11-24T18:04:59Z', false],
  ['and is told then', 'discrepancy', '2026-11-24T18:00Z', '2026-11-24T18:05Z', true],
  ['a digest waits for nothing', 'run-digest', '2026-11-24T18:00Z', '2026-11-24T18:00Z', true],
  ['a failed run neither', 'run-failed', '2026-11-24T18:00Z', '2026-11-24T18:00Z', true],
  ['a minute before the quiet hours', 'run-digest', '2026-11-25T01:59Z', '2026-11-25T01:59Z', true],
  ['in them', 'run-digest', '2026-11-25T02:00Z', '2026-11-25T02:00Z', false],
  ['at night, whatever waits how long', 'discrepancy', '2026-11-24T18:00Z', '2026-11-25T11:59Z', false],
  ['at their end', 'discrepancy', '2026-11-25T02:00Z', '2026-11-25T12:00Z', true],
  ['in summer an hour earlier', 'run-digest', '2026-07-25T11:00Z', '2026-07-25T11:00Z', true],
  ['a clock that was put back', 'discrepancy', '2026-11-24T18:00Z', '2026-11-24T17:00Z', false],
])('%s', (_name, topic, since, now, due) => {
  expect(isDue(rule({}), topic, Date.parse(since), Date.parse(now))).toBe(due);
});

test('quiet hours that never end are found, others are not taken for them', () => {
  const always = (quiet_hours: NotifyRule['quiet_hours']) => isAlwaysQuiet(rule({ quiet_hours }), 0);
  expect(always([{ from: '00:00', to: '00:00' }])).toBe(true);
  expect(
    always([
      { from: '06:00', to: '22:00' },
      { from: '22:00', to: '06:00' },
    ]),
  ).toBe(true);
  expect(
    always([
      { from: '06:00', to: '22:00' },
      { from: '22:15', to: '06:00' },
    ]),
  ).toBe(false);
  expect(always([{ from: '00:00', to: '00:00', weekdays: ['monday', 'sunday'] }])).toBe(false);
  expect(always([{ from: '2026-01-01T00:00', to: '2036-01-01T00:00' }])).toBe(false);
});

test('whatever waits is told within a week and what it gathers', () => {
  const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const minutes = quarter * 15;
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  });
  const quiet = fc.array(fc.record({ from: time, to: time }), { maxLength: 3 });
  const zone = fc.constantFrom('UTC', 'America/Chicago', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const moment = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
  fc.assert(
    fc.property(quiet, zone, moment, (quiet_hours, time_zone, since) => {
      const given = rule({ quiet_hours, time_zone });
      fc.pre(!isAlwaysQuiet(given, since));
      let now = since + given.gatherMs;
      while (now < since + 9 * 24 * 3_600_000 && !isDue(given, 'discrepancy', since, now)) now += 15 * MINUTE_MS;
      expect(isDue(given, 'discrepancy', since, now)).toBe(true);
    }),
    { numRuns: 50 },
  );
}, 60_000);

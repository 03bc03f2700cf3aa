import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { isBlackedOut, mayRunAt, nextSlots, slotsBetween } from './find-slots.ts';
import type { ScheduleRule } from './schedule-rule.ts';
import type { TimeRule } from './wall-pattern.ts';

const MINUTE_MS = 60_000;
const rule = (time_zone: string, times: readonly TimeRule[], more: Partial<ScheduleRule> = {}): ScheduleRule => ({
  time_zone,
  times,
  blackouts: [],
  ...more,
});

/** Slots between two moments, as people of the time zone write them, with the offset. */
function slotsOf(given: ScheduleRule, after: string, until: string): string[] {
  const zone = given.time_zone;
  const moment = (text: string): number => DateTime.fromISO(text, { zone: 'utc' }).toMillis();
  return slotsBetween(given, moment(after), moment(until)).map(
    (slot) => DateTime.fromMillis(slot, { zone }).toISO({ suppressSeconds: true, suppressMilliseconds: true }) ?? '',
  );
}

describe('times in spring and autumn', () => {
  it.each([
    [
      'the hour is skipped',
      'America/Chicago',
      '02:30',
      '2026-03-07T12:00',
      '2026-03-09T12:00',
      ['2026-03-08T03:00-05:00', '2026-03-09T02:30-05:00'],
    ],
    [
      'the hour is repeated',
      'America/Chicago',
      '01:30',
      '2026-10-31T12:00',
      '2026-11-02T12:00',
      ['2026-11-01T01:30-05:00', '2026-11-02T01:30-06:00'],
    ],
    [
      'half an hour is skipped',
      'Australia/Lord_Howe',
      '02:15',
      '2026-10-03T00:00',
      '2026-10-04T00:00',
      ['2026-10-04T02:30+11:00'],
    ],
    [
      'half an hour is repeated',
      'Australia/Lord_Howe',
      '01:45',
      '2026-04-04T00:00',
      '2026-04-05T00:00',
      ['2026-04-05T01:45+11:00'],
    ],
    [
      'a whole day is skipped',
      'Pacific/Apia',
      '12:00',
      '2011-12-29T21:00',
      '2011-12-31T12:00',
      ['2011-12-29T12:00-10:00', '2011-12-31T00:00+14:00', '2011-12-31T12:00+14:00'],
    ],
    [
      'midnight is skipped',
      'America/Asuncion',
      '00:00',
      '2023-09-30T12:00',
      '2023-10-02T12:00',
      ['2023-10-01T01:00-03:00', '2023-10-02T00:00-03:00'],
    ],
  ])('%s', (_name, zone, time, after, until, expected) => {
    expect(slotsOf(rule(zone, [{ daily: [time] }]), after, until)).toEqual(expected);
  });

  it('two times of a skipped hour are one slot', () => {
    const given = rule('Europe/Berlin', [{ daily: ['02:15', '02:45', '03:00'] }]);
    expect(slotsOf(given, '2026-03-28T12:00', '2026-03-29T12:00')).toEqual(['2026-03-29T03:00+02:00']);
  });

  it('hours of an hourly rule are hours that pass', () => {
    const given = rule('Europe/Berlin', [{ hourly: 15, from: '01:00', to: '04:00' }]);
    expect(slotsOf(given, '2026-03-28T12:00', '2026-03-29T12:00')).toEqual([
      '2026-03-29T01:15+01:00',
      '2026-03-29T03:15+02:00',
    ]);
    expect(slotsOf(given, '2026-10-24T12:00', '2026-10-25T12:00')).toEqual([
      '2026-10-25T01:15+02:00',
      '2026-10-25T02:15+02:00',
      '2026-10-25T02:15+01:00',
      '2026-10-25T03:15+01:00',
    ]);
  });
});

describe('days', () => {
  const daily = [{ daily: ['06:00'] }];
  it('are those of the calendar', () => {
    const calendar = {
      weekdays: ['monday', 'tuesday'] as const,
      holidays: ['2026-12-21'],
      extra_days: ['2026-12-26'],
    };
    const given = rule('UTC', daily, { calendar });
    expect(slotsOf(given, '2026-12-14T12:00', '2026-12-30T00:00')).toEqual(
      ['2026-12-15', '2026-12-22', '2026-12-26', '2026-12-28', '2026-12-29'].map((date) => `${date}T06:00Z`),
    );
  });

  it('after a long time only the last ones matter', () => {
    const given = rule('UTC', [{ cron: '* * * * *' }]);
    const slots = slotsBetween(given, Date.UTC(2020, 0), Date.UTC(2026, 0), 10);
    expect(slots).toHaveLength(10);
    expect(slots.at(-1)).toBe(Date.UTC(2026, 0));
  });
});

describe('runs without a slot', () => {
  const given = rule('America/Chicago', [], {
    calendar: { weekdays: ['friday', 'monday'], holidays: ['2026-11-30'], extra_days: ['2026-11-28'] },
    blackouts: [{ from: '22:00', to: '06:00' }],
  });
  it.each([
    // 2026-11-27 is a Friday. Days are those of the schedule's zone, which is behind UTC.
    ['2026-11-27T05:59', false],
    ['2026-11-27T06:00', true],
    ['2026-11-27T21:59', true],
    ['2026-11-27T22:00', false],
    ['2026-11-28T06:00', true],
    ['2026-11-29T12:00', false],
    ['2026-11-30T12:00', false],
    ['2026-12-04T12:00', true],
  ])('%s', (wall, isWanted) => {
    expect(mayRunAt(given, DateTime.fromISO(wall, { zone: 'America/Chicago' }).toMillis())).toBe(isWanted);
  });
});

describe('blackout windows', () => {
  const given = rule('America/Chicago', [{ cron: '0 */6 * * *' }], {
    blackouts: [
      { from: '22:00', to: '06:00', weekdays: ['friday'] },
      { from: '2026-12-22T12:00', to: '2026-12-24T00:00' },
    ],
  });
  it.each([
    // 2026-11-27 is a Friday.
    ['2026-11-27T21:59', false],
    ['2026-11-27T22:00', true],
    ['2026-11-28T05:59', true],
    ['2026-11-28T06:00', false],
    ['2026-11-28T23:00', false],
    ['2026-12-22T11:59', false],
    ['2026-12-22T12:00', true],
    ['2026-12-23T23:59', true],
    ['2026-12-24T00:00', false],
  ])('at %s: %s', (time, isBlack) => {
    const moment = DateTime.fromISO(time, { zone: given.time_zone }).toMillis();
    expect(isBlackedOut(given, moment)).toBe(isBlack);
  });

  it('are left out of what comes next; slots of them are still slots', () => {
    const after = DateTime.fromISO('2026-12-22T01:00', { zone: given.time_zone }).toMillis();
    const next = nextSlots(given, after, 3).map((slot) => DateTime.fromMillis(slot, { zone: given.time_zone }).toISO());
    expect(next).toEqual([
      '2026-12-22T06:00:00.000-06:00',
      '2026-12-24T00:00:00.000-06:00',
      '2026-12-24T06:00:00.000-06:00',
    ]);
    expect(slotsBetween(given, after, after + 86_400_000)).toHaveLength(4);
  });

  it('that take everything leave nothing, and end', () => {
    const always = rule('UTC', [{ cron: '* * * * *' }], { blackouts: [{ from: '00:00', to: '00:00' }] });
    expect(nextSlots(always, 0, 5)).toEqual([]);
  });

  it('a rule that never comes true has no next slot', () => {
    expect(nextSlots(rule('UTC', [{ cron: '0 0 30 2 *' }]), 0, 5)).toEqual([]);
    expect(nextSlots(rule('UTC', [{ cron: '0 0 29 2 *' }]), Date.UTC(2026, 0), 2)).toEqual([
      Date.UTC(2028, 1, 29),
      Date.UTC(2032, 1, 29),
    ]);
  });
});

/**
 * The oracle walks over every minute that passes and looks at the clock on the wall. It shares no code with what it checks: a
 * slot is when the clock first shows its time or has passed over it.
 */
function slotsByWalking(zone: string, times: readonly TimeRule[], after: number, until: number): number[] {
  const slots = new Set<number>();
  const shown = new Set<string>();
  const from = after - 1.5 * 86_400_000;
  let before = DateTime.fromMillis(from - MINUTE_MS, { zone });
  for (let moment = from; moment <= until; moment += MINUTE_MS) {
    const wall = DateTime.fromMillis(moment, { zone });
    const add = (slot: DateTime): void => {
      if (slot.toMillis() > after) slots.add(slot.toMillis());
    };
    for (const time of times) {
      if ('hourly' in time && wall.minute === time.hourly) add(wall);
      if (!('daily' in time)) continue;
      // Everything that the clock shows now, or has passed over since the minute before.
      const local = (at: DateTime): DateTime => at.setZone('utc', { keepLocalTime: true });
      const gone = Math.max(1, local(wall).diff(local(before), 'minutes').minutes);
      for (let back = 0; back < gone; back++) {
        const text = local(wall).minus({ minutes: back }).toFormat('yyyy-MM-dd HH:mm');
        if (!time.daily.includes(text.slice(11)) || shown.has(`${text}`)) continue;
        shown.add(text);
        add(wall);
      }
    }
    before = wall;
  }
  return [...slots].sort((a, b) => a - b);
}

/** Around changes of the clocks: of an hour, half an hour, a day; at midnight, forward and back. */
const CHANGES = [
  ['America/Chicago', '2026-03-08T08:00Z'],
  ['America/Chicago', '2026-11-01T07:00Z'],
  ['Europe/London', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['America/Asuncion', '2023-10-01T04:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Atlantic/Azores', '2026-10-25T01:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/St_Johns', '2011-03-13T03:31Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Asia/Kathmandu', '2026-05-01T00:00Z'],
] as const;

const clockTime = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
const timeRules: fc.Arbitrary<TimeRule> = fc.oneof(
  fc.array(clockTime, { minLength: 1, maxLength: 4 }).map((daily) => ({ daily })),
  fc.nat(59).map((hourly) => ({ hourly })),
);

describe('any times around any change of the clocks', () => {
  it.each(CHANGES)(
    '%s at %s: as a walk over all minutes finds',
    (zone, change) => {
      fc.assert(
        fc.property(
          fc.array(timeRules, { minLength: 1, maxLength: 3 }),
          fc.integer({ min: -2_000, max: 1_000 }),
          fc.integer({ min: 1, max: 2_000 }),
          (times, fromMinutes, lengthMinutes) => {
            const after = Date.parse(change) + fromMinutes * MINUTE_MS;
            const until = after + lengthMinutes * MINUTE_MS;
            const expected = slotsByWalking(zone, times, after, until);
            expect(slotsBetween(rule(zone, times), after, until)).toEqual(expected);
            const isShort = expected.length <= 20;
            if (isShort) expect(nextSlots(rule(zone, times), after, expected.length)).toEqual(expected);
          },
        ),
        { numRuns: 10 },
      );
    },
    120_000,
  );
});

describe('slots of adjoining spans', () => {
  it('are those of the whole span, each once', () => {
    const change = Date.parse('2026-11-01T07:00Z');
    fc.assert(
      fc.property(
        fc.array(timeRules, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: -4_000, max: 4_000 }), { minLength: 3, maxLength: 8 }),
        (times, cuts) => {
          const given = rule('America/Chicago', times);
          const ends = cuts.map((cut) => change + cut * MINUTE_MS).sort((a, b) => a - b);
          const [first, last] = [ends[0] as number, ends.at(-1) as number];
          const parts = ends.slice(1).flatMap((end, index) => slotsBetween(given, ends[index] as number, end));
          expect(parts).toEqual(slotsBetween(given, first, last));
        },
      ),
    );
  });
});

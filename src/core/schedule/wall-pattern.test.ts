import { describe, expect, it } from 'vitest';
import { parseCron, patternsOf } from './wall-pattern.ts';

const day = (text: string) => {
  const date = new Date(`${text}T00:00Z`);
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
};

describe('cron expressions', () => {
  it.each([
    ['30 6 * * *', [30], [6], false],
    ['*/20 * * * *', [0, 20, 40], Array.from({ length: 24 }, (_, hour) => hour), true],
    ['5-50/15 8-10,22 * * *', [5, 20, 35, 50], [8, 9, 10, 22], false],
    ['7/30 0 * * *', [7, 37], [0], false],
    ['1,1,0 0 * * *', [0, 1], [0], false],
  ])('%s', (text, minutes, hours, isHourly) => {
    expect(parseCron(text)).toMatchObject({ minutes, hours, isHourly });
  });

  it.each([
    // 2026-11-23 is a Monday.
    ['0 0 * * 1-5', '2026-11-23', true],
    ['0 0 * * MON-fri', '2026-11-22', false],
    ['0 0 * * 7', '2026-11-22', true],
    ['0 0 * * 0', '2026-11-22', true],
    ['0 0 23 * *', '2026-11-23', true],
    ['0 0 1 * 1', '2026-11-23', true],
    ['0 0 23 * 2', '2026-11-23', true],
    ['0 0 23 * 2', '2026-11-22', false],
    ['0 0 * JAN,nov *', '2026-11-22', true],
    ['0 0 * 12 *', '2026-11-22', false],
  ])('%s on %s: %s', (text, date, fits) => {
    expect(parseCron(text).matches(day(date))).toBe(fits);
  });

  it.each([
    ['0 0 * *', 'five were expected'],
    ['60 0 * * *', '"60" is no minute: 0 to 59 was expected'],
    ['0 24 * * *', 'is no hour'],
    ['0 0 0 * *', 'is no day of the month'],
    ['0 0 * JANUARY *', 'is no month'],
    ['0 0 * * 8', 'is no day of the week'],
    ['5-1 0 * * *', 'is no minute'],
    ['*/0 0 * * *', 'is no minute'],
    ['*-5 0 * * *', 'is no minute'],
    ['1.5 0 * * *', 'is no minute'],
    [', 0 * * *', 'is no minute'],
    ['@daily', 'five were expected'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseCron(text)).toThrow(message);
  });
});

it('an hourly rule takes the hours of its window, over midnight too', () => {
  const hoursOf = (from: string, to: string) => patternsOf({ hourly: 30, from, to }).map(({ hours }) => hours);
  expect(hoursOf('08:00', '10:30')).toEqual([[8, 9, 10]]);
  expect(hoursOf('22:45', '01:30')).toEqual([[0, 1, 23]]);
});

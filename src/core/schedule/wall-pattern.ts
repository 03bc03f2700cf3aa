/**
 * Which times of which days a rule names, on the clock on the wall. Reads cron expressions of five fields. Never knows a time
 * zone: find-slots.ts turns these times into moments.
 */

/** A day of the calendar. `weekday`: 0 is Sunday. */
export interface WallDay {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

export interface WallPattern {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /**
   * True: every hour that passes, as the clock shows it: twice where an hour is repeated, never in one that is skipped.
   * False: each time once a day, whatever the clocks do.
   */
  readonly isHourly: boolean;
  matches(day: WallDay): boolean;
}

/** How a schedule names its times. Times are HH:MM. */
export type TimeRule =
  | { readonly daily: readonly string[] }
  | { readonly hourly: number; readonly from?: string | undefined; readonly to?: string | undefined }
  | { readonly cron: string };

const everyDay = (): boolean => true;

/** A rule as patterns; throws an Error that says what is wrong where a cron expression cannot be read. */
export function patternsOf(rule: TimeRule): WallPattern[] {
  if ('cron' in rule) return [parseCron(rule.cron)];
  if ('daily' in rule)
    return rule.daily.map((time) => {
      const minute = minuteOfDay(time);
      return { minutes: [minute % 60], hours: [Math.floor(minute / 60)], isHourly: false, matches: everyDay };
    });
  const [from, to] = [minuteOfDay(rule.from ?? '00:00'), minuteOfDay(rule.to ?? '23:59')];
  const hours = range(0, 23, 1).filter((hour) => isWithin(hour * 60 + rule.hourly, from, to));
  return [{ minutes: [rule.hourly], hours, isHourly: true, matches: everyDay }];
}

/** Whether a minute of the day lies from `from` to `to`, both included; over midnight where `to` is before `from`. */
function isWithin(minute: number, from: number, to: number): boolean {
  return from <= to ? from <= minute && minute <= to : minute >= from || minute <= to;
}

/** Minutes since midnight of HH:MM. */
export function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS = [
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day of the month', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 7, names: WEEKDAYS },
] as const satisfies readonly Field[];

/**
 * Five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday); lists, ranges, steps and English
 * names. As cron has it, a day fits where either of the two day fields fits, if both are given.
 */
export function parseCron(text: string): WallPattern {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length)
    throw new Error(`"${text}" has ${fields.length} fields, five were expected: minute hour day month weekday`);
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    parseField(fields[index] as string, field),
  ) as [number[], number[], number[], number[], number[]];
  const weekdaySet = new Set(weekdays.map((weekday) => weekday % 7));
  const [isAnyDay, isAnyWeekday] = [fields[2] === '*', fields[4] === '*'];
  const matches = ({ day, month, weekday }: WallDay): boolean => {
    if (!months.includes(month)) return false;
    const [fitsDay, fitsWeekday] = [days.includes(day), weekdaySet.has(weekday)];
    return isAnyDay || isAnyWeekday ? fitsDay && fitsWeekday : fitsDay || fitsWeekday;
  };
  return { minutes, hours, isHourly: fields[1] === '*', matches };
}

function parseField(text: string, field: Field): number[] {
  const values = new Set<number>();
  for (const part of text.split(',')) for (const value of parsePart(part, field)) values.add(value);
  return [...values].sort((a, b) => a - b);
}

function parsePart(part: string, { name, least, most, names }: Field): number[] {
  const unreadable = (): Error => new Error(`"${part}" is no ${name}: ${least} to ${most} was expected`);
  const [, body = '', last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const numberOf = (given: string): number => {
    const at = names.indexOf(given.slice(0, 3).toUpperCase());
    const value = at >= 0 && given.length === 3 ? at + least : Number(/^\d+$/.test(given) ? given : Number.NaN);
    if (!(value >= least && value <= most)) throw unreadable();
    return value;
  };
  if (body === '' || (body === '*' && last !== undefined) || step === '0') throw unreadable();
  const from = body === '*' ? least : numberOf(body);
  const to = last !== undefined ? numberOf(last) : body === '*' || step !== undefined ? most : from;
  if (to < from) throw unreadable();
  return range(from, to, Number(step ?? 1));
}

function range(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

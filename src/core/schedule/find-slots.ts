/**
 * The moments at which a schedule wants a run. A time that the clocks skip in spring is the first moment after it, one that
 * they show twice in autumn is the first of the two; hours of an hourly rule are hours that pass. Never knows which slots were
 * used.
 */
import { type Blackout, type Calendar, type ScheduleRule, weekdayOf } from './schedule-rule.ts';
import { minuteOfDay, patternsOf, type WallDay, type WallPattern } from './wall-pattern.ts';
import { ZoneClock } from './zone-clock.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A rule such as 29 February that falls on a Sunday comes back within 40 years. */
const PREVIEW_DAYS_MAX = 15_000;
/** Where blackout windows take so many slots in a row, they take them all. */
const PREVIEW_SLOTS_MAX = 10_000;

/** Slots after one moment up to another, in order. More than `max`: only the last of them. Moments are milliseconds since 1970. */
export function slotsBetween(rule: ScheduleRule, after: number, until: number, max = 1_000): number[] {
  const finder = new SlotFinder(rule);
  const slots: number[] = [];
  // The latest first: after a long time only they matter. At the end of a repeated hour the day before may still go on.
  for (let day = finder.dayOf(until) + DAY_MS; day >= finder.dayOf(after) - DAY_MS; day -= DAY_MS) {
    slots.push(...finder.slotsOf(day, after, until));
    if (slots.length > 2 * max) break;
  }
  return sortedOnce(slots).slice(-max);
}

/** The next slots that no blackout window takes, for people to look at. */
export function nextSlots(rule: ScheduleRule, after: number, count: number): number[] {
  const finder = new SlotFinder(rule);
  const first = finder.dayOf(after) - DAY_MS;
  let [slots, looked]: [number[], number] = [[], 0];
  for (let day = first; day < first + PREVIEW_DAYS_MAX * DAY_MS && looked < PREVIEW_SLOTS_MAX; day += DAY_MS) {
    const found = finder.slotsOf(day, after, Number.POSITIVE_INFINITY);
    const isEnough = slots.length >= count;
    looked += found.length;
    slots = sortedOnce([...slots, ...found.filter((slot) => !isBlackedOut(rule, slot))]);
    // Slots of a day may come before the last ones of the day before it.
    if (isEnough && found.length > 0) break;
  }
  return slots.slice(0, count);
}

/** Whether a run that has no slot of its own may begin at a moment: on a day of the calendar, in no blackout window. */
export function mayRunAt(rule: ScheduleRule, moment: number): boolean {
  const wall = new ZoneClock(rule.time_zone).wallOf(moment);
  return isWorkday(rule.calendar, new Date(dayStart(wall))) && !isBlackedOut(rule, moment);
}

/** Whether no run is wanted at a moment. */
export function isBlackedOut({ time_zone, blackouts }: ScheduleRule, moment: number): boolean {
  if (blackouts.length === 0) return false;
  const wall = new ZoneClock(time_zone).wallOf(moment);
  return blackouts.some((blackout) => takes(blackout, wall));
}

function takes({ from, to, weekdays }: Blackout, wall: number): boolean {
  if (from.length > 'HH:MM'.length) return Date.parse(`${from}Z`) <= wall && wall < Date.parse(`${to}Z`);
  const midnight = dayStart(wall);
  const [begin, end] = [minuteOfDay(from) * MINUTE_MS, minuteOfDay(to) * MINUTE_MS];
  const length = end > begin ? end - begin : end - begin + DAY_MS;
  // The window of the day before may reach over midnight.
  return [midnight, midnight - DAY_MS].some((day) => {
    const isDay = weekdays === undefined || weekdays.includes(weekdayOf(new Date(day).getUTCDay()));
    return isDay && day + begin <= wall && wall < day + begin + length;
  });
}

class SlotFinder {
  private readonly clock: ZoneClock;
  private readonly patterns: readonly WallPattern[];
  private readonly calendar: Calendar | undefined;

  constructor({ time_zone, times, calendar }: ScheduleRule) {
    this.clock = new ZoneClock(time_zone);
    this.patterns = times.flatMap(patternsOf);
    this.calendar = calendar;
  }

  /** Midnight of the wall's day at a moment, in time of the wall. */
  dayOf(moment: number): number {
    return dayStart(this.clock.wallOf(moment));
  }

  /** Slots of a day of the wall after a moment and up to another, in no order. */
  slotsOf(day: number, after: number, until: number): number[] {
    const date = new Date(day);
    if (!isWorkday(this.calendar, date)) return [];
    const wallDay: WallDay = { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
    const patterns = this.patterns.filter((pattern) => pattern.matches(wallDay));
    if (patterns.length === 0) return [];
    const times = this.clock.day(day);
    const slots: number[] = [];
    for (const { hours, minutes, isHourly } of patterns)
      for (const hour of hours)
        for (const minute of minutes) {
          const wall = day + (hour * 60 + minute) * MINUTE_MS;
          if (!times.mayLieWithin(wall, after, until)) continue;
          slots.push(...(isHourly ? times.momentsOf(wall) : [times.firstAt(wall)]));
        }
    return slots.filter((slot) => slot > after && slot <= until);
  }
}

function isWorkday(calendar: Calendar | undefined, day: Date): boolean {
  if (calendar === undefined) return true;
  const date = day.toISOString().slice(0, 10);
  if (calendar.extra_days.includes(date)) return true;
  const { weekdays, holidays } = calendar;
  return !holidays.includes(date) && (weekdays === undefined || weekdays.includes(weekdayOf(day.getUTCDay())));
}

function dayStart(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

function sortedOnce(slots: readonly number[]): number[] {
  return [...new Set(slots)].sort((a, b) => a - b);
}

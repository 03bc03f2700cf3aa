/**
 * Decides how moments and durations are said: "yesterday 14:02", "3 days". A moment that names its offset is shown on the
 * clock of its site; one in UTC on the reader's. Never takes the time of day from anywhere but its argument.
 */

const LOCALE = navigator.language;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface WallClock {
  /** The moment, shifted so that its UTC fields are those of the wall. */
  readonly wall: Date;
  readonly nowWall: Date;
}

/** Minutes that the clock of the text is ahead of UTC; the reader's own for 'Z' and for none. */
function offsetMinutes(text: string, at: Date): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (sign === undefined) return -at.getTimezoneOffset();
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function wallClock(text: string, now: number): WallClock | undefined {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return undefined;
  const offset = offsetMinutes(text, at) * MINUTE_MS;
  return { wall: new Date(at.getTime() + offset), nowWall: new Date(now + offset) };
}

const utc = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' });
const CLOCK = utc({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const WEEKDAY = utc({ weekday: 'short' });
const DAY = utc({ day: 'numeric', month: 'short' });
const DAY_AND_YEAR = utc({ day: 'numeric', month: 'short', year: 'numeric' });
const FULL = utc({ dateStyle: 'full', timeStyle: 'medium' });

const dayNumber = (wall: Date): number => Math.floor(wall.getTime() / DAY_MS);

/** "14:02" today, "yesterday 14:02", "Tue 14:02" within a week, "17 Nov 14:02", or with the year. The text itself where it is no moment. */
export function formatMoment(text: string | null, now: number): string {
  if (text === null || text === '') return '';
  const clock = wallClock(text, now);
  if (clock === undefined) return text;
  return `${dayWords(clock)}${CLOCK.format(clock.wall)}`;
}

function dayWords({ wall, nowWall }: WallClock): string {
  const days = dayNumber(nowWall) - dayNumber(wall);
  if (days === 0) return '';
  if (days === 1) return 'yesterday ';
  if (days === -1) return 'tomorrow ';
  if (days > 1 && days < 7) return `${WEEKDAY.format(wall)} `;
  const isThisYear = wall.getUTCFullYear() === nowWall.getUTCFullYear();
  return `${(isThisYear ? DAY : DAY_AND_YEAR).format(wall)} `;
}

/** "20 Nov 09:01–09:37", "20 Nov 23:40 to 21 Nov 02:10"; one moment where both are the same. */
export function formatRange(from: string, to: string, now: number): string {
  const [first, last] = [wallClock(from, now), wallClock(to, now)];
  if (first === undefined || last === undefined || from === to) return formatMoment(from || to, now);
  if (dayNumber(first.wall) !== dayNumber(last.wall)) return `${formatMoment(from, now)} to ${formatMoment(to, now)}`;
  return `${formatMoment(from, now)}–${CLOCK.format(last.wall)}`;
}

/** "17 Nov", for axes and columns of days. */
export function formatDay(text: string, now: number): string {
  const clock = wallClock(text, now);
  if (clock === undefined) return text;
  return clock.wall.getUTCFullYear() === clock.nowWall.getUTCFullYear()
    ? DAY.format(clock.wall)
    : DAY_AND_YEAR.format(clock.wall);
}

/** "14:02", where the day stands beside it. */
export function formatClock(text: string): string {
  const clock = wallClock(text, 0);
  return clock === undefined ? text : CLOCK.format(clock.wall);
}

/** For hovering: day, time and offset in full. */
export function formatMomentFull(text: string | null): string {
  if (text === null || text === '') return '';
  const clock = wallClock(text, 0);
  if (clock === undefined) return text;
  const offset = offsetMinutes(text, new Date(text));
  const size = Math.abs(offset);
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${FULL.format(clock.wall)}, UTC${offset < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'day'],
  [3_600_000, 'hour'],
  [MINUTE_MS, 'minute'],
];

/** "3 days", "6 minutes", "less than a minute": the largest unit that fits. */
export function formatDuration(milliseconds: number): string {
  for (const [size, name] of UNITS) {
    const count = Math.floor(Math.abs(milliseconds) / size);
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}

/** "6 minutes ago", "in 3 hours". '' for no moment. */
export function formatAgo(text: string | null, now: number): string {
  const at = Date.parse(text ?? '');
  if (Number.isNaN(at)) return '';
  const size = formatDuration(now - at);
  return at > now ? `in ${size}` : `${size} ago`;
}

/**
 * Decides which moments a simulated world has: opening, cut-offs, the end of its ledgers, and how busy an hour is.
 * Never reads a clock. Moments are seconds since 1970; the company's local time is six hours behind UTC all year.
 */
import type { RandomStream } from '../random.ts';

const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
/** Local midnight is this much later than midnight UTC. */
const OFFSET = 6 * HOUR;
const OFFSET_TEXT = '-06:00';

/** Sunday, 22 November 2026, as a local day number. */
const LAST_DAY = Date.UTC(2026, 10, 22) / 1000 / DAY;

export interface Moments {
  /** Of the opening snapshots; both ledgers may begin some hours before it. */
  readonly openingAt: number;
  readonly startsAt: number;
  readonly erpCutOff: number;
  readonly wmsCutOff: number;
  /** Up to which both ledgers and the message log are written. */
  readonly extractedAt: number;
}

export interface MomentOptions {
  readonly days: number;
  /** Local time of day of the cut-off, HH:MM; '' draws one. */
  readonly cutOffTime: string;
  /** Minutes that the WMS counts later than the ERP; negative: earlier. */
  readonly cutOffSkewMinutes: number;
  readonly warmUpHours: number;
  readonly isExtractedLater: boolean;
}

/** The last day is one of the week that ends on 22 November 2026; the cut-off is an hour of quiet or of work. */
export function drawMoments(random: RandomStream, options: MomentOptions): Moments {
  const day = LAST_DAY - random.below(7);
  const drawn = random.pick(['23:59:59', '23:59:59', '23:59:59', '06:00', '14:00', '19:30']);
  const erpCutOff = at(day, options.cutOffTime === '' ? drawn : options.cutOffTime);
  const wmsCutOff = erpCutOff + Math.round(options.cutOffSkewMinutes * MINUTE);
  const openingAt = erpCutOff - options.days * DAY;
  const later = options.isExtractedLater ? (30 + 15 * random.below(7)) * MINUTE : 0;
  return {
    openingAt,
    startsAt: openingAt - options.warmUpHours * HOUR,
    erpCutOff,
    wmsCutOff,
    extractedAt: Math.max(erpCutOff, wmsCutOff) + later,
  };
}

function at(day: number, timeOfDay: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = timeOfDay.split(':').map(Number);
  return day * DAY + OFFSET + hours * HOUR + minutes * MINUTE + seconds;
}

/** 0 at local midnight, 23 in the last hour. */
export function hourOf(moment: number): number {
  return Math.floor(((((moment - OFFSET) % DAY) + DAY) % DAY) / HOUR);
}

/** Number of the local day. */
export function dayOf(moment: number): number {
  return Math.floor((moment - OFFSET) / DAY);
}

function isWeekend(moment: number): boolean {
  // 1 January 1970 was a Thursday.
  const weekday = (dayOf(moment) + 4) % 7;
  return weekday === 0 || weekday === 6;
}

/** Share of a full working hour, by local hour. */
const OFFICE = [0, 0, 0, 0, 0, 0, 0.6, 1, 1, 1, 1, 0.8, 0.9, 1, 1, 0.9, 0.6, 0.3, 0.1, 0, 0, 0, 0, 0] as const;
const SHIFTS = [
  ...[0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1, 1, 1, 1, 0.8],
  ...[0.8, 1, 1, 1, 1, 0.9, 0.7, 0.6, 0.6, 0.5, 0.4, 0.3],
] as const;
/** Hours at full speed that a working day amounts to. */
export const OFFICE_HOURS = OFFICE.reduce<number>((sum, share) => sum + share, 0);
export const SHIFT_HOURS = SHIFTS.reduce<number>((sum, share) => sum + share, 0);
const WEEKEND = 0.3;

/** How much of the work of a full hour is done: docks and offices by day, the floor in shifts, less at weekends. */
export function pace(moment: number, rhythm: 'office' | 'shifts'): number {
  const hour = hourOf(moment);
  return (rhythm === 'office' ? OFFICE : SHIFTS)[hour]! * (isWeekend(moment) ? WEEKEND : 1);
}

const dates = new Map<number, string>();

/** The local date: 2026-11-22. */
export function dateText(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY * 1000).toISOString().slice(0, 10);
  dates.set(day, text);
  return text;
}

const minutesOfDay: string[] = [];
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** ISO 8601 with the offset: 2026-11-22T23:59:59-06:00. */
export function timeText(moment: number): string {
  const local = moment - OFFSET;
  const day = Math.floor(local / DAY);
  const second = local - day * DAY;
  const minute = Math.floor(second / MINUTE);
  minutesOfDay[minute] ??= `T${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:`;
  return dateText(day) + minutesOfDay[minute] + twoDigits[second % MINUTE] + OFFSET_TEXT;
}

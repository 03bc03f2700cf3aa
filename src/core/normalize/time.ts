/**
 * Decides which moment a text names. Never assumes a time zone: a time without offset needs the source's `time_zone`.
 */
import { DateTime, IANAZone } from 'luxon';
import { fileFault, type Parsed, parsed, rowFault } from '../model/rejection.ts';

export interface TimeFormat {
  /** IANA time zone of times without an offset. */
  readonly timeZone?: string | undefined;
  /** Luxon format of times that are not ISO 8601. */
  readonly timeFormat?: string | undefined;
}

/** A moment: epoch milliseconds, and its ISO 8601 text with the offset it was written in. */
export interface Moment {
  readonly epochMs: number;
  readonly text: string;
}

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?$/;
const OFFSET = /[T ].*(Z|[+-]\d{2}(:?\d{2})?)$/;

/** A time without offset is read in the time zone of the format; one that does not exist there, or exists twice, is a fault. */
export function parseTime(text: string, format: TimeFormat): Parsed<Moment> {
  if (text === '') return rowFault('blank; a time was expected');
  if (format.timeFormat === undefined && !ISO.test(text)) {
    return rowFault('not an ISO 8601 time; declare time_format where the source writes another');
  }
  const iso = text.replace(' ', 'T').replace(/\s/, '').replace(',', '.');
  if (format.timeFormat === undefined && OFFSET.test(iso)) return moment(DateTime.fromISO(iso, { setZone: true }));
  if (format.timeFormat !== undefined && carriesOffset(format.timeFormat))
    return moment(DateTime.fromFormat(text, format.timeFormat, { setZone: true }));
  const zone = format.timeZone;
  if (zone === undefined) return rowFault('a time without offset; declare time_zone for this source');
  if (!IANAZone.isValidZone(zone)) return fileFault(`unknown time zone ${zone}`);
  const local =
    format.timeFormat === undefined
      ? DateTime.fromISO(iso, { zone })
      : DateTime.fromFormat(text, format.timeFormat, { zone });
  if (!local.isValid) return moment(local);
  // In a spring gap Luxon moves the clock; in an autumn overlap it takes the first of two moments. Both would be guesses.
  const wall =
    format.timeFormat === undefined
      ? DateTime.fromISO(iso, { zone: 'utc' })
      : DateTime.fromFormat(text, format.timeFormat, { zone: 'utc' });
  if (local.day !== wall.day || local.hour !== wall.hour || local.minute !== wall.minute)
    return fileFault(`${text} does not exist in ${zone}: the clock was put forward; give times with an offset`);
  if (local.getPossibleOffsets().length > 1)
    return fileFault(`${text} happened twice in ${zone}: the clock was put back; give times with an offset`);
  return moment(local);
}

/** Whether a Luxon format has a token for an offset, a zone or a count of seconds; what stands in quotes is no token. */
function carriesOffset(format: string): boolean {
  return /[ZzXx]/.test(format.replace(/'[^']*'/g, ''));
}

function moment(time: DateTime): Parsed<Moment> {
  if (!time.isValid) {
    const isOutOfRange = time.invalidReason === 'unit out of range';
    return rowFault(isOutOfRange ? 'a date or hour that does not exist' : 'not a time as time_format says');
  }
  return parsed({ epochMs: time.toMillis(), text: time.toISO({ suppressMilliseconds: true }) as string });
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as 30m, 4h or 2d; the configuration's schema has checked its form. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] as number);
}

/**
 * Reads the times of one source, millions of them: an hour is parsed once, and its minutes are added to it.
 * Never decides what a text means: every hour, and all that is not plain, is asked of parseTime.
 */
import { type Parsed, parsed } from '../model/rejection.ts';
import { parseTime, type TimeFormat } from './time.ts';

const PLAIN = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,3})\d{0,6})?)?(Z|[+-]\d{2}:?\d{2})?$/;
const LAST_SECOND_MS = 3_599_000;
/** More hours than this are no ledger; the memory of a file of random times stays bounded. */
const HOURS_MAX = 200_000;
const COLON = 58;

export class TimeReader {
  private readonly format: TimeFormat;
  /** Epoch milliseconds at which an hour starts; NaN where it is not one whole hour. */
  private readonly hours = new Map<string, number>();
  /** The hour that was read last, its offset and its start: a ledger stands in the order of time. */
  private last = { hour: '', offset: '', start: Number.NaN };

  constructor(format: TimeFormat) {
    this.format = format;
  }

  /** Epoch milliseconds. The text has no space around it. */
  read(text: string): Parsed<number> {
    const again = this.inLastHour(text);
    if (!Number.isNaN(again)) return parsed(again);
    const plain = this.format.timeFormat === undefined ? PLAIN.exec(text) : null;
    if (plain !== null) {
      const [, hour = '', minute, second = '0', fraction = '', offset = ''] = plain;
      const start = this.hours.get(hour + offset) ?? this.addHour(hour, offset);
      if (!Number.isNaN(start)) {
        this.last = { hour, offset, start };
        return parsed(start + Number(minute) * 60_000 + Number(second) * 1000 + Number(fraction.padEnd(3, '0')));
      }
    }
    const time = parseTime(text, this.format);
    return time.ok ? parsed(time.value.epochMs) : time;
  }

  /** NaN where the text is not a time of the hour read last, to the second. */
  private inLastHour(text: string): number {
    const { hour, offset, start } = this.last;
    if (text.length !== 19 + offset.length || !text.startsWith(hour) || !text.endsWith(offset)) return Number.NaN;
    if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return Number.NaN;
    return start + sixty(text, 14) * 60_000 + sixty(text, 17) * 1000;
  }

  private addHour(hour: string, offset: string): number {
    const first = parseTime(`${hour}:00:00${offset}`, this.format);
    const last = parseTime(`${hour}:59:59${offset}`, this.format);
    // Where a clock is put forward or back within the hour, each of its times is looked at by itself.
    const isWhole = first.ok && last.ok && last.value.epochMs - first.value.epochMs === LAST_SECOND_MS;
    const start = isWhole ? first.value.epochMs : Number.NaN;
    if (this.hours.size >= HOURS_MAX) this.hours.clear();
    this.hours.set(hour + offset, start);
    return start;
  }
}

/** Two digits below 60; NaN where they are anything else. */
function sixty(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

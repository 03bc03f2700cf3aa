/**
 * Decides when an item is promoted at a site and by how much its demand rises then. Days are days of the calendar where the
 * item is sold: no time zone enters. Never reads files; a row that cannot be used is a fault.
 */
import { DateTime } from 'luxon';
import { type Parsed, parsed, rowFault } from '../model/rejection.ts';
import { itemCode, type MasterData, type MasterFault, type MasterRow } from './master-data.ts';
import { type NumberFormat, parseDecimal } from './number.ts';
import { normalizeText } from './text.ts';

/** From the start of the first day to the end of the last one. Days counted from 1970-01-01. */
interface Promotion {
  /** '' is every site. */
  readonly site: string;
  readonly firstDay: number;
  readonly lastDay: number;
  /** What the daily demand is multiplied by; 1 where it is not given. */
  readonly uplift: number;
}

export class PromotionBook {
  private readonly byItem = new Map<string, Promotion[]>();

  add(item: string, promotion: Promotion): void {
    const promotions = this.byItem.get(item);
    if (promotions === undefined) this.byItem.set(item, [promotion]);
    else promotions.push(promotion);
  }

  /** Whether a promotion runs at some time of the `days` from `start` on. A start within a day has a fraction. */
  runs(site: string, item: string, start: number, days: number): boolean {
    for (const promotion of this.byItem.get(item) ?? NONE)
      if (isAt(promotion, site) && promotion.firstDay < start + days && start < promotion.lastDay + 1) return true;
    return false;
  }

  /** How many days of ordinary demand the `days` from `start` on are worth. Of promotions at the same time the greatest uplift counts. */
  demandDays(site: string, item: string, start: number, days: number): number {
    if (!this.runs(site, item, start, days)) return days;
    const end = start + days;
    let worth = 0;
    for (let day = Math.floor(start); day < end; day++)
      worth += (Math.min(day + 1, end) - Math.max(day, start)) * this.upliftOn(site, item, day);
    return worth;
  }

  private upliftOn(site: string, item: string, day: number): number {
    let uplift: number | undefined;
    for (const promotion of this.byItem.get(item) ?? NONE)
      if (isAt(promotion, site) && promotion.firstDay <= day && day <= promotion.lastDay)
        uplift = Math.max(uplift ?? 0, promotion.uplift);
    return uplift ?? 1;
  }
}

const NONE: readonly Promotion[] = [];

function isAt(promotion: Promotion, site: string): boolean {
  return promotion.site === '' || promotion.site === site;
}

/** How the rows of one file are read. */
export interface PromotionFormat {
  readonly master: MasterData;
  readonly numbers: NumberFormat;
  /** Luxon format of days that are not ISO 8601. */
  readonly dayFormat: string | undefined;
  /** Rows of other items are checked and not kept. */
  readonly needs: (item: string) => boolean;
}

/** Takes one row of the promotion calendar. Returns the fault that stopped it, if any. */
export function addPromotion(book: PromotionBook, row: MasterRow, format: PromotionFormat): MasterFault | undefined {
  const fault = (column: string, reason: string): MasterFault => ({ column, value: row[column] ?? '', reason });
  const item = itemCode(row['item'] ?? '', format.master);
  if (item === '') return fault('item', 'item missing');
  const firstDay = parseDay(row['starts_on']?.trim() ?? '', format.dayFormat);
  if (!firstDay.ok) return fault('starts_on', firstDay.fault.reason);
  const lastDay = parseDay(row['ends_on']?.trim() ?? '', format.dayFormat);
  if (!lastDay.ok) return fault('ends_on', lastDay.fault.reason);
  if (lastDay.value < firstDay.value) return fault('ends_on', 'a promotion that ends before it starts');
  const text = row['uplift']?.trim() ?? '';
  const uplift = text === '' ? parsed({ coefficient: 1n, scale: 0 }) : parseDecimal(text, format.numbers);
  if (!uplift.ok) return fault('uplift', uplift.fault.reason);
  if (uplift.value.coefficient < 0n) return fault('uplift', 'below zero');
  if (!format.needs(item)) return undefined;
  book.add(item, {
    site: normalizeText(row['site'] ?? ''),
    firstDay: firstDay.value,
    lastDay: lastDay.value,
    uplift: Number(uplift.value.coefficient) / 10 ** uplift.value.scale,
  });
  return undefined;
}

/** A spreadsheet or a database may write midnight behind a day. */
const DAY = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$/;

/** The day as days since 1970-01-01. A time of day is a fault: it would need a time zone. */
function parseDay(text: string, dayFormat: string | undefined): Parsed<number> {
  if (text === '') return rowFault('blank; a day was expected');
  const iso = DAY.exec(text)?.[1];
  if (dayFormat === undefined && iso === undefined)
    return rowFault('not a day such as 2026-11-27; declare time_format where the source writes another');
  const day =
    dayFormat === undefined
      ? DateTime.fromISO(iso as string, { zone: 'utc' })
      : DateTime.fromFormat(text, dayFormat, { zone: 'utc' });
  if (!day.isValid)
    return rowFault(dayFormat === undefined ? 'a day that does not exist' : 'not a day as time_format says');
  return parsed(Math.floor(day.toMillis() / 86_400_000));
}

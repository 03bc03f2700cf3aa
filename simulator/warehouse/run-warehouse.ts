/**
 * Decides how often things happen at the sites, hour by hour and by the day of the week, and runs the events in order.
 * Never decides what the ERP makes of them.
 */
import { HOUR, OFFICE_HOURS, pace, SHIFT_HOURS } from './calendar.ts';
import { arrivals, between } from './dice.ts';
import type { Floor } from './floor.ts';
import { receivePurchaseOrder, receiveReturn } from './inbound.ts';
import { assemble, drawKits } from './kitting.ts';
import { ORDER_LINES, takeBackorder, takeOrder, transfer } from './outbound.ts';
import { adjust, count, damage, hold, relabel, scrapOrMend } from './stock-care.ts';

interface Process {
  /** Happenings per kept item on a working day. */
  readonly perItem: number;
  readonly rhythm: 'office' | 'shifts';
  readonly happen: (floor: Floor, site: number) => void;
}

const PROCESSES: readonly Process[] = [
  { perItem: 0.66 / ORDER_LINES, rhythm: 'shifts', happen: takeOrder },
  { perItem: 0.022, rhythm: 'office', happen: receivePurchaseOrder },
  { perItem: 0.014, rhythm: 'office', happen: receiveReturn },
  { perItem: 0.06, rhythm: 'shifts', happen: count },
  { perItem: 0.004, rhythm: 'office', happen: adjust },
  { perItem: 0.007, rhythm: 'shifts', happen: damage },
  { perItem: 0.004, rhythm: 'office', happen: hold },
  { perItem: 0.02, rhythm: 'office', happen: scrapOrMend },
  { perItem: 0.002, rhythm: 'office', happen: relabel },
];
const KITS_PER_ITEM = 0.004;
const TRANSFERS_PER_ITEM = 0.003;
/** One putaway in twelve is what a dealer waited for. */
const AWAITED = 0.08;

/** What has begun is finished: a truck that is half unloaded is told of when it is empty. */
const FINISH = 4 * HOUR;

/** Fills the shelves and lets the sites work until the ledgers are extracted. */
export function runWarehouse(floor: Floor, seed: number): void {
  const { assortment, moments, queue, activity } = floor;
  const sites = assortment.shelves.length;
  const kits = drawKits(seed, assortment.items);
  const processes: Process[] = [
    ...PROCESSES,
    { perItem: KITS_PER_ITEM, rhythm: 'office', happen: (_, site) => assemble(floor, site, kits) },
  ];
  if (sites > 1)
    processes.push({
      perItem: TRANSFERS_PER_ITEM,
      rhythm: 'office',
      happen: (_, site) => transfer(floor, site, (site + 1 + floor.random.below(sites - 1)) % sites),
    });
  floor.onPutAway = (leg) => awaited(floor, leg);
  for (const { stocked } of assortment.shelves)
    for (const each of stocked) for (const leg of assortment.startingStock(each)) floor.book.add(leg);
  for (let site = 0; site < sites; site++) {
    const perItem = assortment.shelves[site]!.stocked.length * activity;
    for (let hour = moments.startsAt; hour < moments.extractedAt; hour += HOUR)
      queue.schedule(hour, () => workAnHour(floor, site, perItem, processes));
  }
  queue.runUntil(moments.erpCutOff);
  floor.noteOpenOrders();
  queue.runUntil(moments.extractedAt + FINISH);
}

function workAnHour(floor: Floor, site: number, scale: number, processes: readonly Process[]): void {
  for (const { perItem, rhythm, happen } of processes) {
    const hours = rhythm === 'office' ? OFFICE_HOURS : SHIFT_HOURS;
    const mean = (perItem * scale * pace(floor.now, rhythm)) / hours;
    for (let number = arrivals(floor.random, mean); number > 0; number--)
      floor.queue.schedule(floor.now + floor.random.below(HOUR), () => happen(floor, site));
  }
}

/** Goods that a dealer waited for leave soon after they have come: all that was there before, and part of the new. */
function awaited(floor: Floor, leg: { site: number; item: { index: number }; quantity: number }): void {
  const stocked = floor.assortment.find(leg.site, leg.item.index);
  if (stocked === undefined || stocked.item.baseUom === 'KG' || !floor.random.chance(AWAITED)) return;
  const there = floor.held(leg.site, leg.item.index, 'available');
  const before = there - leg.quantity;
  if (before > leg.quantity) return;
  const part = Math.floor((leg.quantity * between(floor.random, 30, 80)) / 100_000) * 1000;
  if (part > 0) takeBackorder(floor, stocked, before + part);
}

/**
 * Decides how goods go out: orders of shops, customers and dealers, picked, sometimes short, sometimes cancelled, shipped
 * with the next truck; transfers to another site.
 * Never decides what the ERP makes of it.
 */
import { UNIT } from '../catalogue.ts';
import type { StockedItem } from './assortment.ts';
import { HOUR, hourOf } from './calendar.ts';
import { between, pickWeighted } from './dice.ts';
import { type Floor, sumByPlace } from './floor.ts';
import { putAwayLater } from './inbound.ts';
import type { Leg, Posting } from './ledger.ts';

type OrderKind = 'parcel' | 'dealer' | 'shop';

interface OrderLine {
  readonly stocked: StockedItem;
  readonly number: number;
  readonly ordered: number;
  /** What lies packed, as legs that took it from its lots. */
  picked: readonly Leg[];
}

/** Single items by parcel, dealers' orders of several lines, replenishment of shops. */
const KINDS = [
  ['parcel', 52],
  ['dealer', 34],
  ['shop', 14],
] as const;
const LINES: Readonly<Record<OrderKind, readonly [number, number]>> = { parcel: [1, 1], dealer: [2, 9], shop: [5, 20] };
/** Lines of an average order. */
export const ORDER_LINES = 0.52 + 0.34 * 5.5 + 0.14 * 12.5;
const TRUCKS = [9, 11, 13, 15, 17, 19, 21] as const;

export function takeOrder(floor: Floor, site: number): void {
  const { random } = floor;
  const kind = pickWeighted<OrderKind>(random, KINDS);
  const [least, most] = LINES[kind];
  const lines: OrderLine[] = [];
  for (let count = between(random, least, most); count > 0; count--) {
    const stocked = floor.drawItem(site);
    if (stocked === undefined || lines.some((line) => line.stocked === stocked)) continue;
    if (floor.held(site, stocked.item.index, 'available') <= 0) continue;
    lines.push({ stocked, number: lines.length + 1, ordered: wanted(floor, kind, stocked), picked: [] });
  }
  placeOrder(floor, lines, between(random, 900, (kind === 'parcel' ? 2 : 5) * HOUR));
}

/** A dealer waited for these goods: he takes what was there and part of what has come. */
export function takeBackorder(floor: Floor, stocked: StockedItem, quantity: number): void {
  placeOrder(floor, [{ stocked, number: 1, ordered: quantity, picked: [] }], between(floor.random, 300, 2400));
}

function placeOrder(floor: Floor, lines: readonly OrderLine[], pickAfter: number): void {
  if (lines.length === 0) return;
  const { random, queue } = floor;
  const reference = floor.numbering.document('shipment');
  for (const { stocked, ordered } of lines) floor.ordered[floor.slot(stocked)]! += ordered;
  queue.schedule(floor.now + pickAfter, () => {
    if (random.chance(0.015)) return settle(floor, lines);
    for (const line of lines) pick(floor, line, reference);
    if (random.chance(0.012))
      queue.schedule(floor.now + between(random, 600, 3 * HOUR), () => unpick(floor, lines, reference));
    else queue.schedule(nextTruck(floor), () => ship(floor, lines, reference));
  });
}

function settle(floor: Floor, lines: readonly OrderLine[]): void {
  for (const { stocked, ordered } of lines) floor.ordered[floor.slot(stocked)]! -= ordered;
}

function wanted({ random }: Floor, kind: OrderKind, { item, lineSize }: StockedItem): number {
  if (item.baseUom === 'KG') return between(random, 1, 6) * lineSize + random.below(500);
  if (kind === 'parcel') return UNIT * between(random, 1, 3);
  if (random.chance(0.4)) return item.caseFactor * UNIT * between(random, 1, 4);
  return lineSize * between(random, 1, 9);
}

/** Less than ordered where there is no more, and now and then because a bin was emptier than the WMS thought. */
function pick(floor: Floor, line: OrderLine, reference: string): void {
  const { random, habits } = floor;
  const isShort = random.chance(0.02) && line.ordered > UNIT;
  const wish = isShort ? Math.max(UNIT, Math.floor(line.ordered / UNIT / 2) * UNIT) : line.ordered;
  line.picked = floor.take(line.stocked, 'available', wish);
  if (line.picked.length === 0) return;
  const legs = floor.moved(line.picked, 'picked');
  floor.post({ type: 'status-change', reference, line: line.number, legs, reason: 'PICK' }, habits.logsPicks);
}

function unpick(floor: Floor, lines: readonly OrderLine[], reference: string): void {
  for (const { number, picked } of lines) {
    if (picked.length === 0) continue;
    const legs = floor.moved(packed(floor, picked), 'available');
    floor.post({ type: 'status-change', reference, line: number, legs, reason: 'CANCEL' }, floor.habits.logsPicks);
  }
  settle(floor, lines);
  floor.cancelled.push({ reference, at: floor.now, picked: lines.flatMap(({ picked }) => picked) });
}

/** The picked goods, as legs that take them out of the packing area. */
function packed(floor: Floor, picked: readonly Leg[]): Leg[] {
  return picked.map((leg) => ({ ...leg, status: floor.name('picked') }));
}

function nextTruck(floor: Floor): number {
  const { now, random } = floor;
  const ready = now + 900;
  const hour = hourOf(ready);
  const truck = TRUCKS.find((each) => each > hour) ?? TRUCKS[0] + 24;
  return ready - (ready % HOUR) + (truck - hour) * HOUR + random.below(2400);
}

function ship(floor: Floor, lines: readonly OrderLine[], reference: string): void {
  const ordered = new Map<number, number>();
  const postings: Posting[] = [];
  // Loading takes a while: the goods left their places before the truck is confirmed.
  const eventAt = floor.now - floor.random.below(1500);
  for (const line of lines) {
    if (line.picked.length === 0) continue;
    const legs = packed(floor, line.picked);
    const shipped = -legs.reduce((sum, leg) => sum + leg.quantity, 0);
    ordered.set(line.number, line.ordered);
    const reason = shipped < line.ordered ? 'SHORT' : '';
    postings.push(floor.post({ type: 'shipment', reference, line: line.number, legs, reason, eventAt }));
  }
  settle(floor, lines);
  floor.finish('shipment', postings, ordered);
}

/** Goods for another site: out with a truck, in there a day or so later, under one number. */
export function transfer(floor: Floor, from: number, to: number): void {
  const { random, numbering, queue } = floor;
  const reference = numbering.document('transfer');
  const postings: Posting[] = [];
  for (let line = 1; line <= between(random, 1, 4); line++) {
    const stocked = floor.drawItem(from);
    if (stocked === undefined || floor.assortment.find(to, stocked.item.index) === undefined) continue;
    if (postings.some(({ legs }) => legs[0]!.item === stocked.item)) continue;
    const there = floor.held(from, stocked.item.index, 'available');
    const part = Math.floor((there * between(random, 5, 30)) / 100 / UNIT) * UNIT;
    if (part <= 0) continue;
    const legs = floor.take(stocked, 'available', part);
    if (legs.length > 0) postings.push(floor.post({ type: 'transfer-out', reference, line, legs }));
  }
  floor.finish('transfer', postings);
  if (postings.length > 0)
    queue.schedule(floor.now + between(random, 8, 40) * HOUR, () => receiveTransfer(floor, postings, to));
}

function receiveTransfer(floor: Floor, sent: readonly Posting[], site: number): void {
  const postings = sent.map(({ legs, reference, line }) => {
    const arrived = sumByPlace(
      legs.map((leg) => ({ ...leg, site, status: floor.name('receiving'), quantity: -leg.quantity })),
    );
    for (const leg of arrived) putAwayLater(floor, leg, reference, line);
    return floor.post({ type: 'transfer-in', reference, line, legs: arrived });
  });
  floor.finish('transfer', postings);
}

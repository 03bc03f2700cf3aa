/**
 * Decides what the WMS books when something happens on the floor, and which of it is to be told to the ERP.
 * Never decides what happens: the processes do (inbound, outbound, stock care, kitting), in the order of the event queue.
 */
import { RandomStream } from '../random.ts';
import type { Assortment, StockedItem } from './assortment.ts';
import type { Moments } from './calendar.ts';
import { EventQueue } from './event-queue.ts';
import type { DocumentKind, Habits, Numbering } from './habits.ts';
import type { DeliveryLine, Leg, MovementType, Place, Posting } from './ledger.ts';
import { StockBook } from './stock-book.ts';
import type { WmsState } from './stock-scheme.ts';

/** A document that the WMS is through with. */
export interface WarehouseDocument {
  readonly kind: DocumentKind;
  readonly type: MovementType;
  readonly site: number;
  readonly reference: string;
  readonly at: number;
  readonly postings: readonly Posting[];
  readonly lines: readonly DeliveryLine[];
}

export interface CancelledOrder {
  readonly reference: string;
  readonly at: number;
  readonly picked: readonly Leg[];
}

export interface Booking {
  readonly type: MovementType;
  readonly reference: string;
  readonly line: number;
  readonly legs: readonly Leg[];
  readonly reason?: string;
  readonly eventAt?: number;
}

export class Floor {
  readonly queue = new EventQueue();
  readonly random: RandomStream;
  readonly habits: Habits;
  readonly numbering: Numbering;
  readonly moments: Moments;
  readonly assortment: Assortment;
  readonly book: StockBook;
  /** Movements per item and day, as a multiple of the usual. */
  readonly activity: number;
  /** Every entry of the WMS's ledger, in the order of time. */
  readonly postings: Posting[] = [];
  readonly documents: WarehouseDocument[] = [];
  /** Orders that were picked and put back. */
  readonly cancelled: CancelledOrder[] = [];
  /** Who waits for goods that have reached their place. */
  onPutAway: (leg: Leg) => void = () => {};
  /** Thousandths on open orders of customers and suppliers, by site and item: now, and at the cut-off. */
  readonly ordered: Float64Array;
  readonly onOrder: Float64Array;
  private openOrders: { ordered: Float64Array; onOrder: Float64Array } | undefined;

  constructor(
    seed: number,
    habits: Habits,
    numbering: Numbering,
    moments: Moments,
    assortment: Assortment,
    activity: number,
  ) {
    this.random = new RandomStream(seed);
    this.habits = habits;
    this.numbering = numbering;
    this.moments = moments;
    this.assortment = assortment;
    this.activity = activity;
    const sites = assortment.shelves.length;
    this.book = new StockBook(sites, assortment.firstItem, assortment.items.length);
    this.ordered = new Float64Array(sites * assortment.items.length);
    this.onOrder = new Float64Array(sites * assortment.items.length);
  }

  get now(): number {
    return this.queue.now;
  }

  /** Position in `ordered` and `onOrder`. */
  slot({ site, item }: StockedItem): number {
    return site * this.assortment.items.length + item.index - this.assortment.firstItem;
  }

  noteOpenOrders(): void {
    this.openOrders = { ordered: this.ordered.slice(), onOrder: this.onOrder.slice() };
  }

  /** What customers and suppliers owed at the cut-off. */
  openOrdersOf(stocked: StockedItem): { readonly ordered: number; readonly onOrder: number } {
    const slot = this.slot(stocked);
    return { ordered: this.openOrders?.ordered[slot] ?? 0, onOrder: this.openOrders?.onOrder[slot] ?? 0 };
  }

  /** An item of the site, the fast movers more often. */
  drawItem(site: number): StockedItem | undefined {
    const { stocked, draw } = this.assortment.shelves[site]!;
    return stocked[draw.draw(this.random)];
  }

  /** Native name of a state. */
  name(state: WmsState): string {
    return this.habits.scheme.wmsNames[state];
  }

  held(site: number, itemIndex: number, state: WmsState): number {
    const status = this.name(state);
    let sum = 0;
    for (const cell of this.book.at(site, itemIndex)) if (cell.status === status) sum += cell.quantity;
    return sum;
  }

  /** Up to `wanted` thousandths from the oldest lots of one owner, as legs that take it away. */
  take({ site, item, owners }: StockedItem, state: WmsState, wanted: number): Leg[] {
    const status = this.name(state);
    const owner = owners.length > 1 ? this.random.pick(owners) : owners[0]!;
    const legs: Leg[] = [];
    let rest = wanted;
    for (const cell of this.book.at(site, item.index)) {
      if (rest <= 0) break;
      if (cell.status !== status || cell.owner !== owner || cell.quantity <= 0) continue;
      const quantity = Math.min(rest, cell.quantity);
      legs.push({ site, item, owner, lot: cell.lot, status, quantity: -quantity });
      rest -= quantity;
    }
    return legs;
  }

  /** Up to `wanted` thousandths of what now lies in one place, as a leg that takes it away. */
  taken(place: Place, wanted: number): Leg[] {
    const { site, item, owner, lot, status } = place;
    const cell = this.book
      .at(site, item.index)
      .find((each) => each.status === status && each.lot === lot && each.owner === owner);
    const quantity = Math.min(wanted, cell?.quantity ?? 0);
    return quantity > 0 ? [{ site, item, owner, lot, status, quantity: -quantity }] : [];
  }

  /** Books now. A move within one category that the WMS does not log changes the stock all the same. */
  post(booking: Booking, isLogged = true): Posting {
    for (const leg of booking.legs) this.book.add(leg);
    const { type, reference, line, legs } = booking;
    const posting: Posting = {
      at: this.now,
      eventAt: booking.eventAt ?? this.now - this.random.below(240),
      type,
      reference,
      line,
      reason: booking.reason ?? '',
      user: this.random.pick(this.habits.wmsUsers),
      message: undefined,
      legs,
      isHidden: !isLogged,
      isBare: false,
      id: '',
    };
    this.postings.push(posting);
    return posting;
  }

  /** The WMS is through with a document. `ordered`: by line, where more was asked for. */
  finish(kind: DocumentKind, postings: readonly Posting[], ordered?: ReadonlyMap<number, number>): void {
    const [first] = postings;
    if (first === undefined) return;
    const lines = linesOf(postings, ordered);
    const { type, reference } = first;
    const { site } = first.legs[0]!;
    this.documents.push({ kind, type, site, reference, at: this.now, postings, lines });
  }

  /** Turns goods of one state into another: two legs for each that is given. */
  moved(legs: readonly Leg[], state: WmsState): Leg[] {
    return legs.flatMap((leg) => [leg, { ...leg, status: this.name(state), quantity: -leg.quantity }]);
  }
}

/** A line for each number, its legs added up by place. */
function linesOf(postings: readonly Posting[], ordered: ReadonlyMap<number, number> | undefined): DeliveryLine[] {
  const byNumber = new Map<number, Posting[]>();
  for (const posting of postings) {
    const same = byNumber.get(posting.line);
    if (same === undefined) byNumber.set(posting.line, [posting]);
    else same.push(posting);
  }
  return [...byNumber].map(([number, same]) => {
    const legs = sumByPlace(same.flatMap((posting) => posting.legs));
    const done = Math.abs(legs.reduce((sum, leg) => sum + leg.quantity, 0));
    return { number, type: same[0]!.type, legs, ordered: ordered?.get(number) ?? done };
  });
}

/** Adds up legs of one place; those that come to nothing are left out. */
export function sumByPlace(legs: readonly Leg[]): Leg[] {
  if (legs.length === 1) return [legs[0]!];
  const sums: Leg[] = [];
  for (const leg of legs) {
    const at = sums.findIndex((sum) => isSamePlace(sum, leg));
    if (at < 0) sums.push(leg);
    else sums[at] = { ...sums[at]!, quantity: sums[at]!.quantity + leg.quantity };
  }
  return sums.filter(({ quantity }) => quantity !== 0);
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.item === b.item && a.lot === b.lot && a.owner === b.owner && a.status === b.status && a.site === b.site;
}

/**
 * Keeps what faults are planted into: the deliveries that are still sound, by kind and by item, and both books' history.
 * Never plants anything itself.
 */
import { UNIT } from '../../catalogue.ts';
import type { RandomStream } from '../../random.ts';
import type { SiteNames } from '../../world-files.ts';
import type { Assortment, StockedItem } from '../assortment.ts';
import { DAY, HOUR, type Moments } from '../calendar.ts';
import type { CancelledOrder } from '../floor.ts';
import { isSamePlace } from '../floor.ts';
import type { DocumentKind, Habits, Numbering } from '../habits.ts';
import { type Interface, type Net, netsOf } from '../interface.ts';
import type { Delivery, Fault, FaultSide, Leg, Place, Posting } from '../ledger.ts';
import { append } from '../lists.ts';
import type { StockBook } from '../stock-book.ts';
import { categoryOfStatus } from '../stock-scheme.ts';
import type { WorldOptions } from '../world-options.ts';

/** Quiet time before the cut-off within which no fault happens, beyond the allowed lag. */
const QUIET = 1.5 * HOUR;

export interface SceneParts {
  readonly random: RandomStream;
  readonly options: WorldOptions;
  readonly habits: Habits;
  readonly numbering: Numbering;
  readonly moments: Moments;
  readonly assortment: Assortment;
  readonly interfaces: Interface;
  readonly deliveries: Delivery[];
  readonly wmsPostings: Posting[];
  readonly startingStock: readonly Leg[];
  readonly cancelled: readonly CancelledOrder[];
  /** The WMS's stock when its work was over. */
  readonly book: StockBook;
  readonly siteNames: readonly SiteNames[];
}

export class Scene {
  readonly random: RandomStream;
  readonly options: WorldOptions;
  readonly habits: Habits;
  readonly numbering: Numbering;
  readonly moments: Moments;
  readonly assortment: Assortment;
  readonly interfaces: Interface;
  readonly deliveries: Delivery[];
  readonly wmsPostings: Posting[];
  readonly startingStock: readonly Leg[];
  readonly cancelled: readonly CancelledOrder[];
  readonly siteNames: readonly SiteNames[];
  private readonly book: StockBook;
  readonly faults: Fault[] = [];
  /** Items that a lasting fault holds: nothing else happens to their documents. */
  readonly lockedItems = new Set<number>();
  /** Lasting faults of rounding, by site and item. */
  readonly rounded = new Map<number, Fault>();
  /** Items whose alias is missing. */
  readonly aliasless = new Map<number, Fault>();
  /** Items that the two sides value differently. */
  readonly otherCosts = new Map<number, Fault>();
  /** Keys with a fault so far. */
  readonly troubled: Net[] = [];
  /** Where the next fault is to happen, if it may; undefined: anywhere. */
  focus: Net | undefined;
  /** A status of the WMS that the map does not know: what happens to it is seen by nobody. */
  unseenStatus = '';
  private readonly byKind = new Map<DocumentKind, Delivery[]>();
  private readonly byItem: Delivery[][];
  private systemicId = '';

  constructor(parts: SceneParts) {
    this.random = parts.random;
    this.options = parts.options;
    this.habits = parts.habits;
    this.numbering = parts.numbering;
    this.moments = parts.moments;
    this.assortment = parts.assortment;
    this.interfaces = parts.interfaces;
    this.deliveries = parts.deliveries;
    this.wmsPostings = parts.wmsPostings;
    this.startingStock = parts.startingStock;
    this.cancelled = parts.cancelled;
    this.book = parts.book;
    this.siteNames = parts.siteNames;
    const { shelves, items } = parts.assortment;
    this.byItem = Array.from({ length: shelves.length * items.length }, () => []);
    for (const delivery of parts.deliveries) this.index(delivery);
  }

  private index(delivery: Delivery): void {
    append(this.byKind, delivery.kind, delivery);
    // What a person booked in the ERP alone has no lines.
    for (const { legs } of delivery.lines.length > 0 ? delivery.lines : delivery.erp)
      for (const { item } of legs) {
        const list = this.byItem[this.slot(delivery.site, item.index)]!;
        if (list.at(-1) !== delivery) list.push(delivery);
      }
  }

  private slot(site: number, itemIndex: number): number {
    return site * this.assortment.items.length + itemIndex - this.assortment.firstItem;
  }

  /** One number for a site and an item. */
  place(site: number, itemIndex: number): number {
    return itemIndex * this.assortment.shelves.length + site;
  }

  ofKind(kind: DocumentKind): readonly Delivery[] {
    return this.byKind.get(kind) ?? [];
  }

  ofItem(site: number, itemIndex: number): readonly Delivery[] {
    return this.byItem[this.slot(site, itemIndex)]!;
  }

  ofItemAnywhere(itemIndex: number): readonly Delivery[] {
    return this.assortment.shelves.flatMap((_, site) => this.ofItem(site, itemIndex));
  }

  /** Lots that the WMS has or had of an item; '' for an item without lots. */
  lotsOf(site: number, itemIndex: number): string[] {
    return [...new Set(this.book.at(site, itemIndex).map(({ lot }) => lot))];
  }

  /** Nothing happened to it yet, it changes a category, and all of it lies between the opening and the quiet time. */
  isSound(delivery: Delivery): boolean {
    const [first] = delivery.wms;
    if (delivery.fault !== undefined || delivery.healed !== undefined || first === undefined) return false;
    if (delivery.erp.length === 0 || delivery.erp.some(({ at }) => at > this.latest)) return false;
    if (first.at <= this.earliest || delivery.at > this.latest) return false;
    const isBarred = ({ item, status }: Leg): boolean =>
      this.lockedItems.has(item.index) || status === this.unseenStatus;
    if (delivery.lines.some(({ legs }) => legs.some(isBarred))) return false;
    return this.nets({ wms: [], erp: delivery.erp }).length > 0;
  }

  /** The last moment at which a fault is plain at both cut-offs: what is younger could be in flight. */
  get latest(): number {
    const { erpCutOff, wmsCutOff } = this.moments;
    return Math.min(erpCutOff, wmsCutOff) - this.habits.lagMinutes * 60 - QUIET;
  }

  /** The first moment at which one happens. */
  get earliest(): number {
    const { openingAt } = this.moments;
    const { faultDays } = this.options;
    return faultDays > 0 ? Math.max(openingAt, this.latest - faultDays * DAY) : openingAt;
  }

  nets(delivery: Pick<Delivery, 'wms' | 'erp'>): Net[] {
    return netsOf(delivery, this.habits, this.moments);
  }

  /** The least that will lie in a place of the WMS from a moment on: what may be taken without going below zero. */
  least(place: Place, from: number): number {
    const changes: { readonly at: number; readonly quantity: number }[] = [];
    const note = (at: number, legs: readonly Leg[]): void => {
      for (const leg of legs) if (isSamePlace(leg, place)) changes.push({ at, quantity: leg.quantity });
    };
    note(0, this.startingStock);
    for (const { at, legs } of this.wmsPostings) note(at, legs);
    changes.sort((a, b) => a.at - b.at);
    let now = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const { at, quantity } of changes) {
      if (at > from) least = Math.min(least, now);
      now += quantity;
    }
    return Math.max(0, Math.min(least, now));
  }

  /** Category of a place, by its native status on either side. */
  category({ status }: Pick<Place, 'status'>): number {
    return categoryOfStatus(this.habits.scheme, status);
  }

  isSameKey(a: Place, b: Place): boolean {
    return (
      a.item === b.item &&
      a.site === b.site &&
      a.lot === b.lot &&
      a.owner === b.owner &&
      this.category(a) === this.category(b)
    );
  }

  /** What the WMS held of a place's key at a moment. */
  heldByWms(place: Place, at: number): number {
    return this.held(place, at, ({ wms }) => wms);
  }

  /** What the ERP held of a place's key at a moment, had it posted documents of this item only. */
  heldByErp(place: Place, at: number): number {
    return this.held(place, at, ({ erp }) => erp);
  }

  private held(place: Place, at: number, side: (delivery: Delivery) => readonly Posting[]): number {
    const started = this.startingStock.filter((leg) => this.isSameKey(leg, place));
    let sum = started.reduce((total, { quantity }) => total + quantity, 0);
    for (const delivery of this.ofItem(place.site, place.item.index))
      for (const posting of side(delivery))
        if (posting.at <= at) for (const leg of posting.legs) if (this.isSameKey(leg, place)) sum += leg.quantity;
    return sum;
  }

  /** The quantity, or the next larger one that no document of the item has: what is planted must not look like one of them. */
  unlike({ site, item }: Place, quantity: number): number {
    const taken = new Set(
      this.ofItem(site, item.index).flatMap(({ wms, erp }) =>
        [...wms, ...erp].flatMap(({ legs }) => legs.map((leg) => Math.abs(leg.quantity))),
      ),
    );
    const step = item.baseUom === 'KG' ? 1 : UNIT;
    let amount = Math.abs(quantity);
    while (taken.has(amount) || taken.has(amount / 2) || taken.has(amount * 2)) amount += step;
    return Math.sign(quantity) * amount;
  }

  /** Position of a posting of the ERP: one that touches the focus, else any. */
  someLine({ erp }: Delivery): number {
    const { focus } = this;
    const at = focus === undefined ? -1 : erp.findIndex(({ legs }) => legs.some((leg) => this.isInKey(leg, focus)));
    return at >= 0 ? at : this.random.below(erp.length);
  }

  /** Whether a place is part of a key. */
  isInKey(place: Place, { site, item, owner, lot, category }: Net): boolean {
    return (
      place.item === item &&
      place.site === site &&
      place.lot === lot &&
      place.owner === owner &&
      this.category(place) === category
    );
  }

  someStocked(): StockedItem {
    const { random, assortment } = this;
    const shelves = assortment.shelves.filter(({ stocked }) => stocked.length > 0);
    return random.pick(random.pick(shelves).stocked);
  }

  /** What faults planted from now on have in common; '' for nothing. */
  belongTo(systemicId: string): void {
    this.systemicId = systemicId;
  }

  /** Notes a fault; `documents` are references, or postings where there is none. */
  note(cause: string, side: FaultSide, at: number, documents: Fault['documents'], story: string): Fault {
    const fault: Fault = { id: '', cause, side, at, systemicId: this.systemicId, documents, story };
    this.faults.push(fault);
    return fault;
  }
}

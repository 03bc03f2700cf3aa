/**
 * Decides faults that no document of the other side answers: postings by hand, edited tables, openings that never agreed,
 * counts that race a truck, cancelled shipments.
 * Never takes more from a place in the WMS than lies there.
 */
import { UNIT } from '../../catalogue.ts';
import { DAY, HOUR } from '../calendar.ts';
import { between, fraction } from '../dice.ts';
import type { Delivery, Fault, Leg, MovementType, Place, Posting } from '../ledger.ts';
import { WMS_STATES } from '../stock-scheme.ts';
import type { Scene } from './scene.ts';

/** The focus, else some key of an item that is kept; nothing where a lasting fault holds the item. */
function somePlace(scene: Scene, side: 'erp' | 'wms'): Place | undefined {
  const { random, habits, focus } = scene;
  const names = side === 'erp' ? habits.scheme.erpNames : habits.scheme.wmsNames;
  const { item, site } = focus ?? scene.someStocked();
  if (scene.lockedItems.has(item.index)) return undefined;
  if (focus !== undefined) {
    const state = WMS_STATES.find((each) => habits.scheme.categoryOf[each] === focus.category);
    return state === undefined ? undefined : { site, item, owner: focus.owner, lot: focus.lot, status: names[state] };
  }
  const lots = scene.lotsOf(site, item.index);
  if (lots.length === 0) return undefined;
  const owner = random.pick(scene.assortment.find(site, item.index)!.owners);
  return { site, item, owner, lot: random.pick(lots), status: names[random.chance(0.85) ? 'available' : 'damaged'] };
}

function someQuantity({ random }: Scene, { item }: Place): number {
  const amount =
    item.baseUom === 'KG' ? between(random, 300, 40_000) : UNIT * between(random, 1, random.chance(0.7) ? 24 : 150);
  return random.chance(0.5) ? amount : -amount;
}

function moreOrLess(quantity: number): string {
  return `${Math.abs(quantity) / UNIT} ${quantity > 0 ? 'more' : 'less'}`;
}

function posting(at: number, type: MovementType, leg: Leg, user: string, rest: Partial<Posting> = {}): Posting {
  const plain = { reference: '', line: 1, reason: '', message: undefined, isHidden: false, isBare: false, id: '' };
  return { at, eventAt: at, type, user, legs: [leg], ...plain, ...rest };
}

function add(scene: Scene, place: Place, parts: Pick<Delivery, 'wms' | 'erp'>, fault: Fault): Delivery {
  const delivery: Delivery = {
    kind: 'adjustment',
    type: 'adjustment',
    site: place.site,
    reference: '',
    at: fault.at,
    lines: [],
    messages: [],
    ...parts,
    fault,
    healed: undefined,
  };
  scene.deliveries.push(delivery);
  scene.wmsPostings.push(...parts.wms);
  return delivery;
}

function someTime({ random, earliest, latest }: Scene): number {
  const from = earliest + HOUR;
  return from + Math.floor(fraction(random) * Math.max(1, latest - from));
}

/** A person changes the ERP's stock; nothing of the kind happened in the warehouse. */
export function adjustByHand(scene: Scene): Delivery | undefined {
  const place = somePlace(scene, 'erp');
  if (place === undefined) return undefined;
  const quantity = scene.unlike(place, someQuantity(scene, place));
  const { random, habits } = scene;
  const at = someTime(scene);
  const reference = random.chance(0.4) ? random.pick(['INV0231', 'MANUAL', 'YEAR END PREP', 'CORR']) : '';
  const reason = random.pick(['', 'CORRECTION', 'per phone call']);
  const entry = posting(at, 'adjustment', { ...place, quantity }, random.pick(habits.erpPeople), { reference, reason });
  const story = `${entry.user} booked ${moreOrLess(quantity)} in the ERP by hand.`;
  return add(scene, place, { wms: [], erp: [entry] }, scene.note('manual-erp-adjustment', 'count', at, [entry], story));
}

/** The interface's user reverses the right amount of the wrong goods; nothing in the warehouse answers to it. */
export function reverseUnrelated(scene: Scene): Delivery | undefined {
  const place = somePlace(scene, 'erp');
  if (place === undefined) return undefined;
  const quantity = scene.unlike(place, someQuantity(scene, place));
  const at = someTime(scene);
  const entry = posting(at, 'reversal', { ...place, quantity }, scene.habits.erpUsers[0]!);
  const story = `The interface's user reversed ${quantity / UNIT} of goods that were never posted wrongly.`;
  return add(scene, place, { wms: [], erp: [entry] }, scene.note('unseen', 'erp', at, [entry], story));
}

/** A table is edited past the ledger. */
export function breakLedger(scene: Scene, side: 'erp' | 'wms'): Delivery | undefined {
  const place = somePlace(scene, side);
  if (place === undefined || place.status === scene.unseenStatus) return undefined;
  const quantity = someQuantity(scene, place);
  const at = someTime(scene);
  if (side === 'wms' && quantity < 0 && scene.least(place, at) < -quantity) return undefined;
  const entry = posting(at, 'adjustment', { ...place, quantity }, '', { isHidden: true });
  const story = `The ${side.toUpperCase()}'s balance was changed by ${quantity / UNIT} past its ledger.`;
  const parts = side === 'wms' ? { wms: [entry], erp: [] } : { wms: [], erp: [entry] };
  return add(scene, place, parts, scene.note(`${side}-ledger-break`, side, at, [], story));
}

/** The two sides never agreed since the opening. */
export function openApart(scene: Scene): Delivery | undefined {
  const place = somePlace(scene, 'erp');
  if (place === undefined) return undefined;
  const quantity = someQuantity(scene, place);
  const at = scene.moments.startsAt - DAY;
  const entry = posting(at, 'adjustment', { ...place, quantity }, '', { isHidden: true });
  const story = `The ERP held ${moreOrLess(quantity)} than the WMS when the ledgers began.`;
  return add(scene, place, { wms: [], erp: [entry] }, scene.note('opening-difference', 'count', at, [], story));
}

/** Goods are on the truck and not confirmed yet; the counter finds them missing, and the confirmation takes them once more. */
export function raceCount(scene: Scene, shipment: Delivery): Delivery | undefined {
  const { random, habits, numbering } = scene;
  const shipped = random.pick(shipment.wms);
  const [leg] = shipped.legs;
  if (leg === undefined || shipped.legs.length > 1) return undefined;
  const at = shipped.at - between(random, 120, 1500);
  const place = { ...leg, status: habits.scheme.wmsNames.available };
  if (at <= scene.earliest || scene.least(place, at) < -leg.quantity) return undefined;
  if (shipped.eventAt >= at) shipped.eventAt = at - between(random, 60, 900);
  const reference = numbering.document('count');
  const entry = posting(at, 'count', { ...place, quantity: leg.quantity }, random.pick(habits.wmsUsers), {
    reference,
    reason: 'COUNT',
  });
  const story = `${reference} counted while ${shipment.reference} was loaded, and took its goods a second time.`;
  return add(
    scene,
    place,
    { wms: [entry], erp: [] },
    scene.note('count-raced-movement', 'wms', at, [reference], story),
  );
}

/** The truck is unloaded again; the ERP is not told. undefined where there is no time left. */
export function cancelShipment(scene: Scene, delivery: Delivery): Fault | undefined {
  const { random, habits } = scene;
  const at = delivery.erp.at(-1)!.at + between(random, 900, 5 * HOUR);
  if (at > scene.latest) return undefined;
  const back = delivery.wms.map((shipped): Posting => {
    const legs = shipped.legs.map((leg) => ({
      ...leg,
      status: habits.scheme.wmsNames.available,
      quantity: -leg.quantity,
    }));
    return { ...shipped, at, eventAt: at, type: 'reversal', reason: 'CANCEL', message: undefined, legs };
  });
  delivery.wms.push(...back);
  scene.wmsPostings.push(...back);
  const story = `${delivery.reference} was cancelled in the WMS after the ERP had issued it.`;
  delivery.fault = scene.note('shipment-unconfirmed', 'erp', at, [delivery.reference], story);
  return delivery.fault;
}

/** An order that was picked and put back; the ERP issued it all the same. Only where the ledger tells of the picks. */
export function issueCancelled(scene: Scene): Delivery | undefined {
  const { random, habits, cancelled } = scene;
  if (cancelled.length === 0 || !habits.logsPicks) return undefined;
  const order = random.pick(cancelled);
  const [leg] = order.picked;
  const isDone = scene.deliveries.some(({ fault }) => fault?.documents[0] === order.reference);
  if (leg === undefined || order.picked.length > 1 || isDone) return undefined;
  if (order.at > scene.latest || order.at <= scene.earliest || scene.lockedItems.has(leg.item.index)) return undefined;
  const issued = { ...leg, status: habits.scheme.erpNames.available };
  const entry = posting(order.at + between(random, 60, HOUR), 'shipment', issued, habits.erpUsers[0]!, {
    reference: order.reference,
  });
  const story = `${order.reference} was cancelled after it was picked; the ERP issued it all the same.`;
  const fault = scene.note('shipment-unconfirmed', 'erp', entry.at, [order.reference], story);
  return add(scene, issued, { wms: [], erp: [entry] }, fault);
}

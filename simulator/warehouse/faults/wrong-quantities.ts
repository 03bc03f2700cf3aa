/**
 * Decides which wrong quantity the ERP posts of a right message, and how that comes about.
 * Never one that two causes of the catalogue would give: the truth must be plain.
 */
import { type Item, UNIT } from '../../catalogue.ts';
import { between } from '../dice.ts';
import type { Delivery, Fault, Leg, Message, Posting } from '../ledger.ts';
import type { Scene } from './scene.ts';

export type QuantityFault =
  | 'unit-mismatch'
  | 'sign-reversed'
  | 'digits-transposed'
  | 'decimal-shifted'
  | 'pick-short'
  | 'receipt-capped'
  | 'unseen';

/** Magnitudes, in thousandths of the base unit; the posting keeps its direction. */
type Wrong = (
  scene: Scene,
  quantity: number,
  line: { readonly item: Item; readonly ordered: number },
  delivery: Delivery,
) => number | undefined;

const WRONG: Readonly<Record<Exclude<QuantityFault, 'sign-reversed'>, Wrong>> = {
  'unit-mismatch': (scene, quantity, { item }) => {
    const pack = scene.random.pick([item.caseFactor, item.caseFactor, item.palletFactor]);
    if (pack <= 1 || pack % 10 === 0) return undefined;
    const isWhole = quantity % (pack * UNIT) === 0;
    return isWhole ? quantity / pack : scene.random.chance(0.3) ? quantity * pack : undefined;
  },
  'digits-transposed': (scene, quantity) => transposed(scene, quantity),
  'decimal-shifted': (scene, quantity, { item }) => {
    const factor = scene.random.pick([10, 10, 10, 100]);
    if (item.caseFactor % 10 === 0 && item.caseFactor > 0) return undefined;
    const step = item.baseUom === 'KG' ? 1 : UNIT;
    return scene.random.chance(0.5) && quantity % (factor * step) === 0 ? quantity / factor : quantity * factor;
  },
  'pick-short': (scene, quantity, { ordered, item }, { kind }) => {
    if (kind !== 'shipment') return undefined;
    return ordered > quantity ? ordered : quantity + pieceOf(item) * between(scene.random, 1, 7);
  },
  'receipt-capped': (scene, quantity, { item }, { kind }) => {
    const capped = Math.floor((quantity * between(scene.random, 55, 93)) / 100 / stepOf(item)) * stepOf(item);
    return kind === 'receipt' && capped > 0 ? capped : undefined;
  },
  unseen: (scene, quantity, { item }, delivery) => unheardOf(scene, quantity, item, delivery),
};

/**
 * Posts one line with a wrong quantity. undefined where the line does not suit: the wrong quantity would be that of
 * another cause too, or the line has several quantities.
 */
export function postWrongQuantity(scene: Scene, delivery: Delivery, cause: QuantityFault): Fault | undefined {
  const at = scene.someLine(delivery);
  const posting = delivery.erp[at]!;
  const line = delivery.lines.find(({ number }) => number === posting.line)!;
  const quantity = Math.abs(posting.legs[0]!.quantity);
  if (posting.legs.some((leg) => Math.abs(leg.quantity) !== quantity) || line.legs.length > posting.legs.length)
    return undefined;
  const { item } = posting.legs[0]!;
  const isReversed = cause === 'sign-reversed';
  const wrong = isReversed ? quantity : WRONG[cause](scene, quantity, { item, ordered: line.ordered }, delivery);
  if (wrong === undefined || wrong <= 0 || (wrong === quantity && !isReversed)) return undefined;
  if (!isReversed && !isPlain(cause, quantity, wrong, item)) return undefined;
  const sign = isReversed ? -1 : 1;
  const spoiled: Posting = { ...posting, legs: posting.legs.map((leg) => resized(leg, sign * wrong)) };
  delivery.erp = delivery.erp.with(at, keyedByHand(scene, delivery, spoiled, cause));
  if (cause === 'receipt-capped') refuseRest(delivery);
  if (cause === 'pick-short') noteShort(delivery, posting.line);
  const name = cause === 'receipt-capped' ? 'receipt-not-posted' : cause;
  const story = `Of ${delivery.reference}, line ${line.number}, the ERP posted ${(sign * wrong) / UNIT} instead of ${quantity / UNIT}.`;
  delivery.fault = scene.note(name, 'erp', posting.at, [delivery.reference], story);
  return delivery.fault;
}

function resized(leg: Leg, quantity: number): Leg {
  return { ...leg, quantity: Math.sign(leg.quantity) * quantity };
}

/** What people would notice: a piece, or a hundred grams. */
function pieceOf(item: Item): number {
  return item.baseUom === 'KG' ? 100 : UNIT;
}

function stepOf(item: Item): number {
  return item.baseUom === 'KG' ? 1 : UNIT;
}

/**
 * Slips of the finger are made by people: of a document whose message had failed, or on a correction screen. Where postings
 * lose their references a person's would look like one of no document at all: there the interface made the slip.
 */
function keyedByHand(
  { random, habits, options }: Scene,
  delivery: Delivery,
  posting: Posting,
  cause: QuantityFault,
): Posting {
  if (options.references < 1) return posting;
  if (cause !== 'digits-transposed' && !(cause === 'decimal-shifted' && random.chance(0.5))) return posting;
  const user = random.pick(habits.erpPeople);
  if (delivery.erp.length > 1 || random.chance(0.5)) return { ...posting, user };
  Object.assign(delivery.messages[0] as Message, {
    state: 'rejected',
    appliedAt: undefined,
    error: 'Connection to partner system timed out',
  });
  return { ...posting, user, message: undefined };
}

function refuseRest({ messages }: Delivery): void {
  Object.assign(messages[0] as Message, {
    state: 'partial',
    error: 'Quantity exceeds the tolerance of the purchase order',
  });
}

function noteShort(delivery: Delivery, line: number): void {
  for (const posting of delivery.wms) if (posting.line === line) posting.reason = 'SHORT';
}

/** Two neighbouring digits of the whole units change places; a leading zero would be another fault. */
function transposed({ random }: Scene, quantity: number): number | undefined {
  const units = String(Math.floor(quantity / UNIT));
  if (units.length < 2) return undefined;
  const at = random.below(units.length - 1);
  const swapped = `${units.slice(0, at)}${units[at + 1]}${units[at]}${units.slice(at + 2)}`;
  return swapped.startsWith('0') ? undefined : Number(swapped) * UNIT + (quantity % UNIT);
}

/**
 * Faults that no catalogue knows: a constant added, the quantity of another document added or taken instead, a part lost.
 * In directions that no other cause has: receipts are posted too high, shipments too low.
 */
function unheardOf(scene: Scene, quantity: number, item: Item, delivery: Delivery): number | undefined {
  const { random } = scene;
  const step = stepOf(item);
  const isLow = delivery.kind === 'shipment' || (delivery.kind !== 'receipt' && random.chance(0.4));
  if (isLow) {
    const part = Math.floor((quantity * between(random, 25, 85)) / 100 / step) * step;
    return part > 0 ? part : undefined;
  }
  const draw = random.below(3);
  if (draw === 0) return quantity + pieceOf(item) * random.pick([3, 7, 9, 11, 13, 17, 23]);
  const other = Math.abs(random.pick(scene.ofKind(delivery.kind)).erp[0]?.legs[0]?.quantity ?? 0);
  if (other % step !== 0) return undefined;
  if (draw === 1) return other > 0 ? quantity + other : undefined;
  return other > quantity || delivery.kind !== 'receipt' ? other : undefined;
}

/** What the catalogue would read out of a posted quantity. */
function readings(quantity: number, posted: number, item: Item): Set<QuantityFault> {
  const found = new Set<QuantityFault>();
  for (const pack of [item.caseFactor, item.palletFactor])
    if (pack > 1 && (posted === quantity * pack || quantity === posted * pack)) found.add('unit-mismatch');
  for (const factor of [10, 100, 1000])
    if (posted === quantity * factor || quantity === posted * factor) found.add('decimal-shifted');
  if (isTransposition(String(quantity), String(posted))) found.add('digits-transposed');
  return found;
}

function isTransposition(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((digit, index) => digit !== b[index]);
  return at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Whether the wrong quantity says its cause and no other. Twice or three times as much is what a second posting makes. */
function isPlain(cause: QuantityFault, quantity: number, posted: number, item: Item): boolean {
  const found = readings(quantity, posted, item);
  found.delete(cause);
  return found.size === 0 && posted !== 2 * quantity && posted !== 3 * quantity;
}

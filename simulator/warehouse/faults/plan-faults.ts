/**
 * Decides how many faults of each cause happen, and to which documents: some anywhere, some where there is trouble already.
 * Never decides what a fault does.
 */
import { fraction } from '../dice.ts';
import type { FaultProfile, SingleFault } from '../fault-profile.ts';
import type { DocumentKind } from '../habits.ts';
import type { Delivery, Fault } from '../ledger.ts';
import { costApart, dropAlias, roundWeights } from './lasting-faults.ts';
import { forgetComponents, isNamed, loseMessage, rejectMessage, sendNothing } from './missing-postings.ts';
import { overwrite, refuseForDeficit } from './order-of-messages.ts';
import { postTwice } from './repeated-postings.ts';
import type { Scene } from './scene.ts';
import {
  adjustByHand,
  breakLedger,
  cancelShipment,
  issueCancelled,
  openApart,
  raceCount,
  reverseUnrelated,
} from './single-postings.ts';
import { crossItem, crossSite, swapLot } from './wrong-places.ts';
import { postWrongQuantity } from './wrong-quantities.ts';

/** Spoils a sound delivery of one of the kinds; undefined where it does not suit. */
interface DocumentFault {
  readonly kinds: readonly DocumentKind[];
  readonly spoil: (scene: Scene, delivery: Delivery) => Fault | undefined;
}

/** Plants a fault by itself, at the scene's focus where it may. Returns the keys that it touches, 0 where it did not succeed. */
type FreeFault = (scene: Scene) => number;

const ANY: readonly DocumentKind[] = [
  'receipt',
  'putaway',
  'shipment',
  'shipment',
  'return',
  'count',
  'adjustment',
  'status',
  'transfer',
  'scrap',
];
const WEIGHED: readonly DocumentKind[] = [
  'receipt',
  'putaway',
  'shipment',
  'shipment',
  'return',
  'count',
  'adjustment',
  'status',
];

const DOCUMENT_FAULTS: Partial<Record<SingleFault, readonly DocumentFault[]>> = {
  'message-lost': [
    {
      kinds: ['receipt', 'shipment', 'shipment', 'return', 'count', 'adjustment', 'transfer', 'kit', 'scrap'],
      spoil: told(loseMessage),
    },
  ],
  'message-rejected': [{ kinds: ANY, spoil: told((scene, delivery) => rejectMessage(scene, delivery)) }],
  'posted-twice': [{ kinds: ANY, spoil: postTwice }],
  'out-of-order': [
    { kinds: ['shipment'], spoil: refuseForDeficit },
    { kinds: ['count'], spoil: overwrite },
  ],
  'unit-mismatch': [
    { kinds: WEIGHED, spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'unit-mismatch') },
  ],
  'sign-reversed': [
    { kinds: WEIGHED, spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'sign-reversed') },
  ],
  'digits-transposed': [
    { kinds: WEIGHED, spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'digits-transposed') },
  ],
  'decimal-shifted': [
    { kinds: WEIGHED, spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'decimal-shifted') },
  ],
  'status-move-missing': [
    {
      kinds: ['putaway', 'status', 'status'],
      spoil: (scene, delivery) => (scene.random.chance(0.5) ? loseMessage : sendNothing)(scene, delivery),
    },
  ],
  'item-cross-posted': [{ kinds: ANY, spoil: crossItem }],
  'lot-swapped': [{ kinds: ANY, spoil: swapLot }],
  'site-cross-posted': [{ kinds: WEIGHED, spoil: crossSite }],
  'count-not-sent': [{ kinds: ['count'], spoil: sendNothing }],
  'pick-short': [{ kinds: ['shipment'], spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'pick-short') }],
  'shipment-unconfirmed': [
    { kinds: ['shipment'], spoil: sendNothing },
    { kinds: ['shipment'], spoil: cancelShipment },
  ],
  'receipt-not-posted': [
    { kinds: ['receipt'], spoil: sendNothing },
    { kinds: ['receipt'], spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'receipt-capped') },
  ],
  'return-not-posted': [{ kinds: ['return'], spoil: sendNothing }],
  'kit-not-posted': [
    { kinds: ['kit'], spoil: sendNothing },
    { kinds: ['kit'], spoil: forgetComponents },
  ],
  unseen: [
    {
      kinds: ['receipt', 'shipment', 'return', 'count', 'adjustment', 'putaway'],
      spoil: (scene, delivery) => postWrongQuantity(scene, delivery, 'unseen'),
    },
  ],
};

const touched = (scene: Scene, delivery: Delivery | undefined): number =>
  delivery === undefined ? 0 : notePlaces(scene, delivery);

const FREE_FAULTS: Partial<Record<SingleFault, readonly FreeFault[]>> = {
  'shipment-unconfirmed': [(scene) => touched(scene, issueCancelled(scene))],
  'count-raced-movement': [
    (scene) => {
      const shipment = findDelivery(scene, ['shipment']);
      return shipment === undefined ? 0 : touched(scene, raceCount(scene, shipment));
    },
  ],
  'manual-erp-adjustment': [(scene) => touched(scene, adjustByHand(scene))],
  'wms-ledger-break': [(scene) => touched(scene, breakLedger(scene, 'wms'))],
  'erp-ledger-break': [(scene) => touched(scene, breakLedger(scene, 'erp'))],
  'opening-difference': [(scene) => touched(scene, openApart(scene))],
  unseen: [(scene) => touched(scene, reverseUnrelated(scene))],
  rounding: [roundWeights],
  'item-alias-missing': [dropAlias],
  'cost-difference': [costApart],
};

/** Share of the faults that happen to a key which has one already: trouble loves company. */
const CLUSTERED = 0.5;
const LASTING: readonly SingleFault[] = ['item-alias-missing', 'rounding', 'out-of-order', 'cost-difference'];
/** Documents that are looked at for one fault before it is given up. */
const TRIES = 90;

/** Without a message log a missing posting goes by its document's name: only documents that have one are left unposted. */
function told(spoil: (scene: Scene, delivery: Delivery) => Fault): DocumentFault['spoil'] {
  return (scene, delivery) => (scene.options.messages || isNamed(delivery.kind) ? spoil(scene, delivery) : undefined);
}

/** Plants faults until each cause has touched its share of `keys`, or, in the first block of a world, its number of keys. */
export function plantSingleFaults(scene: Scene, profile: FaultProfile, keys: number): void {
  const { random } = scene;
  const isFirst = scene.assortment.firstItem === 0;
  const wantedOf = (amount: number): number =>
    amount < 1 ? roundedAtRandom(scene, amount * keys) : isFirst ? amount : 0;
  const left = new Map([...profile.amounts].map(([cause, amount]) => [cause, wantedOf(amount)]));
  // What holds an item for good comes first, as it needs one without other faults.
  for (const cause of LASTING) plantAll(scene, cause, left.get(cause) ?? 0);
  const rest = [...left].filter(([cause]) => !LASTING.includes(cause));
  // In turns, so that a world with few documents has some of each.
  for (let open = rest; open.length > 0; ) {
    const [cause, wanted] = open.splice(random.below(open.length), 1)[0]!;
    const done = wanted <= 0 ? 0 : plant(scene, cause);
    if (done > 0 && wanted > done) open.push([cause, wanted - done]);
  }
}

function plantAll(scene: Scene, cause: SingleFault, wanted: number): void {
  for (let left = wanted; left > 0; ) {
    const done = plant(scene, cause);
    if (done === 0) return;
    left -= done;
  }
}

/** One fault of a cause; the keys that it touches, 0 where no document suits. */
function plant(scene: Scene, cause: SingleFault): number {
  const { random } = scene;
  const choices = [...(DOCUMENT_FAULTS[cause] ?? []), ...(FREE_FAULTS[cause] ?? [])];
  const isClustered = random.chance(CLUSTERED) && scene.troubled.length > 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const choice = random.pick(choices);
    // Where nothing suits among the keys in trouble, it happens elsewhere.
    scene.focus = isClustered && attempt < TRIES / 2 ? random.pick(scene.troubled) : undefined;
    const done = typeof choice === 'function' ? choice(scene) : spoilOne(scene, choice);
    if (done > 0) return done;
  }
  return 0;
}

function spoilOne(scene: Scene, { kinds, spoil }: DocumentFault): number {
  const delivery = findDelivery(scene, kinds);
  if (delivery === undefined || spoil(scene, delivery) === undefined) return 0;
  return notePlaces(scene, delivery);
}

function findDelivery(scene: Scene, kinds: readonly DocumentKind[]): Delivery | undefined {
  const { random, focus } = scene;
  if (focus !== undefined) {
    const touches = ({ erp }: Delivery): boolean =>
      erp.some(({ legs }) => legs.some((leg) => scene.isInKey(leg, focus)));
    const suitable = scene
      .ofItem(focus.site, focus.item.index)
      .filter((each) => kinds.includes(each.kind) && touches(each) && scene.isSound(each));
    return suitable.length === 0 ? undefined : random.pick(suitable);
  }
  const all = scene.ofKind(random.pick(kinds));
  if (all.length === 0) return undefined;
  const delivery = all[Math.floor(fraction(random) * all.length)]!;
  // A long document would make one fault of many keys: most are passed over.
  const isLong = delivery.lines.length > 4 && random.chance(0.75);
  return !isLong && scene.isSound(delivery) ? delivery : undefined;
}

function notePlaces(scene: Scene, delivery: Delivery): number {
  const nets = scene.nets(delivery);
  scene.troubled.push(...nets);
  return nets.length;
}

function roundedAtRandom({ random }: Scene, amount: number): number {
  return Math.floor(amount) + (random.chance(amount % 1) ? 1 : 0);
}

/**
 * Decides what goes wrong when messages arrive in another order than things happened: a deficit, an overwritten balance.
 * Never decides which of the two happens more often.
 */
import { DAY, HOUR } from '../calendar.ts';
import { between } from '../dice.ts';
import { lateness } from '../healing.ts';
import type { Delivery, Fault, Leg, Message } from '../ledger.ts';
import { rejectForDeficit } from './missing-postings.ts';
import type { Scene } from './scene.ts';

/**
 * A shipment of goods that had just come: the message of their putaway is late, so the ERP has too little and refuses the
 * shipment. undefined where the ERP would have had enough.
 */
export function refuseForDeficit(scene: Scene, shipment: Delivery): Fault | undefined {
  const [posting, ...others] = shipment.erp;
  const [leg] = posting!.legs;
  const first = shipment.wms[0]!.at;
  if (others.length > 0 || posting!.legs.length > 1 || shipment.kind !== 'shipment' || leg === undefined)
    return undefined;
  const supplier = scene.ofItem(leg.site, leg.item.index).find((delivery) => {
    if (delivery === shipment || !scene.isSound(delivery) || delivery.at > first || delivery.at < first - DAY)
      return false;
    const supplied = supplyOf(scene, delivery, leg);
    const isSingle = delivery.erp.length === 1;
    return isSingle && supplied > 0 && scene.heldByErp(leg, posting!.at) - supplied < -leg.quantity;
  });
  if (supplier === undefined) return undefined;
  const late = posting!.at + between(scene.random, 600, 3 * HOUR);
  if (late > scene.latest) return undefined;
  const [message] = supplier.messages as [Message];
  message.appliedAt = late;
  supplier.erp = supplier.erp.map((each) => ({ ...each, at: late }));
  supplier.healed = lateness(supplier, late, scene.habits);
  return rejectForDeficit(scene, shipment);
}

function supplyOf(scene: Scene, { erp }: Delivery, leg: Leg): number {
  const same = erp.flatMap(({ legs }) => legs).filter((each) => scene.isSameKey(each, leg));
  return same.reduce((sum, { quantity }) => sum + quantity, 0);
}

/**
 * The count's message does not say by how much stock changed, but what it is now, and is late: what was posted in between
 * is overwritten. undefined where nothing was.
 */
export function overwrite(scene: Scene, count: Delivery): Fault | undefined {
  const [posting, ...others] = count.erp;
  const [leg] = posting!.legs;
  if (others.length > 0 || posting!.legs.length > 1 || count.kind !== 'count' || leg === undefined) return undefined;
  const neighbours = scene.ofItem(leg.site, leg.item.index);
  const isTroubled = scene.troubled.some(({ item, site }) => item === leg.item && site === leg.site);
  if (isTroubled || neighbours.some(({ fault }) => fault !== undefined)) return undefined;
  const at = count.at + between(scene.random, 4, 30) * HOUR;
  if (at > scene.latest) return undefined;
  const isSince = (delivery: Delivery): boolean =>
    delivery !== count &&
    delivery.at > count.at &&
    delivery.erp.some((each) => each.at <= at && each.legs.some((other) => scene.isSameKey(other, leg)));
  if (!neighbours.some(isSince)) return undefined;
  const counted = scene.heldByWms(leg, count.wms[0]!.at);
  const before = scene.heldByErp(leg, at) - (posting!.at <= at ? leg.quantity : 0);
  const change = counted - before;
  if (change === 0 || change === leg.quantity) return undefined;
  const [message] = count.messages as [Message];
  message.appliedAt = at;
  message.isAbsolute = true;
  // Until then the ERP lacked what the count had found.
  count.healed = lateness(count, at, scene.habits);
  count.erp = [{ ...posting!, at, legs: [{ ...leg, quantity: change }] }];
  const story = `${count.reference} set the ERP's stock to what was counted ${Math.round((at - count.at) / HOUR)} hours before, over what was posted since.`;
  count.fault = scene.note('out-of-order', 'erp', at, [count.reference], story);
  scene.lockedItems.add(leg.item.index);
  return count.fault;
}

/**
 * Decides where the ERP posts a line that it should have posted elsewhere: another item, another lot, another site or owner.
 * Never decides which document it is.
 */
import type { Delivery, Fault, Posting } from '../ledger.ts';
import type { Scene } from './scene.ts';

/** Another item without lots at the same site, counted like this one. */
export function crossItem(scene: Scene, delivery: Delivery): Fault | undefined {
  const at = scene.someLine(delivery);
  const posting = delivery.erp[at]!;
  const [{ item, site }] = posting.legs as [Posting['legs'][0]];
  const { stocked } = scene.assortment.shelves[site]!;
  const other = scene.random.pick(stocked).item;
  const isTaken =
    delivery.lines.some(({ legs }) => legs.some((leg) => leg.item === other)) || scene.lockedItems.has(other.index);
  if (item.lotControlled || other.lotControlled || other.baseUom !== item.baseUom || isTaken) return undefined;
  const story = `Of ${delivery.reference}, line ${posting.line}, the ERP posted ${item.code} to ${other.code}.`;
  return misplace(scene, delivery, at, { item: other }, 'item-cross-posted', story);
}

/** Another lot of the same item: the label was misread, or the ERP chose the lot by itself. */
export function swapLot(scene: Scene, delivery: Delivery): Fault | undefined {
  const at = scene.someLine(delivery);
  const posting = delivery.erp[at]!;
  const [leg] = posting.legs as [Posting['legs'][0]];
  if (posting.type === 'lot-change' || posting.legs.some(({ lot }) => lot !== leg.lot)) return undefined;
  const lots = scene.lotsOf(leg.site, leg.item.index).filter((lot) => lot !== leg.lot);
  if (leg.lot === '' || lots.length === 0) return undefined;
  const lot = scene.random.pick(lots);
  const story = `Of ${delivery.reference}, line ${posting.line}, the ERP posted lot ${lot} instead of ${leg.lot}.`;
  return misplace(scene, delivery, at, { lot }, 'lot-swapped', story);
}

/** Another site that keeps the item, or another owner of goods of the same site. */
export function crossSite(scene: Scene, delivery: Delivery): Fault | undefined {
  const at = scene.someLine(delivery);
  const posting = delivery.erp[at]!;
  const [{ item, site, owner }] = posting.legs as [Posting['legs'][0]];
  const owners = scene.assortment.find(site, item.index)?.owners.filter((each) => each !== owner) ?? [];
  if (owners.length > 0 && scene.random.chance(0.7)) {
    const story = `Of ${delivery.reference}, line ${posting.line}, the ERP posted the goods of ${owner} to ${owners[0]}.`;
    return misplace(scene, delivery, at, { owner: owners[0]! }, 'site-cross-posted', story);
  }
  const sites = scene.assortment.shelves.flatMap((shelf, other) =>
    other !== site && shelf.byItem[item.index - scene.assortment.firstItem] !== undefined ? [other] : [],
  );
  if (sites.length === 0 || delivery.kind === 'transfer') return undefined;
  const story = `Of ${delivery.reference}, line ${posting.line}, the ERP posted at another plant.`;
  return misplace(scene, delivery, at, { site: scene.random.pick(sites) }, 'site-cross-posted', story);
}

function misplace(
  scene: Scene,
  delivery: Delivery,
  at: number,
  place: Partial<Posting['legs'][0]>,
  cause: string,
  story: string,
): Fault {
  const posting = delivery.erp[at]!;
  delivery.erp = delivery.erp.with(at, { ...posting, legs: posting.legs.map((leg) => ({ ...leg, ...place })) });
  delivery.fault = scene.note(cause, 'erp', posting.at, [delivery.reference], story);
  return delivery.fault;
}

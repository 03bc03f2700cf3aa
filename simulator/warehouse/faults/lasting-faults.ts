/**
 * Decides faults that hold an item for the whole time: weights rounded on one side, an alias that is missing, another cost.
 * Never lets another fault happen to the documents of such an item.
 */
import { DAY } from '../calendar.ts';
import { bareCode } from '../item-codes.ts';
import type { Delivery } from '../ledger.ts';
import type { Scene } from './scene.ts';

/** The ERP keeps one or two decimals of a weight that the WMS keeps to the gram. Returns how many keys it touches. */
export function roundWeights(scene: Scene): number {
  const { random } = scene;
  const stocked = scene.someStocked();
  const { item, site } = stocked;
  if (item.baseUom !== 'KG' || scene.lockedItems.has(item.index)) return 0;
  const deliveries = scene
    .ofItem(site, item.index)
    .filter((delivery) => delivery.site === site && delivery.erp.length > 0);
  if (deliveries.length === 0 || scene.ofItemAnywhere(item.index).some(isTouched)) return 0;
  const step = random.pick([10, 10, 100]);
  const story = `The ERP rounds ${item.code} to ${step / 1000} kg with every posting.`;
  const [first] = deliveries as [Delivery];
  const fault = scene.note('rounding', 'none', first.erp[0]!.at, [], story);
  scene.rounded.set(scene.place(site, item.index), fault);
  scene.lockedItems.add(item.index);
  for (const delivery of deliveries)
    delivery.erp = delivery.erp.map((posting) => ({
      ...posting,
      legs: posting.legs.map((leg) =>
        leg.item === item ? { ...leg, quantity: Math.round(leg.quantity / step) * step } : leg,
      ),
    }));
  return scene.lotsOf(site, item.index).length;
}

function isTouched({ fault, healed }: Delivery): boolean {
  return fault !== undefined || healed !== undefined;
}

/** The cross-reference lacks an item that the WMS writes without leading zeros: each side has it under a name of its own. */
export function dropAlias(scene: Scene): number {
  const { item } = scene.someStocked();
  // An item that nobody knows is counted in pieces: kilograms of it would be refused, not compared.
  if (!item.code.startsWith('0') || item.baseUom !== 'EA' || scene.lockedItems.has(item.index)) return 0;
  const { erpCutOff, wmsCutOff, openingAt } = scene.moments;
  const [from, to] = [Math.min(erpCutOff, wmsCutOff), Math.max(erpCutOff, wmsCutOff)];
  const isOpen = ({ wms, erp, fault }: Delivery): boolean =>
    fault !== undefined || [...wms, ...erp].some(({ at }) => at > from - DAY / 4 && at <= to + DAY / 4);
  if (scene.ofItemAnywhere(item.index).some(isOpen)) return 0;
  const story = `The WMS writes ${item.code} as ${bareCode(item.code)}, and the cross-reference does not know it.`;
  scene.aliasless.set(item.index, scene.note('item-alias-missing', 'map', openingAt, [], story));
  scene.lockedItems.add(item.index);
  return 2 * scene.assortment.shelves.length;
}

/** The ERP values the item otherwise; no unit is wrong. */
export function costApart(scene: Scene): number {
  const { item } = scene.someStocked();
  if (scene.otherCosts.has(item.index)) return 0;
  const { openingAt } = scene.moments;
  scene.otherCosts.set(
    item.index,
    scene.note('cost-difference', 'none', openingAt, [], `The two sides value ${item.code} differently.`),
  );
  return 1;
}

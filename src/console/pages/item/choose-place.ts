/** Decides which place of an item is shown, and in what order its categories stand. Never hides a place. */
import type { ItemKey, ItemPlace } from '../../../contract/item-view.ts';
import { bySize } from './exact-sums.ts';

export interface PlaceSearch {
  readonly site?: string | undefined;
  readonly owner?: string | undefined;
  readonly lot?: string | undefined;
}

/** The place that the address names; the worst that fits where it names only a part; undefined where the site holds none. */
export function choosePlace(
  places: readonly ItemPlace[],
  { site = '', owner = '', lot = '' }: PlaceSearch,
): ItemPlace | undefined {
  const here = places.filter((place) => site === '' || place.site === site);
  const fits = (place: ItemPlace): boolean =>
    (owner === '' || place.owner === owner) && (lot === '' || place.lot === lot);
  return here.find(fits) ?? here[0];
}

export function isSamePlace(a: ItemPlace, b: ItemPlace): boolean {
  return a.site === b.site && a.owner === b.owner && a.lot === b.lot;
}

/** Every part is given, so that nothing of the place before stays in the address. */
export function placeSearch({ site, owner, lot }: ItemPlace): Record<'site' | 'owner' | 'lot', string | undefined> {
  return { site: site || undefined, owner: owner || undefined, lot: lot || undefined };
}

/** Keys that are off, the most expensive first. */
export function offKeys({ keys }: ItemPlace): ItemKey[] {
  return keys
    .filter(({ state }) => state === 'discrepancy')
    .sort(
      (a, b) => bySize(a.variance_value, b.variance_value) || bySize(a.net_variance_quantity, b.net_variance_quantity),
    );
}

/** Keys that are off or have anything to explain, in the order of the place, as their contributions are numbered. */
export function explainedKeys({ keys }: ItemPlace): ItemKey[] {
  return keys.filter(({ state, contributions }) => state === 'discrepancy' || contributions.length > 0);
}

/** Decides how many available units of an item at a site lie in keys on which both sides agree. Needed where a place has several keys. */
import type { AvailableKey } from './available-places.ts';

/** Units that a system holds in one category; scaled integers. */
export interface HeldUnits {
  readonly site: string;
  readonly item: string;
  readonly category: number;
  readonly quantity: number;
}

/**
 * What the ERP holds in available categories less what it holds in the keys that differ. `erpBalances` are all of the items
 * that are asked for; `differing` are all their keys that are not in sync.
 */
export function agreedUnits(
  erpBalances: Iterable<HeldUnits>,
  differing: Iterable<AvailableKey>,
  available: ReadonlySet<number>,
): (site: string, item: string) => number {
  const bySite = new Map<string, Map<string, number>>();
  const add = (site: string, item: string, quantity: number): void => {
    const items = bySite.get(site) ?? new Map<string, number>();
    items.set(item, (items.get(item) ?? 0) + quantity);
    bySite.set(site, items);
  };
  for (const { site, item, category, quantity } of erpBalances) if (available.has(category)) add(site, item, quantity);
  for (const { site, item, category, erp } of differing) if (available.has(category)) add(site, item, -erp);
  return (site, item) => bySite.get(site)?.get(item) ?? 0;
}

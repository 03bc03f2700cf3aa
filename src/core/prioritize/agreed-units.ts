/**
 * Decides how many available units of an item at a site lie in keys on which both sides agree, within tolerance. Needed where
 * an item has several such keys at a site: lots, owners, more than one available category.
 */
import type { AgreedOf, AvailableKey } from './available-places.ts';

/** Units that a system holds in one category; scaled integers. */
export interface HeldUnits {
  readonly site: string;
  readonly item: string;
  readonly category: number;
  readonly quantity: number;
}

/**
 * What the ERP holds in available categories, and what is in flight to it, less the lines of the report. `erpBalances` are
 * all of the items that are asked for, `timing` their keys that are off only by what is in flight.
 */
export function agreedUnits(
  erpBalances: Iterable<HeldUnits>,
  timing: Iterable<AvailableKey>,
  lines: Iterable<AvailableKey>,
  available: ReadonlySet<number>,
): AgreedOf {
  const bySite = new Map<string, Map<string, number>>();
  const add = ({ site, item, category }: Pick<HeldUnits, 'site' | 'item' | 'category'>, units: number): void => {
    if (!available.has(category)) return;
    const items = bySite.get(site) ?? new Map<string, number>();
    items.set(item, (items.get(item) ?? 0) + units);
    bySite.set(site, items);
  };
  for (const held of erpBalances) add(held, held.quantity);
  for (const key of timing) add(key, key.inFlight);
  for (const line of lines) add(line, -line.erp);
  return (site, item) => bySite.get(site)?.get(item) ?? 0;
}

/** What the page asks of the server, and the one place where an item's view gets its type. Never draws anything. */
import type { UseQueryOptions } from '@tanstack/react-query';
import type { ItemView } from '../../../contract/item-view.ts';
import { ask } from '../../api/ask.ts';

/** `how`: what ties the code that was asked for to the item; '' where it is its code. */
export type ShownItem = ItemView & { readonly how: string };

/** All places of the item at once: changing the place asks nothing. `run`: the newest complete one where not given. */
export function itemViewQuery(item: string, run: string | undefined): UseQueryOptions<ShownItem> {
  const asked = { path: { item }, ...(run !== undefined && { query: { run } }) };
  // The contract is `ItemView`; the API's description leaves open what it holds.
  return ask('GET /items/{item}', asked) as unknown as UseQueryOptions<ShownItem>;
}

/** How the item stands by what was taken in since the run. */
export function liveQuery(item: string) {
  return ask('GET /discrepancies', { query: { item: [item], limit: 500 } });
}

export function historyQuery(item: string) {
  return ask('GET /items/{item}/history', { path: { item } });
}

export interface DocumentAddress {
  readonly file: string;
  readonly row: number;
}

/** Where a place stands otherwise now than the run found it. Never counts what a run has not compared. */
import type { ItemPlace } from '../../../contract/item-view.ts';
import type { Answer } from '../../api/ask.ts';
import { differenceOf, isNothing } from './exact-sums.ts';

type LiveLine = Answer<'GET /discrepancies'>['items'][number];

/** `now`: '' where the category is not off any more. */
export interface LiveChange {
  readonly category: string;
  readonly before: string;
  readonly now: string;
}

/** Both are net of what is in flight. */
export function liveChanges(
  place: Pick<ItemPlace, 'site' | 'owner' | 'lot'> & {
    readonly keys: readonly Pick<ItemPlace['keys'][number], 'category' | 'state' | 'net_variance_quantity'>[];
  },
  lines: readonly Pick<LiveLine, 'site' | 'owner' | 'lot' | 'category' | 'net_variance_quantity'>[],
): LiveChange[] {
  const here = lines.filter(
    ({ site, owner, lot }) => site === place.site && owner === place.owner && lot === place.lot,
  );
  const known = place.keys.flatMap(({ category, state, net_variance_quantity: before }): LiveChange[] => {
    const now = here.find((line) => line.category === category)?.net_variance_quantity;
    if (now === undefined) return state === 'discrepancy' ? [{ category, before, now: '' }] : [];
    return isNothing(differenceOf(now, before)) ? [] : [{ category, before, now }];
  });
  const news = here
    .filter(({ category }) => place.keys.every((key) => key.category !== category))
    .map(({ category, net_variance_quantity: now }) => ({ category, before: '0', now }));
  return [...known, ...news];
}

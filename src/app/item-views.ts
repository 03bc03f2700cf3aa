/** Makes the views of the items that a report opens with. Never decides which of them the page has room for. */
import type { ItemView } from '../contract/item-view.ts';
import type { DiscrepancyLine, RunDocument } from '../contract/run.ts';
import { buildItemView } from './item-view.ts';
import { describeItem } from './kept-item.ts';
import { readKeptItems } from './read-kept-item.ts';

/** As many as a page carries at most (src/report/item-embedding.ts): an item is at one place at least. */
const ITEMS_MAX = 200;

/** Views of the first items of the lines, in their order, from what the run in a folder kept; none where it explained nothing. */
export async function readItemViews(
  folder: string,
  run: RunDocument,
  lines: Iterable<DiscrepancyLine>,
): Promise<ItemView[] | undefined> {
  if (run.explanation === undefined) return undefined;
  const items = new Set<string>();
  for (const { item } of lines) {
    items.add(item);
    if (items.size >= ITEMS_MAX) break;
  }
  const kept = await readKeptItems(folder, run, [...items]);
  return [...items].flatMap((item) => {
    const details = kept.get(item);
    return details === undefined ? [] : [buildItemView(describeItem(details), { run })];
  });
}

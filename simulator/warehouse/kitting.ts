/**
 * Decides which items are kits, what they are made of, and when some are made.
 * Never decides what the ERP makes of it.
 */
import { type Item, UNIT } from '../catalogue.ts';
import { mixSeed, RandomStream } from '../random.ts';
import { between } from './dice.ts';
import type { Floor } from './floor.ts';
import type { Posting } from './ledger.ts';

interface Kit {
  readonly item: Item;
  /** Pieces of each component in one kit. */
  readonly parts: readonly { readonly item: Item; readonly pieces: number }[];
}

/** One countable item in fifty without lots is a kit of two to four others. */
export function drawKits(seed: number, items: readonly Item[]): Kit[] {
  const simple = items.filter((item) => item.baseUom === 'EA' && !item.lotControlled);
  if (simple.length < 6) return [];
  const random = new RandomStream(mixSeed(seed, 21, items[0]!.index));
  return Array.from({ length: Math.ceil(simple.length / 50) }, () => {
    const chosen = new Set<Item>();
    while (chosen.size < 3 + random.below(3)) chosen.add(random.pick(simple));
    const [item, ...parts] = [...chosen];
    return { item: item!, parts: parts.map((part) => ({ item: part, pieces: random.pick([1, 1, 2, 2, 3, 4, 6]) })) };
  });
}

/** A work order, for as many kits as there are components, up to 24. */
export function assemble(floor: Floor, site: number, kits: readonly Kit[]): void {
  const { random, numbering, assortment } = floor;
  if (kits.length === 0) return;
  const kit = random.pick(kits);
  const there = kit.parts.map(({ item, pieces }) =>
    Math.floor(floor.held(site, item.index, 'available') / (pieces * UNIT)),
  );
  const kitCount = Math.min(between(random, 2, 24), ...there);
  const target = assortment.find(site, kit.item.index);
  if (kitCount < 1 || target === undefined) return;
  const reference = numbering.document('kit');
  const postings: Posting[] = [];
  for (const [index, { item, pieces }] of kit.parts.entries()) {
    const stocked = assortment.find(site, item.index);
    const legs = stocked === undefined ? [] : floor.take(stocked, 'available', kitCount * pieces * UNIT);
    if (legs.length > 0) postings.push(floor.post({ type: 'kit-consume', reference, line: index + 2, legs }));
  }
  const made = { site, item: kit.item, owner: target.owners[0]!, lot: '', status: floor.name('available') };
  const legs = [{ ...made, quantity: kitCount * UNIT }];
  floor.finish('kit', [floor.post({ type: 'kit-produce', reference, line: 1, legs }), ...postings]);
}

/** Decides what both systems hold at their openings and at their cut-offs, fault by fault as it was booked. Never writes anything. */
import type { Scene } from './faults/scene.ts';
import type { Leg } from './ledger.ts';
import { StockBook } from './stock-book.ts';
import type { WarehouseWorld } from './warehouse-world.ts';

type Books = Readonly<Record<'opening' | 'closing', StockBook>>;

/** What both systems hold at their openings and at their cut-offs. */
export function closeBooks(scene: Scene, world: WarehouseWorld): Readonly<Record<'erp' | 'wms', Books>> {
  const { assortment, interfaces, startingStock, wmsPostings, deliveries } = scene;
  const { moments, wmsOpeningAt, wmsSnapshotAt } = world;
  const empty = (): StockBook => new StockBook(world.sites.length, assortment.firstItem, assortment.items.length);
  const wms = { opening: empty(), closing: empty() };
  const erp = { opening: empty(), closing: empty() };
  const post = (books: Books, legs: readonly Leg[], at: number, opening: number, closing: number): void => {
    if (at <= opening) for (const leg of legs) books.opening.add(leg);
    if (at <= closing) for (const leg of legs) books.closing.add(leg);
  };
  for (const leg of startingStock) {
    post(wms, [leg], 0, 0, 0);
    post(erp, interfaces.erpLegs([leg]), 0, 0, 0);
  }
  for (const { at, legs } of wmsPostings) post(wms, legs, at, wmsOpeningAt, wmsSnapshotAt);
  for (const { erp: postings } of deliveries)
    for (const { at, legs } of postings) post(erp, legs, at, moments.openingAt, moments.erpCutOff);
  return { erp, wms };
}

/** Keeps the balances of one system for a block of items. Never decides what changes them. */
import type { Leg } from './ledger.ts';

export interface Cell {
  readonly owner: string;
  readonly lot: string;
  readonly status: string;
  quantity: number;
}

/** A handful of cells per site and item: a walk through them is quicker than a map. */
export class StockBook {
  readonly sites: number;
  readonly items: number;
  private readonly firstItem: number;
  private readonly cells: Cell[][];

  constructor(sites: number, firstItem: number, items: number) {
    this.sites = sites;
    this.firstItem = firstItem;
    this.items = items;
    this.cells = Array.from({ length: sites * items }, () => []);
  }

  /** In the order in which they first held something. */
  at(site: number, itemIndex: number): readonly Cell[] {
    return this.cells[site * this.items + itemIndex - this.firstItem]!;
  }

  add({ site, item, owner, lot, status, quantity }: Leg): void {
    const cells = this.cells[site * this.items + item.index - this.firstItem]!;
    for (const cell of cells) {
      if (cell.status === status && cell.lot === lot && cell.owner === owner) {
        cell.quantity += quantity;
        return;
      }
    }
    cells.push({ owner, lot, status, quantity });
  }
}

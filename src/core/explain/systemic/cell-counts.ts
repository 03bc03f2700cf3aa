/**
 * Counts by whole number in typed arrays: ten million additions make no garbage, and a hundred thousand cells take two megabytes.
 * Never decides what a number stands for.
 */

const FREE = -1;
const FIRST_CAPACITY = 1024;

/** Cells in ascending order, each with its count. */
export interface SortedCells {
  readonly cells: Float64Array;
  readonly counts: Float64Array;
}

/** Cells are safe integers from 0 on. */
export class CellCounts {
  size = 0;
  private cells = new Float64Array(FIRST_CAPACITY).fill(FREE);
  private counts = new Float64Array(FIRST_CAPACITY);
  private sorted: SortedCells | undefined;

  add(cell: number, count: number): void {
    this.sorted = undefined;
    const at = this.find(cell);
    if (this.cells[at] === FREE) {
      this.cells[at] = cell;
      this.size++;
    }
    this.counts[at] = (this.counts[at] as number) + count;
    if (this.size * 2 > this.cells.length) this.grow();
  }

  /** Cells in no order. */
  visit(take: (cell: number, count: number) => void): void {
    for (let at = 0; at < this.cells.length; at++)
      if (this.cells[at] !== FREE) take(this.cells[at] as number, this.counts[at] as number);
  }

  /** Sorted once, until something is added. */
  inOrder(): SortedCells {
    if (this.sorted !== undefined) return this.sorted;
    const cells = this.cells.filter((cell) => cell !== FREE).sort();
    this.sorted = { cells, counts: cells.map((cell) => this.counts[this.find(cell)] as number) };
    return this.sorted;
  }

  /** Place of a cell, or the free one where it belongs. */
  private find(cell: number): number {
    const mask = this.cells.length - 1;
    let hash = Math.imul(cell | 0, 0x9e3779b1) ^ Math.imul((cell / 4_294_967_296) | 0, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = (hash ^ (hash >>> 13)) & mask;
    while (this.cells[at] !== cell && this.cells[at] !== FREE) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { cells, counts } = this;
    this.cells = new Float64Array(cells.length * 2).fill(FREE);
    this.counts = new Float64Array(counts.length * 2);
    for (let at = 0; at < cells.length; at++) {
      if (cells[at] === FREE) continue;
      const to = this.find(cells[at] as number);
      this.cells[to] = cells[at] as number;
      this.counts[to] = counts[at] as number;
    }
  }
}

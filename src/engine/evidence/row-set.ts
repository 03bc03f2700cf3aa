/** Remembers some rows of a file by their numbers, a bit for each, as plain data for any thread. Never says what they are. */

export interface RowSet {
  readonly bits: Uint8Array;
  /** How many rows are in it. */
  readonly size: number;
}

export function hasRow(set: RowSet | undefined, row: number): boolean {
  return set !== undefined && (((set.bits[row >>> 3] ?? 0) >>> (row & 7)) & 1) === 1;
}

const FEWEST_BYTES = 64;

export class RowSetBuilder {
  private bits = new Uint8Array(FEWEST_BYTES);
  private size = 0;

  add(row: number): void {
    const at = row >>> 3;
    if (at >= this.bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.bits.length * 2));
      grown.set(this.bits);
      this.bits = grown;
    }
    const bit = 1 << (row & 7);
    if (((this.bits[at] as number) & bit) !== 0) return;
    this.bits[at] = (this.bits[at] as number) | bit;
    this.size++;
  }

  toSet(): RowSet {
    return { bits: this.bits, size: this.size };
  }
}

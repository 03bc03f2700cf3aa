/** Groups the rows of a partition by key. Never adds quantities: the caller does, by group. */
import { rowWords } from './partition-reader.ts';
import { ROW_WORDS } from './partition-store.ts';

/**
 * Finds the group of a row among those seen since `clear`. Two rows are of one group where item, site, owner, lot and the
 * masked bits of the third and fourth word are the same.
 */
export class RowGroups {
  count = 0;
  /** Offset of the first row of each group. */
  first = new Int32Array(1024);
  private hashes = new Int32Array(1024);
  private slots = new Int32Array(4096);
  private mask = 4095;
  private readonly shapeMask: number;
  private readonly originMask: number;

  constructor(shapeMask: number, originMask: number) {
    this.shapeMask = shapeMask;
    this.originMask = originMask;
  }

  /** Forgets all groups and makes room for as many groups as there are rows. */
  clear(rows: number): void {
    this.count = 0;
    let capacity = 4096;
    while (capacity < rows * 2) capacity *= 2;
    if (capacity > this.slots.length) this.slots = new Int32Array(capacity);
    else this.slots.fill(0, 0, capacity);
    this.mask = capacity - 1;
    if (rows > this.first.length) {
      this.first = new Int32Array(capacity);
      this.hashes = new Int32Array(capacity);
    }
  }

  /** The group of the row at `at`, a new one where it is the first of its key. */
  of(words: Int32Array, at: number): number {
    const { slots, hashes, first, mask, shapeMask, originMask } = this;
    const item = words[at] as number;
    const place = words[at + 1] as number;
    const shape = words[at + 2] as number;
    const key = shape & shapeMask;
    const origin = (words[at + 3] as number) & originMask;
    const end = at + rowWords(shape);
    let hash =
      Math.imul(item, 0x9e3779b1) ^
      Math.imul(place, 0x85ebca6b) ^
      Math.imul(key, 0xc2b2ae35) ^
      Math.imul(origin, 0x27d4eb2f);
    for (let word = at + ROW_WORDS; word < end; word++)
      hash = Math.imul(hash ^ (hash >>> 15) ^ (words[word] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const group = (slots[slot] as number) - 1;
      if (group < 0) break;
      if (hashes[group] === hash) {
        let other = first[group] as number;
        if (
          words[other] === item &&
          words[other + 1] === place &&
          ((words[other + 2] as number) & shapeMask) === key &&
          ((words[other + 3] as number) & originMask) === origin
        ) {
          let word = at + ROW_WORDS;
          other += ROW_WORDS;
          while (word < end && words[word] === words[other]) {
            word++;
            other++;
          }
          if (word === end) return group;
        }
      }
      slot = (slot + 1) & mask;
    }
    const group = this.count++;
    slots[slot] = group + 1;
    hashes[group] = hash;
    first[group] = at;
    return group;
  }
}

/** Bits of the third word that belong to a key: the category and the lot's length. */
export const KEY_SHAPE = 0xffff00ff | 0;
/** All of the third word: also the side. */
export const WHOLE_SHAPE = 0xffffffff | 0;

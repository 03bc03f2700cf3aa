/** Numbers distinct byte strings in the order in which they first appear. Never makes a text of one that it knows already. */

/** Entries are numbered from 0. */
export class ByteDictionary {
  size = 0;
  private slots: Int32Array;
  private mask: number;
  private hashes: Int32Array;
  private offsets: Int32Array;
  private arena: Uint8Array;

  constructor(capacity = 64) {
    this.slots = new Int32Array(capacity * 2);
    this.mask = capacity * 2 - 1;
    this.hashes = new Int32Array(capacity);
    this.offsets = new Int32Array(capacity + 1);
    this.arena = new Uint8Array(capacity * 8);
  }

  /** The entry of bytes[start, end), whose hash is given, or −1. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots, mask, hashes, offsets, arena } = this;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = (slots[slot] as number) - 1;
      if (entry < 0) return -1;
      if (hashes[entry] === hash) {
        const offset = offsets[entry] as number;
        if ((offsets[entry + 1] as number) - offset === length) {
          let at = 0;
          while (at < length && arena[offset + at] === bytes[start + at]) at++;
          if (at === length) return entry;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Adds bytes that `find` did not know and returns their entry. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (this.size === this.hashes.length) this.grow();
    const entry = this.size++;
    const offset = this.offsets[entry] as number;
    const length = end - start;
    if (offset + length > this.arena.length) {
      const arena = new Uint8Array(Math.max(this.arena.length * 2, offset + length));
      arena.set(this.arena);
      this.arena = arena;
    }
    this.arena.set(bytes.subarray(start, end), offset);
    this.offsets[entry + 1] = offset + length;
    this.hashes[entry] = hash;
    this.insert(entry, hash);
    return entry;
  }

  private insert(entry: number, hash: number): void {
    let slot = (hash ^ (hash >>> 15)) & this.mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
    this.slots[slot] = entry + 1;
  }

  private grow(): void {
    const capacity = this.hashes.length * 2;
    const hashes = new Int32Array(capacity);
    hashes.set(this.hashes);
    const offsets = new Int32Array(capacity + 1);
    offsets.set(this.offsets);
    this.hashes = hashes;
    this.offsets = offsets;
    this.slots = new Int32Array(capacity * 2);
    this.mask = capacity * 2 - 1;
    for (let entry = 0; entry < this.size; entry++) this.insert(entry, hashes[entry] as number);
  }
}

/** Maps distinct byte strings to numbers. Never makes a text of one that it knows already. */
import { tailMask } from '../../ingest/delimited/record-scanner.ts';

/**
 * Words of a slot: hash · value + FREE_BELOW (0: free) · length in bytes · the first 20 bytes, or of longer strings the first
 * 16 and the place of the others. A look-up among 200,000 codes costs what it takes from memory: one slot is half a cache
 * line, so that is one access. With the bytes elsewhere it was three, and took three times as long.
 */
const SLOT_WORDS = 8;
const SLOT_SHIFT = 3;
const INLINE_BYTES = 20;
const INLINE_WORDS_OF_LONG = 4;
/** Values from −3 on become numbers from 1 on. */
const VALUE_OFFSET = 4;
const SPREAD = 0x85ebca6b | 0;
/** Fewer codes than this stay in the processor's cache by themselves. */
const TOUCH_FROM = 4096;
/** Share of the slots that may be taken: fewer slots stay in the cache better than shorter walks pay. */
const LOAD_MAX = 0.8;

/** What `find` gives where the bytes are not known. */
export const UNKNOWN = -4;

export class ByteDictionary {
  size = 0;
  private slots: Int32Array;
  private mask: number;
  /** The highest bits of the spread hash number the slots: all bits of the hash have a say in them. */
  private shift: number;
  private capacity: number;
  private arena = new Int32Array(256);
  private used = 0;
  /** Keeps the touching loop from being dropped as useless. */
  seen = 0;

  /** `slots`: a power of two. */
  constructor(slots = 128) {
    this.capacity = Math.floor(slots * LOAD_MAX);
    this.slots = new Int32Array(slots * SLOT_WORDS);
    this.mask = slots - 1;
    this.shift = Math.clz32(this.mask);
  }

  /**
   * Touches the slots of records [from, to) before they are looked up: this short loop has many accesses to memory under way
   * at once, where a look-up waits for its own. Among 200,000 codes it halves the time.
   */
  touch(hashes: Int32Array, column: number, columns: number, from: number, to: number): void {
    if (this.size < TOUCH_FROM) return;
    const { slots, shift } = this;
    let seen = 0;
    for (let record = from; record < to; record++) {
      seen ^= slots[(Math.imul(hashes[record * columns + column] as number, SPREAD) >>> shift) << SLOT_SHIFT] as number;
    }
    this.seen = seen;
  }

  /** An empty dictionary with room for so many codes. */
  static for(codes: number): ByteDictionary {
    let slots = 128;
    while (slots * LOAD_MAX < codes * 1.05) slots *= 2;
    return new ByteDictionary(slots);
  }

  /** A dictionary of its own that knows the same. */
  copy(): ByteDictionary {
    const copy = new ByteDictionary();
    copy.size = this.size;
    copy.capacity = this.capacity;
    copy.slots = this.slots.slice();
    copy.mask = this.mask;
    copy.shift = this.shift;
    copy.arena = this.arena.slice();
    copy.used = this.used;
    return copy;
  }

  /** The value of the bytes [start, end) of a view, whose hash is given, or UNKNOWN. */
  find(view: DataView, start: number, end: number, hash: number): number {
    const { slots, mask, shift } = this;
    const length = end - start;
    const tail = length & 3;
    const whole = end - tail;
    let slot = Math.imul(hash, SPREAD) >>> shift;
    for (;;) {
      const at = slot << SLOT_SHIFT;
      const value = slots[at + 1] as number;
      if (value === 0) return UNKNOWN;
      if (slots[at] === hash && slots[at + 2] === length) {
        if (length > INLINE_BYTES) {
          if (this.isLong(view, start, end, at)) return value - VALUE_OFFSET;
        } else {
          let word = at + 3;
          let from = start;
          while (from < whole && slots[word] === view.getInt32(from, true)) {
            from += 4;
            word++;
          }
          if (from === whole && (tail === 0 || slots[word] === (view.getInt32(from, true) & ((1 << (tail << 3)) - 1))))
            return value - VALUE_OFFSET;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private isLong(view: DataView, start: number, end: number, at: number): boolean {
    const { slots, arena } = this;
    const place = slots[at + 3 + INLINE_WORDS_OF_LONG] as number;
    const words = (end - start + 3) >> 2;
    for (let word = 0; word < words; word++) {
      const kept = word < INLINE_WORDS_OF_LONG ? slots[at + 3 + word] : arena[place + word - INLINE_WORDS_OF_LONG];
      if (kept !== wordAt(view, start + word * 4, end)) return false;
    }
    return true;
  }

  /** Adds bytes that `find` did not know. `value` is −3 or more. */
  add(view: DataView, start: number, end: number, hash: number, value: number): void {
    if (this.size === this.capacity) this.grow();
    this.size++;
    const at = this.freeSlot(hash);
    const { slots } = this;
    const words = (end - start + 3) >> 2;
    const isLong = end - start > INLINE_BYTES;
    slots[at] = hash;
    slots[at + 1] = value + VALUE_OFFSET;
    slots[at + 2] = end - start;
    const inline = isLong ? INLINE_WORDS_OF_LONG : words;
    for (let word = 0; word < inline; word++) slots[at + 3 + word] = wordAt(view, start + word * 4, end);
    if (!isLong) return;
    slots[at + 3 + INLINE_WORDS_OF_LONG] = this.used;
    this.makeRoom(words - inline);
    for (let word = inline; word < words; word++) this.arena[this.used++] = wordAt(view, start + word * 4, end);
  }

  private makeRoom(words: number): void {
    if (this.used + words <= this.arena.length) return;
    const arena = new Int32Array(Math.max(this.arena.length * 2, this.used + words));
    arena.set(this.arena);
    this.arena = arena;
  }

  private freeSlot(hash: number): number {
    let slot = Math.imul(hash, SPREAD) >>> this.shift;
    while (this.slots[(slot << SLOT_SHIFT) + 1] !== 0) slot = (slot + 1) & this.mask;
    return slot << SLOT_SHIFT;
  }

  private grow(): void {
    const before = this.slots;
    const count = (this.mask + 1) * 2;
    this.capacity = Math.floor(count * LOAD_MAX);
    this.slots = new Int32Array(count * SLOT_WORDS);
    this.mask = count - 1;
    this.shift = Math.clz32(this.mask);
    for (let at = 0; at < before.length; at += SLOT_WORDS) {
      if (before[at + 1] !== 0)
        this.slots.set(before.subarray(at, at + SLOT_WORDS), this.freeSlot(before[at] as number));
    }
  }
}

/** Four bytes at `at`, those from `end` on as zeros. */
function wordAt(view: DataView, at: number, end: number): number {
  const word = view.getInt32(at, true);
  return at + 4 <= end ? word : word & tailMask(end - at);
}

/**
 * Decides which numbers a seed gives: the same seed and place give the same stream on every machine.
 * Never reads a clock or the machine's own randomness.
 */

/** Mixes up to four whole numbers into 32 bits (the finaliser of MurmurHash3 after each part). */
export function mixSeed(a: number, b = 0, c = 0, d = 0): number {
  let hash = scramble(a ^ 0x9e3779b9);
  hash = scramble(hash ^ Math.imul(b + 1, 0x85ebca6b));
  hash = scramble(hash ^ Math.imul(c + 1, 0xc2b2ae35));
  return scramble(hash ^ Math.imul(d + 1, 0x27d4eb2f));
}

function scramble(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A stream of pseudo-random numbers (mulberry32). Set it to a place with `reseed`, so that places may be visited in any order. */
export class RandomStream {
  private state = 0;

  constructor(seed = 0) {
    this.state = seed | 0;
  }

  reseed(seed: number): void {
    this.state = seed | 0;
  }

  /** The next whole number, 0 to 2^32 − 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** A whole number from 0 to limit − 1; limit is at most 2^21, beyond which the product would lose bits. */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 4294967296);
  }

  chance(share: number): boolean {
    return this.next() < share * 4294967296;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

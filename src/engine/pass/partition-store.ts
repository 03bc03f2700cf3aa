/**
 * Keeps the accepted rows of one worker, spread over partitions by item, in shared memory or, beyond a budget, in a file.
 * Never looks at what the rows mean.
 *
 * A row is 32-bit words: item · site | owner<<16 · category+1 | side<<8 | lotBytes<<16 · status | source<<16 ·
 * quantity (a double in two words) · hash of the whole row · cost+1 · the lot's bytes, padded with zeros to whole words.
 * Ids are those of the worker that wrote the row (see WorkerNames); cost 0 is none.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

export const ROW_WORDS = 8;
export const SIDE_ERP = 0;
export const SIDE_WMS = 1;
export const SIDE_IN_FLIGHT = 2;

/** 32 KB: large enough that writing one to disk is one request, small enough that 1,024 partitions fit in little memory. */
const CHUNK_WORDS = 8192;
const SLAB_WORDS = CHUNK_WORDS * 128;

/** Where the chunks of a partition are: triples of slab (−1: the spill file), offset in words, length in words. */
export interface StoredPartitions {
  readonly slabs: readonly SharedArrayBuffer[];
  readonly chunks: readonly (readonly number[])[];
  readonly spillPath: string;
  readonly rows: Float64Array;
}

export class PartitionStore {
  readonly partitions: number;
  /** Words of the row being written go here: words[offset + 0 …]. */
  words: Int32Array = new Int32Array(0);
  readonly rows: Float64Array;
  private readonly views: Int32Array[];
  private readonly used: Int32Array;
  private readonly places: number[][];
  private readonly chunks: number[][];
  private readonly slabs: SharedArrayBuffer[] = [];
  private slab = -1;
  private slabUsed = SLAB_WORDS;
  private readonly slabsMax: number;
  private readonly spillPath: string;
  private spillFile = -1;
  private spilledWords = 0;

  /** `memoryBytes`: what the rows may take in memory before they go to `spillPath`. */
  constructor(partitions: number, memoryBytes: number, spillPath: string) {
    this.partitions = partitions;
    this.spillPath = spillPath;
    // One chunk of each partition is always in memory.
    const least = Math.ceil(partitions / 128) + 1;
    this.slabsMax = Math.max(least, Math.floor(memoryBytes / (SLAB_WORDS * 4)));
    this.rows = new Float64Array(partitions);
    this.used = new Int32Array(partitions).fill(CHUNK_WORDS);
    this.views = Array.from({ length: partitions }, () => this.words);
    this.places = Array.from({ length: partitions }, () => []);
    this.chunks = Array.from({ length: partitions }, () => []);
  }

  /** Makes room for a row of a partition: sets `words` and returns the offset of its first word. */
  open(partition: number, words: number): number {
    let offset = this.used[partition] as number;
    if (offset + words > CHUNK_WORDS) {
      this.nextChunk(partition, words);
      offset = 0;
    }
    this.words = this.views[partition] as Int32Array;
    this.used[partition] = offset + words;
    (this.rows[partition] as number)++;
    return offset;
  }

  private nextChunk(partition: number, words: number): void {
    const place = this.places[partition] as number[];
    const mayReuse = place.length > 0;
    this.closeChunk(partition);
    if (words > CHUNK_WORDS) {
      // A row longer than a chunk (a lot of many kilobytes) gets a slab of its own.
      const slab = new SharedArrayBuffer(words * 4);
      this.slabs.push(slab);
      this.place(partition, new Int32Array(slab), this.slabs.length - 1, 0);
    } else if (mayReuse && place[0] === -1) {
      this.used[partition] = 0;
    } else {
      this.place(partition, ...this.freshChunk());
    }
  }

  private place(partition: number, view: Int32Array, slab: number, offset: number): void {
    this.views[partition] = view;
    this.places[partition] = [slab, offset];
    this.used[partition] = 0;
  }

  /** The next free chunk, or, once the budget is used up, a chunk whose content goes to the spill file when it is full. */
  private freshChunk(): [Int32Array, number, number] {
    if (this.slabUsed === SLAB_WORDS) {
      if (this.slabs.length >= this.slabsMax) return [new Int32Array(CHUNK_WORDS), -1, 0];
      this.slabs.push(new SharedArrayBuffer(SLAB_WORDS * 4));
      this.slab = this.slabs.length - 1;
      this.slabUsed = 0;
    }
    const offset = this.slabUsed;
    this.slabUsed += CHUNK_WORDS;
    return [new Int32Array(this.slabs[this.slab] as SharedArrayBuffer, offset * 4, CHUNK_WORDS), this.slab, offset];
  }

  private closeChunk(partition: number): void {
    const place = this.places[partition] as number[];
    if (place.length === 0) return;
    const length = this.used[partition] as number;
    if (place[0] === -1) {
      if (this.spillFile < 0) this.spillFile = openSync(this.spillPath, 'wx', 0o600);
      const view = this.views[partition] as Int32Array;
      writeFully(this.spillFile, new Uint8Array(view.buffer, view.byteOffset, length * 4));
      (this.chunks[partition] as number[]).push(-1, this.spilledWords, length);
      this.spilledWords += length;
    } else {
      (this.chunks[partition] as number[]).push(place[0] as number, place[1] as number, length);
    }
  }

  /** Closes all chunks; the store takes no more rows. */
  finish(): StoredPartitions {
    for (let partition = 0; partition < this.partitions; partition++) this.closeChunk(partition);
    if (this.spillFile >= 0) closeSync(this.spillFile);
    return {
      slabs: this.slabs,
      chunks: this.chunks,
      spillPath: this.spillFile >= 0 ? this.spillPath : '',
      rows: this.rows,
    };
  }
}

function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

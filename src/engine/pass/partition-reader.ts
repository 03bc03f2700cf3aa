/** Brings the rows of one partition, from all workers, into one array with the run's numbers. Never looks at quantities. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { NameMap } from './merge-names.ts';
import { ROW_WORDS, type StoredPartitions } from './partition-store.ts';

export class PartitionReader {
  /** Rows as the store writes them, one behind the other, with the run's numbers. */
  words: Int32Array = new Int32Array(1 << 16);
  /** Offset of the word behind the last row. */
  end = 0;
  rows = 0;
  private readonly stores: readonly StoredPartitions[];
  private readonly maps: readonly NameMap[];
  private readonly knownItems: number;
  private readonly slabs: Int32Array[][];
  private readonly files: number[];

  constructor(stores: readonly StoredPartitions[], maps: readonly NameMap[], knownItems: number) {
    this.stores = stores;
    this.maps = maps;
    this.knownItems = knownItems;
    this.slabs = stores.map((store) => store.slabs.map((slab) => new Int32Array(slab)));
    this.files = stores.map((store) => (store.spillPath === '' ? -1 : openSync(store.spillPath, 'r')));
  }

  load(partition: number): void {
    this.rows = this.stores.reduce((rows, store) => rows + (store.rows[partition] as number), 0);
    let size = 0;
    for (const store of this.stores) {
      const chunks = store.chunks[partition] as readonly number[];
      for (let at = 2; at < chunks.length; at += 3) size += chunks[at] as number;
    }
    if (size > this.words.length) this.words = new Int32Array(size + (size >> 2));
    this.end = 0;
    for (let store = 0; store < this.stores.length; store++) {
      const from = this.end;
      this.copy(store, partition);
      this.renumber(this.maps[store] as NameMap, from);
    }
  }

  private copy(store: number, partition: number): void {
    const chunks = (this.stores[store] as StoredPartitions).chunks[partition] as readonly number[];
    for (let at = 0; at < chunks.length; at += 3) {
      const slab = chunks[at] as number;
      const offset = chunks[at + 1] as number;
      const length = chunks[at + 2] as number;
      if (slab >= 0) {
        const words = (this.slabs[store] as Int32Array[])[slab] as Int32Array;
        this.words.set(words.subarray(offset, offset + length), this.end);
      } else {
        readFully(this.files[store] as number, new Uint8Array(this.words.buffer, this.end * 4, length * 4), offset * 4);
      }
      this.end += length;
    }
  }

  private renumber(map: NameMap, from: number): void {
    const { words, end, knownItems } = this;
    const { sites, owners, statuses, items, firstCost } = map;
    for (let at = from; at < end; ) {
      const item = words[at] as number;
      if (item >= knownItems) words[at] = items[item - knownItems] as number;
      const place = words[at + 1] as number;
      words[at + 1] = (sites[place & 0xffff] as number) | ((owners[place >>> 16] as number) << 16);
      const origin = words[at + 3] as number;
      words[at + 3] = (statuses[origin & 0xffff] as number) | (origin & 0xffff0000);
      if (words[at + 7] !== 0) (words[at + 7] as number) += firstCost;
      at += rowWords(words[at + 2] as number);
    }
  }

  close(): void {
    for (const file of this.files) if (file >= 0) closeSync(file);
  }
}

/** Length in words of a row whose third word is given. */
export function rowWords(shape: number): number {
  return ROW_WORDS + (((shape >>> 16) + 3) >> 2);
}

function readFully(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error('Invariant broken: a spill file is shorter than what was written');
    done += read;
  }
}

/** Writes accepted rows into a worker's partitions. Never judges them. */

import { TAIL_BYTES, tailMask } from '../../ingest/delimited/record-scanner.ts';
import { ItemCodes } from './item-codes.ts';
import { type PartitionStore, ROW_WORDS } from './partition-store.ts';
import type { WorkerNames } from './worker-names.ts';

const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);
const NO_BYTES = new DataView(new ArrayBuffer(TAIL_BYTES));
const encoder = new TextEncoder();

/** Ids of a row are the worker's own. `cost` is a cost id or −1. */
export class RowWriter {
  readonly names: WorkerNames;
  private codes: ItemCodes | undefined;
  private readonly store: PartitionStore;

  constructor(names: WorkerNames, store: PartitionStore) {
    this.names = names;
    this.store = store;
  }

  /** The codes of the known items, made when they are first asked for. */
  get itemCodes(): ItemCodes {
    this.codes ??= new ItemCodes(this.names.items);
    return this.codes;
  }

  /** `lot`: a view that goes on for three bytes behind `lotEnd`. */
  write(
    partition: number,
    item: number,
    site: number,
    owner: number,
    category: number,
    side: number,
    status: number,
    source: number,
    quantity: number,
    rowHash: number,
    cost: number,
    lot: DataView,
    lotStart: number,
    lotEnd: number,
  ): void {
    const lotBytes = lotEnd - lotStart;
    const lotWords = (lotBytes + 3) >> 2;
    const store = this.store;
    let at = store.open(partition, ROW_WORDS + lotWords);
    const words = store.words;
    double[0] = quantity;
    words[at] = item;
    words[at + 1] = site | (owner << 16);
    words[at + 2] = (category + 1) | (side << 8) | (lotBytes << 16);
    words[at + 3] = status | (source << 16);
    words[at + 4] = doubleWords[0] as number;
    words[at + 5] = doubleWords[1] as number;
    words[at + 6] = rowHash;
    words[at + 7] = cost + 1;
    at += ROW_WORDS;
    let from = lotStart;
    for (; from + 4 <= lotEnd; from += 4) words[at++] = lot.getInt32(from, true);
    if (from < lotEnd) words[at] = lot.getInt32(from, true) & tailMask(lotEnd - from);
  }

  /** Writes a row given by its texts. */
  writeTexts(row: {
    readonly item: string;
    readonly site: string;
    readonly owner: string;
    readonly lot: string;
    readonly status: string;
    readonly category: number;
    readonly side: number;
    readonly source: number;
    readonly quantity: number;
    readonly rowHash: number;
    readonly cost: number;
  }): void {
    const { names } = this;
    const bytes = row.lot === '' ? undefined : encoder.encode(`${row.lot}\0\0\0`);
    const item = names.items.id(row.item);
    this.write(
      names.items.partitions[item] as number,
      item,
      names.sites.id(row.site),
      names.owners.id(row.owner),
      row.category,
      row.side,
      names.statuses.id(row.status),
      row.source,
      row.quantity,
      row.rowHash,
      row.cost,
      bytes === undefined ? NO_BYTES : new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
      0,
      bytes === undefined ? 0 : bytes.length - 3,
    );
  }
}

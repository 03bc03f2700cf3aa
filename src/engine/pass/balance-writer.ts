/**
 * Writes the balances of a run by key and native status as lines of numbers and lots, for the history. Names stand in
 * tables of their own (see keep-balances.ts): ten million lines of text would take five times as long. Never compares.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { lotAt, quantityAt } from './partition-comparer.ts';
import { type PartitionReader, rowWords } from './partition-reader.ts';
import { ROW_WORDS, SIDE_IN_FLIGHT } from './partition-store.ts';
import { RowGroups, WHOLE_SHAPE } from './row-groups.ts';

const BUFFER_BYTES = 1 << 20;
/** Eight numbers of at most 17 characters and their commas. */
const NUMBERS_BYTES = 160;
const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const LINE_FEED = 10;
const MINUS = 45;

/** Adds up the balances of one partition at a time by key and native status. */
class BalanceGroups {
  readonly groups = new RowGroups(WHOLE_SHAPE, 0xffffffff | 0);
  sums = new Float64Array(1024);
  counts = new Int32Array(1024);
  readonly reader: PartitionReader;
  /** Number of the system of each input: inputs of one system are one in the history. */
  private readonly systems: readonly number[];

  constructor(reader: PartitionReader, systems: readonly string[]) {
    this.reader = reader;
    this.systems = systems.map((system) => systems.indexOf(system));
  }

  /** With `wanted` only the items that it marks. */
  load(partition: number, wanted?: Uint8Array): void {
    const { reader, groups } = this;
    reader.load(partition);
    groups.clear(reader.rows);
    if (reader.rows > this.sums.length) {
      this.sums = new Float64Array(reader.rows * 2);
      this.counts = new Int32Array(reader.rows * 2);
    }
    const { words, end } = reader;
    for (let at = 0; at < end; at += rowWords(words[at + 2] as number)) {
      if ((((words[at + 2] as number) >>> 8) & 3) === SIDE_IN_FLIGHT) continue;
      if (wanted !== undefined && wanted[words[at] as number] !== 1) continue;
      const origin = words[at + 3] as number;
      words[at + 3] = (origin & 0xffff) | ((this.systems[origin >>> 16] as number) << 16);
      const before = groups.count;
      const group = groups.of(words, at);
      if (group === before) {
        this.sums[group] = 0;
        this.counts[group] = 0;
      }
      (this.sums[group] as number) += quantityAt(words, at);
      (this.counts[group] as number)++;
    }
  }
}

/** Columns of a line: numbers of system, site, item, owner, status and category + 1, scaled quantity, rows, and the lot. */
export class BalanceWriter {
  private readonly balances: BalanceGroups;
  private readonly file: number;
  private bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES + NUMBERS_BYTES);
  private used = 0;
  private written = 0;

  constructor(path: string, reader: PartitionReader, systems: readonly string[]) {
    this.file = openSync(path, 'wx', 0o600);
    this.balances = new BalanceGroups(reader, systems);
  }

  write(partition: number): void {
    const { balances } = this;
    balances.load(partition);
    const { groups, reader } = balances;
    for (let group = 0; group < groups.count; group++) this.line(reader.words, groups.first[group] as number, group);
    this.written += groups.count;
  }

  private line(words: Int32Array, at: number, group: number): void {
    const place = words[at + 1] as number;
    const shape = words[at + 2] as number;
    const origin = words[at + 3] as number;
    const lotBytes = shape >>> 16;
    if (this.used + lotBytes * 2 > BUFFER_BYTES - NUMBERS_BYTES) this.flush(lotBytes * 2);
    this.number(origin >>> 16);
    this.number(place & 0xffff);
    this.number(words[at] as number);
    this.number(place >>> 16);
    this.number(origin & 0xffff);
    this.number(shape & 0xff);
    this.number(this.balances.sums[group] as number);
    this.number(this.balances.counts[group] as number);
    this.lot(words, (at + ROW_WORDS) * 4, lotBytes);
  }

  /** Writes a whole number and a comma. */
  private number(value: number): void {
    const { bytes } = this;
    let rest = value;
    if (rest < 0) {
      bytes[this.used++] = MINUS;
      rest = -rest;
    }
    let digits = 1;
    for (let power = 10; power <= rest; power *= 10) digits++;
    for (let place = this.used + digits - 1; place >= this.used; place--) {
      const left = Math.floor(rest / 10);
      bytes[place] = ZERO + (rest - left * 10);
      rest = left;
    }
    this.used += digits;
    bytes[this.used++] = COMMA;
  }

  /** Writes a lot in quotes, those inside it doubled, and ends the line. */
  private lot(words: Int32Array, start: number, length: number): void {
    const { bytes } = this;
    const source = new Uint8Array(words.buffer, words.byteOffset + start, length);
    bytes[this.used++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const byte = source[index] as number;
      if (byte === QUOTE) bytes[this.used++] = QUOTE;
      bytes[this.used++] = byte;
    }
    bytes[this.used++] = QUOTE;
    bytes[this.used++] = LINE_FEED;
  }

  /** Empties the buffer and makes room for a line with a long lot. */
  private flush(room: number): void {
    let done = 0;
    while (done < this.used) done += writeSync(this.file, this.bytes, done, this.used - done);
    this.used = 0;
    if (room + 2 * NUMBERS_BYTES > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(room + 2 * NUMBERS_BYTES);
  }

  /** Closes the file and returns the number of its lines. */
  finish(): number {
    this.flush(0);
    closeSync(this.file);
    return this.written;
  }
}

/** One kept balance by the run's numbers; `category` is 0 where there is none. */
export interface FoundBalance {
  readonly system: number;
  readonly site: number;
  readonly item: number;
  readonly owner: number;
  readonly lot: string;
  readonly status: number;
  readonly category: number;
  readonly scaled: number;
  readonly rows: number;
}

/** The balances of one partition as values, `wanted` ones or all. */
export class BalanceFinder {
  private readonly balances: BalanceGroups;
  private readonly wanted: Uint8Array | undefined;

  /** `wanted`: 1 for the number of each item that is looked for; undefined for all. */
  constructor(reader: PartitionReader, systems: readonly string[], wanted: Uint8Array | undefined) {
    this.balances = new BalanceGroups(reader, systems);
    this.wanted = wanted;
  }

  find(partition: number): FoundBalance[] {
    const { balances } = this;
    balances.load(partition, this.wanted);
    const { groups, reader, sums, counts } = balances;
    const { words } = reader;
    return Array.from({ length: groups.count }, (_, group) => {
      const at = groups.first[group] as number;
      const place = words[at + 1] as number;
      const origin = words[at + 3] as number;
      return {
        system: origin >>> 16,
        site: place & 0xffff,
        item: words[at] as number,
        owner: place >>> 16,
        lot: lotAt(words, at),
        status: origin & 0xffff,
        category: (words[at + 2] as number) & 0xff,
        scaled: sums[group] as number,
        rows: counts[group] as number,
      };
    });
  }
}

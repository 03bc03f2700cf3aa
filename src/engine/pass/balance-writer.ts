/**
 * Writes the balances of a run by key and native status as lines of CSV, for the history. Names are copied as bytes: made from
 * texts, ten million lines would take five times as long. Never compares.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { RunNames } from './merge-names.ts';
import { lotAt, quantityAt } from './partition-comparer.ts';
import { type PartitionReader, rowWords } from './partition-reader.ts';
import { ROW_WORDS, SIDE_IN_FLIGHT } from './partition-store.ts';
import { RowGroups, WHOLE_SHAPE } from './row-groups.ts';

const BUFFER_BYTES = 1 << 20;
/** Two numbers of at most 17 characters, their commas, the quotes of the lot and the line feed. */
const NUMBERS_BYTES = 40;
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

/** No name holds it, since files with NUL bytes are refused. */
const SEPARATOR = '\u0000';

/** Names as cells of a line, quoted and with their comma, by their number. */
class Cells {
  /** Of the longest. */
  readonly length: number;
  private readonly bytes: Uint8Array;
  private readonly starts: Int32Array;

  constructor(names: readonly string[]) {
    const cells = names.map((name) => `"${name.includes('"') ? name.replaceAll('"', '""') : name}",${SEPARATOR}`);
    this.bytes = new TextEncoder().encode(cells.join(''));
    this.starts = new Int32Array(names.length + 1);
    let length = 0;
    for (let at = 0, cell = 0; at < this.bytes.length; at++) {
      if (this.bytes[at] !== 0) continue;
      length = Math.max(length, at - (this.starts[cell] as number));
      this.starts[++cell] = at + 1;
    }
    this.length = length;
  }

  /** Returns the offset behind the cell. */
  copy(name: number, to: Uint8Array, offset: number): number {
    const { bytes } = this;
    const end = (this.starts[name + 1] as number) - 1;
    let place = offset;
    for (let at = this.starts[name] as number; at < end; at++) to[place++] = bytes[at] as number;
    return place;
  }
}

/** Names by their numbers, as the rows of a partition have them. */
export type BalanceNames = Pick<RunNames, 'sites' | 'items' | 'owners' | 'statuses'> & {
  /** Of each input. */
  readonly systems: readonly string[];
  /** '' first, of what has none. */
  readonly categories: readonly string[];
};

/** Columns of a line: system, site, item, owner, status, category, scaled quantity, rows, and the lot. */
export class BalanceWriter {
  private readonly balances: BalanceGroups;
  private readonly file: number;
  private readonly cells: Readonly<Record<keyof BalanceNames, Cells>>;
  /** What a line takes at most beside its lot. */
  private readonly lineBytes: number;
  private bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  private used = 0;
  private written = 0;

  constructor(path: string, reader: PartitionReader, names: BalanceNames) {
    this.file = openSync(path, 'wx', 0o600);
    this.balances = new BalanceGroups(reader, names.systems);
    const { systems, sites, items, owners, statuses, categories } = names;
    this.cells = {
      systems: new Cells(systems),
      sites: new Cells(sites),
      items: new Cells(items),
      owners: new Cells(owners),
      statuses: new Cells(statuses),
      categories: new Cells(categories),
    };
    this.lineBytes = Object.values(this.cells).reduce((sum, { length }) => sum + length, NUMBERS_BYTES);
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
    const room = this.lineBytes + lotBytes * 2;
    if (this.used + room > this.bytes.length) this.flush(room);
    const { cells, bytes } = this;
    let { used } = this;
    used = cells.systems.copy(origin >>> 16, bytes, used);
    used = cells.sites.copy(place & 0xffff, bytes, used);
    used = cells.items.copy(words[at] as number, bytes, used);
    used = cells.owners.copy(place >>> 16, bytes, used);
    used = cells.statuses.copy(origin & 0xffff, bytes, used);
    this.used = cells.categories.copy(shape & 0xff, bytes, used);
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

  /** Empties the buffer and makes room for a line. */
  private flush(room: number): void {
    let done = 0;
    while (done < this.used) done += writeSync(this.file, this.bytes, done, this.used - done);
    this.used = 0;
    if (room > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(room);
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

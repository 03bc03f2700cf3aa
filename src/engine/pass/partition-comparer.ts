/** Compares both sides of each key, one partition at a time. Never prices a variance and never judges a tolerance. */
import { CostBook } from '../../core/compare/unit-cost.ts';
import { type Decimal, ExactSum, SCALED_MAX } from '../../core/model/decimal.ts';
import type { RunNames } from './merge-names.ts';
import { type PartitionReader, rowWords } from './partition-reader.ts';
import { ROW_WORDS, SIDE_ERP, SIDE_WMS } from './partition-store.ts';
import { KEY_SHAPE, RowGroups } from './row-groups.ts';

/** A key whose sides differ, by the run's numbers. */
export interface FoundVariance {
  readonly site: number;
  readonly item: number;
  readonly owner: number;
  readonly lot: string;
  readonly category: number;
  readonly erp: number;
  readonly wms: number;
  readonly inFlight: number;
  readonly erpPresent: boolean;
  readonly wmsPresent: boolean;
  rowCost: Decimal | undefined;
}

export interface FoundUnmapped {
  readonly source: number;
  readonly status: number;
  readonly site: number;
  readonly item: number;
  rows: number;
  quantity: bigint;
  rowCost: Decimal | undefined;
}

export interface FoundCell {
  readonly site: number;
  readonly category: number;
  readonly keys: number;
  readonly erpKeys: number;
  readonly wmsKeys: number;
  readonly bothKeys: number;
  readonly erp: bigint;
  readonly wms: bigint;
}

/** What one worker found in its partitions. */
export interface Found {
  readonly variances: FoundVariance[];
  readonly unmapped: FoundUnmapped[];
  readonly cells: FoundCell[];
  readonly duplicates: number[];
  readonly uncoveredKeys: number;
  /** Name of a key whose sums are too large to be exact, '' where there is none. */
  readonly overflow: string;
}

/** Which sides gave only a partial snapshot: the ERP, and the WMS by site number. */
export interface Coverage {
  readonly erpPartial: boolean;
  readonly wmsPartial: readonly boolean[];
}

const ERP_BIT = 1;
const WMS_BIT = 2;
/** A sum of the key was once beyond what is exact. */
const INEXACT_BIT = 4;
const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function quantityAt(words: Int32Array, at: number): number {
  doubleWords[0] = words[at + 4] as number;
  doubleWords[1] = words[at + 5] as number;
  return double[0] as number;
}

/** The lot of the row at `at`. */
export function lotAt(words: Int32Array, at: number): string {
  const bytes = (words[at + 2] as number) >>> 16;
  // TextDecoder refuses shared memory; the words of a PartitionReader are the worker's own.
  return bytes === 0
    ? ''
    : decoder.decode(new Uint8Array(words.buffer, words.byteOffset + (at + ROW_WORDS) * 4, bytes));
}

class CellSums {
  keys = 0;
  erpKeys = 0;
  wmsKeys = 0;
  bothKeys = 0;
  readonly erp = new ExactSum();
  readonly wms = new ExactSum();
}

export class PartitionComparer {
  private readonly reader: PartitionReader;
  private readonly names: RunNames;
  private readonly coverage: Coverage;
  private readonly groups = new RowGroups(KEY_SHAPE, 0);
  private erp = new Float64Array(1024);
  private wms = new Float64Array(1024);
  private inFlight = new Float64Array(1024);
  private present = new Uint8Array(1024);
  private seen = new Int32Array(4096);
  private readonly cells = new Map<number, CellSums>();
  private readonly variances: FoundVariance[] = [];
  private readonly unmapped: FoundUnmapped[] = [];
  private readonly duplicates: number[];
  private uncoveredKeys = 0;
  private overflow = '';

  constructor(reader: PartitionReader, names: RunNames, sources: number, coverage: Coverage) {
    this.reader = reader;
    this.names = names;
    this.coverage = coverage;
    this.duplicates = Array.from({ length: sources }, () => 0);
  }

  compare(partition: number): void {
    const { reader } = this;
    reader.load(partition);
    this.prepare(reader.rows);
    const firstVariance = this.variances.length;
    const firstUnmapped = this.unmapped.length;
    const hasUnmapped = this.addRows();
    this.judgeGroups();
    if (hasUnmapped) this.collectUnmapped();
    if (this.names.costs.length > 0) this.priceFrom(firstVariance, firstUnmapped);
  }

  private prepare(rows: number): void {
    this.groups.clear(rows);
    if (rows > this.erp.length) {
      const capacity = rows + (rows >> 2);
      this.erp = new Float64Array(capacity);
      this.wms = new Float64Array(capacity);
      this.inFlight = new Float64Array(capacity);
      this.present = new Uint8Array(capacity);
    }
    let capacity = 4096;
    while (capacity < rows * 2) capacity *= 2;
    if (capacity > this.seen.length) this.seen = new Int32Array(capacity);
    else this.seen.fill(0, 0, capacity);
  }

  /** Adds every row to its group. Returns whether some row has no category. */
  private addRows(): boolean {
    const { words, end, rows } = this.reader;
    const { groups, erp, wms, inFlight, present } = this;
    let seenCapacity = 4096;
    while (seenCapacity < rows * 2) seenCapacity *= 2;
    let hasUnmapped = false;
    for (let at = 0; at < end; ) {
      const shape = words[at + 2] as number;
      const side = (shape >>> 8) & 3;
      if (side <= SIDE_WMS) this.countRepeat(words, at, seenCapacity - 1);
      if ((shape & 0xff) === 0) {
        hasUnmapped = true;
      } else {
        const before = groups.count;
        const group = groups.of(words, at);
        if (group === before) {
          erp[group] = 0;
          wms[group] = 0;
          inFlight[group] = 0;
          present[group] = 0;
        }
        const quantity = quantityAt(words, at);
        if (side === SIDE_ERP) {
          (erp[group] as number) += quantity;
          (present[group] as number) |= ERP_BIT;
        } else if (side === SIDE_WMS) {
          (wms[group] as number) += quantity;
          (present[group] as number) |= WMS_BIT;
        } else {
          (inFlight[group] as number) += quantity;
        }
        // Each addend is below 2^53, so the first sum beyond it is still seen; it is remembered, even if later rows bring it back.
        if (Math.abs(erp[group] as number) > SCALED_MAX || Math.abs(wms[group] as number) > SCALED_MAX)
          (present[group] as number) |= INEXACT_BIT;
      }
      at += rowWords(shape);
    }
    return hasUnmapped;
  }

  /** Counts a row that repeats an earlier one: the same in all of its words and in the hash of all its columns. */
  private countRepeat(words: Int32Array, at: number, mask: number): void {
    const { seen } = this;
    const hash = Math.imul((words[at + 6] as number) ^ Math.imul(words[at] as number, 0x9e3779b1), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    const length = rowWords(words[at + 2] as number);
    for (;;) {
      const other = (seen[slot] as number) - 1;
      if (other < 0) break;
      let word = 0;
      while (word < length && (word === 7 || words[at + word] === words[other + word])) word++;
      if (word === length) {
        const source = (words[at + 3] as number) >>> 16;
        (this.duplicates[source] as number)++;
        return;
      }
      slot = (slot + 1) & mask;
    }
    seen[slot] = at + 1;
  }

  private judgeGroups(): void {
    const { groups, erp, wms, inFlight, present, coverage, reader } = this;
    const { words } = reader;
    for (let group = 0; group < groups.count; group++) {
      const at = groups.first[group] as number;
      const site = (words[at + 1] as number) & 0xffff;
      const sides = present[group] as number;
      if (((sides & ERP_BIT) === 0 && coverage.erpPartial) || ((sides & WMS_BIT) === 0 && coverage.wmsPartial[site])) {
        this.uncoveredKeys++;
        continue;
      }
      const category = ((words[at + 2] as number) & 0xff) - 1;
      if (sides & INEXACT_BIT) this.overflow ||= this.nameOf(words, at);
      const erpQuantity = erp[group] as number;
      const wmsQuantity = wms[group] as number;
      const cell = this.cell(site, category);
      cell.keys++;
      if (erpQuantity !== 0) cell.erpKeys++;
      if (wmsQuantity !== 0) {
        cell.wmsKeys++;
        if (erpQuantity !== 0) cell.bothKeys++;
      }
      cell.erp.add(erpQuantity);
      cell.wms.add(wmsQuantity);
      if (erpQuantity !== wmsQuantity || inFlight[group] !== 0) {
        if (
          Math.abs(wmsQuantity - erpQuantity) > SCALED_MAX ||
          Math.abs(wmsQuantity - erpQuantity - (inFlight[group] as number)) > SCALED_MAX
        )
          this.overflow ||= this.nameOf(words, at);
        this.variances.push({
          site,
          item: words[at] as number,
          owner: (words[at + 1] as number) >>> 16,
          lot: lotAt(words, at),
          category,
          erp: erpQuantity,
          wms: wmsQuantity,
          inFlight: inFlight[group] as number,
          erpPresent: (sides & ERP_BIT) !== 0,
          wmsPresent: (sides & WMS_BIT) !== 0,
          rowCost: undefined,
        });
      }
    }
  }

  private cell(site: number, category: number): CellSums {
    const index = site * 256 + category;
    let cell = this.cells.get(index);
    if (cell === undefined) {
      cell = new CellSums();
      this.cells.set(index, cell);
    }
    return cell;
  }

  private collectUnmapped(): void {
    const { words, end } = this.reader;
    const found = new Map<string, FoundUnmapped>();
    for (let at = 0; at < end; at += rowWords(words[at + 2] as number)) {
      if (((words[at + 2] as number) & 0xff) !== 0) continue;
      const origin = words[at + 3] as number;
      const site = (words[at + 1] as number) & 0xffff;
      const name = `${origin},${site},${words[at]}`;
      let entry = found.get(name);
      if (entry === undefined) {
        entry = {
          source: origin >>> 16,
          status: origin & 0xffff,
          site,
          item: words[at] as number,
          rows: 0,
          quantity: 0n,
          rowCost: undefined,
        };
        found.set(name, entry);
        this.unmapped.push(entry);
      }
      entry.rows++;
      entry.quantity += BigInt(quantityAt(words, at));
    }
  }

  /** Finds the costs that balance rows give for what this partition found. */
  private priceFrom(firstVariance: number, firstUnmapped: number): void {
    const { words, end } = this.reader;
    const { names } = this;
    const found: { site: number; item: number; rowCost: Decimal | undefined }[] = [
      ...this.variances.slice(firstVariance),
      ...this.unmapped.slice(firstUnmapped),
    ];
    const wanted = new Set(found.map((entry) => entry.item));
    if (wanted.size === 0) return;
    const book = new CostBook();
    for (let at = 0; at < end; at += rowWords(words[at + 2] as number)) {
      const cost = (words[at + 7] as number) - 1;
      if (cost < 0 || !wanted.has(words[at] as number)) continue;
      const role = (((words[at + 2] as number) >>> 8) & 3) === SIDE_ERP ? 'erp' : 'wms';
      const site = names.sites[(words[at + 1] as number) & 0xffff] as string;
      book.add(
        role,
        site,
        names.items[words[at] as number] as string,
        quantityAt(words, at),
        names.costs[cost] as Decimal,
      );
    }
    for (const entry of found)
      entry.rowCost = book.find(names.sites[entry.site] as string, names.items[entry.item] as string);
  }

  private nameOf(words: Int32Array, at: number): string {
    return `item ${this.names.items[words[at] as number]} at site ${this.names.sites[(words[at + 1] as number) & 0xffff]}`;
  }

  finish(): Found {
    const cells = [...this.cells].map(([index, cell]) => ({
      site: Math.floor(index / 256),
      category: index % 256,
      keys: cell.keys,
      erpKeys: cell.erpKeys,
      wmsKeys: cell.wmsKeys,
      bothKeys: cell.bothKeys,
      erp: cell.erp.total,
      wms: cell.wms.total,
    }));
    const { variances, unmapped, duplicates, uncoveredKeys, overflow } = this;
    return { variances, unmapped, cells, duplicates, uncoveredKeys, overflow };
  }
}

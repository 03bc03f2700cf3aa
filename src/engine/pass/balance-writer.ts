/** Writes the balances of a run by key and native status as CSV, for the history. Never compares. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { formatScaled } from '../../core/model/decimal.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { RunNames } from './merge-names.ts';
import { lotAt, quantityAt } from './partition-comparer.ts';
import { type PartitionReader, rowWords } from './partition-reader.ts';
import { SIDE_IN_FLIGHT } from './partition-store.ts';
import { RowGroups, WHOLE_SHAPE } from './row-groups.ts';

/** Columns of the file, in order. */
export const BALANCE_COLUMNS = [
  'system',
  'site',
  'item',
  'owner',
  'lot',
  'status',
  'category',
  'quantity',
  'rows',
] as const;

const FLUSH_CHARACTERS = 1 << 20;

export class BalanceWriter {
  private readonly reader: PartitionReader;
  private readonly groups = new RowGroups(WHOLE_SHAPE, 0xffffffff | 0);
  private readonly file: number;
  private readonly decimals: number;
  private readonly one: number;
  private readonly systems: readonly string[];
  private readonly categories: readonly string[];
  private readonly sites: readonly string[];
  private readonly owners: readonly string[];
  private readonly statuses: readonly string[];
  private readonly items: readonly string[];
  private sums = new Float64Array(1024);
  private counts = new Int32Array(1024);
  private text = '';
  private written = 0;

  constructor(path: string, reader: PartitionReader, names: RunNames, systems: readonly string[], plan: Plan) {
    this.file = openSync(path, 'wx', 0o600);
    this.reader = reader;
    this.decimals = plan.quantityDecimals;
    this.one = 10 ** plan.quantityDecimals;
    this.systems = systems.map(quoted);
    this.categories = ['', ...plan.categories].map(quoted);
    this.sites = names.sites.map(quoted);
    this.owners = names.owners.map(quoted);
    this.statuses = names.statuses.map(quoted);
    this.items = names.items;
  }

  write(partition: number): void {
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
      const before = groups.count;
      const group = groups.of(words, at);
      if (group === before) {
        this.sums[group] = 0;
        this.counts[group] = 0;
      }
      (this.sums[group] as number) += quantityAt(words, at);
      (this.counts[group] as number)++;
    }
    for (let group = 0; group < groups.count; group++) this.line(words, groups.first[group] as number, group);
    this.written += groups.count;
    this.flush(FLUSH_CHARACTERS);
  }

  private line(words: Int32Array, at: number, group: number): void {
    const place = words[at + 1] as number;
    const origin = words[at + 3] as number;
    const lot = lotAt(words, at);
    const sum = this.sums[group] as number;
    const whole = sum / this.one;
    const quantity = Number.isInteger(whole) ? String(whole) : formatScaled(sum, this.decimals);
    this.text += `${this.systems[origin >>> 16]},${this.sites[place & 0xffff]},${quoted(this.items[words[at] as number] as string)},${this.owners[place >>> 16]},${quoted(lot)},${this.statuses[origin & 0xffff]},${this.categories[(words[at + 2] as number) & 0xff]},${quantity},${this.counts[group]}\n`;
  }

  private flush(above: number): void {
    if (this.text.length <= above) return;
    const bytes = Buffer.from(this.text);
    let done = 0;
    while (done < bytes.length) done += writeSync(this.file, bytes, done);
    this.text = '';
  }

  /** Closes the file and returns the number of its rows. */
  finish(): number {
    this.flush(0);
    closeSync(this.file);
    return this.written;
  }
}

/** Every text in quotes, so that the reader need not guess. */
function quoted(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}

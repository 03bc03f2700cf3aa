/**
 * Holds what a row needs to know of its item: flags, partition, and how its units become base units, resolved by the core
 * once for each item and unit. Never decides any of it.
 */
import { rescale } from '../../core/model/decimal.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { resolveConversion } from '../../core/normalize/unit.ts';
import { canonicalUnit } from '../../core/normalize/unit-code.ts';
import { BATCH_RECORDS } from '../../ingest/delimited/range-scanner.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import { CodeColumn } from './code-column.ts';
import type { EncoderInput } from './encoder-input.ts';
import type { RowWriter } from './row-writer.ts';

/** Words of an item: flags · partition · factors of the first units. Half a cache line: all of it is one access. */
const ITEM_WORDS = 8;
const UNITS_INLINE = ITEM_WORDS - 2;

/**
 * A factor is a whole number of base units, negative where fractions of a base unit are allowed; 0 is not known yet, and
 * JUDGED stands where each row must be judged by the core.
 */
const UNRESOLVED = 0;
const JUDGED = -0x80000000;
const FACTOR_MAX = 0x7fffffff;
const BASES_MAX = 65_536;

export class ItemFacts {
  /** Of each record of the batch read last. Those of a record without item have no meaning. */
  readonly flags = new Int32Array(BATCH_RECORDS);
  readonly partitions = new Int32Array(BATCH_RECORDS);
  private readonly factors = new Int32Array(BATCH_RECORDS);
  private readonly plan: Plan;
  private readonly writer: RowWriter;
  private readonly units: CodeColumn | undefined;
  private readonly constantUnit: string | undefined;
  private readonly unitNames: string[] = [];
  private words = new Int32Array(0);
  private known = 0;
  /** Factors of units beyond the first ones, by unit × 2^32 + item. */
  private readonly others = new Map<number, number>();
  /** Factor of a unit for items whose base unit is the same, by unit × BASES_MAX + base; UNRESOLVED where it is another. */
  private readonly byBase = new Map<number, number>();
  private readonly records: { readonly baseUom: string }[] = [];
  private readonly one: number;

  constructor(input: EncoderInput, plan: Plan, writer: RowWriter) {
    this.plan = plan;
    this.writer = writer;
    const column = input.columns.get('uom');
    this.units =
      column === undefined
        ? undefined
        : new CodeColumn(column, input.header.length, (raw) => this.unitNames.push(raw) - 1, normalizeText);
    this.constantUnit = input.rules.constants['uom'];
    this.one = 10 ** plan.quantityDecimals;
  }

  /** `items`: item ids of the batch; a negative one is none. */
  read(scanner: RecordScanner, items: Int32Array, from: number, to: number): void {
    const { units, flags, partitions, factors } = this;
    units?.read(scanner, from, to);
    if (this.known < this.writer.names.items.names.length) this.describe();
    const { words } = this;
    for (let record = from; record < to; record++) {
      const item = items[record] as number;
      if (item < 0) continue;
      const at = item * ITEM_WORDS;
      flags[record] = words[at] as number;
      partitions[record] = words[at + 1] as number;
      const unit = units === undefined ? 0 : (units.values[record] as number);
      const factor = unit < UNITS_INLINE ? (words[at + 2 + unit] as number) : this.other(unit, item);
      factors[record] = factor === UNRESOLVED ? this.resolve(unit, item) : factor;
    }
  }

  /** The scaled quantity of a record in base units, or NaN where it is not exact or not whole. */
  toBase(record: number, scaled: number): number {
    const factor = this.factors[record] as number;
    if (factor === JUDGED) return Number.NaN;
    if (factor < 0) return scaled * -factor;
    const base = scaled * factor;
    return Math.trunc(base / this.one) * this.one === base ? base : Number.NaN;
  }

  /** Copies what the worker knows of items that are new. */
  private describe(): void {
    const { items } = this.writer.names;
    const count = items.names.length;
    if (count * ITEM_WORDS > this.words.length) {
      const words = new Int32Array(count * 2 * ITEM_WORDS);
      words.set(this.words);
      this.words = words;
    }
    for (let item = this.known; item < count; item++) {
      this.words[item * ITEM_WORDS] = items.flags[item] as number;
      this.words[item * ITEM_WORDS + 1] = items.partitions[item] as number;
    }
    this.known = count;
  }

  private other(unit: number, item: number): number {
    return this.others.get(unit * 4294967296 + item) ?? UNRESOLVED;
  }

  private resolve(unit: number, item: number): number {
    const factor = this.sameAsBase(unit, item) ?? this.judge(unit, item);
    if (unit < UNITS_INLINE) this.words[item * ITEM_WORDS + 2 + unit] = factor;
    else this.others.set(unit * 4294967296 + item, factor);
    return factor;
  }

  /** Where a row's unit is the item's base unit the factor is the same for all such items; undefined where it is not. */
  private sameAsBase(unit: number, item: number): number | undefined {
    const { items } = this.writer.names;
    const base = items.bases[item] as number;
    if (base === 0) return undefined;
    const known = unit * BASES_MAX + base;
    let factor = this.byBase.get(known);
    if (factor === undefined) {
      const raw = this.units === undefined ? this.constantUnit : this.unitNames[unit];
      const isSame =
        raw === undefined || canonicalUnit(normalizeText(raw)) === canonicalUnit(items.baseUnits.names[base] as string);
      factor = isSame && base < BASES_MAX ? this.judge(unit, item) : UNRESOLVED;
      this.byBase.set(known, factor);
    }
    return factor === UNRESOLVED ? undefined : factor;
  }

  private judge(unit: number, item: number): number {
    const { names, bases } = this.writer.names.items;
    const raw = this.units === undefined ? this.constantUnit : this.unitNames[unit];
    const conversion = resolveConversion(
      names[item] as string,
      this.recordOf(bases[item] as number),
      raw === undefined ? undefined : normalizeText(raw),
      this.plan.master,
    );
    const whole = conversion.ok ? rescale(conversion.value.factor, 0) : null;
    if (!conversion.ok || whole === null || whole > FACTOR_MAX) return JUDGED;
    return conversion.value.counted ? Number(whole) : -Number(whole);
  }

  /** What the items file says of the units of an item, by the number of its base unit; the same for all of one base unit. */
  private recordOf(base: number): { readonly baseUom: string } {
    let record = this.records[base];
    if (record === undefined) {
      record = { baseUom: this.writer.names.items.baseUnits.names[base] as string };
      this.records[base] = record;
    }
    return record;
  }
}

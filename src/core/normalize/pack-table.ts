/**
 * Keeps the packs of all items in columns: 400,000 of them as objects of their own take a second to make and to hand on.
 * Never judges a factor (see addPack).
 */
import { type Decimal, formatDecimal } from '../model/decimal.ts';

/** Packs of one item: base units in one unit, by canonical unit; `baseUom` is the unit whose factor is 1, else ''. */
export interface ItemPacks {
  readonly baseUom: string;
  readonly factors: ReadonlyMap<string, Decimal>;
}

/** The table as plain values, for another thread. Entries of an item are chained by `next`; −1 ends a chain. */
export interface PackColumns {
  readonly items: string;
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly units: readonly string[];
  readonly unitOf: Int32Array;
  readonly numerators: Float64Array;
  readonly scales: Uint8Array;
  readonly rows: Int32Array;
}

/** Between item codes; no code holds it, since files with NUL bytes are refused. */
const SEPARATOR = '\u0000';

export class PackTable {
  /** Of a loaded table undefined until somebody asks for an item: to make it takes as long as to read the rest. */
  private headsByItem: Map<string, number> | undefined = new Map<string, number>();
  private loaded: Pick<PackColumns, 'items' | 'heads'> | undefined;
  private next: number[] | Int32Array = [];
  private unitOf: number[] | Int32Array = [];
  private numerators: number[] | Float64Array = [];
  private scales: number[] | Uint8Array = [];
  private rows: number[] | Int32Array = [];
  /** Units as written; two that mean the same are two here. */
  private readonly units: string[] = [];
  private readonly unitIds = new Map<string, number>();
  private readonly canonical: (unit: string) => string;
  private readonly canonicals: string[] = [];

  constructor(canonical: (unit: string) => string) {
    this.canonical = canonical;
  }

  get size(): number {
    return this.loaded?.heads.length ?? this.heads.size;
  }

  private get heads(): Map<string, number> {
    this.headsByItem ??= new Map(this.entries());
    return this.headsByItem;
  }

  /** Items with the number of their last entry. */
  private entries(): Iterable<[string, number]> {
    if (this.loaded === undefined) return this.heads;
    const { items, heads } = this.loaded;
    return (heads.length === 0 ? [] : items.split(SEPARATOR)).map((item, index) => [item, heads[index] as number]);
  }

  /** Adds a factor; the numerator is a safe integer. `row`: where it stands in its file. */
  add(item: string, unit: string, numerator: number, scale: number, row: number): void {
    let id = this.unitIds.get(unit);
    if (id === undefined) {
      id = this.units.push(unit) - 1;
      this.unitIds.set(unit, id);
      this.canonicals.push(this.canonical(unit));
    }
    // Only a loaded table has typed arrays, and nothing is added to it.
    (this.next as number[]).push(this.heads.get(item) ?? -1);
    this.heads.set(item, this.next.length - 1);
    (this.unitOf as number[]).push(id);
    (this.numerators as number[]).push(numerator);
    (this.scales as number[]).push(scale);
    (this.rows as number[]).push(row);
  }

  /** The factor of a canonical unit, or undefined. */
  find(item: string, canonicalUnit: string): Decimal | undefined {
    for (let entry = this.heads.get(item) ?? -1; entry >= 0; entry = this.next[entry] as number) {
      if (this.canonicals[this.unitOf[entry] as number] === canonicalUnit) return this.factor(entry);
    }
    return undefined;
  }

  /** The unit, as first written, whose factor is 1; '' where there is none. */
  baseUomOf(item: string): string {
    let found = '';
    for (let entry = this.heads.get(item) ?? -1; entry >= 0; entry = this.next[entry] as number) {
      if (this.numerators[entry] === 10 ** (this.scales[entry] as number))
        found = this.units[this.unitOf[entry] as number] as string;
    }
    return found;
  }

  private factor(entry: number): Decimal {
    return { coefficient: BigInt(this.numerators[entry] as number), scale: this.scales[entry] as number };
  }

  get(item: string): ItemPacks | undefined {
    if (!this.heads.has(item)) return undefined;
    const factors = new Map<string, Decimal>();
    for (let entry = this.heads.get(item) ?? -1; entry >= 0; entry = this.next[entry] as number) {
      factors.set(this.canonicals[this.unitOf[entry] as number] as string, this.factor(entry));
    }
    return { baseUom: this.baseUomOf(item), factors };
  }

  *[Symbol.iterator](): Generator<[string, ItemPacks]> {
    for (const item of this.heads.keys()) yield [item, this.get(item) as ItemPacks];
  }

  toColumns(): PackColumns {
    return {
      items: this.loaded?.items ?? [...this.heads.keys()].join(SEPARATOR),
      heads: this.loaded?.heads ?? Int32Array.from(this.heads.values()),
      next: Int32Array.from(this.next),
      units: this.units,
      unitOf: Int32Array.from(this.unitOf),
      numerators: Float64Array.from(this.numerators),
      scales: Uint8Array.from(this.scales),
      rows: Int32Array.from(this.rows),
    };
  }

  /** Fills an empty table; nothing can be added to it afterwards. */
  load(columns: PackColumns): void {
    this.headsByItem = undefined;
    this.loaded = columns;
    for (const unit of columns.units) {
      this.unitIds.set(unit, this.units.push(unit) - 1);
      this.canonicals.push(this.canonical(unit));
    }
    this.next = columns.next;
    this.unitOf = columns.unitOf;
    this.numerators = columns.numerators;
    this.scales = columns.scales;
    this.rows = columns.rows;
  }

  /** Entries that give their item's base unit another factor than 1, in no order. */
  findConflicts(
    baseUomOf: (item: string) => string,
  ): { readonly row: number; readonly unit: string; readonly factor: string }[] {
    const conflicts: { row: number; unit: string; factor: string }[] = [];
    const canonicalOf = new Map<string, string>();
    for (const [item, head] of this.entries()) {
      const base = baseUomOf(item);
      if (base === '') continue;
      const canonicalBase = canonicalOf.get(base) ?? this.canonical(base);
      canonicalOf.set(base, canonicalBase);
      for (let entry = head; entry >= 0; entry = this.next[entry] as number) {
        if (
          this.canonicals[this.unitOf[entry] as number] !== canonicalBase ||
          this.numerators[entry] === 10 ** (this.scales[entry] as number)
        )
          continue;
        conflicts.push({ row: this.rows[entry] as number, unit: base, factor: formatDecimal(this.factor(entry)) });
      }
    }
    return conflicts;
  }
}

/**
 * Counts the document lines of one book by attribute, by combinations of attributes and by time.
 * Bounded in memory: beyond the limits it tells less apart. Never knows which lines failed.
 */
import { CellCounts, type SortedCells } from './cell-counts.ts';

/** Attributes with many values, counted by themselves only. */
const ALONE = ['batch', 'file'] as const;
/** Each of these is counted together with type, site and time. */
const LEADING = ['interface', 'user', 'family', 'status'] as const;
type Leading = (typeof LEADING)[number];
/** In the order in which one is preferred to another that says the same: the sooner, the closer to what people act on. */
export const ATTRIBUTES = [...ALONE, ...LEADING, 'type', 'site'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
export type Attributes = Readonly<Record<Attribute, string>>;
/** Some attributes with their values. */
export type Factor = Readonly<Partial<Record<Attribute, string>>>;

/** One attribute, or two: combinations of which it is known how many lines have them. */
export const COUNTED_TOGETHER: readonly (readonly [Attribute, Attribute?])[] = [
  ...ATTRIBUTES.map((attribute) => [attribute] as const),
  ...LEADING.flatMap((leading) => [[leading, 'type'] as const, [leading, 'site'] as const]),
  ['type', 'site'],
];

/** Values of an attribute that are told apart; further ones count as ''. */
const VALUES_MAX: Readonly<Record<Attribute, number>> = {
  ...{ batch: 250_000, file: 250_000, interface: 4096, user: 4096, family: 4096, status: 4096, type: 256, site: 4096 },
};
/** One leading attribute, type and site; with the slot, below 2^53. */
const PER_SLOT = 4096 * VALUES_MAX.type * VALUES_MAX.site;
/** A time slot at its finest. */
const SLOT_MS = 1_800_000;
/** Slots are counted from here on, so that their numbers stay below 2^20 until 2059. */
const FIRST_SLOT_AT = Date.UTC(2000, 0);
/** Beyond so many cells of one table its slots are made twice as long. 12 MB. */
const CELLS_MAX = 400_000;

/** Plain data, to be sent to another thread. */
export interface PopulationData {
  readonly lines: number;
  readonly values: Readonly<Record<Attribute, readonly string[]>>;
  readonly alone: Readonly<Record<Attribute, readonly number[]>>;
  readonly tables: Readonly<Record<Leading, SortedCells & { readonly slotMs: number }>>;
}

/** Cells of one leading attribute, with type, site and slot. */
class Table {
  slotMs = SLOT_MS;
  cells = new CellCounts();
  private readonly cellsMax: number;

  constructor(cellsMax: number) {
    this.cellsMax = cellsMax;
  }

  add(place: number, at: number, lines: number): void {
    const slot = Math.max(0, (slotStart(at, this.slotMs) - FIRST_SLOT_AT) / this.slotMs);
    this.cells.add(slot * PER_SLOT + place, lines);
    if (this.cells.size > this.cellsMax) this.lengthen(this.slotMs * 2);
  }

  lengthen(slotMs: number): void {
    if (slotMs <= this.slotMs) return;
    const { cells, slotMs: shorter } = this;
    this.slotMs = slotMs;
    this.cells = new CellCounts();
    cells.visit((cell, lines) => this.add(cell % PER_SLOT, startOf(cell, shorter), lines));
  }
}

/** First moment of the slot that a moment lies in. */
export function slotStart(at: number, slotMs: number): number {
  return Math.floor((at - FIRST_SLOT_AT) / slotMs) * slotMs + FIRST_SLOT_AT;
}

/** First moment of a cell's slot. */
function startOf(cell: number, slotMs: number): number {
  return Math.floor(cell / PER_SLOT) * slotMs + FIRST_SLOT_AT;
}

export class PopulationCounts {
  lines = 0;
  private readonly ids = byAttribute(() => new Map([['', 0]]));
  private readonly values = byAttribute(() => ['']);
  private readonly alone = byAttribute((): number[] => [0]);
  private readonly tables: Readonly<Record<Leading, Table>>;
  /** Numbers of the values of one line, kept here so that ten million lines make no garbage. */
  private readonly current = byAttribute(() => 0);
  /** What was asked for once; counting forgets it. */
  private readonly asked = new Map<string, Map<number, Map<number, number>>>();

  constructor(cellsMax = CELLS_MAX) {
    this.tables = byLeading(() => new Table(cellsMax));
  }

  add(attributes: Attributes, at: number): void {
    for (const attribute of ATTRIBUTES) this.current[attribute] = this.idOf(attribute, attributes[attribute]);
    this.addByIds(this.current, at);
  }

  /** Counts a line by the numbers that `idOf` gave its values. */
  addByIds(ids: Readonly<Record<Attribute, number>>, at: number): void {
    this.lines++;
    if (this.asked.size > 0) this.asked.clear();
    for (const attribute of ATTRIBUTES) {
      const id = ids[attribute];
      this.alone[attribute][id] = (this.alone[attribute][id] ?? 0) + 1;
    }
    for (const leading of LEADING) this.tables[leading].add(placeOf(ids[leading], ids.type, ids.site), at, 1);
  }

  /** The number of a value, which it keeps; 0 for '' and beyond the values that are told apart. To be asked in the order of the lines. */
  idOf(attribute: Attribute, value: string): number {
    const ids = this.ids[attribute];
    const known = ids.get(value);
    if (known !== undefined) return known;
    if (ids.size >= VALUES_MAX[attribute]) return 0;
    const id = this.values[attribute].push(value) - 1;
    ids.set(value, id);
    return id;
  }

  toData(): PopulationData {
    const tables = byLeading((leading) => ({
      slotMs: this.tables[leading].slotMs,
      ...this.tables[leading].cells.inOrder(),
    }));
    return { lines: this.lines, values: this.values, alone: this.alone, tables };
  }

  /** Adds what another thread counted. */
  merge(data: PopulationData): void {
    this.asked.clear();
    this.lines += data.lines;
    const ids = byAttribute((attribute) => data.values[attribute].map((value) => this.idOf(attribute, value)));
    const own = (attribute: Attribute, id: number): number => ids[attribute][id] as number;
    for (const attribute of ATTRIBUTES)
      for (const [id, lines] of data.alone[attribute].entries()) {
        const to = own(attribute, id);
        this.alone[attribute][to] = (this.alone[attribute][to] ?? 0) + lines;
      }
    for (const leading of LEADING) {
      const { slotMs, cells, counts } = data.tables[leading];
      this.tables[leading].lengthen(slotMs);
      for (const [position, cell] of cells.entries()) {
        const [first, type, site] = split(cell);
        const place = placeOf(own(leading, first), own('type', type), own('site', site));
        this.tables[leading].add(place, startOf(cell, slotMs), counts[position] as number);
      }
    }
  }

  /** Lines that have these values; undefined where the combination was not counted. */
  linesWith(factor: Factor): number | undefined {
    const [only, more] = Object.keys(factor) as Attribute[];
    if (only === undefined) return this.lines;
    if (more === undefined) return this.alone[only][this.ids[only].get(factor[only] as string) ?? -1] ?? 0;
    const slots = this.linesBySlot(factor)?.slots;
    return slots && [...slots.values()].reduce((sum, lines) => sum + lines, 0);
  }

  /** Lines that have these values by the start of their slot, in the order of time; undefined where the combination was not counted by time. */
  linesBySlot(factor: Factor): { readonly slotMs: number; readonly slots: ReadonlyMap<number, number> } | undefined {
    const attributes = Object.keys(factor) as Attribute[];
    const leading = LEADING.filter((attribute) => attributes.includes(attribute));
    const [lead = 'interface'] = leading;
    if (leading.length > 1 || attributes.some((attribute) => (ALONE as readonly Attribute[]).includes(attribute)))
      return undefined;
    const idOf = (attribute: Attribute): number => {
      const value = factor[attribute];
      return value === undefined ? 0 : (this.ids[attribute].get(value) ?? -1);
    };
    const ids = [idOf(lead), idOf('type'), idOf('site')] as const;
    const { slotMs } = this.tables[lead];
    const slots = ids.includes(-1) ? undefined : this.marginal(lead, attributes).get(placeOf(...ids));
    return { slotMs, slots: slots ?? new Map() };
  }

  /** Lines of one table by the values of these attributes, then by the start of their slot; cells are visited by time. */
  private marginal(leading: Leading, attributes: readonly Attribute[]): Map<number, Map<number, number>> {
    const name = `${leading} ${[...attributes].sort().join()}`;
    const known = this.asked.get(name);
    if (known !== undefined) return known;
    const sums = new Map<number, Map<number, number>>();
    const { slotMs } = this.tables[leading];
    const { cells, counts } = this.tables[leading].cells.inOrder();
    const keep = (attribute: Attribute, id: number): number => (attributes.includes(attribute) ? id : 0);
    for (const [position, cell] of cells.entries()) {
      const [first, type, site] = split(cell);
      const place = placeOf(keep(leading, first), keep('type', type), keep('site', site));
      const slots = sums.get(place) ?? new Map<number, number>();
      const start = startOf(cell, slotMs);
      sums.set(place, slots.set(start, (slots.get(start) ?? 0) + (counts[position] as number)));
    }
    this.asked.set(name, sums);
    return sums;
  }
}

function placeOf(leading: number, type: number, site: number): number {
  return (leading * VALUES_MAX.type + type) * VALUES_MAX.site + site;
}

/** Numbers of the leading value, the type and the site of a cell. */
function split(cell: number): [number, number, number] {
  const place = cell % PER_SLOT;
  const rest = Math.floor(place / VALUES_MAX.site);
  return [Math.floor(rest / VALUES_MAX.type), rest % VALUES_MAX.type, place % VALUES_MAX.site];
}

function byAttribute<T>(make: (attribute: Attribute) => T): Record<Attribute, T> {
  return Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, make(attribute)])) as Record<Attribute, T>;
}

function byLeading<T>(make: (leading: Leading) => T): Record<Leading, T> {
  return Object.fromEntries(LEADING.map((leading) => [leading, make(leading)])) as Record<Leading, T>;
}

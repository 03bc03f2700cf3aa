/**
 * Answers what is asked of the lines of one run: pages in any order, sums, groups. What was worked out once is remembered,
 * because a kept run never changes. Never reads files.
 */
import type { DiscrepancyLine, LineSums } from '../../contract/run.ts';
import { type LineColumns, lineAt } from './line-columns.ts';
import { type LineFilter, markLines } from './line-filter.ts';
import { countBlocks, findMarked } from './line-jumps.ts';
import { type LineOrder, orderLines } from './line-order.ts';
import { type GroupColumn, type GroupSums, sumGroups, sumLines } from './line-sums.ts';

/** Which lines are meant. `sites`: those that the asker may see, null for all. */
export interface LineSelection {
  readonly filter: LineFilter;
  readonly sites: readonly string[] | null;
}

/** The last line of the page before: where it stood in the order, and its rank, by which a foreign one is told. */
export interface LinePlace {
  readonly position: number;
  readonly rank: number;
}

export interface LinePage {
  readonly lines: DiscrepancyLine[];
  /** The last line of this page where others follow. */
  readonly next: LinePlace | undefined;
  /** Of all lines that fit. */
  readonly sums: LineSums;
}

interface Marked {
  readonly marks: Uint8Array;
  readonly sums: LineSums;
  /** For each order in which somebody jumped: how many lines fit before each block of it. */
  readonly jumps: Map<Uint32Array, Uint32Array>;
}

export interface PageLimits {
  readonly after: LinePlace | undefined;
  /** How many of the lines that fit come before the page; instead of `after`. */
  readonly offset?: number | undefined;
  readonly limit: number;
  /** Marks that a line must have too. */
  readonly limits?: NamedMarks | undefined;
}

/** Answers of one byte a line; the oldest make room. */
const MARKED_MAX = 24;

export class LineBook {
  readonly columns: LineColumns;
  private readonly marked = new Map<string, Marked>();
  private readonly orders = new Map<string, Uint32Array>();

  constructor(columns: LineColumns) {
    this.columns = columns;
  }

  /** undefined: there is no such place. */
  page(selection: LineSelection, order: LineOrder, { after, offset, limit, limits }: PageLimits): LinePage | undefined {
    const marked = this.mark(selection, limits);
    const { marks, sums } = marked;
    const positions = this.order(order);
    if (after !== undefined && positions[after.position] !== after.rank - 1) return undefined;
    const found: number[] = [];
    let last = offset === undefined ? (after?.position ?? -1) + 1 : jump(marked, positions, offset);
    for (; last < positions.length; last++) {
      if (marks[positions[last] as number] !== 1) continue;
      if (found.length === limit) break;
      found.push(last);
    }
    const end = found.at(-1);
    const hasMore = last < positions.length && end !== undefined;
    return {
      lines: found.map((position) => lineAt(this.columns, positions[position] as number)),
      next: hasMore ? { position: end, rank: (positions[end] as number) + 1 } : undefined,
      sums,
    };
  }

  groups(selection: LineSelection, by: GroupColumn, limits?: NamedMarks): GroupSums[] {
    return sumGroups(this.columns, this.mark(selection, limits).marks, by);
  }

  sums(selection: LineSelection, limits?: NamedMarks): LineSums {
    return this.mark(selection, limits).sums;
  }

  /** Makes an order before it is asked for. */
  order(order: LineOrder): Uint32Array {
    const name = JSON.stringify([order.by, order.isReversed]);
    const known = this.orders.get(name) ?? orderLines(this.columns, order);
    this.orders.set(name, known);
    return known;
  }

  private mark({ filter, sites }: LineSelection, limits: NamedMarks | undefined): Marked {
    const name = JSON.stringify([filter, sites, limits?.name]);
    let known = this.marked.get(name);
    if (known === undefined) {
      const marks = markLines(this.columns, filter, sites);
      if (limits !== undefined) for (const [index, mark] of limits.marks().entries()) if (mark === 0) marks[index] = 0;
      known = { marks, sums: sumLines(this.columns, marks), jumps: new Map() };
      const [oldest] = this.marked.keys();
      if (this.marked.size >= MARKED_MAX && oldest !== undefined) this.marked.delete(oldest);
    } else this.marked.delete(name);
    this.marked.set(name, known);
    return known;
  }
}

/** Marks, and the name by which they are remembered. */
export interface NamedMarks {
  readonly name: string;
  /** Asked for only where they are not remembered. */
  readonly marks: () => Uint8Array;
}

/** Where in an order the line stands that has `offset` fitting ones before it; behind all where there are not so many. */
function jump({ marks, sums, jumps }: Marked, positions: Uint32Array, offset: number): number {
  if (sums.discrepancies === marks.length || offset === 0) return Math.min(offset, positions.length);
  const counts = jumps.get(positions) ?? countBlocks(marks, positions);
  jumps.set(positions, counts);
  return findMarked(marks, positions, counts, offset);
}

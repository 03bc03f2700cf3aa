/**
 * Answers what is asked of the lines of one run: pages in any order, sums, groups. What was worked out once is remembered,
 * because a kept run never changes. Never reads files.
 */
import type { DiscrepancyLine, LineSums } from '../../contract/run.ts';
import { type CodedColumn, type LineColumns, lineAt } from './line-columns.ts';
import { type LineFilter, markLines } from './line-filter.ts';
import { type LineOrder, orderLines } from './line-order.ts';
import { type GroupSums, sumGroups, sumLines } from './line-sums.ts';

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

  /** `limits`: marks that a line must have too, and the name by which they are remembered. undefined: there is no such place. */
  page(
    selection: LineSelection,
    order: LineOrder,
    { after, limit, limits }: { after: LinePlace | undefined; limit: number; limits?: NamedMarks | undefined },
  ): LinePage | undefined {
    const { marks, sums } = this.mark(selection, limits);
    const positions = this.order(order);
    if (after !== undefined && positions[after.position] !== after.rank - 1) return undefined;
    const found: number[] = [];
    let last = (after?.position ?? -1) + 1;
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

  groups(selection: LineSelection, by: CodedColumn, limits?: NamedMarks): GroupSums[] {
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
      known = { marks, sums: sumLines(this.columns, marks) };
      const [oldest] = this.marked.keys();
      if (this.marked.size >= MARKED_MAX && oldest !== undefined) this.marked.delete(oldest);
    } else this.marked.delete(name);
    this.marked.set(name, known);
    return known;
  }
}

export interface NamedMarks {
  readonly name: string;
  /** Asked for only where they are not remembered. */
  readonly marks: () => Uint8Array;
}

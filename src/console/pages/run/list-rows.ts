/**
 * Puts groups and their lines one under the other as the rows of one list, however long it is. Decides which row is what;
 * never loads a line.
 */
import type { Answer } from '../../api/ask.ts';
import type { Line, LineStore } from './line-store.ts';

export type Group = Answer<'GET /runs/{id}/groups'>['groups'][number];

/** A part of the list: the lines of one group under its row, or all of them where there are no groups. */
export interface Section {
  readonly group: Group | undefined;
  /** undefined: its lines are not shown. */
  readonly store: LineStore | undefined;
  readonly lines: number;
}

export type ListRow =
  | { readonly kind: 'group'; readonly group: Group; readonly isOpen: boolean }
  | { readonly kind: 'line'; readonly line: Line | undefined };

interface Placed {
  readonly section: Section;
  /** −1: the row of the group itself. */
  readonly at: number;
}

export class ListRows {
  readonly count: number;
  private readonly sections: readonly Section[];
  private readonly starts: readonly number[];

  constructor(sections: readonly Section[]) {
    const starts: number[] = [];
    let count = 0;
    for (const { group, store, lines } of sections) {
      starts.push(count);
      count += (group === undefined ? 0 : 1) + (store === undefined ? 0 : lines);
    }
    this.sections = sections;
    this.starts = starts;
    this.count = count;
  }

  rowAt(index: number): ListRow {
    const { section, at } = this.place(index);
    if (at === -1) return { kind: 'group', group: section.group as Group, isOpen: section.store !== undefined };
    return { kind: 'line', line: section.store?.lineAt(at) };
  }

  /** Says which rows are seen, to those that have to load them. */
  show(first: number, last: number): void {
    for (const [index, { group, store, lines }] of this.sections.entries()) {
      const start = (this.starts[index] as number) + (group === undefined ? 0 : 1);
      const [from, to] = [Math.max(first, start) - start, Math.min(last, start + lines - 1) - start];
      if (store !== undefined && from <= to) store.show(from, to);
    }
  }

  /** The lines between two rows, rows of groups left out. */
  async linesBetween(first: number, last: number): Promise<readonly Line[]> {
    const found: Line[] = [];
    for (const [index, { group, store, lines }] of this.sections.entries()) {
      const start = (this.starts[index] as number) + (group === undefined ? 0 : 1);
      const [from, to] = [Math.max(first, start) - start, Math.min(last, start + lines - 1) - start];
      if (store !== undefined && from <= to) found.push(...(await store.between(from, to)));
    }
    return found;
  }

  private place(index: number): Placed {
    let [low, high] = [0, this.sections.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] as number) <= index) low = middle;
      else high = middle;
    }
    const section = this.sections[low] as Section;
    const at = index - (this.starts[low] as number);
    return { section, at: section.group === undefined ? at : at - 1 };
  }
}

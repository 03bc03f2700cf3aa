/**
 * Decides how a table fits a terminal: natural widths, flexible columns cut with … and optional ones left out.
 * Never prints and never colours; cells come in as safe one-line text.
 */
import Table from 'cli-table3';
import { fitText, widthMax } from './plain-text.ts';

/** One column. `flexible`: may be cut down to `least` columns. `optional`: left out, highest number first, where the table is too wide. */
export interface TerminalColumn {
  readonly header: string;
  readonly align: 'left' | 'right';
  readonly flexible?: boolean;
  readonly least?: number;
  readonly optional?: number;
}

const GAP = 2;
const NO_BORDER = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/** Lays rows out in columns within `width`; returns the lines without trailing blanks, the header first. */
export function renderColumns(
  columns: readonly TerminalColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const natural = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthMax(row[index] ?? '')), widthMax(column.header)),
  );
  const kept = keptColumns(columns, natural, width);
  const widths = shrink(columns, natural, kept, width);
  const cut = (cells: readonly string[]) => kept.map((index, place) => fitText(cells[index] ?? '', widths[place] ?? 1));
  const table = new Table({
    chars: NO_BORDER,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: kept.map((index) => columns[index]?.align ?? 'left'),
    colWidths: widths.map((each, place) => each + (place === 0 ? 0 : GAP)),
  });
  const spaced = (cells: readonly string[]) =>
    cut(cells).map((text, place) =>
      place > 0 && columns[kept[place] ?? 0]?.align === 'left' ? ' '.repeat(GAP) + text : text,
    );
  table.push(spaced(columns.map((column) => column.header)), ...rows.map(spaced));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Indexes of the columns that stay: optional ones go until the rest fits with flexible columns at their least width. */
function keptColumns(columns: readonly TerminalColumn[], natural: readonly number[], width: number): number[] {
  let kept = columns.map((_, index) => index);
  const leastTotal = () =>
    kept.reduce((sum, index) => sum + leastWidth(columns[index], natural[index] ?? 0), GAP * (kept.length - 1));
  while (leastTotal() > width) {
    const last = kept.reduce(
      (found, index) => ((columns[index]?.optional ?? 0) > (columns[found]?.optional ?? 0) ? index : found),
      kept[0] ?? 0,
    );
    if (columns[last]?.optional === undefined) break;
    kept = kept.filter((index) => index !== last);
  }
  return kept;
}

function leastWidth(column: TerminalColumn | undefined, natural: number): number {
  return column?.flexible === true ? Math.min(natural, column.least ?? 6) : natural;
}

/** Takes the missing columns from the widest flexible one, one by one, until the table fits. */
function shrink(
  columns: readonly TerminalColumn[],
  natural: readonly number[],
  kept: readonly number[],
  width: number,
): number[] {
  const widths = kept.map((index) => natural[index] ?? 0);
  let over = widths.reduce((sum, each) => sum + each, GAP * (kept.length - 1)) - width;
  while (over > 0) {
    let widest = -1;
    for (const [place, index] of kept.entries()) {
      const column = columns[index];
      const each = widths[place] ?? 0;
      if (column?.flexible === true && each > (column.least ?? 6) && each > (widths[widest] ?? 0)) widest = place;
    }
    if (widest < 0) break;
    // A cell from a file may be thousands of characters wide: step by more than 1 while far off.
    const step = Math.max(1, Math.min(over, Math.floor(((widths[widest] ?? 0) - 80) / 2)));
    widths[widest] = (widths[widest] ?? 0) - step;
    over -= step;
  }
  return widths;
}

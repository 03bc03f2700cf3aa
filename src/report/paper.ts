/**
 * Decides how prose and tables are set on a terminal: its width, its colours, wrapped lines, titles.
 * Never writes to a stream.
 */
import colors from 'picocolors';
import { fitText, safeText, wrapText } from './plain-text.ts';
import { renderColumns, type TerminalColumn } from './terminal-table.ts';

export interface Paper {
  readonly width: number;
  readonly paint: ReturnType<typeof colors.createColors>;
}

const NARROWEST = 48;
/** Longer lines of prose are hard to follow, however wide the terminal is. */
export const PROSE_WIDTH_MAX = 100;

/** `width`: columns of the terminal. `color`: whether to emit ANSI colours. */
export function paperOf({ width, color }: { readonly width: number; readonly color: boolean }): Paper {
  return { width: Math.max(NARROWEST, width), paint: colors.createColors(color) };
}

export function prose(text: string, paper: Paper, first = '', rest = first): string {
  return wrapText(safeText(text), Math.min(paper.width, PROSE_WIDTH_MAX), first, rest);
}

/** A title, a header and rows; cells are safe one-line text. */
export function table(
  title: string,
  columns: readonly TerminalColumn[],
  rows: readonly (readonly string[])[],
  paper: Paper,
): string {
  const [header = '', ...body] = renderColumns(columns, rows, paper.width);
  return [paper.paint.bold(fitText(title, paper.width)), paper.paint.dim(header), ...body].join('\n');
}

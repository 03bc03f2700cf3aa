/**
 * Decides which cells a sheet's XML holds, row by row.
 * Never fills gaps: a sheet with one cell in its last row and column costs one cell.
 */

import type { Parsed } from '../../core/model/rejection.ts';
import { type CellContext, cellText, type StoredCell } from './cell-text.ts';
import type { NumberFormat } from './number-format.ts';
import { damaged, type WorkbookArchive } from './workbook-archive.ts';
import { type XmlHandler, xmlEvents } from './xml-events.ts';

/** A cell that holds something. `column` counts from 0 (A). `shown` is the formula or value behind a fault. */
export interface SheetCell {
  readonly column: number;
  readonly value: Parsed<string | null>;
  readonly shown: string;
}

/** `row` as the spreadsheet shows it, from 1. */
export interface SheetRow {
  readonly row: number;
  readonly cells: readonly SheetCell[];
}

/** What the cells of one workbook refer to. */
export interface SheetContext extends CellContext {
  readonly formats: readonly NumberFormat[];
}

const ROWS_MAX = 1_048_576;
const COLUMNS_MAX = 16_384;
const PLAIN: NumberFormat = { kind: 'plain' };

/** Yields batches of at least `rowsMin` rows but the last; rows without cells are left out. Throws refusals, even after some batches. */
export async function* sheetRows(
  archive: WorkbookArchive,
  part: string,
  context: SheetContext,
  rowsMin: number,
): AsyncGenerator<readonly SheetRow[]> {
  const reader = new SheetReader(archive.fileName, context);
  for await (const _ of xmlEvents(archive, part, reader)) {
    if (reader.rows.length >= rowsMin) yield reader.takeRows();
  }
  if (reader.rows.length > 0) yield reader.takeRows();
}

/** The letters of a column as the spreadsheet shows them; 0 is A. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

class SheetReader implements XmlHandler {
  rows: SheetRow[] = [];
  readonly #fileName: string;
  readonly #context: SheetContext;
  #row = 0;
  #cells: SheetCell[] = [];
  #column = -1;
  #type = '';
  #format: NumberFormat = PLAIN;
  #stored: string | null = null;
  #formula: string | null = null;
  #capture: 'value' | 'formula' | 'none' = 'none';
  #inCell = false;
  #phonetic = false;

  constructor(fileName: string, context: SheetContext) {
    this.#fileName = fileName;
    this.#context = context;
  }

  takeRows(): readonly SheetRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes['r']);
    else if (name === 'c') this.#openCell(attributes);
    else if (!this.#inCell) return;
    else if (name === 'v' || (name === 't' && !this.#phonetic)) {
      this.#stored ??= '';
      this.#capture = 'value';
    } else if (name === 'f') {
      this.#formula = '';
      this.#capture = 'formula';
    } else if (name === 'rPh') this.#phonetic = true;
  }

  text(text: string): void {
    if (this.#capture === 'value') this.#stored += text;
    else if (this.#capture === 'formula') this.#formula += text;
  }

  close(name: string): void {
    this.#capture = 'none';
    if (name === 'rPh') this.#phonetic = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row' && this.#cells.length > 0) {
      this.rows.push({ row: this.#row, cells: this.#cells });
      this.#cells = [];
    }
  }

  #openRow(reference: string | undefined): void {
    const row = reference === undefined ? this.#row + 1 : Number(reference);
    if (!Number.isInteger(row) || row <= this.#row || row > ROWS_MAX) {
      throw damaged(
        this.#fileName,
        `row ${reference ?? row} stands after row ${this.#row}; rows ascend up to ${ROWS_MAX}`,
      );
    }
    this.#row = row;
    this.#column = -1;
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const reference = attributes['r'];
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (this.#column < 0 || this.#column >= COLUMNS_MAX)
      throw damaged(this.#fileName, `row ${this.#row}: there is no column of cell ${reference ?? this.#column}`);
    this.#type = attributes['t'] ?? '';
    this.#format = this.#context.formats[Number(attributes['s'] ?? 0)] ?? PLAIN;
    this.#stored = null;
    this.#formula = null;
    this.#inCell = true;
  }

  #closeCell(): void {
    this.#inCell = false;
    const cell: StoredCell = {
      type: this.#type,
      formula: this.#formula !== null,
      stored: this.#stored,
      format: this.#format,
    };
    const value = cellText(cell, this.#context);
    if (value.ok && value.value === null) return;
    if (!value.ok && value.fault.scope === 'file') {
      throw damaged(this.#fileName, `cell ${columnLetters(this.#column)}${this.#row}: ${value.fault.reason}`);
    }
    if (this.#cells.length >= COLUMNS_MAX)
      throw damaged(this.#fileName, `row ${this.#row} holds more than ${COLUMNS_MAX} cells`);
    this.#cells.push({ column: this.#column, value, shown: value.ok ? '' : this.#stored || `=${this.#formula ?? ''}` });
  }
}

/** Column of a reference such as XFD1048576, from 0; -1 where it is none. */
function columnOf(reference: string): number {
  let column = 0;
  let at = 0;
  for (; at < reference.length && at < 4; at += 1) {
    const letter = (reference.charCodeAt(at) | 32) - 96;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return at === 0 || at > 3 ? -1 : column - 1;
}

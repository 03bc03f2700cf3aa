/**
 * Decides how a sheet of an .xlsx workbook becomes a table: which row names the columns and which rows hold data.
 * Never evaluates a formula and never reads a second sheet.
 */
import { Failure } from '../../core/model/failure.ts';
import type { RawRow, RawTable, ReadOptions } from '../raw-table.ts';
import { columnLetters, type SheetCell, type SheetContext, type SheetRow, sheetRows } from './sheet-rows.ts';
import { damaged, openWorkbookArchive, type WorkbookArchive } from './workbook-archive.ts';
import { chooseSheet, readNumberFormats, readSharedStrings, readWorkbook } from './workbook-parts.ts';

const BATCH_ROWS_MIN = 1000;
const COLUMNS_MAX = 10_000;

/** `columns` holds, for each name of `header`, its column in the sheet, from 0. */
interface Layout {
  readonly header: readonly string[];
  readonly columns: readonly number[];
  readonly firstDataRow: number;
  /** Where the columns have no names, a value beside them would get lost, so its row is at fault. */
  readonly strayIsFault: boolean;
}

/**
 * Opens one sheet: `options.sheet`, else the first visible one. The first row with a value after `options.skipRows`
 * is the header; columns without a name are left out. With `header: false` the columns are named A, B, C … as far as
 * the first row reaches. Rows without any value are left out; `row` is the sheet's own row number.
 * Throws Failure: `refused` for files that must not be read, `unreachable` where the file cannot be opened. Damage far
 * inside the sheet is thrown while iterating, so rows count only once the iteration has ended.
 */
export async function readXlsx(path: string, options: ReadOptions): Promise<RawTable> {
  const archive = await openWorkbookArchive(path);
  try {
    const workbook = await readWorkbook(archive);
    const { part } = chooseSheet(workbook, options.sheet, archive.fileName);
    const context: SheetContext = {
      date1904: workbook.date1904,
      formats: await readNumberFormats(archive, workbook.stylesPart),
      sharedStrings: await readSharedStrings(archive, workbook.sharedStringsPart),
    };
    const layout = await readLayout(archive, part, context, options);
    return { header: layout.header, batches: readBatches(path, part, context, layout) };
  } finally {
    archive.close();
  }
}

/** Reads the sheet up to its header. The file is opened again for the rows, so a table that nobody iterates keeps nothing open. */
async function readLayout(
  archive: WorkbookArchive,
  part: string,
  context: SheetContext,
  options: ReadOptions,
): Promise<Layout> {
  const skipRows = options.skipRows ?? 0;
  for await (const rows of sheetRows(archive, part, context, 1)) {
    const first = rows.find((row) => row.row > skipRows && row.cells.some(holdsValue));
    if (first !== undefined)
      return boundedLayout(
        options.header === false ? layoutByLetters(first) : layoutByNames(first, archive.fileName),
        first.row,
        archive.fileName,
      );
  }
  throw new Failure(
    'refused',
    'EMPTY',
    `${archive.fileName}: the sheet has no row with a value${skipRows > 0 ? ` after row ${skipRows}` : ''}; an empty sheet is never zero stock.`,
    'Export the sheet again, or name another under sheet.',
  );
}

function layoutByNames(first: SheetRow, fileName: string): Layout {
  const named: { column: number; name: string }[] = [];
  for (const cell of first.cells) {
    if (!cell.value.ok) {
      throw new Failure(
        'refused',
        'HEADER_UNREADABLE',
        `${fileName}: header cell ${columnLetters(cell.column)}${first.row} holds ${cell.shown}: ${cell.value.fault.reason}.`,
        'Write the names of the columns as text.',
      );
    }
    const name = cell.value.value ?? '';
    if (name.trim() !== '') named.push({ column: cell.column, name });
  }
  return {
    header: named.map((each) => each.name),
    columns: named.map((each) => each.column),
    firstDataRow: first.row + 1,
    strayIsFault: false,
  };
}

function boundedLayout(layout: Layout, row: number, fileName: string): Layout {
  if (layout.header.length > COLUMNS_MAX) {
    throw new Failure(
      'refused',
      'TOO_MANY_COLUMNS',
      `${fileName}: row ${row} has ${layout.header.length} columns; at most ${COLUMNS_MAX} are read.`,
      'Export only the columns that are needed.',
    );
  }
  return layout;
}

function layoutByLetters(first: SheetRow): Layout {
  const width = Math.max(...first.cells.filter(holdsValue).map((cell) => cell.column)) + 1;
  const columns = Array.from({ length: width }, (_, column) => column);
  return { header: columns.map(columnLetters), columns, firstDataRow: first.row, strayIsFault: true };
}

async function* readBatches(
  path: string,
  part: string,
  context: SheetContext,
  layout: Layout,
): AsyncGenerator<readonly RawRow[]> {
  const archive = await openWorkbookArchive(path);
  try {
    const targets = new Map(layout.columns.map((column, index) => [column, index]));
    for await (const rows of sheetRows(archive, part, context, BATCH_ROWS_MIN)) {
      const batch: RawRow[] = [];
      for (const row of rows) {
        if (row.row < layout.firstDataRow) continue;
        const raw = rawRow(row, layout, targets, archive.fileName);
        if (raw !== undefined) batch.push(raw);
      }
      if (batch.length > 0) yield batch;
    }
  } finally {
    archive.close();
  }
}

/** undefined for a row whose columns are all empty. */
function rawRow(
  row: SheetRow,
  layout: Layout,
  targets: ReadonlyMap<number, number>,
  fileName: string,
): RawRow | undefined {
  const values: (string | null)[] = new Array(layout.header.length).fill(null);
  let fault: RawRow['fault'];
  let empty = true;
  for (const cell of row.cells) {
    const target = targets.get(cell.column);
    if (target === undefined) {
      if (!layout.strayIsFault || !holdsValue(cell)) continue;
      const last = layout.header.length - 1;
      fault ??= {
        column: last,
        value: cell.value.ok ? (cell.value.value ?? '') : cell.shown,
        reason: `a value in column ${columnLetters(cell.column)}; the first row ends at column ${layout.header[last]}`,
      };
      empty = false;
    } else if (!cell.value.ok) {
      fault ??= { column: target, value: cell.shown, reason: cell.value.fault.reason };
      empty = false;
    } else {
      if (values[target] !== null)
        throw damaged(fileName, `cell ${columnLetters(cell.column)}${row.row} stands there twice`);
      values[target] = cell.value.value;
      empty &&= cell.value.value === '';
    }
  }
  if (empty) return undefined;
  return fault === undefined ? { row: row.row, values } : { row: row.row, values, fault };
}

function holdsValue(cell: SheetCell): boolean {
  return !cell.value.ok || (cell.value.value ?? '') !== '';
}

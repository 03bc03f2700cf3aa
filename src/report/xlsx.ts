/**
 * Decides what a spreadsheet gets: numbers as numeric cells where a double holds them exactly, all else as text.
 * Never rounds: an amount that a double cannot hold stays text.
 */
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { CellValue, ColumnDef } from 'hucre/xlsx';
import type { DiscrepancyColumn, DiscrepancyLine, GroupTotals, Report, RunDocument } from '../contract/run.ts';
import { DISCREPANCY_COLUMNS, NUMERIC_DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { formatTime, openingSentences } from './wording.ts';

/** Up to here the workbook is built whole, with Summary and filter (about 2 s); beyond, sheets are streamed in flat memory. */
const WHOLE_LINES_MAX = 30_000;
/** A sheet holds 1,048,576 rows, the header among them. */
const SHEET_ROWS_MAX = 1_048_576;
/** Excel calls a workbook damaged where a cell's text is longer. */
const CELL_LENGTH_MAX = 32_767;

const NUMERIC = new Set<string>(NUMERIC_DISCREPANCY_COLUMNS);
const MONEY = new Set<string>(['unit_cost', 'variance_value', 'impact_value']);
const WIDTHS: Partial<Record<DiscrepancyColumn, number>> = {
  rank: 7,
  site: 10,
  item: 18,
  description: 32,
  action: 32,
  direction: 17,
  first_seen: 20,
};

/** What differs between a test and a run: the limits above. */
export interface XlsxLimits {
  readonly wholeLinesMax?: number;
  readonly sheetRowsMax?: number;
}

/** A decimal as a number where a double holds it exactly (at most 15 significant digits), else as text; '' as an empty cell. */
export function numericCell(decimal: string): number | string | null {
  if (decimal === '') return null;
  if (!/^-?\d+(\.\d+)?$/.test(decimal)) return decimal;
  const significant = decimal.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return significant.length <= 15 ? Number(decimal) : decimal;
}

type Columns = readonly DiscrepancyColumn[];

function textCell(text: string): string | null {
  return text === '' ? null : text.slice(0, CELL_LENGTH_MAX);
}

function lineCells(line: DiscrepancyLine, columns: Columns = DISCREPANCY_COLUMNS): CellValue[] {
  return columns.map((name) => (NUMERIC.has(name) ? numericCell(line[name]) : textCell(line[name])));
}

function lineColumns(withHeader: boolean, columns: Columns = DISCREPANCY_COLUMNS): ColumnDef[] {
  return columns.map((name) => ({
    ...(withHeader ? { header: name } : {}),
    width: WIDTHS[name] ?? Math.max(11, name.length + 3),
    ...(MONEY.has(name) ? { numFmt: '#,##0.00######' } : {}),
  }));
}

/**
 * Writes an .xlsx workbook: sheets Discrepancies and Summary, header frozen, filter on.
 * More than 30,000 lines are streamed: then without Summary and filter, and beyond 1,048,575 lines on
 * Discrepancies_2, Discrepancies_3 and so on, each with the header.
 */
export async function writeXlsx(path: string, report: Report, limits: XlsxLimits = {}): Promise<void> {
  const wholeLinesMax = limits.wholeLinesMax ?? WHOLE_LINES_MAX;
  const iterator = report.lines[Symbol.iterator]();
  const head: DiscrepancyLine[] = [];
  let next = iterator.next();
  while (next.done !== true && head.length < wholeLinesMax) {
    head.push(next.value);
    next = iterator.next();
  }
  if (next.done === true) return await writeWhole(path, report.run, head);
  const pending = next.value;
  function* rows(): Generator<CellValue[]> {
    for (const line of head) yield lineCells(line);
    yield lineCells(pending);
    for (let more = iterator.next(); more.done !== true; more = iterator.next()) yield lineCells(more.value);
  }
  await writeStreamed(path, rows(), limits.sheetRowsMax ?? SHEET_ROWS_MAX);
}

async function writeWhole(path: string, run: RunDocument, lines: readonly DiscrepancyLine[]): Promise<void> {
  const { writeXlsx: writeWorkbook, rangeRef } = await import('hucre/xlsx');
  const last = DISCREPANCY_COLUMNS.length - 1;
  const bytes = await writeWorkbook({
    // The run's own time, so that the same run gives the same bytes.
    properties: { title: `Stock discrepancies, run ${run.run_id}`, modified: new Date(run.finished_at) },
    sheets: [
      {
        name: 'Discrepancies',
        columns: lineColumns(false),
        rows: [[...DISCREPANCY_COLUMNS], ...lines.map((line) => lineCells(line))],
        cells: new Map(DISCREPANCY_COLUMNS.map((_, column) => [`0,${column}`, { style: { font: { bold: true } } }])),
        freezePane: { rows: 1 },
        autoFilter: { range: rangeRef(0, 0, lines.length, last) },
      },
      {
        name: 'Summary',
        columns: [{ width: 30 }, ...Array.from({ length: 9 }, () => ({ width: 18 }))],
        rows: summaryRows(run),
      },
    ],
  });
  await writeFile(path, bytes);
}

async function writeStreamed(path: string, rows: Iterable<CellValue[]>, sheetRowsMax: number): Promise<void> {
  await pipeline(Readable.fromWeb(await workbookOf(rows, sheetRowsMax)), createWriteStream(path));
}

async function workbookOf(
  rows: Iterable<CellValue[]> | AsyncIterable<CellValue[]>,
  sheetRowsMax: number,
  columns: Columns = DISCREPANCY_COLUMNS,
): Promise<ReadableStream<Uint8Array>> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  return writeXlsxStream(rows, {
    name: 'Discrepancies',
    columns: lineColumns(true, columns),
    freezePane: { rows: 1 },
    maxRowsPerSheet: sheetRowsMax,
    zip64: true,
  }) as ReadableStream<Uint8Array>;
}

/** A workbook of lines that arrive in batches: the sheet Discrepancies alone, in flat memory, however many there are. */
export async function streamXlsx(
  batches: AsyncIterable<readonly DiscrepancyLine[]>,
  columns: Columns,
): Promise<Readable> {
  async function* rows(): AsyncGenerator<CellValue[]> {
    for await (const batch of batches) for (const line of batch) yield lineCells(line, columns);
  }
  return Readable.fromWeb(await workbookOf(rows(), SHEET_ROWS_MAX, columns));
}

const GROUP_HEADER = [
  'keys',
  'keys_in_sync',
  'keys_timing_only',
  'discrepancies',
  'gross_variance_quantity',
  'net_variance_quantity',
  'gross_variance_value',
  'net_variance_value',
  'sync_accuracy_keys',
] as const; // prettier-ignore

function groupRow(name: string, group: GroupTotals): CellValue[] {
  return [name, ...GROUP_HEADER.map((column) => numericCell(String(group[column])))];
}

function summaryRows(run: RunDocument): CellValue[][] {
  const rows: CellValue[][] = openingSentences(run).map((text) => [text]);
  rows.push(
    [],
    ['run', run.run_id],
    ['finished', formatTime(run.finished_at)],
    ['currency', run.currency],
    ['configuration', run.config_hash],
    [],
  );
  if (run.totals !== null)
    for (const [name, value] of Object.entries(run.totals)) rows.push([name, numericCell(String(value))]);
  if (run.by_site.length > 0)
    rows.push([], ['site', ...GROUP_HEADER], ...run.by_site.map((group) => groupRow(group.site, group)));
  if (run.by_category.length > 0)
    rows.push([], ['category', ...GROUP_HEADER], ...run.by_category.map((group) => groupRow(group.category, group)));
  if (run.unmapped.length > 0) {
    rows.push([], ['stock statuses without a category'], ['system', 'status', 'rows', 'quantity', 'value', 'currency']);
    for (const each of run.unmapped)
      rows.push([
        each.system,
        each.status,
        each.rows,
        numericCell(each.quantity),
        numericCell(each.value),
        each.currency,
      ]);
  }
  rows.push([], ['input', 'file', 'sha256', 'rows', 'rejected', 'excluded', 'as_of']);
  for (const input of run.inputs)
    rows.push([input.source, input.file, input.sha256, input.rows, input.rejected, input.excluded, input.as_of]);
  for (const note of run.quality) rows.push([], [note.severity, note.source, note.message, note.action]);
  return rows;
}

/** Reads a delimited file row by row as text: the way of master data, movements and messages. Never judges values. */
import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import type { RawRow, RawTable } from '../raw-table.ts';
import type { DelimitedFile } from './delimited-file.ts';
import { RangeFault, RangeScanner } from './range-scanner.ts';
import type { RecordScanner } from './record-scanner.ts';

/** Bytes read at once: about 10,000 rows, between which other work gets its turn. */
const RANGE_BYTES = 1 << 20;

/** A record that cannot be read throws a Failure of kind `refused` that names the row. */
export function readDelimited(file: DelimitedFile): RawTable {
  return { header: file.header, batches: batches(file) };
}

async function* batches(file: DelimitedFile): AsyncGenerator<readonly RawRow[]> {
  const scanner = new RangeScanner(file);
  try {
    let row = file.firstRow;
    for (let from = file.dataStart; from < file.bytes; ) {
      const rows: RawRow[] = [];
      const range = scanRange(file, scanner, from, row, rows);
      row += range.rows;
      from = Math.max(range.end, from + 1);
      yield rows;
      // Reading is one call after the other: without this no signal would be seen before the file ends.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    scanner.close();
  }
}

function scanRange(file: DelimitedFile, scanner: RangeScanner, from: number, firstRow: number, rows: RawRow[]) {
  const columns = file.header.length;
  return scanTexts(file, scanner, from, firstRow, (records, text, start, index, number) => {
    const values = cutTexts(records, text, start, index * columns, columns, number);
    rows.push({ row: firstRow + number, values });
  });
}

/** Takes record `index` of a batch: `text` holds the bytes of the batch from `start` on, `number` counts from the range's first. */
type TakeText = (records: RecordScanner, text: string, start: number, index: number, number: number) => void;

function scanTexts(file: DelimitedFile, scanner: RangeScanner, from: number, firstRow: number, take: TakeText) {
  try {
    const task = { input: 0, from, to: Math.min(from + RANGE_BYTES, file.bytes), isExact: true };
    const columns = file.header.length;
    return scanner.scan(task, (records, numbers, count) => {
      // One text of the whole batch, cut into fields, takes a third of the time of one call per field.
      const start = records.starts[0] as number;
      const text = (records.bytes as Buffer).toString('latin1', start, records.ends[count * columns - 1]);
      for (let index = 0; index < count; index++) take(records, text, start, index, numbers[index] as number);
    });
  } catch (error) {
    if (!(error instanceof RangeFault)) throw error;
    throw new Failure(
      'refused',
      error.code,
      `${basename(file.path)}, row ${firstRow + error.row}: ${error.message}`,
      error.action,
    );
  }
}

/**
 * Hands over some columns of each record: its row, and a text for each of `columns` in an array that is used again. With
 * nothing made for a row but the texts that are kept, large master data takes two thirds of the time. Otherwise as
 * readDelimited; yields after each part of the file.
 */
export async function* eachRecord(
  file: DelimitedFile,
  columns: readonly number[],
  take: (texts: readonly string[], row: number) => void,
): AsyncGenerator<void> {
  const scanner = new RangeScanner(file);
  const texts: string[] = columns.map(() => '');
  const width = file.header.length;
  try {
    let row = file.firstRow;
    for (let from = file.dataStart; from < file.bytes; ) {
      const firstRow = row;
      const range = scanTexts(file, scanner, from, firstRow, (records, text, start, index, number) => {
        cutSome(records, text, start, index * width, width, columns, number, texts);
        take(texts, firstRow + number);
      });
      row += range.rows;
      from = Math.max(range.end, from + 1);
      yield;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    scanner.close();
  }
}

/** Fields that are not wanted are looked at where they may be no text: they make the file unreadable all the same. */
function cutSome(
  records: RecordScanner,
  text: string,
  start: number,
  first: number,
  width: number,
  columns: readonly number[],
  number: number,
  texts: string[],
): void {
  const { starts, ends, odd } = records;
  for (let at = 0; at < columns.length; at++) {
    const field = first + (columns[at] as number);
    const from = starts[field] as number;
    const to = ends[field] as number;
    texts[at] = odd[field] ? utf8Text(records, from, to, number) : text.slice(from - start, to - start);
  }
  for (let field = first; field < first + width; field++)
    if (odd[field]) utf8Text(records, starts[field] as number, ends[field] as number, number);
}

function cutTexts(
  records: RecordScanner,
  text: string,
  start: number,
  first: number,
  columns: number,
  number: number,
): string[] {
  const texts: string[] = [];
  for (let field = first; field < first + columns; field++) {
    const from = records.starts[field] as number;
    const to = records.ends[field] as number;
    texts.push(records.odd[field] ? utf8Text(records, from, to, number) : text.slice(from - start, to - start));
  }
  return texts;
}

/** The range scanner looks at the bytes of its range; a record may reach beyond it. */
function utf8Text({ bytes }: RecordScanner, from: number, to: number, number: number): string {
  const text = (bytes as Buffer).toString('utf8', from, to);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to))) {
    const action = 'Declare the encoding of this source, such as encoding: windows-1252.';
    throw new RangeFault('NOT_UTF8', 'a field that is not UTF-8', action, number, from);
  }
  return text;
}

/** The texts of a record's fields, which the scanner keeps from `first` on. */
export function textsOf(record: RecordScanner, fields: number, first = 0): string[] {
  const bytes = record.bytes as Buffer;
  const texts: string[] = [];
  // One text of the whole record, cut into fields, takes half the time of one call per field.
  const from = record.starts[first] as number;
  const text = bytes.toString('latin1', from, record.ends[first + fields - 1]);
  for (let field = first; field < first + fields; field++) {
    const start = record.starts[field] as number;
    const end = record.ends[field] as number;
    texts.push(record.odd[field] ? bytes.toString('utf8', start, end) : text.slice(start - from, end - from));
  }
  return texts;
}

/** Reads a delimited file row by row as text: the way of master data, movements and messages. Never judges values. */
import { basename } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import { RangeFault, RangeScanner } from './range-scanner.ts';
import type { RawRow, RawTable } from '../raw-table.ts';
import type { DelimitedFile } from './delimited-file.ts';
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
    }
  } finally {
    scanner.close();
  }
}

function scanRange(file: DelimitedFile, scanner: RangeScanner, from: number, firstRow: number, rows: RawRow[]) {
  try {
    const task = { input: 0, from, to: Math.min(from + RANGE_BYTES, file.bytes), isExact: true };
    return scanner.scan(task, (record, fields, row) => rows.push({ row: firstRow + row, values: textsOf(record, fields) }));
  } catch (error) {
    if (!(error instanceof RangeFault)) throw error;
    throw new Failure('refused', error.code, `${basename(file.path)}, row ${firstRow + error.row}: ${error.message}`, error.action);
  }
}

/** The texts of a record's fields. */
export function textsOf(record: RecordScanner, fields: number): string[] {
  const bytes = record.bytes as Buffer;
  const texts: string[] = [];
  for (let field = 0; field < fields; field++) {
    const start = record.starts[field] as number;
    const end = record.ends[field] as number;
    texts.push(record.odd[field] ? bytes.toString('utf8', start, end) : bytes.toString('latin1', start, end));
  }
  return texts;
}

/** Hands on the rows of an evidence file that a matcher picks, whatever the file's format. Never judges what they say. */
import { basename } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import type { DelimitedFile } from '../../ingest/delimited/delimited-file.ts';
import { RangeFault, RangeScanner } from '../../ingest/delimited/range-scanner.ts';
import { textsOf } from '../../ingest/delimited/read-delimited.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import { type EvidenceInput, openEvidenceRows } from './evidence-input.ts';
import { newMarks, type RowMatcher } from './row-matcher.ts';
import { hasRow, type RowSet } from './row-set.ts';

const RANGE_BYTES = 4 << 20;

export interface SelectOptions {
  readonly temporaryDirectory: string;
  /** Asked between two parts of the file; true ends the reading. */
  readonly isCancelled: () => boolean;
}

/** Is shown every row, picked or not, as it stands in the file; not those that are counted in another file. */
export interface RowWitness {
  /** `leftOut` has a 1 for each record that is not to be looked at; undefined where there is none. */
  countRecords(scanner: RecordScanner, count: number, leftOut?: Uint8Array): void;
  countRow(row: RawRow): void;
}

/** Shows every row to several. */
export function together(witnesses: readonly RowWitness[]): RowWitness {
  return {
    countRecords: (scanner, count, leftOut) => {
      for (const witness of witnesses) witness.countRecords(scanner, count, leftOut);
    },
    countRow: (row) => {
      for (const witness of witnesses) witness.countRow(row);
    },
  };
}

/**
 * Gives each row that the matcher picks to `take`, in the order of the file, but for those that are counted in another file, and
 * returns the number of all its rows. A file
 * that cannot be read as declared throws a Failure of kind `refused` that names the row.
 */
export async function selectRows(
  input: EvidenceInput,
  matcher: RowMatcher,
  take: (row: RawRow) => void,
  options: SelectOptions,
  witness?: RowWitness,
): Promise<number> {
  if (input.delimited !== undefined) return selectRecords(input, input.delimited, matcher, take, options, witness);
  const table = await openEvidenceRows(input, options.temporaryDirectory);
  let rows = 0;
  for await (const batch of table.batches) {
    if (options.isCancelled()) return rows;
    rows += batch.length;
    for (const row of batch) {
      if (hasRow(input.repeated, row.row)) continue;
      witness?.countRow(row);
      if (row.fault || matcher.matches(row.values)) take(row);
    }
  }
  return rows;
}

function selectRecords(
  { rowColumn, repeated }: EvidenceInput,
  file: DelimitedFile,
  matcher: RowMatcher,
  take: (row: RawRow) => void,
  options: SelectOptions,
  witness: RowWitness | undefined,
): Promise<number> {
  const marks = newMarks();
  const columns = file.header.length;
  return scanRecords(
    file,
    (records, firstRow, numbers, count) => {
      const leftOut = markRows(repeated, firstRow, numbers, count);
      witness?.countRecords(records, count, leftOut);
      marks.fill(0, 0, count);
      matcher.markRecords(records, 0, count, marks);
      for (let record = 0; record < count; record++) {
        if (marks[record] !== 1 || leftOut?.[record] === 1) continue;
        const values = textsOf(records, columns, record * columns);
        take({
          row: rowColumn === undefined ? firstRow + (numbers[record] as number) : Number(values[rowColumn]),
          values,
        });
      }
    },
    options,
  );
}

/** A 1 for each record of a batch that is in a set of rows; undefined where none is. */
export function markRows(
  set: RowSet | undefined,
  firstRow: number,
  numbers: Int32Array,
  count: number,
): Uint8Array | undefined {
  if (set === undefined) return undefined;
  let marks: Uint8Array | undefined;
  for (let record = 0; record < count; record++) {
    if (!hasRow(set, firstRow + (numbers[record] as number))) continue;
    marks ??= new Uint8Array(count);
    marks[record] = 1;
  }
  return marks;
}

/**
 * Hands on all records of a file, some at a time, and returns their number: record i of a batch is row `firstRow` + numbers[i].
 * Throws as selectRows does.
 */
export async function scanRecords(
  file: DelimitedFile,
  take: (records: RecordScanner, firstRow: number, numbers: Int32Array, count: number) => void,
  options: SelectOptions,
): Promise<number> {
  const scanner = new RangeScanner(file);
  let rows = 0;
  let row = file.firstRow;
  try {
    for (let from = file.dataStart; from < file.bytes && !options.isCancelled(); ) {
      const task = { input: 0, from, to: Math.min(from + RANGE_BYTES, file.bytes), isExact: true };
      const first = row;
      const range = scanner.scan(task, (records, numbers, count) => {
        rows += count;
        take(records, first, numbers, count);
      });
      row += range.rows;
      from = Math.max(range.end, from + 1);
      // Reading is one call after the other: without this no signal would be seen before the file ends.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return rows;
  } catch (error) {
    if (!(error instanceof RangeFault)) throw error;
    const message = `${basename(file.path)}, row ${row + error.row}: ${error.message}`;
    throw new Failure('refused', error.code, message, error.action);
  } finally {
    scanner.close();
  }
}

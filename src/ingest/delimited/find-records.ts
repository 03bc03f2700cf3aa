/** Finds single records of a delimited file by their row, with their text as it stands there. Never reads the file as a whole into memory. */
import { open } from 'node:fs/promises';
import type { DelimitedFile } from './delimited-file.ts';
import { RangeFault, RangeScanner } from './range-scanner.ts';
import { textsOf } from './read-delimited.ts';

export interface FoundRecord {
  readonly row: number;
  /** Without its line end. */
  readonly text: string;
  /** undefined where the record cannot be read. */
  readonly values: readonly string[] | undefined;
  readonly fault?: string;
}

/** Bytes of one step: from large ones, which take milliseconds, down to those that hold few records. */
const STEPS = [1 << 20, 1 << 14] as const;
/** Longer texts are cut; nobody reads them. */
const TEXT_BYTES_MAX = 1 << 16;

/** Records of the rows from `first` to `last`, as far as there are any. */
export async function findRecords(file: DelimitedFile, first: number, last: number): Promise<FoundRecord[]> {
  const scanner = new RangeScanner(file);
  const handle = await open(file.path, 'r');
  try {
    let place: Place = { from: file.dataStart, row: file.firstRow };
    for (const step of STEPS) place = await walkTo(file, scanner, place, Math.max(first, file.firstRow), step);
    const found: FoundRecord[] = [];
    while (place.row <= last && place.from < file.bytes) {
      const record = readOne(file, scanner, place);
      const length = Math.min(record.end - record.start, TEXT_BYTES_MAX);
      const bytes = Buffer.alloc(length);
      await handle.read(bytes, 0, length, record.start);
      if (record.rows > 0 && place.row >= first)
        found.push({ row: place.row, text: bytes.toString('utf8').replace(/\r?\n$|\r$/, ''), ...record.content });
      place = { from: Math.max(record.end, place.from + 1), row: place.row + record.rows };
      if (record.content.fault !== undefined) break;
    }
    return found;
  } finally {
    scanner.close();
    await handle.close();
  }
}

/** What stands before the first record: the names of the columns, and rows that are skipped. */
export async function headText(file: DelimitedFile): Promise<string> {
  const handle = await open(file.path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(file.dataStart, TEXT_BYTES_MAX));
    await handle.read(bytes, 0, bytes.length, 0);
    return bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .replace(/[\r\n]+$/, '');
  } finally {
    await handle.close();
  }
}

/** Where a record starts, and its row. */
interface Place {
  readonly from: number;
  readonly row: number;
}

/** The start of the last step before the row. */
async function walkTo(
  file: DelimitedFile,
  scanner: RangeScanner,
  start: Place,
  row: number,
  step: number,
): Promise<Place> {
  let place = start;
  while (place.from < file.bytes) {
    const range = scan(scanner, place.from, Math.min(place.from + step, file.bytes));
    if (range === undefined || place.row + range.rows > row) return place;
    place = { from: Math.max(range.end, place.from + 1), row: place.row + range.rows };
    // Reading is one call after the other: others get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return place;
}

/** undefined: a record of the range cannot be read; a smaller step says which. */
function scan(scanner: RangeScanner, from: number, to: number) {
  try {
    return scanner.scan({ input: 0, from, to, isExact: true }, () => undefined);
  } catch (error) {
    if (error instanceof RangeFault) return undefined;
    throw error;
  }
}

function readOne(file: DelimitedFile, scanner: RangeScanner, { from }: Place) {
  let values: string[] | undefined;
  try {
    const task = { input: 0, from, to: from + 1, isExact: true };
    const { rows, start, end } = scanner.scan(task, (records) => {
      values = textsOf(records, file.header.length);
    });
    return { rows, start, end, content: { values } };
  } catch (error) {
    if (!(error instanceof RangeFault)) throw error;
    const end = Math.min(from + TEXT_BYTES_MAX, file.bytes);
    return { rows: 1, start: from, end, content: { values: undefined, fault: error.message } };
  }
}

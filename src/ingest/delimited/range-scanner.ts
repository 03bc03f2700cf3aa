/** Reads one byte range of a delimited file and hands its records on. Never decides what they mean. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { DelimitedFile } from './delimited-file.ts';
import { FIELD_BYTES_MAX, RecordFault, RecordScanner, TAIL_BYTES } from './record-scanner.ts';
import { invalidUtf8Offset } from './utf8.ts';

/** Records that start in bytes [from, to) of an input. `isExact`: a record is known to start at `from`. */
export interface ScanTask {
  readonly input: number;
  readonly from: number;
  readonly to: number;
  readonly isExact: boolean;
}

/** `start` and `end` are where the range's first record started and its last one ended: neighbours must agree on them. */
export interface ScannedRange {
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  readonly finalNewlineMissing: boolean;
}

/** A fault with the number of records before it in its range and its offset in the file. */
export class RangeFault extends Error {
  readonly code: string;
  readonly action: string;
  readonly row: number;
  readonly offset: number;

  constructor(code: string, message: string, action: string, row: number, offset: number) {
    super(message);
    this.code = code;
    this.action = action;
    this.row = row;
    this.offset = offset;
  }
}

const SLACK_BYTES = 1 << 16;
/** Records handed on together: their fields stay in the processor's cache from one column's loop to the next. */
export const BATCH_RECORDS = 512;

/**
 * Takes `count` records at once: field f of record i is the scanner's field i × columns + f. `numbers` has the number of
 * records before each in its range, `hashes` its rowHash.
 */
export type TakeRecords = (scanner: RecordScanner, numbers: Int32Array, count: number, hashes: Int32Array) => void;
/** A record longer than this is refused, so that an unclosed quote does not read a whole file into memory. */
const RECORD_BYTES_MAX = 16 * FIELD_BYTES_MAX;

export class RangeScanner {
  private readonly file: DelimitedFile;
  private readonly descriptor: number;
  private readonly scanner: RecordScanner;
  private bytes: Buffer = Buffer.alloc(0);
  private base = 0;
  private end = 0;
  private count = 0;
  private readonly numbers = new Int32Array(BATCH_RECORDS);
  private readonly rowHashes = new Int32Array(BATCH_RECORDS);
  private take: TakeRecords = () => undefined;

  constructor(file: DelimitedFile) {
    this.file = file;
    this.descriptor = openSync(file.path, 'r');
    this.scanner = new RecordScanner(
      file.dialect.delimiter,
      file.dialect.quote,
      file.header.length * BATCH_RECORDS + 64,
    );
  }

  /** Hands the range's records to `take`, some at a time, in order; a fault only after the records before it. */
  scan(task: ScanTask, take: TakeRecords): ScannedRange {
    const { file, scanner } = this;
    this.read(task.isExact ? task.from : task.from - 1, task.to + SLACK_BYTES);
    const invalidAt = invalidUtf8Offset(
      this.bytes.subarray(0, this.end),
      task.from - this.base,
      Math.min(this.end, task.to - this.base),
    );
    const invalid = invalidAt < 0 ? Number.POSITIVE_INFINITY : this.base + invalidAt;
    scanner.load(this.bytes, task.isExact ? 0 : this.firstRecord(), this.end, this.base + this.end >= file.bytes);
    const start = this.base + scanner.position;
    this.take = take;
    this.count = 0;
    const rows = this.scanRecords(task.to, invalid);
    this.flush();
    return { rows, start, end: this.base + scanner.position, finalNewlineMissing: scanner.finalNewlineMissing };
  }

  private scanRecords(to: number, invalid: number): number {
    const { scanner } = this;
    const columns = this.file.header.length;
    let row = 0;
    while (this.base + scanner.position < to) {
      const fields = this.nextFields(row, columns);
      if (fields === 0) break;
      const first = this.count * columns;
      const isBlankLine = fields === 1 && columns > 1 && scanner.starts[first] === scanner.ends[first];
      if (!isBlankLine) {
        if (fields !== columns) this.fail(this.wrongCount(fields, row, first));
        if (this.base + scanner.position > invalid) this.fail(this.notUtf8(invalid, row));
        this.numbers[this.count] = row;
        this.rowHashes[this.count] = scanner.rowHash;
        if (++this.count === BATCH_RECORDS) this.flush();
      }
      row++;
    }
    return row;
  }

  private flush(): void {
    const { count } = this;
    this.count = 0;
    if (count > 0) this.take(this.scanner, this.numbers, count, this.rowHashes);
  }

  private fail(fault: RangeFault): never {
    this.flush();
    throw fault;
  }

  private nextFields(row: number, columns: number): number {
    const { scanner } = this;
    for (;;) {
      try {
        const fields = scanner.next(this.count * columns);
        if (fields >= 0) return fields;
      } catch (error) {
        if (error instanceof RecordFault)
          this.fail(new RangeFault(error.code, error.message, error.action, row, this.base + error.position));
        throw error;
      }
      // The bytes of the records before this one go when more are loaded.
      this.flush();
      this.readOn(row);
    }
  }

  /** Loads more bytes behind those that are there, from the record that was cut off. */
  private readOn(row: number): void {
    const { scanner } = this;
    const from = this.base + scanner.position;
    const length = this.end - scanner.position;
    if (length > RECORD_BYTES_MAX)
      throw new RangeFault(
        'RECORD_TOO_LONG',
        `a record of more than ${RECORD_BYTES_MAX >> 20} MB`,
        'Check the quotes and line ends of the file.',
        row,
        from,
      );
    this.read(from, from + length * 2 + SLACK_BYTES);
    scanner.load(this.bytes, 0, this.end, this.base + this.end >= this.file.bytes);
  }

  private read(from: number, to: number): void {
    const length = Math.min(to, this.file.bytes) - from;
    if (this.bytes.length < length + TAIL_BYTES)
      this.bytes = Buffer.allocUnsafeSlow(length + TAIL_BYTES + (length >> 3));
    let done = 0;
    while (done < length) {
      const read = readSync(this.descriptor, this.bytes, done, length - done, from + done);
      if (read === 0)
        throw new RangeFault(
          'FILE_CHANGED',
          'the file became shorter while it was read',
          'Run again when the file is complete.',
          0,
          from + done,
        );
      done += read;
    }
    this.base = from;
    this.end = length;
  }

  /** Offset in the loaded bytes of the first record that starts behind a line end. */
  private firstRecord(): number {
    const { bytes, end } = this;
    for (let at = 0; at < end; at++) {
      if (bytes[at] === 10) return at + 1;
      if (bytes[at] === 13 && bytes[at + 1] !== 10) return at + 1;
    }
    return end;
  }

  private wrongCount(fields: number, row: number, first: number): RangeFault {
    const { scanner, file } = this;
    const columns = file.header.length;
    const offset = this.base + (scanner.starts[first] as number);
    const isLast = scanner.finalNewlineMissing || this.base + scanner.position >= file.bytes;
    const what = `${fields} ${fields === 1 ? 'field' : 'fields'} where the header has ${columns}`;
    if (isLast && fields < columns)
      return new RangeFault(
        'CUT_OFF',
        `the last record has ${what}: the file is cut off`,
        'Send the whole file again.',
        row,
        offset,
      );
    return new RangeFault(
      'FIELD_COUNT',
      what,
      'Check the delimiter and unquoted delimiters in texts; send the file again.',
      row,
      offset,
    );
  }

  private notUtf8(invalid: number, row: number): RangeFault {
    const byte = (this.bytes[invalid - this.base] as number).toString(16).toUpperCase().padStart(2, '0');
    return new RangeFault(
      'NOT_UTF8',
      `byte 0x${byte} at offset ${invalid} is not UTF-8`,
      'Declare the encoding of this source, such as encoding: windows-1252.',
      row,
      invalid,
    );
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

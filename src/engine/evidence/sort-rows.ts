/**
 * Sorts the rows of a large delimited file into one file for each share of the items, so that the file itself is read once
 * however many shares there are. Bytes are copied as they stand, with the number of the row behind them; nothing is judged.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeText } from '../../core/normalize/text.ts';
import { textsOf } from '../../ingest/delimited/read-delimited.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import { CodeColumn } from '../pass/code-column.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { EVERYBODY, NOBODY } from './item-shares.ts';
import { markRows, type RowWitness, type SelectOptions, scanRecords } from './select-rows.ts';

/** What an input was sorted into. */
export interface SortedInput {
  /** All rows of the input. */
  readonly rows: number;
  /** By number of the share: its own rows, then those that every share must see; none where there are no such rows. */
  readonly parts: readonly (readonly EvidenceInput[])[];
}

/** Whether `sortRows` can do anything for an input. */
export function isSortable({ delimited, columns }: EvidenceInput): boolean {
  return delimited !== undefined && columns.has('item');
}

/** Sorts an input for which `isSortable` holds into files that begin with `path`; rows that another file holds too are left out. */
export async function sortRows(
  input: EvidenceInput,
  shares: { readonly count: number; readonly ofCode: (code: string) => number },
  options: SelectOptions & { readonly name: string },
  witness?: RowWitness,
): Promise<SortedInput> {
  const { delimited, header } = input;
  if (delimited === undefined) throw new Error('Invariant broken: only delimited text is sorted');
  const columns = header.length;
  const codes = new CodeColumn(input.columns.get('item') as number, columns, shares.ofCode, normalizeText);
  const pathOf = (part: string): string => join(options.temporaryDirectory, `${options.name}-${part}.rows`);
  const own = Array.from({ length: shares.count }, (_, share) => new PartWriter(pathOf(String(share)), input));
  const common = new PartWriter(pathOf('all'), input);
  try {
    const rows = await scanRecords(
      delimited,
      (records, firstRow, numbers, count) => {
        const leftOut = markRows(input.repeated, firstRow, numbers, count);
        witness?.countRecords(records, count, leftOut);
        codes.read(records, 0, count);
        for (let record = 0; record < count; record++) {
          const share = codes.values[record] as number;
          if (share === NOBODY || leftOut?.[record] === 1) continue;
          const part = share === EVERYBODY ? common : (own[share] as PartWriter);
          part.add(records, record * columns, firstRow + (numbers[record] as number));
        }
      },
      options,
    );
    const forAll = common.close();
    return { rows, parts: own.map((part) => [...part.close(), ...forAll]) };
  } finally {
    for (const part of [...own, common]) part.close();
  }
}

const BUFFER_BYTES = 1 << 17;
const LINE_FEED = 10;

/** Writes the rows of one part. A part without rows leaves no file. */
class PartWriter {
  private readonly path: string;
  private readonly input: EvidenceInput;
  private file: number | undefined;
  private buffer = Buffer.alloc(0);
  private used = 0;
  private bytes = 0;

  constructor(path: string, input: EvidenceInput) {
    this.path = path;
    this.input = input;
  }

  /** `first`: the first field of the record. */
  add(records: RecordScanner, first: number, row: number): void {
    const columns = this.input.header.length;
    const { delimiter, quote } = (this.input.delimited as NonNullable<EvidenceInput['delimited']>).dialect;
    const bytes = records.bytes as Buffer;
    const start = records.starts[first] as number;
    const end = records.ends[first + columns - 1] as number;
    const mark = String.fromCharCode(delimiter);
    if (isUnquoted(records, first, columns, quote)) {
      this.makeRoom(end - start + 32);
      this.used += bytes.copy(this.buffer, this.used, start, end);
    } else {
      const enclosing = String.fromCharCode(quote);
      const enclosed = textsOf(records, columns, first).map(
        (text) => `${enclosing}${text.replaceAll(enclosing, enclosing + enclosing)}${enclosing}`,
      );
      const text = enclosed.join(mark);
      this.makeRoom(Buffer.byteLength(text) + 32);
      this.used += this.buffer.write(text, this.used);
    }
    this.buffer[this.used++] = delimiter;
    this.used += this.buffer.write(String(row), this.used, 'latin1');
    this.buffer[this.used++] = LINE_FEED;
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    this.flush();
    if (bytes > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, bytes));
  }

  private flush(): void {
    if (this.used === 0) return;
    this.file ??= openSync(this.path, 'wx', 0o600);
    for (let done = 0; done < this.used; ) done += writeSync(this.file, this.buffer, done, this.used - done);
    this.bytes += this.used;
    this.used = 0;
  }

  /** The part as an input of its own; none where it has no rows. */
  close(): EvidenceInput[] {
    this.flush();
    this.buffer = Buffer.alloc(0);
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    if (this.bytes === 0) return [];
    const { path, bytes } = this;
    // What is counted in another file is not in the part, whose rows have other numbers.
    const { repeated, ...input } = this.input;
    const header = [...input.header, 'row'];
    const { dialect } = input.delimited as NonNullable<EvidenceInput['delimited']>;
    const delimited = { path, bytes, dialect, header, dataStart: 0, firstRow: 1 };
    return [{ ...input, header, delimited, rowColumn: input.header.length }];
  }
}

/** Whether the bytes of a record are its fields and delimiters only: a quote would stand before the field that it opens. */
function isUnquoted({ starts, ends, bytes }: RecordScanner, first: number, columns: number, quote: number): boolean {
  const start = starts[first] as number;
  if (start > 0 && bytes[start - 1] === quote) return false;
  for (let field = first; field < first + columns - 1; field++) {
    if (starts[field + 1] !== (ends[field] as number) + 1) return false;
  }
  return true;
}

/**
 * Decides which rows of evidence are looked at at all: those from a moment on, those of some documents, those of some items.
 * Bytes are asked first, so that a row that is passed over costs no text. Never judges what a row says.
 */
import { normalizeText } from '../../core/normalize/text.ts';
import type { TimeReader } from '../../core/normalize/time-reader.ts';
import { BATCH_RECORDS } from '../../ingest/delimited/range-scanner.ts';
import { hashBytes, type RecordScanner, TAIL_BYTES } from '../../ingest/delimited/record-scanner.ts';
import { ByteDictionary, UNKNOWN } from '../pass/byte-dictionary.ts';
import { CodeColumn } from '../pass/code-column.ts';
import { plainTime } from './plain-time.ts';

export interface RowMatcher {
  /** Marks records [from, to) of a batch with 1 that are looked at; the others keep their mark. */
  markRecords(scanner: RecordScanner, from: number, to: number, marks: Uint8Array): void;
  matches(values: readonly (string | null)[]): boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Rows of which one of the columns names a time from `fromMs` on, or none that can be read: that is for the core to say. */
export class SinceMatcher implements RowMatcher {
  /** The earliest time of any row in any of the columns; Infinity where there is none. */
  firstMs = Number.POSITIVE_INFINITY;
  /** The latest one, to the second; −Infinity where there is none. */
  lastMs = Number.NEGATIVE_INFINITY;
  private readonly positions: readonly number[];
  private readonly columns: number;
  private readonly fromMs: number;
  private readonly times: TimeReader;

  constructor(positions: readonly number[], columns: number, fromMs: number, times: TimeReader) {
    this.positions = positions;
    this.columns = columns;
    this.fromMs = fromMs;
    this.times = times;
  }

  markRecords(scanner: RecordScanner, from: number, to: number, marks: Uint8Array): void {
    const { starts, ends, bytes } = scanner;
    let { firstMs, lastMs } = this;
    for (const position of this.positions) {
      for (let record = from; record < to; record++) {
        const field = record * this.columns + position;
        const start = starts[field] as number;
        const end = ends[field] as number;
        const plain = plainTime(bytes, start, end);
        if (Number.isNaN(plain)) {
          if (this.isSince(decoder.decode(bytes.subarray(start, end)))) marks[record] = 1;
        } else {
          if (plain < firstMs) firstMs = plain;
          if (plain > lastMs) lastMs = plain;
          if (plain >= this.fromMs) marks[record] = 1;
        }
      }
    }
    this.firstMs = Math.min(this.firstMs, firstMs);
    this.lastMs = Math.max(this.lastMs, lastMs);
  }

  matches(values: readonly (string | null)[]): boolean {
    return this.positions.filter((position) => this.isSince(values[position] ?? '')).length > 0;
  }

  private isSince(written: string): boolean {
    const text = written.trim();
    // The first column is the one that every row must have; a blank in another says nothing.
    if (text === '' && this.positions.length > 1) return false;
    const time = this.times.read(text);
    if (!time.ok) return true;
    this.firstMs = Math.min(this.firstMs, time.value);
    this.lastMs = Math.max(this.lastMs, time.value);
    return time.value >= this.fromMs;
  }
}

/** Rows of which one of the columns holds one of some texts. */
export class TextMatcher implements RowMatcher {
  private readonly wanted: ReadonlyMap<number, ReadonlySet<string>>;
  private readonly dictionaries: readonly (readonly [number, ByteDictionary])[];
  private readonly columns: number;

  /** Position of a column → the texts wanted there. */
  constructor(wanted: ReadonlyMap<number, ReadonlySet<string>>, columns: number) {
    this.wanted = wanted;
    this.columns = columns;
    this.dictionaries = [...wanted].map(([position, texts]) => [position, dictionaryOf(texts)]);
  }

  markRecords(scanner: RecordScanner, from: number, to: number, marks: Uint8Array): void {
    const { starts, ends, hashes, view, bytes } = scanner;
    for (const [position, dictionary] of this.dictionaries) {
      dictionary.touch(hashes, position, this.columns, from, to);
      for (let record = from; record < to; record++) {
        const field = record * this.columns + position;
        const start = starts[field] as number;
        const end = ends[field] as number;
        if (start === end) continue;
        const isSpaced = (bytes[start] as number) <= 32 || (bytes[end - 1] as number) <= 32;
        if (isSpaced || dictionary.find(view, start, end, hashes[field] as number) !== UNKNOWN) marks[record] = 1;
      }
    }
  }

  matches(values: readonly (string | null)[]): boolean {
    return [...this.wanted].some(([position, texts]) => texts.has((values[position] ?? '').trim()));
  }
}

/** Rows whose item code means one of some items, as `isWanted` says of each distinct code once. */
export class ItemMatcher implements RowMatcher {
  private readonly column: CodeColumn;
  private readonly position: number;
  private readonly isWanted: (code: string) => boolean;

  constructor(position: number, columns: number, isWanted: (code: string) => boolean) {
    this.position = position;
    this.isWanted = isWanted;
    this.column = new CodeColumn(position, columns, (raw) => (isWanted(raw) ? 1 : 0), normalizeText);
  }

  markRecords(scanner: RecordScanner, from: number, to: number, marks: Uint8Array): void {
    this.column.read(scanner, from, to);
    const { values } = this.column;
    for (let record = from; record < to; record++) if (values[record] === 1) marks[record] = 1;
  }

  matches(values: readonly (string | null)[]): boolean {
    return this.isWanted(values[this.position] ?? '');
  }
}

/** Every row. */
export const EVERY_ROW: RowMatcher = {
  markRecords: (_, from, to, marks) => {
    marks.fill(1, from, to);
  },
  matches: () => true,
};

export const newMarks = (): Uint8Array => new Uint8Array(BATCH_RECORDS);

function dictionaryOf(texts: ReadonlySet<string>): ByteDictionary {
  const dictionary = ByteDictionary.for(texts.size);
  for (const text of texts) {
    const bytes = encoder.encode(text);
    const padded = new Uint8Array(bytes.length + TAIL_BYTES);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    dictionary.add(view, 0, bytes.length, hashBytes(view, 0, bytes.length), 0);
  }
  return dictionary;
}

/** Resolves the codes of one column of one source, each distinct one only once. Never decides what a code means. */

import { BATCH_RECORDS } from '../../ingest/delimited/range-scanner.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import { ByteDictionary, UNKNOWN } from './byte-dictionary.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A value from 0 up is an id. The row goes the long way round through the core. */
export const SLOW = -1;
/** The row is left out on purpose. */
export const LEFT_OUT = -2;
/** There is nothing to number, such as a blank cost. */
export const NOTHING = -3;

export class CodeColumn {
  /** Value of each record of the batch read last, and 1 where its code was written with odd characters. */
  readonly values = new Int32Array(BATCH_RECORDS);
  readonly cleaned = new Uint8Array(BATCH_RECORDS);
  private readonly column: number;
  private readonly columns: number;
  private dictionary = new ByteDictionary();
  /** Codes that were written with odd characters. */
  private readonly cleanedCodes = new ByteDictionary();
  private hasCleaned = false;
  private readonly resolve: (raw: string) => number;
  private readonly clean: (raw: string) => string;

  /** `column` of `columns`. */
  constructor(column: number, columns: number, resolve: (raw: string) => number, clean: (raw: string) => string) {
    this.column = column;
    this.columns = columns;
    this.resolve = resolve;
    this.clean = clean;
  }

  /**
   * Resolves this column's field of records [from, to) of a batch. Nothing but this column is touched in the loop, so the
   * processor looks several codes up at once.
   */
  read(scanner: RecordScanner, from: number, to: number): void {
    const { column, columns, dictionary, values } = this;
    const { starts, ends, hashes, view } = scanner;
    dictionary.touch(hashes, column, columns, from, to);
    for (let record = from; record < to; record++) {
      const field = record * columns + column;
      const start = starts[field] as number;
      const end = ends[field] as number;
      const hash = hashes[field] as number;
      const value = dictionary.find(view, start, end, hash);
      values[record] = value === UNKNOWN ? this.add(scanner, start, end, hash) : value;
    }
    if (this.hasCleaned) this.readCleaned(scanner, from, to);
  }

  /** Makes room for so many codes at once. Only before the first one is known. */
  expect(codes: number): void {
    this.dictionary = ByteDictionary.for(codes);
  }

  /** Takes a code whose value is known and that needs no cleaning. */
  learn(view: DataView, start: number, end: number, hash: number, value: number): void {
    if (this.dictionary.find(view, start, end, hash) === UNKNOWN) this.dictionary.add(view, start, end, hash, value);
  }

  /** A copy of what the column knows so far, for another one of the same codes. */
  copyCodes(): ByteDictionary {
    return this.dictionary.copy();
  }

  /** Takes codes that another column was taught. Only before the first one is known. */
  takeCodes(codes: ByteDictionary): void {
    this.dictionary = codes;
  }

  /** How many codes the column knows. */
  get size(): number {
    return this.dictionary.size;
  }

  private add(scanner: RecordScanner, start: number, end: number, hash: number): number {
    const raw = decoder.decode(scanner.bytes.subarray(start, end));
    const value = this.resolve(raw);
    this.dictionary.add(scanner.view, start, end, hash, value);
    if (this.clean(raw) !== raw) {
      this.cleanedCodes.add(scanner.view, start, end, hash, 1);
      this.hasCleaned = true;
    }
    return value;
  }

  private readCleaned(scanner: RecordScanner, from: number, to: number): void {
    const { starts, ends, hashes, view } = scanner;
    for (let record = from; record < to; record++) {
      const field = record * this.columns + this.column;
      this.cleaned[record] =
        this.cleanedCodes.find(view, starts[field] as number, ends[field] as number, hashes[field] as number) === 1
          ? 1
          : 0;
    }
  }
}

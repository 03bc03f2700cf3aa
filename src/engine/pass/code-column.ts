/** Resolves the codes of one column of one source, each distinct one only once. Never decides what a code means. */
import { ByteDictionary } from './byte-dictionary.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';

const decoder = new TextDecoder();

/** A value from 0 up is an id. The row goes the long way round through the core. */
export const SLOW = -1;
/** The row is left out on purpose. */
export const LEFT_OUT = -2;
/** There is nothing to number, such as a blank cost. */
export const NOTHING = -3;

export class CodeColumn {
  readonly column: number;
  /** Value and whether the code was written with odd characters, by entry. */
  readonly values: number[] = [];
  readonly cleaned: number[] = [];
  /** Entry of the field that `read` saw last. */
  entry = 0;
  private readonly dictionary = new ByteDictionary();
  private readonly resolve: (raw: string) => number;
  private readonly clean: (raw: string) => string;

  constructor(column: number, resolve: (raw: string) => number, clean: (raw: string) => string) {
    this.column = column;
    this.resolve = resolve;
    this.clean = clean;
  }

  /** The resolved value of this column's field in the scanner's record. */
  read(scanner: RecordScanner): number {
    const { column, dictionary } = this;
    const start = scanner.starts[column] as number;
    const end = scanner.ends[column] as number;
    const hash = scanner.hashes[column] as number;
    let entry = dictionary.find(scanner.bytes, start, end, hash);
    if (entry < 0) {
      entry = dictionary.add(scanner.bytes, start, end, hash);
      const raw = decoder.decode(scanner.bytes.subarray(start, end));
      this.values.push(this.resolve(raw));
      this.cleaned.push(this.clean(raw) === raw ? 0 : 1);
    }
    this.entry = entry;
    return this.values[entry] as number;
  }
}

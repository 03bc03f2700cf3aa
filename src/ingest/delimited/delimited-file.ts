/** What is known of a text file with separated fields once its first bytes were looked at. Never guesses the types of values. */

export interface Dialect {
  /** Byte that separates fields. */
  readonly delimiter: number;
  /** Byte that encloses fields, or -1 where quotes are ordinary characters. */
  readonly quote: number;
}

/** A file in UTF-8 (a file in another encoding was transcoded to one of our own). Offsets in bytes. */
export interface DelimitedFile {
  readonly path: string;
  readonly bytes: number;
  readonly dialect: Dialect;
  readonly header: readonly string[];
  /** Where the first record after the header starts. */
  readonly dataStart: number;
  /** Row number of that record, as a spreadsheet counts. */
  readonly firstRow: number;
}

/** The common shape in which every reader of files hands over rows: text as it stands in the file, never guessed. */

/** One record. `row` counts as a spreadsheet shows it (the header is row 1 where there is one). null: the cell does not exist or is null. */
export interface RawRow {
  readonly row: number;
  readonly values: readonly (string | null)[];
  /** A value that the reader itself cannot read, such as a formula without a cached value. */
  readonly fault?: { readonly column: number; readonly value: string; readonly reason: string };
}

/** `header` names the columns in the order of `values`. Iterating yields batches and may be done once. */
export interface RawTable {
  readonly header: readonly string[];
  readonly batches: AsyncIterable<readonly RawRow[]>;
}

/** What a reader may be told; see FileSourceConfig. */
export interface ReadOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly header?: boolean | undefined;
  readonly skipRows?: number | undefined;
  readonly sheet?: string | undefined;
}

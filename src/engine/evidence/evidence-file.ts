/**
 * Finds rows of one file of movements or messages, as often as it is asked: a small file is read once and kept, a large one
 * is searched again, in a thread where there is one. Never judges what a row says.
 */
import type { EvidenceRow } from '../../core/normalize/normalize-posting.ts';
import { TimeReader } from '../../core/normalize/time-reader.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { EvidenceRows } from './evidence-rows.ts';
import { EVERY_ROW, type RowMatcher, SinceMatcher, TextMatcher } from './row-matcher.ts';
import { type SelectOptions, selectRows } from './select-rows.ts';

/** Which rows are wanted, as plain data. Columns by their canonical names; one that the file lacks matches nothing. */
export type RowSearch =
  | { readonly kind: 'every' }
  /** The first column is one that every row has. */
  | { readonly kind: 'since'; readonly columns: readonly string[]; readonly fromMs: number }
  | { readonly kind: 'texts'; readonly texts: ReadonlyMap<string, ReadonlySet<string>> };

export interface FoundRows {
  /** All rows of the file. */
  readonly rows: number;
  readonly found: readonly RawRow[];
  /** The earliest time of any row, where rows since a moment were searched; Infinity where there is none. */
  readonly firstMs: number;
  /** The latest one; −Infinity where there is none. */
  readonly lastMs: number;
}

/** Searches a file in another thread. */
export type SearchElsewhere = (
  input: EvidenceInput,
  search: RowSearch,
  temporaryDirectory: string,
) => Promise<FoundRows>;

/** Below so many bytes a file is kept: 12 MB of text are some 60 MB of rows. */
const KEPT_BYTES_MAX = 12 << 20;

export class EvidenceFile {
  readonly input: EvidenceInput;
  private readonly options: SelectOptions;
  private readonly elsewhere: SearchElsewhere | undefined;
  private kept: FoundRows | undefined;
  private readonly rows: EvidenceRows;

  constructor(input: EvidenceInput, options: SelectOptions, elsewhere: SearchElsewhere | undefined) {
    this.input = input;
    this.rows = new EvidenceRows(input);
    this.options = options;
    this.elsewhere = elsewhere;
  }

  async search(search: RowSearch): Promise<FoundRows> {
    const { input, options } = this;
    if (input.file.bytes > KEPT_BYTES_MAX) {
      return this.elsewhere === undefined
        ? searchRows(input, search, options)
        : this.elsewhere(input, search, options.temporaryDirectory);
    }
    const kept = await this.keep();
    const matcher = matcherOf(search, input);
    const found = kept.found.filter((row) => row.fault || matcher.matches(row.values));
    return { rows: kept.rows, found, ...reachOf(matcher) };
  }

  /** Hands on the rows that a matcher picks, as selectRows does, in this thread. */
  async select(matcher: RowMatcher, take: (row: RawRow) => void): Promise<void> {
    if (this.input.file.bytes > KEPT_BYTES_MAX) {
      await selectRows(this.input, matcher, take, this.options);
      return;
    }
    for (const row of (await this.keep()).found) if (row.fault || matcher.matches(row.values)) take(row);
  }

  private async keep(): Promise<FoundRows> {
    this.kept ??= await searchRows(this.input, { kind: 'every' }, this.options);
    return this.kept;
  }

  /** A row by its canonical columns, with the constants of the source. */
  rowOf(values: RawRow['values']): EvidenceRow {
    return this.rows.of(values);
  }
}

/** Searches a file in this thread. */
export async function searchRows(input: EvidenceInput, search: RowSearch, options: SelectOptions): Promise<FoundRows> {
  const found: RawRow[] = [];
  const matcher = matcherOf(search, input);
  const rows = await selectRows(input, matcher, (row) => found.push(row), options);
  return { rows, found, ...reachOf(matcher) };
}

function reachOf(matcher: RowMatcher): Pick<FoundRows, 'firstMs' | 'lastMs'> {
  if (!(matcher instanceof SinceMatcher))
    return { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY };
  const { firstMs, lastMs } = matcher;
  return { firstMs, lastMs };
}

function matcherOf(search: RowSearch, input: EvidenceInput): RowMatcher {
  const columns = input.header.length;
  if (search.kind === 'every') return EVERY_ROW;
  const positions = (names: Iterable<string>): number[] => [...names].flatMap((name) => input.columns.get(name) ?? []);
  if (search.kind === 'since') {
    const [required] = search.columns;
    // A time that is a constant of the source stands in no row.
    if (required !== undefined && !input.columns.has(required)) return EVERY_ROW;
    return new SinceMatcher(positions(search.columns), columns, search.fromMs, new TimeReader(input.times));
  }
  const wanted = [...search.texts].flatMap(([name, texts]) => {
    const position = input.columns.get(name);
    return position === undefined ? [] : [[position, texts] as const];
  });
  return new TextMatcher(new Map(wanted), columns);
}

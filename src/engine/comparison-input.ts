/** What every engine is given and gives back. An engine finds rows; what they mean is decided by the core. */

import type { Comparison } from '../core/compare/variance.ts';
import type { InFlightQuantity } from '../core/model/balance.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { SourceRules } from '../core/normalize/normalize-balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { TimeFormat } from '../core/normalize/time.ts';
import type { DelimitedFile } from '../ingest/delimited/delimited-file.ts';
import type { RawTable } from '../ingest/raw-table.ts';

/** One snapshot file to compare. Several may stand for one system: they add up. */
export interface BalanceInput {
  readonly name: string;
  readonly rules: SourceRules;
  readonly completeness: 'full' | 'partial' | 'delta';
  readonly unique: boolean;
  /** Canonical name → position of the column in the file. */
  readonly columns: ReadonlyMap<string, number>;
  readonly header: readonly string[];
  /** Column that holds the cut-off of each row, as a position, where the configuration says so. */
  readonly asOfColumn: number | undefined;
  readonly timeFormat: TimeFormat;
  /** The last row is a control total where this column holds this value; it must equal the sum of the quantities above. */
  readonly totalRow: { readonly column: number; readonly value: string } | undefined;
  readonly file: string;
  readonly bytes: number;
  readonly content:
    | { readonly kind: 'delimited'; readonly delimited: DelimitedFile }
    | { readonly kind: 'parquet'; readonly path: string }
    | { readonly kind: 'rows'; readonly open: () => Promise<RawTable> };
}

export interface EngineOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** A folder of the run's own for spilled data; the caller removes it. */
  readonly temporaryDirectory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

/** Below so many bytes of input a thread costs more than it brings: starting one takes about 100 ms. */
export const INLINE_BYTES_MAX = 12 << 20;

/** Rejections listed per source; more are only counted, and the run says so. */
export const REJECTIONS_LISTED_MAX = 100_000;

/** What became of the rows of one input. rows = accepted + rejected + excluded. */
export interface InputOutcome {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly excluded: Readonly<Record<'ignored' | 'out-of-scope' | 'filtered', number>>;
  /** Accepted rows that repeat an earlier one in every column; they are counted and added. */
  readonly duplicates: number;
  /** Accepted rows with a quantity below zero. */
  readonly negative: number;
  /** Rows of which some code was written with odd spaces, invisible or decomposed characters. */
  readonly cleaned: number;
  /** Earliest and latest cut-off in the rows, where a column gives it: epoch milliseconds and text. */
  readonly asOf: { readonly first: number; readonly last: number; readonly lastText: string } | undefined;
  /** Sites left out because no warehouse system answers for them. */
  readonly outOfScopeSites: readonly string[];
  /** At most REJECTIONS_LISTED_MAX, in row order. Rows whose unit cost cannot be read are listed too, but not rejected. */
  readonly rejections: readonly Rejection[];
  readonly finalNewlineMissing: boolean;
}

/** Units of one native status, in base units scaled by 10^quantity_decimals. `category` is an index, or UNMAPPED. */
export interface StatusQuantity {
  readonly system: string;
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly status: string;
  readonly category: number;
  readonly quantity: number;
}

/** A finished comparison. `keepBalances` may be called once, before `close` and after the last `findBalances`. */
export interface EngineResult {
  readonly engine: string;
  readonly comparison: Comparison;
  /** In the order of the inputs. */
  readonly inputs: readonly InputOutcome[];
  /**
   * Writes the normalised balances to a Parquet file: system, site, item, owner, lot, status, category, quantity (DECIMAL,
   * base units), rows; one row per key and native status, sorted by nothing.
   */
  keepBalances(path: string): Promise<{ readonly rows: number }>;
  /** The normalised balances of some items by key and native status, in no order. */
  findBalances(isWanted: (item: string) => boolean): Promise<StatusQuantity[]>;
  /** Hashes a file (SHA-256 in hex) in a thread that has nothing else to do, where there is one. */
  readonly hashFile?: ((path: string) => Promise<string>) | undefined;
  close(): Promise<void>;
}

/** Compares balances and what is in flight. A file that must be refused throws a Failure of kind `refused`. */
export type Engine = (
  plan: Plan,
  inputs: readonly BalanceInput[],
  inFlight: readonly InFlightQuantity[],
  options: EngineOptions,
) => Promise<EngineResult>;

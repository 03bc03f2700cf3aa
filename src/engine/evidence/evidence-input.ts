/** A file of movements, messages or opening balances as a thread gets it: plain data, opened again where it must be. */
import type { SourceRules } from '../../core/normalize/normalize-balance.ts';
import type { TimeFormat } from '../../core/normalize/time.ts';
import type { DelimitedFile } from '../../ingest/delimited/delimited-file.ts';
import type { FoundFile } from '../../ingest/files/find-file.ts';
import { openRows, openSource } from '../../ingest/open-source.ts';
import type { RawTable } from '../../ingest/raw-table.ts';
import type { RowSet } from './row-set.ts';

export type EvidenceKind = 'movements' | 'messages' | 'balances';

export interface EvidenceInput {
  readonly kind: EvidenceKind;
  /** What reports call the source. */
  readonly name: string;
  /** Of messages the system is '' and each row names its sender. */
  readonly rules: SourceRules;
  readonly times: TimeFormat;
  readonly config: Parameters<typeof openSource>[1];
  readonly file: FoundFile;
  readonly header: readonly string[];
  /** Canonical name → position of the column in the file. */
  readonly columns: ReadonlyMap<string, number>;
  /** undefined where the file is no delimited text: its rows are read through openEvidenceRows. */
  readonly delimited: DelimitedFile | undefined;
  /** Of a part of an input: position of the column behind its own that has the number of each row in the whole. */
  readonly rowColumn?: number;
  /** Whether it holds rows that were taken in one by one, each content once. */
  readonly isTakenIn?: boolean;
  /** Rows that another file of the ledger holds too, and that are counted there. */
  readonly repeated?: RowSet | undefined;
}

/** All rows of an input that is no delimited text. */
export async function openEvidenceRows(input: EvidenceInput, temporaryDirectory: string): Promise<RawTable> {
  const opened = await openSource(input.kind, input.config, input.file, temporaryDirectory);
  return openRows(opened, temporaryDirectory);
}

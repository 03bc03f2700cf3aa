/**
 * Finds rows that several files of one ledger, or of the message log, hold: an extract that overlaps the one before, a file
 * beside what was taken in row by row. Looks only where the times of files overlap. Never decides what makes two rows the same.
 */
import { append } from '../../core/compare/ledger-evidence.ts';
import { MessageReader } from '../../core/normalize/normalize-message.ts';
import { PostingReader } from '../../core/normalize/normalize-posting.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { identityOfMessage, identityOfMovement, type RowIdentity } from '../../core/normalize/row-identity.ts';
import type { EvidenceFile } from './evidence-file.ts';
import { IdNoter, IdSlots, RepeatCandidates, type TimeWindow, WindowedIds } from './repeat-candidates.ts';
import { RepeatTable } from './repeat-table.ts';
import { type RowSet, RowSetBuilder } from './row-set.ts';

/** A file of which is known how far its times reach. */
export interface DatedFile {
  readonly file: EvidenceFile;
  readonly rows: number;
  /** The earliest and the latest time of its rows; Infinity and −Infinity where they are not known. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Repeats {
  /** Rows that are counted in another file. */
  readonly rows: RowSet;
  /** Rows whose number another file has at the same key with other content: both count. */
  readonly differing: number;
  /** The first of these; 0 where there is none. */
  readonly firstDiffering: number;
}

/** Rows told apart at once, some 60 bytes each; where more files overlap they are read several times. */
const ROWS_AT_ONCE = 2_000_000;
/** Readers of bytes cut off what is below a second. */
const SECOND_MS = 1000;

/** In the order of the files; undefined for a file without any. Of two that are the same the earlier one is kept. */
export async function findRepeats(
  files: readonly DatedFile[],
  plan: Plan,
  rowsAtOnce = ROWS_AT_ONCE,
): Promise<readonly (Repeats | undefined)[]> {
  const found = new Map<DatedFile, Repeats>();
  const ledgers = new Map<string, DatedFile[]>();
  for (const file of files) {
    const { kind, rules } = file.file.input;
    append(ledgers, `${kind} ${rules.system}`, file);
  }
  for (const ledger of ledgers.values()) {
    const search = new LedgerSearch(ledger, plan, rowsAtOnce);
    for (const [file, repeats] of await search.find()) found.set(file, repeats);
  }
  return files.map((file) => found.get(file));
}

/** One file that shares times with others. */
interface Involved {
  readonly dated: DatedFile;
  readonly book: number;
  readonly ids: WindowedIds;
  readonly repeated: RowSetBuilder;
  differing: number;
  firstDiffering: number;
}

class LedgerSearch {
  private readonly involved: readonly Involved[];
  private readonly plan: Plan;
  private readonly rowsAtOnce: number;

  constructor(files: readonly DatedFile[], plan: Plan, rowsAtOnce: number) {
    this.plan = plan;
    this.rowsAtOnce = rowsAtOnce;
    const books = bookNumbers(files);
    this.involved = files.flatMap((dated, index) => {
      const windows = windowsOf(index, files, books);
      const ids = windows.length === 0 ? undefined : WindowedIds.of(dated.file.input, windows);
      if (ids === undefined) return [];
      const book = books[index] as number;
      return [{ dated, book, ids, repeated: new RowSetBuilder(), differing: 0, firstDiffering: 0 }];
    });
  }

  async find(): Promise<ReadonlyMap<DatedFile, Repeats>> {
    const { involved, rowsAtOnce } = this;
    if (new Set(involved.map(({ book }) => book)).size < 2) return new Map();
    const slots = new IdSlots(involved.reduce((sum, { dated }) => sum + dated.rows, 0));
    let rows = 0;
    for (const { dated, ids, book } of involved) {
      const noter = new IdNoter(ids, slots, book);
      await dated.file.select(noter, () => undefined);
      rows += noter.rows;
    }
    const parts = Math.max(1, Math.ceil(rows / rowsAtOnce));
    if (slots.hasShared) for (let part = 0; part < parts; part++) await this.compare(slots, part, parts);
    return new Map(
      involved.flatMap(({ dated, repeated, differing, firstDiffering }) => {
        const found = repeated.toSet();
        return found.size + differing === 0 ? [] : [[dated, { rows: found, differing, firstDiffering }]];
      }),
    );
  }

  /** Reads rows whose number seems to stand in several books, of one part of the numbers. */
  private async compare(slots: IdSlots, part: number, parts: number): Promise<void> {
    const table = new RepeatTable();
    for (const [file, involved] of this.involved.entries()) {
      const { dated, ids, book } = involved;
      const identityOf = identityReader(dated.file, this.plan);
      await dated.file.select(new RepeatCandidates(ids, slots, part, parts), ({ row, values, fault }) => {
        const identity = fault ? undefined : identityOf(values, row);
        if (identity === undefined) return;
        const offered = table.offer(identity, { book, file, row });
        if (offered.kind === 'repeats') this.leaveOut(offered.leftOut);
        else if (offered.kind === 'differs' && involved.differing++ === 0) involved.firstDiffering = row;
      });
    }
  }

  private leaveOut({ file, row }: { readonly file: number; readonly row: number }): void {
    this.involved[file]?.repeated.add(row);
  }
}

/** What rows of a file are, where they can be used: what is rejected or left out counts nowhere. */
function identityReader(
  file: EvidenceFile,
  plan: Plan,
): (values: readonly (string | null)[], row: number) => RowIdentity | undefined {
  const { kind, rules, times, file: found } = file.input;
  if (kind === 'messages') {
    const reader = new MessageReader(rules.numberFormat, times, found.name, plan);
    return (values, row) => {
      const { kept } = reader.read(file.rowOf(values), row);
      return kept && identityOfMessage(kept);
    };
  }
  const reader = new PostingReader(rules, times, found.name, plan);
  return (values, row) => {
    const outcome = reader.read(file.rowOf(values), row);
    return outcome.kind === 'taken' ? identityOfMovement(outcome.value) : undefined;
  };
}

/** Rows that were taken in one by one are no repeats of each other: all their files are one book. */
function bookNumbers(files: readonly DatedFile[]): number[] {
  let last = 0;
  let takenIn = 0;
  return files.map(({ file }) => {
    if (!file.input.isTakenIn) return ++last;
    if (takenIn === 0) takenIn = ++last;
    return takenIn;
  });
}

/** The times that a file shares with files of other books, in order and apart. */
function windowsOf(index: number, files: readonly DatedFile[], books: readonly number[]): TimeWindow[] {
  const own = reach(files[index] as DatedFile);
  const shared = files
    .flatMap((other, at) => {
      if (books[at] === books[index]) return [];
      const { fromMs, toMs } = reach(other);
      const window = { fromMs: Math.max(own.fromMs, fromMs), toMs: Math.min(own.toMs, toMs) };
      return window.fromMs <= window.toMs ? [window] : [];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
  const windows: TimeWindow[] = [];
  for (const window of shared) {
    const last = windows.at(-1);
    if (last === undefined || window.fromMs > last.toMs) windows.push(window);
    else if (window.toMs > last.toMs) windows[windows.length - 1] = { fromMs: last.fromMs, toMs: window.toMs };
  }
  return windows;
}

function reach({ rows, firstMs, lastMs }: DatedFile): TimeWindow {
  if (rows === 0) return { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  // Of a time that stands in no row nothing is known.
  if (firstMs > lastMs) return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  return { fromMs: firstMs - SECOND_MS, toMs: lastMs + SECOND_MS };
}

/**
 * Keeps the lines of the runs that were looked at last in memory, within a number of lines. Never holds one run twice,
 * however many ask for it at once.
 */

import type { LineSums } from '../../contract/run.ts';
import { type ComparedLines, compareLines } from './compare-lines.ts';
import { LineBook, type LinePage, type LinePlace, type LineSelection, type NamedMarks } from './line-book.ts';
import { LINE_CHANGES, type LineChange, prepareSearch } from './line-filter.ts';
import { LINE_SORTS, type LineOrder } from './line-order.ts';
import type { GroupColumn, GroupSums } from './line-sums.ts';
import { type LoadOptions, loadLineColumns } from './load-line-columns.ts';

/** Where the lines of a run are. */
export type ShelvedRun = Omit<LoadOptions, 'temporaryDirectory'>;

/** Lines of these changes since another run. `gone` alone: the lines are those of the other run. */
export interface ChangeLimit {
  readonly since: ShelvedRun;
  readonly changes: readonly LineChange[];
}

export interface PageRequest {
  readonly run: ShelvedRun;
  readonly selection: LineSelection;
  readonly change: ChangeLimit | undefined;
  readonly order: LineOrder;
  readonly after: LinePlace | undefined;
  /** How many of the lines that fit come before the page; instead of `after`. */
  readonly offset?: number | undefined;
  readonly limit: number;
}

export type GroupRequest = Pick<PageRequest, 'run' | 'selection' | 'change'> & { readonly by: GroupColumn };
export type CompareRequest = Pick<PageRequest, 'run' | 'selection'> & { readonly since: ShelvedRun };

/** A line takes some 250 bytes and four more for each order. */
const LINES_MAX = 3_000_000;
const COMPARED_MAX = 4;

export class LineShelf {
  private readonly temporaryDirectory: string;
  private readonly books = new Map<string, Promise<LineBook>>();
  private readonly compared = new Map<string, Promise<ComparedLines>>();
  private readonly counts = new Map<string, number>();

  constructor(temporaryDirectory: string) {
    this.temporaryDirectory = temporaryDirectory;
  }

  /** Reads a run before it is asked for. */
  async prepare(run: ShelvedRun): Promise<void> {
    await this.bookOf(run);
  }

  /** undefined: the place does not fit the order. */
  async page(request: PageRequest): Promise<LinePage | undefined> {
    const { selection, order, after, offset, limit } = request;
    const { book, limits } = await this.limited(request);
    return book.page(selection, order, { after, offset, limit, limits });
  }

  async groups(request: GroupRequest): Promise<GroupSums[]> {
    const { book, limits } = await this.limited(request);
    return book.groups(request.selection, request.by, limits);
  }

  /** Sums of what is new, worse, better, the same and gone. */
  async compare({ run, since, selection }: CompareRequest): Promise<Record<LineChange, LineSums>> {
    const sums = LINE_CHANGES.map(async (change) => {
      const { book, limits } = await this.limited({ run, change: { since, changes: [change] } });
      return [change, book.sums(selection, limits)] as const;
    });
    return Object.fromEntries(await Promise.all(sums)) as Record<LineChange, LineSums>;
  }

  private async limited({
    run,
    change,
  }: Pick<PageRequest, 'run' | 'change'>): Promise<{ book: LineBook; limits?: NamedMarks }> {
    if (change === undefined) return { book: await this.bookOf(run) };
    const { since, changes } = change;
    const [now, before] = await Promise.all([this.bookOf(run), this.bookOf(since)]);
    const compared = await this.comparedOf(run, since, now, before);
    const isGone = changes.includes('gone');
    const wanted = LINE_CHANGES.map((name) => (changes.includes(name) ? 1 : 0));
    const marks = (): Uint8Array => (isGone ? compared.before : compared.now).map((number) => wanted[number] as number);
    return {
      book: isGone ? before : now,
      limits: { name: JSON.stringify([run.path, since.path, changes]), marks },
    };
  }

  private comparedOf(run: ShelvedRun, since: ShelvedRun, now: LineBook, before: LineBook): Promise<ComparedLines> {
    return remember(this.compared, JSON.stringify([run.path, since.path]), COMPARED_MAX, () =>
      compareLines(
        { path: run.path, count: now.columns.count },
        { path: since.path, count: before.columns.count },
        this.temporaryDirectory,
      ),
    );
  }

  private bookOf(run: ShelvedRun): Promise<LineBook> {
    return remember(this.books, run.path, Number.POSITIVE_INFINITY, async () => {
      const columns = await loadLineColumns({ ...run, temporaryDirectory: this.temporaryDirectory });
      const book = new LineBook(columns);
      prepareSearch(columns);
      for (const by of LINE_SORTS) {
        book.order({ by, isReversed: false });
        // Others are answered between two orders.
        await new Promise(setImmediate);
      }
      this.counts.set(run.path, columns.count);
      this.makeRoom(run.path);
      return book;
    });
  }

  /** Lets go of what was not looked at for longest. */
  private makeRoom(keep: string): void {
    let lines = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    for (const path of [...this.books.keys()]) {
      const count = this.counts.get(path);
      if (lines <= LINES_MAX || path === keep || count === undefined) continue;
      this.books.delete(path);
      this.counts.delete(path);
      lines -= count;
    }
  }
}

/** What is asked for last stands last; what failed is forgotten. */
function remember<T>(known: Map<string, Promise<T>>, name: string, most: number, make: () => Promise<T>): Promise<T> {
  const value = known.get(name) ?? make();
  known.delete(name);
  known.set(name, value);
  value.catch(() => known.delete(name));
  const [oldest] = known.keys();
  if (known.size > most && oldest !== undefined) known.delete(oldest);
  return value;
}

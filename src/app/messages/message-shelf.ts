/**
 * Keeps indexes of message logs, and answers what is asked of them within a bounded memory. Never reads a file twice that has
 * not changed, and never makes the index of one file twice at once.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Plan, type PlanInput } from '../../core/normalize/plan.ts';
import { type DuckDb, openDuckDb } from '../../duckdb/open-duckdb.ts';
import { indexJournal, indexMessageFile, type JournalMessage, type MessageFile } from './index-messages.ts';
import {
  ERRORS_SQL,
  hoursSql,
  INTERFACES_SQL,
  linesSql,
  type MessageFrame,
  type MessageSearch,
  rowsSql,
  SEARCH_COLUMNS,
  searchSql,
} from './message-statements.ts';

/** The messages that a question is about. */
export interface MessageSet {
  readonly files: readonly MessageFile[];
  readonly journal: readonly JournalMessage[];
  /** Changes with the journal's rows. */
  readonly journalMark: string;
  /** Changes with what rows are judged by. */
  readonly planMark: string;
  readonly frame: MessageFrame;
}

export interface InterfaceFigures {
  readonly name: string;
  readonly messages: number;
  readonly lines: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly open: number;
  readonly late: number;
  readonly applied: number;
  /** Seconds; undefined where nothing was applied at a time that is known. */
  readonly lagMedian: number | undefined;
  readonly lagP95: number | undefined;
  readonly lagMax: number | undefined;
  readonly firstSent: number;
  readonly lastSent: number;
  readonly errors: readonly { readonly error: string; readonly lines: number; readonly lastSent: number }[];
  /** Hours since 1970 with messages, in order. */
  readonly hours: readonly {
    readonly hour: number;
    readonly lines: number;
    readonly rejected: number;
    readonly late: number;
  }[];
}

export interface InterfaceAnswer {
  readonly interfaces: readonly InterfaceFigures[];
  /** Rows that say no time, state or message. */
  readonly unreadable: number;
}

/** By the names of SEARCH_COLUMNS; '' where there is nothing. */
export type FoundMessage = Readonly<Record<(typeof SEARCH_COLUMNS)[number], string>>;

const MEMORY_BYTES = 512e6;
const HOUR_MS = 3_600_000;
/** More are forgotten, the ones that were not used for longest first. */
const INDEXES_MAX = 2_000;
const ANSWERS_MAX = 50;

interface FileIndex {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly unreadable: number;
}

export class MessageShelf {
  private readonly folder: string;
  private readonly indexes = new Map<string, Promise<FileIndex>>();
  private readonly answers = new Map<string, InterfaceAnswer>();
  private duckDb: Promise<DuckDb> | undefined;
  private plan: { readonly mark: string; readonly plan: Plan } | undefined;
  /** Statements share one table, so they come one after the other. */
  private before: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether all files are indexed, so that no plan is needed. */
  isReady({ files, journal, journalMark, planMark }: MessageSet): boolean {
    if (this.plan?.mark === planMark) return true;
    const names = files.map((file) => indexName(file, planMark));
    if (journal.length > 0) names.push(journalName(journalMark, planMark));
    return names.every((name) => this.indexes.has(name));
  }

  usePlan(mark: string, input: PlanInput): void {
    this.plan = { mark, plan: new Plan(input) };
  }

  /** `hours` back from the newest message. */
  async interfaces(set: MessageSet, sites: readonly string[] | undefined, hours: number): Promise<InterfaceAnswer> {
    const name = JSON.stringify([
      set.files.map(({ mark }) => mark),
      set.journalMark,
      set.planMark,
      set.frame,
      sites,
      hours,
    ]);
    const known = this.answers.get(name);
    if (known !== undefined) return known;
    const answer = await this.inTurn(set, async (duckDb, paths, unreadable) => {
      if (paths.length === 0) return { interfaces: [], unreadable };
      await duckDb.run(linesSql(rowsSql(paths, set.frame, sites), set.frame));
      try {
        return { interfaces: await figuresOf(duckDb, hours), unreadable };
      } finally {
        await duckDb.run('DROP TABLE lines');
      }
    });
    this.answers.set(name, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > ANSWERS_MAX && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }

  async search(set: MessageSet, search: MessageSearch): Promise<FoundMessage[]> {
    return this.inTurn(set, async (duckDb, paths) => {
      if (paths.length === 0) return [];
      const rows = await duckDb.rows(searchSql(rowsSql(paths, set.frame, search.sites), search));
      return rows.map(
        (row) =>
          Object.fromEntries(SEARCH_COLUMNS.map((name, index) => [name, String(row[index] ?? '')])) as FoundMessage,
      );
    });
  }

  async close(): Promise<void> {
    await this.before.catch(() => undefined);
    (await this.duckDb)?.close();
    this.duckDb = undefined;
  }

  private inTurn<T>(
    set: MessageSet,
    ask: (duckDb: DuckDb, paths: readonly string[], unreadable: number) => Promise<T>,
  ): Promise<T> {
    const answer = this.before.then(async () => {
      this.duckDb ??= openDuckDb({ temporaryDirectory: this.folder, threads: 2, memoryBytes: MEMORY_BYTES });
      const duckDb = await this.duckDb;
      const indexes = await this.indexesOf(duckDb, set);
      const unreadable = indexes.reduce((sum, index) => sum + index.unreadable, 0);
      return ask(
        duckDb,
        indexes.flatMap(({ paths }) => paths),
        unreadable,
      );
    });
    this.before = answer.catch(() => undefined);
    return answer;
  }

  private async indexesOf(duckDb: DuckDb, set: MessageSet): Promise<FileIndex[]> {
    const { files, journal, journalMark, planMark } = set;
    const made: FileIndex[] = [];
    for (const file of files) {
      const make = (folder: string) => indexMessageFile(duckDb, file, this.planOf(planMark), folder);
      made.push(await this.remember(indexName(file, planMark), make));
    }
    if (journal.length > 0) {
      const make = async (folder: string) => ({
        paths: await indexJournal(duckDb, journal, this.planOf(planMark), folder),
        unreadable: 0,
      });
      made.push(await this.remember(journalName(journalMark, planMark), make));
    }
    await this.makeRoom(files.length + 1);
    return made;
  }

  private planOf(mark: string): Plan {
    if (this.plan?.mark !== mark) throw new Error('Invariant broken: messages were read before their plan was given');
    return this.plan.plan;
  }

  private remember(name: string, make: (folder: string) => Promise<Omit<FileIndex, 'folder'>>): Promise<FileIndex> {
    const known = this.indexes.get(name) ?? this.make(make);
    this.indexes.delete(name);
    this.indexes.set(name, known);
    known.catch(() => this.indexes.delete(name));
    return known;
  }

  private async make(make: (folder: string) => Promise<Omit<FileIndex, 'folder'>>): Promise<FileIndex> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(this.folder, 'log-'));
    try {
      return { folder, ...(await make(folder)) };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async makeRoom(inUse: number): Promise<void> {
    const most = Math.max(INDEXES_MAX, inUse);
    for (const [name, index] of this.indexes) {
      if (this.indexes.size <= most) return;
      this.indexes.delete(name);
      await rm((await index).folder, { recursive: true, force: true });
    }
  }
}

function indexName({ path, source, mark }: MessageFile, planMark: string): string {
  return JSON.stringify([path, source, mark, planMark]);
}

function journalName(mark: string, planMark: string): string {
  return JSON.stringify([mark, planMark]);
}

async function figuresOf(duckDb: DuckDb, hours: number): Promise<InterfaceFigures[]> {
  const rows = await duckDb.rows(INTERFACES_SQL);
  const newest = Math.max(0, ...rows.map((row) => Number(row[12])));
  const from = (Math.floor(newest / HOUR_MS) - hours + 1) * HOUR_MS;
  const errors = await duckDb.rows(ERRORS_SQL);
  const buckets = await duckDb.rows(hoursSql(from));
  return rows.map(([name, ...values]) => {
    const [messages, lines, duplicates, rejected, open, late, applied, median, p95, max, firstSent, lastSent] =
      values.map(Number);
    const ofThis = (some: unknown[][]): number[][] =>
      some.filter(([of]) => of === name).map((row) => row.slice(1).map(Number));
    const lag = (at: number, value: number | undefined): number | undefined =>
      values[at] === null ? undefined : value;
    return {
      name: String(name),
      ...{ messages, lines, duplicates, rejected, open, late, applied, firstSent, lastSent },
      lagMedian: lag(7, median),
      lagP95: lag(8, p95),
      lagMax: lag(9, max),
      errors: errors
        .filter(([of]) => of === name)
        .map(([, error, times, last]) => ({ error: String(error), lines: Number(times), lastSent: Number(last) })),
      hours: ofThis(buckets).map(([hour, count, refused, tardy]) => ({
        ...{ hour, lines: count, rejected: refused, late: tardy },
      })),
    } as InterfaceFigures;
  });
}

/**
 * Takes in a stream of rows: reads each, stores what is new in batches, and says what became of every row. Never says that a
 * row is taken before it is committed, and never holds more than a batch.
 */
import type { Transaction } from 'kysely';
import { Failure } from '../core/model/failure.ts';
import { type RowLayout, rowTexts } from '../ingest/json/row-texts.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { type NewIntakeRow, takeIn } from '../store/work/intake.ts';
import type { IntakeReader } from './intake-reader.ts';

/** Rows of one commit. */
const BATCH_ROWS = 1_000;
/** Rows that are taken all or none. */
const STRICT_ROWS_MAX = 20_000;
/** Rejections that are told one by one; all of them are counted. */
const LISTED_MAX = 1_000;

export interface TakeInOptions {
  readonly database: WorkDatabase;
  readonly reader: IntakeReader;
  readonly layout: RowLayout;
  /** One row that cannot be read refuses all of them. */
  readonly isStrict: boolean;
  /** Whether the sender may speak of a site; '' is a row that names none. */
  readonly canSee: (site: string) => boolean;
  /** By one clock for all servers of a store: all of them judge by these moments. */
  readonly now: () => number | Promise<number>;
}

export interface RefusedRow {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** received = taken + duplicates + rejected, but where strictness refused them all: then nothing was taken. */
export interface TakenIn {
  readonly received: number;
  readonly taken: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** The first rejections. */
  readonly rejections: RefusedRow[];
}

/**
 * Leaves the last batch to a transaction of the caller, who may keep the outcome with it. Throws a Failure where rows cannot be
 * told apart any more; what was committed before stays, and sending all of it again takes in the rest.
 */
export async function takeAllButLast(
  stream: AsyncIterable<Uint8Array>,
  options: TakeInOptions,
): Promise<(transaction: Transaction<WorkState>) => Promise<TakenIn>> {
  const intake = new Intake(options);
  for await (const { line, text } of rowTexts(stream, options.layout)) {
    const isFull = intake.add(line, text);
    if (isFull) await intake.commit();
  }
  // Before the transaction: the clock of a store is asked over a connection of its own.
  const receivedAt = await options.now();
  return (transaction) => intake.end(transaction, receivedAt);
}

class Intake {
  private readonly options: TakeInOptions;
  private readonly rejections: RefusedRow[] = [];
  private pending: NewIntakeRow[] = [];
  private received = 0;
  private taken = 0;
  private rejected = 0;

  constructor(options: TakeInOptions) {
    this.options = options;
  }

  /** Whether it is time to commit. */
  add(line: number, text: string): boolean {
    const { reader, canSee, isStrict } = this.options;
    this.received++;
    const read = reader.read(text);
    if (!read.ok) this.reject({ line, column: read.column, value: read.value, reason: read.reason });
    else if (!canSee(read.row.site))
      this.reject({ line, column: 'site', value: read.row.site, reason: 'a site that the sender may not speak of' });
    else this.pending.push(read.row);
    if (!isStrict) return this.pending.length >= BATCH_ROWS;
    if (this.received > STRICT_ROWS_MAX)
      throw new Failure(
        'usage',
        'STRICT_TOO_LONG',
        `more than ${STRICT_ROWS_MAX} rows are not taken all or none`,
        'Send fewer rows at once, or leave strict out.',
      );
    return false;
  }

  private reject(row: RefusedRow): void {
    this.rejected++;
    if (this.rejections.length < LISTED_MAX) this.rejections.push(row);
  }

  async commit(): Promise<void> {
    const { database, now } = this.options;
    const receivedAt = await now();
    const taken = await database.db.transaction().execute((transaction) => this.store(transaction, receivedAt));
    this.pending = [];
    this.taken += taken;
  }

  /** What it says holds once the transaction is committed. */
  async end(transaction: Transaction<WorkState>, receivedAt: number): Promise<TakenIn> {
    return this.outcome(this.taken + (await this.store(transaction, receivedAt)));
  }

  private async store(transaction: Transaction<WorkState>, receivedAt: number): Promise<number> {
    const { pending, rejected } = this;
    if (pending.length === 0 || (this.options.isStrict && rejected > 0)) return 0;
    return (await takeIn(transaction, pending, receivedAt)).size;
  }

  private outcome(taken: number): TakenIn {
    const { received, rejected, rejections } = this;
    const isRefused = this.options.isStrict && rejected > 0;
    const duplicates = isRefused ? 0 : received - taken - rejected;
    return { received, taken, duplicates, rejected, rejections };
  }
}

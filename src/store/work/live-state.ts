/**
 * The discrepancies as they stand now, in generations: each starts from the balances of one run, and one of them is told to
 * others. Writes what changed together with its events, and only for whoever keeps the state. Never judges a key.
 */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { LiveLineState, WorkState } from '../database/work-state.ts';
import { type LateMessage, settleLateAlerts } from './alerts.ts';
import { appendEvents, type WorkEvent } from './events.ts';

export type LiveGeneration = Selectable<WorkState['live_generations']>;

export interface LiveKey {
  readonly item: string;
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: string;
}

/** `document`: the line's figures as JSON; two lines of a key are the same where it is. */
export interface NewLiveLine extends LiveKey {
  readonly state: LiveLineState;
  readonly valueSize: number;
  readonly document: string;
}

/** What is now known of an item, or of a message that names none: all of it, whatever was known before. */
export interface LiveEntry {
  readonly kind: 'item' | 'message';
  readonly name: string;
  readonly lines: readonly NewLiveLine[];
  readonly late: readonly LateMessage[];
  readonly dueAt: number | undefined;
}

export interface ApplyOptions {
  readonly generation: LiveGeneration;
  readonly now: number;
  readonly newId: () => string;
}

/** SQLite takes some 32,000 values in a statement. */
const ROWS_PER_STATEMENT = 2_000;

export function currentGeneration(db: Kysely<WorkState>): Promise<LiveGeneration | undefined> {
  return db.selectFrom('live_generations').selectAll().where('is_current', '=', 1).executeTakeFirst();
}

/**
 * Writes what is known of some items instead of what was. Only the current generation tells others of it. A key keeps the moment
 * since when it is open.
 */
export async function applyEntries(
  transaction: Transaction<WorkState>,
  entries: readonly LiveEntry[],
  { generation, now, newId }: ApplyOptions,
): Promise<void> {
  const isCurrent = generation.is_current === 1;
  const names = entries.filter(({ kind }) => kind === 'item').map(({ name }) => name);
  const known = await linesOf(transaction, generation.generation, names);
  const before = isCurrent ? known : await currentLinesOf(transaction, names);
  const change = new LineChange(generation.generation, now);
  for (const entry of entries) change.add(entry, known, before);
  await change.write(transaction);
  await writeDues(transaction, generation.generation, entries);
  if (!isCurrent) return;
  const alerts = await settleLateAlerts(transaction, entries, { now, newId });
  await appendEvents(transaction, [...change.events, ...alerts], now);
}

type StoredLine = Selectable<WorkState['live_lines']>;
type LinesByKey = ReadonlyMap<string, ReadonlyMap<string, StoredLine>>;

function nameOf({ site, owner, lot, category }: LiveKey): string {
  return JSON.stringify([site, owner, lot, category]);
}

async function linesOf(db: Kysely<WorkState>, generation: number, items: readonly string[]): Promise<LinesByKey> {
  const lines = new Map<string, Map<string, StoredLine>>(items.map((item) => [item, new Map()]));
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    const rows = await db
      .selectFrom('live_lines')
      .selectAll()
      .where('generation', '=', generation)
      .where('item', 'in', items.slice(start, start + ROWS_PER_STATEMENT))
      .execute();
    for (const row of rows) lines.get(row.item)?.set(nameOf(row), row);
  }
  return lines;
}

async function currentLinesOf(db: Kysely<WorkState>, items: readonly string[]): Promise<LinesByKey> {
  const current = await currentGeneration(db);
  return current === undefined ? new Map() : linesOf(db, current.generation, items);
}

/** What of the lines of some items is new, other or gone. */
class LineChange {
  readonly events: WorkEvent[] = [];
  private readonly generation: number;
  private readonly now: number;
  /** Items of which lines are gone: what is left of them is written again. */
  private readonly thinned: string[] = [];
  private readonly written: StoredLine[] = [];

  constructor(generation: number, now: number) {
    this.generation = generation;
    this.now = now;
  }

  /** `before`: the lines of the generation that is told to others. */
  add(entry: LiveEntry, known: LinesByKey, before: LinesByKey): void {
    const old = known.get(entry.name) ?? new Map<string, StoredLine>();
    const lines = new Map(entry.lines.map((line) => [nameOf(line), line]));
    const gone = [...old].filter(([name]) => !lines.has(name));
    if (gone.length > 0) this.thinned.push(entry.name);
    for (const [, was] of gone) this.tell(was, undefined);
    for (const [name, line] of lines) {
      const was = old.get(name);
      const isSame = was?.document === line.document && was.state === line.state;
      if (isSame && gone.length === 0) continue;
      if (!isSame) this.tell(was, line);
      this.written.push(isSame ? was : this.rowOf(line, before.get(entry.name)?.get(name)?.opened_at ?? this.now));
    }
  }

  private rowOf({ item, site, owner, lot, category, state, valueSize, document }: NewLiveLine, openedAt: number) {
    const row = { generation: this.generation, item, site, owner, lot, category, state, document };
    return { ...row, value_size: valueSize, opened_at: openedAt, changed_at: this.now };
  }

  /** Timing alone is nobody's concern: it is told where it becomes or was a discrepancy. */
  private tell(was: StoredLine | undefined, line: NewLiveLine | undefined): void {
    const wasOpen = was?.state === 'discrepancy';
    const isOpen = line?.state === 'discrepancy';
    if (!wasOpen && !isOpen) return;
    const kind = wasOpen ? (isOpen ? 'discrepancy.changed' : 'discrepancy.closed') : 'discrepancy.opened';
    const { site, document, state } = (line ?? was) as StoredLine | NewLiveLine;
    this.events.push({
      kind,
      site,
      document: { ...JSON.parse(document), state: line === undefined ? 'in-sync' : state },
    });
  }

  async write(transaction: Transaction<WorkState>): Promise<void> {
    for (let start = 0; start < this.thinned.length; start += ROWS_PER_STATEMENT)
      await transaction
        .deleteFrom('live_lines')
        .where('generation', '=', this.generation)
        .where('item', 'in', this.thinned.slice(start, start + ROWS_PER_STATEMENT))
        .execute();
    for (let start = 0; start < this.written.length; start += ROWS_PER_STATEMENT)
      await transaction
        .insertInto('live_lines')
        .values(this.written.slice(start, start + ROWS_PER_STATEMENT))
        .onConflict((conflict) =>
          conflict.columns(['generation', 'item', 'site', 'owner', 'lot', 'category']).doUpdateSet((row) => ({
            state: row.ref('excluded.state'),
            value_size: row.ref('excluded.value_size'),
            document: row.ref('excluded.document'),
            changed_at: row.ref('excluded.changed_at'),
          })),
        )
        .execute();
  }
}

async function writeDues(
  transaction: Transaction<WorkState>,
  generation: number,
  entries: readonly LiveEntry[],
): Promise<void> {
  for (let start = 0; start < entries.length; start += ROWS_PER_STATEMENT) {
    const some = entries.slice(start, start + ROWS_PER_STATEMENT);
    for (const kind of ['item', 'message'] as const) {
      const names = some.filter((entry) => entry.kind === kind && entry.dueAt === undefined).map(({ name }) => name);
      if (names.length > 0)
        await transaction
          .deleteFrom('live_dues')
          .where('generation', '=', generation)
          .where('kind', '=', kind)
          .where('name', 'in', names)
          .execute();
    }
    const values = some.flatMap(({ kind, name, dueAt }) =>
      dueAt === undefined ? [] : [{ generation, kind, name, due_at: dueAt }],
    );
    if (values.length > 0)
      await transaction
        .insertInto('live_dues')
        .values(values)
        .onConflict((conflict) =>
          conflict
            .columns(['generation', 'kind', 'name'])
            .doUpdateSet((row) => ({ due_at: row.ref('excluded.due_at') })),
        )
        .execute();
  }
}

/** Items and messages that may have changed by `asOf` though nothing arrived, the longest overdue first. */
export function readDues(
  db: Kysely<WorkState>,
  generation: number,
  asOf: number,
  limit: number,
): Promise<{ kind: 'item' | 'message'; name: string }[]> {
  return db
    .selectFrom('live_dues')
    .select(['kind', 'name'])
    .where('generation', '=', generation)
    .where('due_at', '<=', asOf)
    .orderBy('due_at')
    .limit(limit)
    .execute();
}

/** Notes up to which batch rows are counted in, and of which moment: neither goes back. */
export async function advanceGeneration(
  transaction: Transaction<WorkState>,
  generation: number,
  to: { readonly batch: number; readonly asOf: number },
): Promise<void> {
  await transaction
    .updateTable('live_generations')
    .set({ batch: to.batch, as_of: to.asOf })
    .where('generation', '=', generation)
    .where('batch', '<=', to.batch)
    .where('as_of', '<=', to.asOf)
    .execute();
}

/** A new generation that nobody is told of yet. */
export async function addGeneration(
  transaction: Transaction<WorkState>,
  start: Pick<LiveGeneration, 'run_id' | 'basis' | 'fed' | 'horizon' | 'batch' | 'as_of'>,
  now: number,
): Promise<LiveGeneration> {
  const last = await transaction
    .selectFrom('live_generations')
    .select((row) => row.fn.max('generation').as('generation'))
    .executeTakeFirst();
  return transaction
    .insertInto('live_generations')
    .values({ ...start, generation: (last?.generation ?? 0) + 1, is_current: 0, created_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Other systems send movements than before: whatever has rows is to be looked at again. */
export async function changeFed(
  transaction: Transaction<WorkState>,
  { generation, horizon, as_of }: LiveGeneration,
  fed: string,
): Promise<void> {
  await transaction.updateTable('live_generations').set({ fed }).where('generation', '=', generation).execute();
  for (const kind of ['item', 'message'] as const)
    await transaction
      .insertInto('live_dues')
      .columns(['generation', 'kind', 'name', 'due_at'])
      .expression(
        transaction
          .selectFrom('intake_rows')
          .select((row) => [
            row.lit(generation).as('generation'),
            sql.lit(kind).as('kind'),
            row.ref(kind === 'item' ? 'item' : 'message_id').as('name'),
            row.lit(as_of).as('due_at'),
          ])
          .distinct()
          .where('at', '>=', horizon)
          .where('item', kind === 'item' ? '<>' : '=', ''),
      )
      .onConflict((conflict) =>
        conflict.columns(['generation', 'kind', 'name']).doUpdateSet((row) => ({ due_at: row.ref('excluded.due_at') })),
      )
      .execute();
}

/** From now on this generation is the one that others are told. */
export async function makeCurrent(
  transaction: Transaction<WorkState>,
  { generation, run_id }: LiveGeneration,
  now: number,
): Promise<void> {
  await transaction
    .updateTable('live_generations')
    .set((row) => ({ is_current: row.case().when('generation', '=', generation).then(1).else(0).end() }))
    .execute();
  await appendEvents(transaction, [{ kind: 'discrepancies.rebased', document: { run_id } }], now);
}

/** Removes what is left of generations other than these, some rows at a time; false where nothing is left. */
export async function sweepGenerations(
  transaction: Transaction<WorkState>,
  kept: readonly number[],
  rowsMax: number,
): Promise<boolean> {
  const old = await transaction
    .selectFrom('live_generations')
    .select('generation')
    .where('generation', 'not in', [0, ...kept])
    .limit(1)
    .executeTakeFirst();
  if (old === undefined) return false;
  const { generation } = old;
  const lines = await transaction
    .selectFrom('live_lines')
    .select('item')
    .distinct()
    .where('generation', '=', generation)
    .limit(rowsMax)
    .execute();
  if (lines.length > 0) {
    const items = lines.map(({ item }) => item);
    await transaction
      .deleteFrom('live_lines')
      .where('generation', '=', generation)
      .where('item', 'in', items)
      .execute();
    return true;
  }
  await transaction.deleteFrom('live_dues').where('generation', '=', generation).execute();
  await transaction.deleteFrom('live_generations').where('generation', '=', generation).execute();
  return true;
}

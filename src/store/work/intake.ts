/**
 * Movements and messages that arrive one by one: each content is taken in once, in numbered batches, and what was told to be
 * taken is committed. Never judges a row.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { IntakeKind, WorkState } from '../database/work-state.ts';
import { takeNumbers } from './counters.ts';

export type { IntakeKind } from '../database/work-state.ts';

/** A row that can be taken in. Texts that it lacks are ''. */
export interface NewIntakeRow {
  readonly kind: IntakeKind;
  readonly system: string;
  /** Of kind, system and canonical row. */
  readonly contentHash: string;
  readonly at: number;
  readonly site: string;
  readonly item: string;
  readonly messageId: string;
  readonly reference: string;
  readonly state: string;
  /** Whom its sender's silence is told of: a movement's system, a message's interface. */
  readonly feed: string;
  readonly document: string;
}

export type IntakeRow = Selectable<WorkState['intake_rows']>;

/** SQLite takes some 32,000 values in a statement; a row has twelve. */
const ROWS_PER_STATEMENT = 2_000;

/**
 * Takes in what is new, as one batch with the rows' positions as its lines. Returns these positions: all others hold a content
 * that was there before, or came earlier among the same rows.
 */
export async function takeIn(
  transaction: Transaction<WorkState>,
  rows: readonly NewIntakeRow[],
  now: number,
): Promise<ReadonlySet<number>> {
  const firstOf = new Map<string, number>();
  for (const [position, { contentHash }] of rows.entries())
    if (!firstOf.has(contentHash)) firstOf.set(contentHash, position);
  const taken = new Set<number>();
  for (const hash of await addHashes(transaction, [...firstOf.keys()], now)) taken.add(firstOf.get(hash) as number);
  if (taken.size === 0) return taken;
  // After the hashes: whoever has the number waits for nobody.
  const batch = await takeNumbers(transaction, 'intake');
  const fresh = rows.flatMap((row, line) => (taken.has(line) ? [{ row, line }] : []));
  for (let start = 0; start < fresh.length; start += ROWS_PER_STATEMENT) {
    const values = fresh.slice(start, start + ROWS_PER_STATEMENT).map(({ row, line }) => {
      const { kind, system, at, site, item, reference, state, document } = row;
      return {
        batch,
        line,
        kind,
        system,
        at,
        site,
        item,
        message_id: row.messageId,
        reference,
        state,
        document,
        received_at: now,
      };
    });
    await transaction.insertInto('intake_rows').values(values).execute();
  }
  await noteFeeds(
    transaction,
    fresh.map(({ row }) => row),
    now,
  );
  return taken;
}

/** Those that were not there. In their order, so that two who bring the same ones never wait for each other in a circle. */
async function addHashes(
  transaction: Transaction<WorkState>,
  hashes: readonly string[],
  now: number,
): Promise<string[]> {
  const ordered = hashes.toSorted();
  const added: string[] = [];
  for (let start = 0; start < ordered.length; start += ROWS_PER_STATEMENT) {
    const inserted = await transaction
      .insertInto('intake_hashes')
      .values(
        ordered.slice(start, start + ROWS_PER_STATEMENT).map((content_hash) => ({ content_hash, received_at: now })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('content_hash')
      .execute();
    for (const { content_hash } of inserted) added.push(content_hash);
  }
  return added;
}

async function noteFeeds(
  transaction: Transaction<WorkState>,
  rows: readonly NewIntakeRow[],
  now: number,
): Promise<void> {
  const counts = new Map<string, { kind: IntakeKind; name: string; rows: number }>();
  for (const { kind, feed } of rows) {
    const name = `${kind} ${feed}`;
    const count = counts.get(name) ?? { kind, name: feed, rows: 0 };
    counts.set(name, count);
    count.rows++;
  }
  const values = [...counts.values()].map((count) => ({ ...count, first_at: now, last_at: now }));
  await transaction
    .insertInto('intake_feeds')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['kind', 'name']).doUpdateSet((row) => ({
        rows: row('intake_feeds.rows', '+', row.ref('excluded.rows')),
        // Clocks may go back; no row was received after this moment.
        last_at: row
          .case()
          .when('intake_feeds.last_at', '<', row.ref('excluded.last_at'))
          .then(row.ref('excluded.last_at'))
          .else(row.ref('intake_feeds.last_at'))
          .end(),
      })),
    )
    .execute();
}

/** The number of the newest batch; 0 where there is none. */
export async function newestBatch(db: Kysely<WorkState>): Promise<number> {
  const { value } = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'intake')
    .executeTakeFirstOrThrow();
  return value;
}

/** Who sends, and since when. */
export function readFeeds(db: Kysely<WorkState>): Promise<Selectable<WorkState['intake_feeds']>[]> {
  return db.selectFrom('intake_feeds').selectAll().orderBy('kind').orderBy('name').execute();
}

/** The systems that send movements, in the order of their names. */
export async function movementFeeds(db: Kysely<WorkState>): Promise<string[]> {
  return (await readFeeds(db)).flatMap(({ kind, name }) => (kind === 'movements' ? [name] : []));
}

/** All rows of the journal in these batches, in order. */
export function readBatches(db: Kysely<WorkState>, after: number, upTo: number): Promise<IntakeRow[]> {
  return db
    .selectFrom('intake_rows')
    .selectAll()
    .where('batch', '>', after)
    .where('batch', '<=', upTo)
    .orderBy('batch')
    .orderBy('line')
    .execute();
}

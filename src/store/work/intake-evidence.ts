/** Finds rows of the journal by item, by message and by document, for what is known of items now. Never judges them. */
import type { Kysely } from 'kysely';
import type { WorkState } from '../database/work-state.ts';
import type { IntakeRow } from './intake.ts';

/** Values of one statement: SQLite takes some 32,000. */
const VALUES_MAX = 5_000;

/** Which rows count: posted or sent since `horizon`, in batches up to `upTo`. */
export interface EvidenceRange {
  readonly horizon: number;
  readonly upTo: number;
}

/** All rows of some items, in the order of their receipt. */
export async function rowsOfItems(
  db: Kysely<WorkState>,
  items: readonly string[],
  range: EvidenceRange,
): Promise<IntakeRow[]> {
  return inParts(items, (some) =>
    within(db, range).where('item', 'in', some).orderBy('batch').orderBy('line').execute(),
  );
}

/** Messages that name no item, by their numbers or the documents that they name. */
export async function itemlessMessages(
  db: Kysely<WorkState>,
  by: { readonly messageIds: readonly string[]; readonly references: readonly string[] },
  range: EvidenceRange,
): Promise<IntakeRow[]> {
  const itemless = () => within(db, range).where('item', '=', '').where('kind', '=', 'messages');
  const found = [
    ...(await inParts(by.messageIds, (some) => itemless().where('message_id', 'in', some).execute())),
    ...(await inParts(by.references, (some) => itemless().where('reference', 'in', some).execute())),
  ];
  return inOrder(found);
}

/** Movements of any item, by the messages or the documents that they name. */
export async function tiedMovements(
  db: Kysely<WorkState>,
  by: { readonly messageIds: readonly string[]; readonly references: readonly string[] },
  range: EvidenceRange,
): Promise<IntakeRow[]> {
  const movements = () => within(db, range).where('kind', '=', 'movements').where('item', '<>', '');
  const found = [
    ...(await inParts(by.messageIds, (some) => movements().where('message_id', 'in', some).execute())),
    ...(await inParts(by.references, (some) => movements().where('reference', 'in', some).execute())),
  ];
  return inOrder(found);
}

/** Whether any message names no item. */
export async function hasItemless(db: Kysely<WorkState>): Promise<boolean> {
  return (
    (await db.selectFrom('intake_rows').select('batch').where('item', '=', '').limit(1).executeTakeFirst()) !==
    undefined
  );
}

/** Items that rows of the range name, in the order of their codes, and messages that name none. */
export async function namesSince(
  db: Kysely<WorkState>,
  range: EvidenceRange,
): Promise<{ items: string[]; messageIds: string[] }> {
  const named = db.selectFrom('intake_rows').where('at', '>=', range.horizon).where('batch', '<=', range.upTo);
  const items = await named.select('item').distinct().where('item', '<>', '').orderBy('item').execute();
  const messages = await named.select('message_id').distinct().where('item', '=', '').execute();
  return { items: items.map(({ item }) => item), messageIds: messages.map(({ message_id }) => message_id) };
}

function within(db: Kysely<WorkState>, { horizon, upTo }: EvidenceRange) {
  return db.selectFrom('intake_rows').selectAll().where('at', '>=', horizon).where('batch', '<=', upTo);
}

async function inParts<T>(values: readonly string[], find: (some: readonly string[]) => Promise<T[]>): Promise<T[]> {
  const named = values.filter((value) => value !== '');
  const found: T[] = [];
  for (let start = 0; start < named.length; start += VALUES_MAX)
    for (const row of await find(named.slice(start, start + VALUES_MAX))) found.push(row);
  return found;
}

/** Each row once, in the order of receipt. */
function inOrder(rows: readonly IntakeRow[]): IntakeRow[] {
  const unique = new Map(rows.map((row) => [`${row.batch} ${row.line}`, row]));
  return [...unique.values()].sort((a, b) => a.batch - b.batch || a.line - b.line);
}

/** What rows are searched by; what is undefined does not matter. */
export interface JournalSearch {
  readonly kind: IntakeRow['kind'];
  readonly system?: string | undefined;
  readonly sites?: readonly string[] | undefined;
  readonly items?: readonly string[] | undefined;
  readonly reference?: string | undefined;
  readonly messageId?: string | undefined;
  readonly states?: readonly string[] | undefined;
  /** Posted or sent from this moment on, and before that one. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** Only rows that were taken in before this one. */
  readonly before?: { readonly batch: number; readonly line: number } | undefined;
  readonly limit: number;
}

/** Rows of the batches after `after`, the newest first. */
export function searchJournal(db: Kysely<WorkState>, search: JournalSearch, after: number): Promise<IntakeRow[]> {
  const { kind, system, sites, items, reference, messageId, states, from, until, before, limit } = search;
  let query = db.selectFrom('intake_rows').selectAll().where('kind', '=', kind).where('batch', '>', after);
  if (system !== undefined) query = query.where('system', '=', system);
  // An empty list is no site at all: of a row that names none it is not known whether it may be seen.
  if (sites !== undefined) query = query.where('site', 'in', sites.length === 0 ? [' '] : sites);
  if (items !== undefined) query = query.where('item', 'in', items.length === 0 ? [' '] : items);
  if (reference !== undefined) query = query.where('reference', '=', reference);
  if (messageId !== undefined) query = query.where('message_id', '=', messageId);
  if (states !== undefined) query = query.where('state', 'in', states.length === 0 ? [' '] : states);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (until !== undefined) query = query.where('at', '<', until);
  if (before !== undefined)
    query = query.where((row) =>
      row.or([
        row('batch', '<', before.batch),
        row.and([row('batch', '=', before.batch), row('line', '<', before.line)]),
      ]),
    );
  return query.orderBy('batch', 'desc').orderBy('line', 'desc').limit(limit).execute();
}

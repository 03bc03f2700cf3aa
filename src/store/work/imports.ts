/**
 * What was brought in: one row for each content of a kind and system, however often it is sent. Never touches the files
 * themselves: a row names one only once it is in its place.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ImportState, WorkState } from '../database/work-state.ts';
import { appendAudit, type ChangedBy } from './audit.ts';
import { appendEvents } from './events.ts';

export type ImportRow = Selectable<WorkState['imports']>;
export type NewImport = Omit<ImportRow, 'failure'> & { readonly failure: string | null };

export interface Addition {
  readonly row: ImportRow;
  /** False where the same content was brought in before: `row` is that one then. */
  readonly isNew: boolean;
}

/**
 * Adds a row unless its content is there. One that was refused is judged anew each time: the configuration may have learned
 * to read it.
 */
export async function addImport(transaction: Transaction<WorkState>, row: NewImport, now: number): Promise<Addition> {
  const { id: _, ...judged } = row;
  const added = await transaction
    .insertInto('imports')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['kind', 'system', 'sha256']).doUpdateSet(judged).where('imports.state', '=', 'refused'),
    )
    .returningAll()
    .executeTakeFirst();
  if (added === undefined) {
    const there = await findImportByContent(transaction, row.kind, row.system, row.sha256);
    return { row: there as ImportRow, isNew: false };
  }
  await tell(transaction, added, { actor: row.received_by, action: `import.${added.state}` }, now);
  return { row: added, isNew: true };
}

/** An import that was held for a person is used from now on. undefined: it is not held. */
export function releaseImport(
  transaction: Transaction<WorkState>,
  id: string,
  by: ChangedBy,
  now: number,
): Promise<ImportRow | undefined> {
  const values = { state: 'accepted', failure: null } as const;
  return change(transaction, id, ['held'], values, { ...by, action: 'import.release' }, now);
}

/** Its file is about to be taken away; what was known of it stays. undefined: there is no file. */
export function removeImport(
  transaction: Transaction<WorkState>,
  id: string,
  actor: string,
  now: number,
): Promise<ImportRow | undefined> {
  const values = { state: 'removed', path: null } as const;
  return change(transaction, id, ['accepted', 'held'], values, { actor, action: 'import.remove' }, now);
}

async function change(
  transaction: Transaction<WorkState>,
  id: string,
  from: readonly ImportState[],
  values: Partial<Pick<ImportRow, 'state' | 'failure' | 'path'>>,
  entry: ChangedBy & { readonly action: string },
  now: number,
): Promise<ImportRow | undefined> {
  const changed = await transaction
    .updateTable('imports')
    .set(values)
    .where('id', '=', id)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst();
  if (changed !== undefined) await tell(transaction, changed, entry, now);
  return changed;
}

async function tell(
  transaction: Transaction<WorkState>,
  row: ImportRow,
  entry: ChangedBy & { readonly action: string },
  now: number,
): Promise<void> {
  const { id, kind, system, source, file_name, sha256, rows, as_of, state, failure } = row;
  const document = { id, kind, system, source, file_name, sha256, rows, as_of, state, failure };
  await appendAudit(transaction, { ...entry, entity: 'import', entityId: id, after: document }, now);
  await appendEvents(transaction, [{ kind: `import.${state}`, document }], now);
}

/** The one import of a content; undefined where it was never brought in. */
export function findImportByContent(
  db: Kysely<WorkState>,
  kind: string,
  system: string,
  sha256: string,
): Promise<ImportRow | undefined> {
  return db
    .selectFrom('imports')
    .selectAll()
    .where('kind', '=', kind)
    .where('system', '=', system)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
}

/** The import whose file lies at a path below the data directory. */
export function findImportByPath(db: Kysely<WorkState>, path: string): Promise<ImportRow | undefined> {
  return db.selectFrom('imports').selectAll().where('path', '=', path).executeTakeFirst();
}

/** Those whose file is there and that came before a moment, the oldest first. */
export function listOldImports(db: Kysely<WorkState>, before: number): Promise<ImportRow[]> {
  return db
    .selectFrom('imports')
    .selectAll()
    .where('received_at', '<', before)
    .where('path', 'is not', null)
    .orderBy('received_at')
    .execute();
}

export function findImport(db: Kysely<WorkState>, id: string): Promise<ImportRow | undefined> {
  return db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface ImportFilter {
  readonly source?: string | undefined;
  readonly state?: ImportState | undefined;
  /** Only those whose file is kept. */
  readonly hasFile?: boolean | undefined;
  /** Only those before this one. */
  readonly before?: Pick<ImportRow, 'id' | 'received_at'> | undefined;
}

/** The newest first. */
export function listImports(db: Kysely<WorkState>, filter: ImportFilter, limit: number): Promise<ImportRow[]> {
  const { source, state, hasFile = false, before } = filter;
  let query = db.selectFrom('imports').selectAll();
  if (source !== undefined) query = query.where('source', '=', source);
  if (state !== undefined) query = query.where('state', '=', state);
  if (hasFile) query = query.where('path', 'is not', null);
  if (before !== undefined) {
    const { received_at, id } = before;
    query = query.where((row) =>
      row.or([
        row('received_at', '<', received_at),
        row.and([row('received_at', '=', received_at), row('id', '<', id)]),
      ]),
    );
  }
  return query.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** How many are used, how many wait for a person, and how many were refused since a moment. */
export async function countImports(
  db: Kysely<WorkState>,
  since: number,
): Promise<{ accepted: number; held: number; refused: number }> {
  const rows = await db
    .selectFrom('imports')
    .select((row) => ['state', row.fn.countAll<number>().as('count')])
    .where((row) => row.or([row('state', 'in', ['accepted', 'held']), row('received_at', '>=', since)]))
    .groupBy('state')
    .execute();
  const of = (state: ImportState): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { accepted: of('accepted'), held: of('held'), refused: of('refused') };
}

/** Imports of a source that runs may use, the newest cut-off first; of one cut-off the one that came last. */
export function acceptedImports(db: Kysely<WorkState>, source: string, limit?: number): Promise<ImportRow[]> {
  const query = db
    .selectFrom('imports')
    .selectAll()
    .where('source', '=', source)
    .where('state', '=', 'accepted')
    // What says nothing of its cut-off is as of when it came.
    .orderBy((row) => row.fn.coalesce('as_of', 'received_at'), 'desc')
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc');
  return (limit === undefined ? query : query.limit(limit)).execute();
}

/**
 * Views that people keep. Decides that a view is its owner's, that a shared one is seen by all, and that nobody overwrites what
 * they have not read. Never looks into what a view asks for.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { appendAudit, type ChangedBy } from './audit.ts';

export type ViewRow = Selectable<WorkState['views']>;
export type ViewContent = Pick<ViewRow, 'page' | 'name' | 'query' | 'columns' | 'is_shared'>;

/** Who changes a view, and when. */
export interface ViewChange extends ChangedBy {
  readonly now: number;
  /** Changes views of others, where these are shared. */
  readonly isAdministrator: boolean;
}

const OWN_MAX = 500;
const LISTED_MAX = 2_000;

/** Own ones and shared ones, by name. */
export function listViews(db: Kysely<WorkState>, owner: string, page: string | undefined): Promise<ViewRow[]> {
  let query = db
    .selectFrom('views')
    .selectAll()
    .where((row) => row.or([row('owner', '=', owner), row('is_shared', '=', 1)]));
  if (page !== undefined) query = query.where('page', '=', page);
  return query.orderBy('name').orderBy('id').limit(LISTED_MAX).execute();
}

/** One that its owner or everybody sees. Throws a Failure of kind `absent`. */
export async function findView(db: Kysely<WorkState>, id: string, owner: string): Promise<ViewRow> {
  const row = await db.selectFrom('views').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || (row.owner !== owner && row.is_shared !== 1)) throw absent(id);
  return row;
}

/** Throws a Failure of kind `conflict` where the owner has too many, or one of that name. */
export async function addView(
  transaction: Transaction<WorkState>,
  id: string,
  content: ViewContent,
  { now, actor: owner, ...by }: ViewChange,
): Promise<ViewRow> {
  const { count } = await transaction
    .selectFrom('views')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('owner', '=', owner)
    .executeTakeFirstOrThrow();
  if (Number(count) >= OWN_MAX)
    throw new Failure('conflict', 'VIEWS_TOO_MANY', `there are ${OWN_MAX} views already`, 'Remove some first.');
  const row = await transaction
    .insertInto('views')
    .values({ id, owner, ...content, version: 1, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(['owner', 'page', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw nameTaken(content.name);
  await record(transaction, 'view.create', id, { after: content }, { ...by, actor: owner, now });
  return row;
}

/** Throws a Failure of kind `stale` where the version is another one, `absent` or `forbidden` where the view is not the caller's. */
export async function changeView(
  transaction: Transaction<WorkState>,
  { id, version }: { readonly id: string; readonly version: number },
  content: ViewContent,
  by: ViewChange,
): Promise<ViewRow> {
  const before = await changeableView(transaction, id, by);
  const namesake = await transaction
    .selectFrom('views')
    .select('id')
    .where('owner', '=', before.owner)
    .where('page', '=', content.page)
    .where('name', '=', content.name)
    .where('id', '!=', id)
    .executeTakeFirst();
  if (namesake !== undefined) throw nameTaken(content.name);
  const row = await transaction
    .updateTable('views')
    .set((column) => ({ ...content, version: column('version', '+', 1), updated_at: by.now }))
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw stale();
  await record(transaction, 'view.update', id, { before: contentOf(before), after: content }, by);
  return row;
}

/** Throws as `changeView` does. */
export async function removeView(
  transaction: Transaction<WorkState>,
  { id, version }: { readonly id: string; readonly version: number },
  by: ViewChange,
): Promise<void> {
  const before = await changeableView(transaction, id, by);
  const removed = await transaction
    .deleteFrom('views')
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .executeTakeFirst();
  if (removed === undefined) throw stale();
  await record(transaction, 'view.delete', id, { before: contentOf(before) }, by);
}

async function changeableView(transaction: Transaction<WorkState>, id: string, by: ViewChange): Promise<ViewRow> {
  const row = await findView(transaction, id, by.actor);
  if (row.owner === by.actor || by.isAdministrator) return row;
  throw new Failure(
    'forbidden',
    'VIEW_OF_ANOTHER',
    'the view is of somebody else',
    'Save it under a name of your own.',
  );
}

async function record(
  transaction: Transaction<WorkState>,
  action: string,
  id: string,
  documents: { readonly before?: ViewContent; readonly after?: ViewContent },
  { actor, requestId, now }: Omit<ViewChange, 'isAdministrator'>,
): Promise<void> {
  const entry = { actor, action, entity: 'view', entityId: id, ...documents };
  await appendAudit(transaction, { ...entry, ...(requestId !== undefined && { requestId }) }, now);
}

function contentOf({ page, name, query, columns, is_shared }: ViewRow): ViewContent {
  return { page, name, query, columns, is_shared };
}

function absent(id: string): Failure {
  return new Failure('absent', 'VIEW_UNKNOWN', `there is no view ${id}`);
}

function nameTaken(name: string): Failure {
  return new Failure(
    'conflict',
    'VIEW_NAME_TAKEN',
    `there is a view ${name} of this page already`,
    'Choose another name.',
  );
}

function stale(): Failure {
  return new Failure('stale', 'VIEW_CHANGED', 'the view was changed since it was read', 'Read it again.');
}

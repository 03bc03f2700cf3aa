/** What became of each file in a watched folder, so that none is looked into twice. Never touches the files. */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { WorkState } from '../database/work-state.ts';

export type WatchedFile = Selectable<WorkState['watched_files']>;

/** Those of a source, by path. */
export async function readWatchedFiles(
  db: Kysely<WorkState>,
  source: string,
): Promise<ReadonlyMap<string, WatchedFile>> {
  const rows = await db.selectFrom('watched_files').selectAll().where('source', '=', source).execute();
  return new Map(rows.map((row) => [row.path, row]));
}

/** What was known of a file before is replaced. */
export async function noteWatchedFiles(
  transaction: Transaction<WorkState>,
  files: readonly WatchedFile[],
): Promise<void> {
  for (const file of files) {
    const { source: _source, path: _path, ...decided } = file;
    await transaction
      .insertInto('watched_files')
      .values(file)
      .onConflict((conflict) => conflict.columns(['source', 'path']).doUpdateSet(decided))
      .execute();
  }
}

/** Refused files are judged again, because the configuration is another one. */
export async function forgetRefusedFiles(transaction: Transaction<WorkState>): Promise<void> {
  await transaction.deleteFrom('watched_files').where('state', '=', 'refused').execute();
}

/** What was decided before `before` of files that are gone: the caller says which are still there. */
export async function forgetWatchedFiles(
  transaction: Transaction<WorkState>,
  source: string,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths)
    await transaction.deleteFrom('watched_files').where('source', '=', source).where('path', '=', path).execute();
}

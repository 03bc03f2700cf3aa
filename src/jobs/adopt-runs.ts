/** Enters the runs of the data directory that the work state does not know: those of the command line. Never changes a folder. */
import type { RunDocument } from '../contract/run.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { RunStore } from '../store/run-store.ts';
import { adoptRuns, knownRuns } from '../store/work/runs.ts';

/** A folder that cannot be read is left for a later look. */
export async function adoptFolderRuns(
  { db }: WorkDatabase,
  dataDirectory: string,
  storeNow: () => Promise<number>,
): Promise<void> {
  const store = new RunStore(dataDirectory);
  const ids = await store.list();
  const known = await knownRuns(db, ids);
  const documents: RunDocument[] = [];
  for (const id of ids) {
    const document = known.has(id) ? undefined : await store.read(id).catch(() => undefined);
    if (document !== undefined) documents.push(document);
  }
  if (documents.length === 0) return;
  const now = await storeNow();
  await db.transaction().execute((transaction) => adoptRuns(transaction, documents, now));
}

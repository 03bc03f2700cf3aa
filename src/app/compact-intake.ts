/**
 * Writes the journal's rows to the lake as Parquet, and makes few large parts of many small ones. A part is written aside,
 * synced and renamed before the transaction that records it; a file that no transaction records counts for nothing.
 */
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { CANONICAL_COLUMNS } from '../contract/configuration.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { type SmallColumn, writeSmallParquet } from '../duckdb/small-parquet.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { type IntakeRow, readBatches } from '../store/work/intake.ts';
import {
  countBatches,
  type IntakePart,
  intakeMarks,
  liveHorizon,
  pruneJournal,
  readParts,
  recordParts,
  replaceParts,
} from '../store/work/intake-parts.ts';

export interface CompactOptions {
  readonly database: Pick<WorkDatabase, 'db'>;
  readonly dataDirectory: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly signal?: AbortSignal;
  /** Writes also few and recent rows, as before a run. */
  readonly isForced?: boolean;
}

/** Rows of one pass: some 100 ms of this thread. */
const PASS_ROWS_MAX = 20_000;
/** Fewer rows wait until the oldest of them has waited for so long. */
const WAIT_MS = 300_000;
const BATCHES_MAX = 2_000;
/** So many small parts become one. */
const MERGED_PARTS = 16;
const SMALL_BYTES = 64 << 20;
const MERGE_MEMORY_BYTES = 500e6;
/** A file that no part names is kept for so long: somebody may still read it. */
const ORPHAN_MS = 24 * 3_600_000;
/** Without live discrepancies the journal is kept for so long. */
const JOURNAL_MS = 3 * 24 * 3_600_000;

/** One pass. True where more rows wait already. */
export async function compactIntake(options: CompactOptions): Promise<boolean> {
  const wrote = await writePart(options);
  if (wrote || options.isForced) return wrote;
  const hasMerged = await mergeParts(options);
  const hasPruned = await prune(options);
  if (!hasMerged) await removeOrphans(options);
  return hasMerged || hasPruned;
}

/** Writes all that is in the journal to the lake. */
export async function flushIntake(options: Omit<CompactOptions, 'isForced'>): Promise<void> {
  while (await compactIntake({ ...options, isForced: true }));
}

async function writePart(options: CompactOptions): Promise<boolean> {
  const { database, dataDirectory, now, newId, isForced = false } = options;
  const { written: from, newest } = await intakeMarks(database.db);
  if (newest === from) return false;
  const counts = await countBatches(database.db, from, BATCHES_MAX);
  const all = counts.reduce((sum, { rows }) => sum + rows, 0);
  const isDue = all >= PASS_ROWS_MAX || now() - (counts[0]?.received_at ?? 0) >= WAIT_MS;
  if (!isDue && !isForced) return false;
  let to = from;
  let rowsUpTo = 0;
  for (const { batch, rows } of counts) {
    if (to > from && rowsUpTo + rows > PASS_ROWS_MAX) break;
    rowsUpTo += rows;
    to = batch;
  }
  const rows = await readBatches(database.db, from, to);
  const parts: IntakePart[] = [];
  for (const [{ folder, suffix }, some] of byFile(rows)) {
    const path = join(folder, `${newId()}${suffix}`);
    const bytes = await publish(join(dataDirectory, path), (aside) => writeSmallParquet(aside, columnsOf(some)));
    parts.push({ ...partOf(some), path: path.split(sep).join('/'), bytes, written_at: now() });
  }
  const isOurs = await database.db.transaction().execute((write) => recordParts(write, { from, to }, parts));
  if (!isOurs) for (const { path } of parts) await rm(join(dataDirectory, path), { force: true });
  return to < newest;
}

/** What the file of a part is called behind its id: in one with units every row has one, in the other none. */
export const WITH_UNITS = '.units.parquet';
const WITHOUT_UNITS = '.parquet';

/** A row without a unit means the base unit, and one whose unit is blank is rejected: they cannot share a column. */
function byFile(rows: readonly IntakeRow[]): Map<{ folder: string; suffix: string }, IntakeRow[]> {
  const files = new Map<string, readonly [{ folder: string; suffix: string }, IntakeRow[]]>();
  for (const row of rows) {
    const folder =
      row.kind === 'messages' ? join('lake', 'messages') : join('lake', 'movements', folderName(row.system));
    const suffix = row.document.includes('"uom":') ? WITH_UNITS : WITHOUT_UNITS;
    const known = files.get(folder + suffix);
    if (known === undefined) files.set(folder + suffix, [{ folder, suffix }, [row]]);
    else known[1].push(row);
  }
  return new Map(files.values());
}

/** A system's id as the name of a folder: no separators, no dots. */
function folderName(system: string): string {
  return encodeURIComponent(system).replaceAll('.', '%2E');
}

function partOf(rows: readonly IntakeRow[]): Omit<IntakePart, 'path' | 'bytes' | 'written_at'> {
  const [first] = rows as [IntakeRow];
  return {
    kind: first.kind,
    system: first.kind === 'messages' ? '' : first.system,
    first_batch: first.batch,
    last_batch: (rows.at(-1) as IntakeRow).batch,
    rows: rows.length,
    from_at: rows.reduce((earliest, { at }) => Math.min(earliest, at), first.at),
    to_at: rows.reduce((latest, { at }) => Math.max(latest, at), first.at),
  };
}

/** Canonical columns as they came, and beside them what the intake knows of each row. */
function columnsOf(rows: readonly IntakeRow[]): SmallColumn[] {
  const documents = rows.map(({ document }) => JSON.parse(document) as Record<string, string>);
  const text = (name: string, values: string[]): SmallColumn => ({ name, type: 'VARCHAR', values });
  const number = (name: string, values: number[]): SmallColumn => ({
    name,
    type: 'BIGINT',
    values: values.map(String),
  });
  const hasUnits = documents[0]?.['uom'] !== undefined;
  const columns = CANONICAL_COLUMNS[rows[0]?.kind ?? 'movements'].filter((name) => hasUnits || name !== 'uom');
  return [
    ...columns.map((name) =>
      text(
        name,
        documents.map((document) => document[name] ?? ''),
      ),
    ),
    number(
      'intake_batch',
      rows.map(({ batch }) => batch),
    ),
    number(
      'intake_line',
      rows.map(({ line }) => line),
    ),
    number(
      'intake_received_at',
      rows.map(({ received_at }) => received_at),
    ),
    number(
      'intake_at',
      rows.map(({ at }) => at),
    ),
    text(
      'intake_system',
      rows.map(({ system }) => system),
    ),
    text(
      'intake_site',
      rows.map(({ site }) => site),
    ),
    text(
      'intake_item',
      rows.map(({ item }) => item),
    ),
  ];
}

/** Writes a file so that it is there whole or not at all, also after the power fails. Returns its size. */
async function publish(path: string, write: (aside: string) => Promise<void>): Promise<number> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = `${path}.new`;
  try {
    await write(aside);
    await sync(aside);
    await rename(aside, path);
  } catch (error) {
    // It is tried again under another name: what is left of each attempt would keep a full disk full.
    await rm(aside, { force: true });
    throw error;
  }
  await sync(folder);
  return (await stat(path)).size;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function mergeParts({ database, dataDirectory, now, newId }: CompactOptions): Promise<boolean> {
  const small = new Map<string, IntakePart[]>();
  for (const part of await readParts(database.db)) {
    if (part.bytes >= SMALL_BYTES) continue;
    const suffix = part.path.endsWith(WITH_UNITS) ? WITH_UNITS : WITHOUT_UNITS;
    const like = `${dirname(part.path)}/*${suffix}`;
    small.set(like, [...(small.get(like) ?? []), part]);
  }
  const [like, parts] = [...small].find(([, some]) => some.length >= MERGED_PARTS) ?? [];
  if (like === undefined || parts === undefined) return false;
  const path = like.replace('*', newId());
  const sources = parts.map((part) => sqlText(join(dataDirectory, part.path).replaceAll(/[*?[]/g, '[$&]')));
  const bytes = await publish(join(dataDirectory, path), async (aside) => {
    const duckDb = await openDuckDb({
      temporaryDirectory: dirname(aside),
      threads: 1,
      memoryBytes: MERGE_MEMORY_BYTES,
    });
    try {
      await duckDb.run(
        `COPY (SELECT * FROM read_parquet([${sources.join(', ')}]) ORDER BY intake_batch, intake_line)
         TO ${sqlText(aside)} (FORMAT parquet, COMPRESSION zstd)`,
      );
    } finally {
      duckDb.close();
    }
  });
  const [first, last] = [parts[0], parts.at(-1)] as [IntakePart, IntakePart];
  const merged: IntakePart = {
    ...{ path, bytes, kind: first.kind, system: first.system, written_at: now() },
    ...{
      first_batch: first.first_batch,
      last_batch: Math.max(last.last_batch, ...parts.map((part) => part.last_batch)),
    },
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    from_at: Math.min(...parts.map((part) => part.from_at)),
    to_at: Math.max(...parts.map((part) => part.to_at)),
  };
  const paths = parts.map((part) => part.path);
  const isOurs = await database.db.transaction().execute((write) => replaceParts(write, paths, merged));
  if (!isOurs) await rm(join(dataDirectory, path), { force: true });
  // A run may read the former parts just now: they are orphans from now on.
  else for (const former of paths) await utimes(join(dataDirectory, former), now() / 1000, now() / 1000);
  return true;
}

async function prune({ database, now }: CompactOptions): Promise<boolean> {
  const horizon = (await liveHorizon(database.db)) ?? now() - JOURNAL_MS;
  return (await database.db.transaction().execute((write) => pruneJournal(write, horizon, 200))) > 0;
}

/** Files of a process that was killed before it recorded them, and parts that were merged. */
async function removeOrphans({ database, dataDirectory, now }: CompactOptions): Promise<void> {
  const known = new Set((await readParts(database.db)).map(({ path }) => path));
  for (const kind of ['movements', 'messages']) {
    const folder = join(dataDirectory, 'lake', kind);
    const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name);
      if (known.has(relative(dataDirectory, path).split(sep).join('/'))) continue;
      if (now() - (await stat(path)).mtimeMs > ORPHAN_MS) await rm(path, { force: true });
    }
  }
}

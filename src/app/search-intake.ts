/**
 * Finds movements and messages that were taken in, the newest first: in the journal, and in the lake where the journal ends.
 * Never changes either.
 */
import { join } from 'node:path';
import { CANONICAL_COLUMNS } from '../contract/configuration.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { IntakeKind } from '../store/work/intake.ts';
import { type JournalSearch, searchJournal } from '../store/work/intake-evidence.ts';
import { type IntakePart, intakeMarks, readParts } from '../store/work/intake-parts.ts';
import { WITH_UNITS } from './compact-intake.ts';

export type IntakeSearch = JournalSearch;

export interface FoundIntakeRow {
  readonly batch: number;
  readonly line: number;
  readonly system: string;
  readonly site: string;
  readonly item: string;
  readonly receivedAt: number;
  /** The canonical row without its blank columns. */
  readonly row: Readonly<Record<string, string>>;
}

/** Parts of one statement: the newest first, until a page is full. */
const PARTS_MAX = 64;
const MEMORY_BYTES = 256e6;

/** No more than the limit, in the order of their receipt from the newest back. */
export async function searchIntake(
  {
    database,
    dataDirectory,
    temporaryDirectory,
  }: { database: WorkDatabase; dataDirectory: string; temporaryDirectory: string },
  search: IntakeSearch,
): Promise<FoundIntakeRow[]> {
  const { written } = await intakeMarks(database.db);
  const journal = await searchJournal(database.db, search, written);
  const found = journal.map(({ batch, line, system, site, item, received_at, document }) => ({
    ...{ batch, line, system, site, item, receivedAt: received_at, row: JSON.parse(document) },
  }));
  if (found.length >= search.limit) return found;
  const parts = (await readParts(database.db)).filter((part) => mayHold(part, search)).reverse();
  if (parts.length === 0) return found;
  const duckDb = await openDuckDb({ temporaryDirectory, threads: 1, memoryBytes: MEMORY_BYTES });
  try {
    // Parts of one kind and system hold ranges of batches that do not meet, those of several systems do: all of a range at once.
    for (let start = 0; start < parts.length && found.length < search.limit; ) {
      let end = Math.min(start + PARTS_MAX, parts.length);
      const oldest = Math.min(...parts.slice(start, end).map(({ first_batch: first }) => first));
      while (end < parts.length && (parts[end] as IntakePart).last_batch >= oldest) end++;
      const paths = parts.slice(start, end).map(({ path }) => join(dataDirectory, path));
      const rows = await duckDb.rows(statementOf(search, paths, search.limit - found.length));
      for (const row of rows) found.push(foundRow(search.kind, row));
      start = end;
    }
  } finally {
    duckDb.close();
  }
  return found;
}

function mayHold(part: IntakePart, { kind, system, from, until, before }: IntakeSearch): boolean {
  return (
    part.kind === kind &&
    (kind === 'messages' || system === undefined || part.system === system) &&
    (from === undefined || part.to_at >= from) &&
    (until === undefined || part.from_at < until) &&
    (before === undefined || part.first_batch <= before.batch)
  );
}

const KNOWN = ['intake_batch', 'intake_line', 'intake_system', 'intake_site', 'intake_item', 'intake_received_at'];

function statementOf(search: IntakeSearch, paths: readonly string[], limit: number): string {
  const { kind, system, sites, items, reference, messageId, states, from, until, before } = search;
  const oneOf = (column: string, values: readonly string[] | undefined): string[] =>
    values === undefined ? [] : [values.length === 0 ? 'false' : `${column} IN (${values.map(sqlText).join(', ')})`];
  const is = (column: string, value: string | undefined): string[] =>
    oneOf(column, value === undefined ? undefined : [value]);
  const conditions = [
    'true',
    ...is('intake_system', system),
    ...oneOf('intake_site', sites),
    ...oneOf('intake_item', items),
    ...is('reference', reference),
    ...is('message_id', messageId),
    ...oneOf('lower(state)', states),
    ...(from === undefined ? [] : [`intake_at >= ${from}`]),
    ...(until === undefined ? [] : [`intake_at < ${until}`]),
    ...(before === undefined ? [] : [`(intake_batch, intake_line) < (${before.batch}, ${before.line})`]),
  ];
  const hasUnits = paths.some((path) => path.endsWith(WITH_UNITS));
  const columns = [...KNOWN, ...CANONICAL_COLUMNS[kind]].map((name) =>
    name === 'uom' && !hasUnits ? "''" : `CAST("${name}" AS VARCHAR)`,
  );
  const files = paths.map((path) => sqlText(path.replaceAll(/[*?[]/g, '[$&]')));
  return `SELECT ${columns.join(', ')} FROM read_parquet([${files.join(', ')}], union_by_name = true)
    WHERE ${conditions.join(' AND ')} ORDER BY intake_batch DESC, intake_line DESC LIMIT ${limit}`;
}

function foundRow(kind: IntakeKind, values: readonly unknown[]): FoundIntakeRow {
  const [batch, line, system = '', site = '', item = '', receivedAt, ...texts] = values.map((value) =>
    String(value ?? ''),
  );
  const row: Record<string, string> = {};
  for (const [index, name] of CANONICAL_COLUMNS[kind].entries()) {
    const text = texts[index] ?? '';
    if (text !== '') row[name] = text;
  }
  return { batch: Number(batch), line: Number(line), system, site, item, receivedAt: Number(receivedAt), row };
}

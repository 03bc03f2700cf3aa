/**
 * Finds out which tables a work state has, by which columns their rows are told apart, and which must be there before others.
 * Never reads rows.
 */
import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../database/open-database.ts';

/** A table as its database describes it, whatever this version knows of it. */
export interface TableShape {
  readonly name: string;
  /** Columns of its primary key, in their order. */
  readonly key: readonly string[];
}

/** A database of which only the description is known. */
export type PlainDatabase = Kysely<Record<string, Record<string, unknown>>>;

/**
 * What a backup leaves out. The numbers of migrations stand in its manifest; who is signed in, or tries to, means nothing on
 * another day.
 */
const LEFT_OUT: readonly string[] = ['migrations', 'sessions', 'setup_tokens', 'login_failures', 'oidc_sign_ins'];

/** Each table after those that its rows refer to. */
export async function listTables(db: PlainDatabase, kind: DatabaseKind): Promise<TableShape[]> {
  const found = await db.introspection.getTables();
  const names = found.map(({ name }) => name).filter((name) => !LEFT_OUT.includes(name));
  const before = new Map<string, string[]>();
  for (const name of names) before.set(name, await (kind === 'sqlite' ? sqliteParents : postgresParents)(db, name));
  const ordered: TableShape[] = [];
  const placed = new Set<string>();
  const place = async (name: string): Promise<void> => {
    if (placed.has(name)) return;
    placed.add(name);
    for (const parent of before.get(name) ?? []) await place(parent);
    if (!before.has(name)) return;
    ordered.push({ name, key: await (kind === 'sqlite' ? sqliteKey : postgresKey)(db, name) });
  };
  for (const name of names.sort()) await place(name);
  return ordered;
}

type Names = Promise<string[]>;
const namesOf = ({ rows }: { readonly rows: readonly { readonly name: string }[] }): string[] =>
  rows.map(({ name }) => name);

const sqliteKey = async (db: PlainDatabase, table: string): Names =>
  namesOf(
    await sql<{ name: string }>`SELECT name FROM pragma_table_info(${table}) WHERE pk > 0 ORDER BY pk`.execute(db),
  );

const sqliteParents = async (db: PlainDatabase, table: string): Names =>
  namesOf(await sql<{ name: string }>`SELECT "table" AS name FROM pragma_foreign_key_list(${table})`.execute(db));

const postgresKey = async (db: PlainDatabase, table: string): Names =>
  namesOf(
    await sql<{ name: string }>`
      SELECT a.attname AS name FROM pg_index i
      JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place) ON TRUE
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
      WHERE i.indrelid = CAST(${table} AS regclass) AND i.indisprimary ORDER BY k.place`.execute(db),
  );

const postgresParents = async (db: PlainDatabase, table: string): Names =>
  namesOf(
    await sql<{ name: string }>`
      SELECT CAST(CAST(confrelid AS regclass) AS text) AS name FROM pg_constraint
      WHERE conrelid = CAST(${table} AS regclass) AND contype = 'f'`.execute(db),
  );

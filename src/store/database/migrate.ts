/**
 * Brings the tables to the newest state: numbered files, each applied whole or not at all, each once, whoever else tries at
 * the same time. Never changes a file that was applied before: its text is held against the hash that was recorded.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import { Failure } from '../../core/model/failure.ts';
import type { DatabaseKind } from './open-database.ts';
import type { WorkState } from './work-state.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  /** Queries whose rows say what is wrong; there must be none before, and none after. */
  readonly before: readonly string[];
  readonly apply: readonly string[];
  readonly after: readonly string[];
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;
/** Any number, the same in every server: who holds it migrates. */
const ADVISORY_LOCK = 7_305_203;

/** The migrations of this version, in order. They stand above `src` in a checkout, and above `dist/src` in a package. */
export function readMigrations(folder = migrationsFolder()): Migration[] {
  return readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort()
    .map((file) => {
      const [, number = '', name = ''] = FILE.exec(file) ?? [];
      const text = readFileSync(join(folder, file), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { number: Number(number), name, sha256, ...sectionsOf(text) };
    });
}

function migrationsFolder(): string {
  const up = import.meta.url.includes('/dist/src/') ? '../../migrations' : '../../../migrations';
  return fileURLToPath(new URL(up, import.meta.url));
}

/** A file's statements by its lines `-- before`, `-- apply` and `-- after`. */
function sectionsOf(text: string): Pick<Migration, 'before' | 'apply' | 'after'> {
  const sections: Record<'before' | 'apply' | 'after', string[]> = { before: [], apply: [], after: [] };
  let section: keyof typeof sections = 'apply';
  for (const part of text.split(/^(-- (?:before|apply|after))$/m)) {
    if (/^-- (before|apply|after)$/.test(part)) section = part.slice(3) as keyof typeof sections;
    else sections[section].push(...statementsOf(part));
  }
  return sections;
}

/** No text of ours holds a semicolon or two hyphens within quotes. */
function statementsOf(text: string): string[] {
  return text
    .replace(/--[^\n]*/g, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Numbers that are applied, in order. None where the tables were never made. */
export async function appliedMigrations(db: Kysely<WorkState>): Promise<{ number: number; sha256: string }[]> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'migrations')) return [];
  return (
    await sql<{ number: number; sha256: string }>`SELECT number, sha256 FROM migrations ORDER BY number`.execute(db)
  ).rows;
}

/** Those that this version has and the tables lack; throws where the tables are of a newer version or of an altered one. */
export async function pendingMigrations(
  db: Kysely<WorkState>,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migration[]> {
  const applied = await appliedMigrations(db);
  for (const { number, sha256 } of applied) {
    const own = migrations.find((migration) => migration.number === number);
    if (own?.sha256 === sha256) continue;
    throw new Failure(
      'unreachable',
      own === undefined ? 'STORE_NEWER' : 'STORE_ALTERED',
      own === undefined
        ? `the store was made by a newer version: it has migration ${number}, this version ends with ${migrations.at(-1)?.number}`
        : `the store's migration ${number} is not the one of this version`,
      'Run the version that made it, or restore a backup of this version.',
    );
  }
  return migrations.filter(({ number }) => !applied.some((done) => done.number === number));
}

/** Applies what is pending, and says which. `now` is milliseconds since 1970. */
export async function migrate(
  db: Kysely<WorkState>,
  kind: DatabaseKind,
  now: () => number,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migration[]> {
  const applied: Migration[] = [];
  for (const migration of await pendingMigrations(db, migrations)) {
    const isOurs = await db.transaction().execute(async (transaction) => {
      if (kind === 'postgresql')
        await sql`SELECT pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(transaction);
      const pending = await pendingMigrations(transaction, migrations);
      const isPending = pending.includes(migration);
      if (isPending) await applyOne(transaction, migration, now());
      return isPending;
    });
    if (isOurs) applied.push(migration);
  }
  return applied;
}

async function applyOne(transaction: Transaction<WorkState>, migration: Migration, now: number): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)`.execute(
    transaction,
  );
  await check(transaction, migration, migration.before, 'before');
  for (const statement of migration.apply) await transaction.executeQuery(CompiledQuery.raw(statement));
  await check(transaction, migration, migration.after, 'after');
  const { number, name, sha256 } = migration;
  await sql`INSERT INTO migrations (number, name, sha256, applied_at) VALUES (${number}, ${name}, ${sha256}, ${now})`.execute(
    transaction,
  );
}

async function check(
  transaction: Transaction<WorkState>,
  { number, name }: Migration,
  queries: readonly string[],
  when: string,
): Promise<void> {
  for (const query of queries) {
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(query));
    if (rows.length === 0) continue;
    throw new Failure(
      'unreachable',
      'MIGRATION_REFUSED',
      `migration ${number} (${name}) found ${when} its changes: ${JSON.stringify(rows[0])}`,
      'Nothing was changed. Keep the backup that was made before, and report this.',
    );
  }
}

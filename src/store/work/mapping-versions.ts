/**
 * Versions of the mapping of stock statuses onto categories: by whom, why, and what each said. The newest is in force. Never
 * changes a version, and never says whether a mapping is right.
 */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { CategoryRules, IgnoreRule } from '../../core/mapping/mapping-rule.ts';
import { Failure } from '../../core/model/failure.ts';
import type { WorkState } from '../database/work-state.ts';
import { appendAudit } from './audit.ts';
import { takeNumbers } from './counters.ts';
import { appendEvents } from './events.ts';

/** The parts of evenstock.yaml that people edit. */
export interface MappingDocument {
  readonly categories: CategoryRules;
  readonly ignore: readonly IgnoreRule[];
}

type Row = Selectable<WorkState['mapping_versions']>;

export interface MappingVersion extends Omit<Row, 'document'> {
  readonly document: MappingDocument;
}

export interface NewMapping {
  readonly document: MappingDocument;
  readonly origin: Row['origin'];
  readonly author: string;
  readonly reason: string;
  /** The newest version that the author has seen; 0 where there was none. */
  readonly expectedVersion: number;
  readonly requestId?: string;
}

/** Throws a Failure of kind `stale` where another version came in between: the transaction must not be committed then. */
export async function addMapping(
  transaction: Transaction<WorkState>,
  { document, origin, author, reason, expectedVersion, requestId }: NewMapping,
  now: number,
): Promise<MappingVersion> {
  // Others that add a version wait here, so that this is the newest.
  const version = await takeNumbers(transaction, 'mapping_versions');
  if (version !== expectedVersion + 1)
    throw new Failure('stale', 'MAPPING_STALE', 'the mapping was changed meanwhile', 'Read it again, then change it.');
  const before = await findMapping(transaction, expectedVersion);
  const row = { version, origin, document: JSON.stringify(document), author, reason, created_at: now };
  await transaction.insertInto('mapping_versions').values(row).execute();
  await appendAudit(
    transaction,
    {
      actor: author,
      action: `mapping.${origin}`,
      entity: 'mapping',
      entityId: String(version),
      ...(before && { before: before.document }),
      after: { ...document, reason },
      ...(requestId !== undefined && { requestId }),
    },
    now,
  );
  await appendEvents(transaction, [{ kind: 'mapping.changed', document: { version, origin } }], now);
  return { ...row, document };
}

/** The one in force. */
async function newestMapping(db: Kysely<WorkState>, origin?: Row['origin']): Promise<MappingVersion | undefined> {
  let query = db.selectFrom('mapping_versions').selectAll();
  if (origin !== undefined) query = query.where('origin', '=', origin);
  const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row && versionOf(row);
}

export async function findMapping(db: Kysely<WorkState>, version: number): Promise<MappingVersion | undefined> {
  const row = await db.selectFrom('mapping_versions').selectAll().where('version', '=', version).executeTakeFirst();
  return row && versionOf(row);
}

/** The newest first. */
export async function listMappings(
  db: Kysely<WorkState>,
  before: number | undefined,
  limit: number,
): Promise<MappingVersion[]> {
  let query = db.selectFrom('mapping_versions').selectAll();
  if (before !== undefined) query = query.where('version', '<', before);
  return (await query.orderBy('version', 'desc').limit(limit).execute()).map(versionOf);
}

/**
 * The mapping in force beside this one of the file: what the file says becomes a version when it says something new, and
 * what people edited since stays in force until then.
 */
export async function adoptMapping(db: Kysely<WorkState>, file: MappingDocument, now: number): Promise<MappingVersion> {
  const newest = await newestMapping(db);
  const newestOfFile = await newestMapping(db, 'file');
  if (newest !== undefined && newestOfFile !== undefined && isSame(newestOfFile.document, file)) return newest;
  const expectedVersion = newest?.version ?? 0;
  const reason = expectedVersion === 0 ? 'as the configuration file has it' : 'the configuration file was changed';
  const mapping = { document: file, origin: 'file', author: 'system', reason, expectedVersion } as const;
  try {
    return await db.transaction().execute((transaction) => addMapping(transaction, mapping, now));
  } catch (error) {
    // Another server was faster, with the same file or with an edit.
    if (error instanceof Failure && error.code === 'MAPPING_STALE') return adoptMapping(db, file, now);
    throw error;
  }
}

/** The order of the categories and of their entries decides which wins, so the text decides. */
function isSame(a: MappingDocument, b: MappingDocument): boolean {
  return JSON.stringify([a.categories, a.ignore]) === JSON.stringify([b.categories, b.ignore]);
}

function versionOf(row: Row): MappingVersion {
  return { ...row, document: JSON.parse(row.document) };
}

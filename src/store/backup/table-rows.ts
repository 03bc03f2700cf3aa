/** Reads and writes the rows of any table of the work state as plain values. Never knows what they mean. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { PlainDatabase, TableShape } from './table-shapes.ts';

export type PlainRow = Record<string, unknown>;

const PAGE = 2_000;
/** SQLite takes some 32,000 values in a statement. */
const VALUES_MAX = 20_000;

/** In the order of the primary key, page by page: no page sees more than its own rows. */
export async function* readRows(db: PlainDatabase, { name, key }: TableShape): AsyncGenerator<readonly PlainRow[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let after = sql`1 = 1`;
  for (;;) {
    const { rows } = await sql<PlainRow>`
      SELECT * FROM ${sql.table(name)} WHERE ${after} ORDER BY ${columns} LIMIT ${sql.lit(PAGE)}`.execute(db);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    const last = rows.at(-1) as PlainRow;
    after = sql`(${columns}) > (${sql.join(key.map((column) => sql.val(last[column])))})`;
  }
}

/** Within the transaction of the caller. */
export async function writeRows(db: PlainDatabase, table: string, rows: readonly PlainRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const count = Math.max(1, Math.floor(VALUES_MAX / Object.keys(first).length));
  for (let start = 0; start < rows.length; start += count)
    await db
      .insertInto(table)
      .values(rows.slice(start, start + count))
      .execute();
}

/** One row as a line of JSON, its columns by name. */
export function lineOf(row: PlainRow): string {
  return JSON.stringify(row, Object.keys(row).sort());
}

const MODULUS = 2n ** 256n;

/** What a table holds, whatever the order of its rows: databases sort texts each in their own way. */
export class TableDigest {
  private sum = 0n;
  private count = 0;

  add(line: string): void {
    const hash = createHash('sha256').update(line).digest('hex');
    this.sum = (this.sum + BigInt(`0x${hash}`)) % MODULUS;
    this.count++;
  }

  get rows(): number {
    return this.count;
  }

  get hex(): string {
    return this.sum.toString(16).padStart(64, '0');
  }
}

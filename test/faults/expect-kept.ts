/** Holds a store and its lake against what senders were told. Never asks a server: what is there must be there without one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { verifyAudit } from '../../src/store/work/audit.ts';
import { listImports } from '../../src/store/work/imports.ts';
import { type Senders, type ServedPlace, sha256 } from './served-world.ts';

/** Everything acknowledged is there once; every row names a whole file that somebody sent. `others`: the first movement of none of them. */
export async function expectKept(
  { dataDirectory, address }: ServedPlace,
  { imports, contents, movements, sentMovements }: Senders,
  others = sentMovements,
): Promise<void> {
  const database = openDatabase(dataDirectory, address);
  try {
    const all = await listImports(database.db, {}, 1_000_000);
    // The server also brings in what lies in the folders that it watches.
    const rows = all.filter((row) => row.received_by.startsWith('key:'));
    const ids = new Map(rows.map((row) => [row.sha256, row.id]));
    expect(ids.size, 'no content twice').toBe(rows.length);
    for (const row of rows) {
      expect(['accepted', 'held']).toContain(row.state);
      expect(contents.has(row.sha256), `${row.id} was sent`).toBe(true);
      expect(sha256(readFileSync(join(dataDirectory, row.path as string))), row.id).toBe(row.sha256);
    }
    const lost = [...imports].filter(([hash, id]) => ids.get(hash) !== id);
    expect(lost, 'no import lost').toEqual([]);
    // Rows leave the journal after days only.
    const journal = await database.db.selectFrom('intake_rows').select('document').execute();
    const found = journal.map(({ document }) => JSON.parse(document).movement_id as string);
    const known = new Set(found);
    expect(known.size, 'no row twice').toBe(found.length);
    expect(
      [...movements].filter((id) => !known.has(id)),
      'no row lost',
    ).toEqual([]);
    expect(
      found.filter((id) => Number(id.slice(1)) >= Math.max(others, sentMovements)),
      'no row that nobody sent',
    ).toEqual([]);
    expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true });
  } finally {
    await database.close();
  }
}

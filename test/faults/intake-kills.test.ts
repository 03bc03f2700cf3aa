import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openDuckDb, sqlText } from '../../src/duckdb/open-duckdb.ts';
import { describeOnBothStores } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { intakeMarks, readParts } from '../../src/store/work/intake-parts.ts';

/** Kills on each store; `npm run test:faults` asks for more. */
const KILLS = Number(process.env['EVENSTOCK_FAULTS'] ?? 6);
const ENTRY = fileURLToPath(new URL('./intake-process.ts', import.meta.url));
const BATCH = 40;

/** Lets a process work for a random while, kills it, and returns the first number of each batch that it acknowledged. */
async function workUntilKilled(dataDirectory: string, address: string | undefined, first: number): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, dataDirectory, address ?? '', String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  const started = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  child.stdout.on('data', (chunk) => {
    told += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await Promise.race([started, ended]);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 900));
  child.kill('SIGKILL');
  await ended;
  // The last line may be cut off: then nobody was told.
  return told.split('\n').slice(0, -1).map(Number);
}

/** Numbers of all rows that a reader finds: those of the lake's parts, and those of the journal that are in no part yet. */
async function allRows(database: WorkDatabase, dataDirectory: string): Promise<number[]> {
  const { written } = await intakeMarks(database.db);
  const journal = await database.db.selectFrom('intake_rows').select(['batch', 'document']).execute();
  const numberOf = (document: string): number => {
    const { movement_id, message_id } = JSON.parse(document);
    return Number(movement_id ?? message_id);
  };
  const inParts: number[] = [];
  const duckDb = await openDuckDb({ temporaryDirectory: dataDirectory });
  for (const { path, kind, rows } of await readParts(database.db)) {
    const column = kind === 'messages' ? 'message_id' : 'movement_id';
    const found = await duckDb.rows(`SELECT ${column} FROM read_parquet(${sqlText(join(dataDirectory, path))})`);
    expect(found, path).toHaveLength(rows);
    for (const [id] of found) inParts.push(Number(id));
  }
  duckDb.close();
  const known = new Set(inParts);
  for (const { batch, document } of journal)
    if (batch <= written)
      expect(known.has(numberOf(document)), `row ${document} of the journal is in a part`).toBe(true);
  return [...inParts, ...journal.flatMap(({ batch, document }) => (batch > written ? [numberOf(document)] : []))];
}

describeOnBothStores('intake that is killed', (store) => {
  test(
    'loses no row that was acknowledged and doubles none, at whatever instant',
    async () => {
      const { dataDirectory, address } = await store.place();
      const database = openDatabase(dataDirectory, address);
      await migrate(database.db, database.kind, Date.now);
      const acknowledged = new Set<number>();
      let first = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const batches = await workUntilKilled(dataDirectory, address, first);
        for (const start of batches) for (let index = 0; index < BATCH; index++) acknowledged.add(start + index);
        const found = await allRows(database, dataDirectory);
        expect(new Set(found).size, 'no row twice').toBe(found.length);
        const rows = new Set(found);
        expect(
          [...acknowledged].filter((number) => !rows.has(number)),
          'no row lost',
        ).toEqual([]);
        // One batch may be committed and not told.
        expect(found.length - acknowledged.size).toBeLessThanOrEqual((kill + 1) * BATCH);
        first = found.reduce((highest, number) => Math.max(highest, number), -1) + 1;
        expect(first % BATCH).toBe(0);
      }
      expect(acknowledged.size).toBeGreaterThan(0);
      expect((await readParts(database.db)).length).toBeGreaterThan(0);
      await database.close();
    },
    KILLS * 60_000,
  );
});

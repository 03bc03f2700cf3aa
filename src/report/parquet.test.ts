import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DISCREPANCY_COLUMNS, type DiscrepancyLine } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { KEPT_COLUMNS, readKeptLines, writeParquet } from './parquet.ts';
import { sampleLines } from './sample-report-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LINES: readonly DiscrepancyLine[] = [
  // A run writes costs without trailing zeros.
  ...sampleLines(40).map((line) => ({ ...line, unit_cost: line.unit_cost.replace(/\.?0+$/, '') })),
  {
    ...(sampleLines(1)[0] as DiscrepancyLine),
    rank: '41',
    item: '00123',
    lot: 'a "lot", été',
    erp_quantity: '9007199254.740991',
    variance_quantity: '-0.000001',
    unit_cost: '',
    variance_value: '',
  },
  {
    ...(sampleLines(1)[0] as DiscrepancyLine),
    rank: '42',
    unit_cost: '12345678901234567890.123456789012',
    variance_value: '-98765432109876543210.01',
  },
];

/** An iterable that is no list is written by the database. */
function* streamed(lines: readonly DiscrepancyLine[]): Generator<DiscrepancyLine> {
  yield* lines;
}

async function tableOf(path: string): Promise<unknown[][]> {
  const database = await openDuckDb({ temporaryDirectory: folder });
  try {
    const source = `read_parquet(${sqlText(path)})`;
    const types = await database.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
    return [...types, ...(await database.rows(`SELECT COLUMNS(*)::VARCHAR FROM ${source}`))];
  } finally {
    database.close();
  }
}

describe('discrepancies as Parquet', () => {
  test('few lines and many are the same table, types and nulls included', async () => {
    await writeParquet(join(folder, 'small.parquet'), DISCREPANCY_COLUMNS, LINES, folder);
    await writeParquet(join(folder, 'large.parquet'), DISCREPANCY_COLUMNS, streamed(LINES), folder);
    const small = await tableOf(join(folder, 'small.parquet'));
    expect(small).toEqual(await tableOf(join(folder, 'large.parquet')));
    expect(small).toContainEqual(['erp_quantity', 'DECIMAL(18,6)']);
    expect(small.at(-2)).toContain('9007199254.740991');
    expect(small.at(-1)).toContain('12345678901234567890.123456789012');
  });

  test('a kept run comes back as the very lines', async () => {
    const path = join(folder, 'kept.parquet');
    await writeParquet(path, KEPT_COLUMNS, LINES, folder);
    expect(await readKeptLines(path, 2, folder)).toEqual(LINES);
  });

  test('no lines are a table without rows', async () => {
    const path = join(folder, 'none.parquet');
    await writeParquet(path, KEPT_COLUMNS, [], folder);
    expect(await readKeptLines(path, 2, folder)).toEqual([]);
  });

  test('the same lines give the same bytes', async () => {
    for (const name of ['one', 'two']) await writeParquet(join(folder, name), DISCREPANCY_COLUMNS, LINES, folder);
    expect(readFileSync(join(folder, 'one')).equals(readFileSync(join(folder, 'two')))).toBe(true);
  });
});

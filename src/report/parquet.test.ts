import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DISCREPANCY_COLUMNS, type DiscrepancyLine, NUMERIC_DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { writeCsv } from './csv.ts';
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

  const ODD = [
    '=1+1',
    '+x',
    '@y',
    ' lead',
    'trail ',
    'a\nb',
    'c\r\nd',
    'e\rf',
    '"',
    '""',
    'x,"y"',
    'NULL',
    "'q'",
    '\\"',
    'été 漢',
    'a\u0000b',
    '',
  ];

  test('the database reads every text as it is, though it comes to it in a CSV file', async () => {
    const [sample] = sampleLines(1) as [DiscrepancyLine];
    const lines = ODD.map((text, index) => ({ ...sample, rank: String(index + 1), description: text, lot: text }));
    const path = join(folder, 'odd.parquet');
    await writeParquet(path, KEPT_COLUMNS, streamed(lines), folder);
    expect((await readKeptLines(path, 2, folder)).map(({ description, lot }) => [description, lot])).toEqual(
      ODD.map((text) => [text, text]),
    );
  });

  test('a text of a megabyte is read in whole', async () => {
    const [sample] = sampleLines(1) as [DiscrepancyLine];
    const description = '"a'.repeat(1 << 19);
    const path = join(folder, 'long.parquet');
    await writeParquet(path, KEPT_COLUMNS, streamed([{ ...sample, description }, sample]), folder);
    const [long, next] = await readKeptLines(path, 2, folder);
    expect(long?.description === description).toBe(true);
    expect(next?.description).toBe(sample.description);
  });

  test('the table that is there already is read in the place of the lines', async () => {
    const table = join(folder, 'table.csv');
    const rows = LINES.map((line) => DISCREPANCY_COLUMNS.map((name) => line[name]));
    const { isAsGiven } = await writeCsv(table, DISCREPANCY_COLUMNS, NUMERIC_DISCREPANCY_COLUMNS, rows);
    expect(isAsGiven).toBe(true);
    await writeParquet(join(folder, 'read.parquet'), DISCREPANCY_COLUMNS, streamed([]), folder, table);
    expect(await tableOf(join(folder, 'read.parquet'))).toEqual(await tableOf(join(folder, 'large.parquet')));
  });

  test('folders whose names are patterns to the database', async () => {
    const odd = join(folder, 'run[1]*');
    mkdirSync(odd);
    await writeParquet(join(odd, 'lines.parquet'), DISCREPANCY_COLUMNS, streamed(LINES), odd, join(odd, 'none.csv'));
    expect(readFileSync(join(odd, 'lines.parquet')).equals(readFileSync(join(folder, 'large.parquet')))).toBe(true);
    expect(readdirSync(odd)).toEqual(['lines.parquet']);
  });
});

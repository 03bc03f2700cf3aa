import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  erpQuantities,
  expectAccepted,
  expectRefusal,
  type Given,
  ReconciledFiles,
  useFiles,
} from './reconciled-files.ts';

const files = useFiles();
const parquet = (erp: Uint8Array): Given => ({ erp, erpSource: { format: 'parquet', path: 'erp.parquet' } });

/** The bytes of a Parquet file of the rows of a query. */
async function parquetOf(query: string, compression = 'zstd'): Promise<Buffer> {
  const own = new ReconciledFiles();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const path = join(own.folder, 'made.parquet');
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${compression})`);
    return readFileSync(path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    own.remove();
  }
}

const ROWS = `SELECT 'DC1' AS site, '00' || i AS item, 'UNRESTRICTED' AS status, i::DECIMAL(18, 3) / 8 AS quantity FROM range(1, 9) t(i)`;
const typed = (value: string): string =>
  `SELECT 'DC1' AS site, 'A' AS item, 'UNRESTRICTED' AS status, ${value} AS quantity`;
let whole: Buffer;
beforeAll(async () => {
  whole = await parquetOf(ROWS.replace('i::DECIMAL(18, 3) / 8', '(i * 0.125)::DECIMAL(18, 3)'));
});

describe('accepted exactly', () => {
  it('69 a whole file', async () => {
    const erp = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`00${at + 1}`, String((at + 1) / 8)]));
    expectAccepted(await files().run(parquet(whole)), { erp, rows: 8 });
  });

  it.each([
    ["'00123.50'", '123.5'],
    ['123456789.654321::DECIMAL(38, 6)', '123456789.654321'],
    ['9007199254::BIGINT', '9007199254'],
    ['-7::TINYINT', '-7'],
  ])('%s is %s', async (value, expected) => {
    const { failure, lines } = await files().run(parquet(await parquetOf(typed(value))));
    expect(failure).toBeUndefined();
    expect(erpQuantities(lines)).toEqual({ A: expected });
  });

  it.each([
    ['NULL::DECIMAL(18, 3)', 'quantity', '', /a blank is not zero/],
    ["'NaN'::DOUBLE", 'quantity', 'nan', /not a decimal number/i],
    ['0.1234567::DECIMAL(18, 7)', 'quantity', '0.1234567', /more than 6 decimals/],
  ])('54, 49, 50 %s is a rejected row', async (value, column, shown, reason) => {
    const query = `${typed('5::DECIMAL(18, 3)')} UNION ALL BY NAME SELECT 'DC1' AS site, 'B' AS item, 'UNRESTRICTED' AS status, ${value} AS quantity`;
    const { failure, rejections, lines, run } = await files().run(parquet(await parquetOf(query)));
    expect(failure).toBeUndefined();
    expect(erpQuantities(lines)).toEqual({ A: '5' });
    expect(run.totals?.rejected_rows).toBe(1);
    expect(rejections).toMatchObject([
      { file: 'erp.parquet', row: expect.any(Number), column, reason: expect.stringMatching(reason) },
    ]);
    expect(rejections[0]?.value.toLowerCase()).toBe(shown);
  });
});

describe('69 damaged files are refused', () => {
  const cuts = [0, 1, 4, 8, 50, -1, -4, -8, -50];
  it.each(cuts)('cut at byte %i', async (at) => {
    const outcome = await files().run(parquet(whole.subarray(0, at < 0 ? whole.length + at : at)));
    expect(outcome.failure?.kind).toBe('refused');
    expect(outcome.failure?.message).toMatch(/^erp\.parquet/);
    expectRefusal(outcome, at === 0 ? 'EMPTY' : 'PARQUET_DAMAGED', /^erp\.parquet/);
  });

  it.each(['csv text', 'an empty footer', 'another format'])('64 %s', async (name) => {
    const content = {
      'csv text': 'site,item,status,quantity\n',
      'an empty footer': 'PAR1\0\0\0\0PAR1',
      'another format': 'PK\u0003\u0004',
    }[name] as string;
    expectRefusal(await files().run(parquet(Buffer.from(content))), 'PARQUET_DAMAGED', /^erp\.parquet/);
  });

  /** What a flipped bit at a byte leads to: a refusal, every row, or what was thrown. */
  async function flipped(at: number): Promise<string> {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ 0x10;
    try {
      const { failure, run } = await files().run(parquet(bytes));
      return failure === undefined ? `${run.inputs[0]?.rows} rows` : failure.kind;
    } catch (error) {
      return String(error);
    }
  }
  const LOST = /^Error: Invariant broken: sap balances: 8 rows were read, \d are accounted for$/;

  it('a bit flipped anywhere gives a refusal or every row, and never a part of them', async () => {
    const step = Math.max(1, Math.floor(whole.length / 40));
    for (let at = 0; at < whole.length; at += step) {
      const found = await flipped(at);
      if (!LOST.test(found)) expect(found, `byte ${at}`).toMatch(/^(8 rows|refused)$/);
    }
  });

  // DuckDB leaves out row groups whose statistics say that nothing in them is wanted. The engine notices that rows are
  // missing, and calls it a bug of ours where it is a damaged file.
  it('a bit flipped in the statistics of a column is refused', async () => {
    const pair = 'UNRESTRICTED\x18\x0cUNRESTRICTED\x16';
    const countOfNulls = whole.indexOf(pair, 0, 'latin1') + pair.length;
    const found = await flipped(countOfNulls);
    if (found !== '8 rows') expect(found).toBe('refused');
  });

  it('a column missing, a column twice, no rows', async () => {
    const none = await parquetOf(`${typed('5')} WHERE false`);
    expectRefusal(await files().run(parquet(none)), 'NO_ROWS', /^erp\.parquet: a header and no rows/);
    const renamed = await parquetOf(typed('5').replace('AS item', 'AS sku'));
    expectRefusal(await files().run(parquet(renamed)), 'COLUMN_MISSING', /^erp\.parquet has no column item/);
  });
});

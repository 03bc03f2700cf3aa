import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqlText } from '../../duckdb/open-duckdb.ts';
import {
  failureOf,
  folder,
  plainPlan,
  plainSource,
  row,
  rowsContent,
  run,
  writeParquet,
  writer,
} from './sql-fixture.ts';

describe('files that are refused', () => {
  const damaged: [string, (whole: Buffer) => Buffer][] = [
    ['an empty file', () => Buffer.alloc(0)],
    ['a file that is no Parquet', () => Buffer.from('site,item,status,quantity\n'.repeat(50))],
    ['a file cut at its end', (whole) => whole.subarray(0, whole.length - 40)],
    ['a file cut in the middle', (whole) => whole.subarray(0, whole.length >> 1)],
    ['a file without its first bytes', (whole) => whole.subarray(4)],
    [
      'a damaged footer',
      (whole) =>
        Buffer.concat([
          whole.subarray(0, whole.length - 60),
          Buffer.alloc(40, 0xff),
          whole.subarray(whole.length - 20),
        ]),
    ],
    ['damaged pages', (whole) => Buffer.concat([whole.subarray(0, 4), Buffer.alloc(120, 0xff), whole.subarray(124)])],
  ];
  test.each(damaged)('%s', async (_, damage) => {
    const source = plainSource(Array.from({ length: 50 }, (_unused, at) => row(String(at), `note ${at * 7919}`)));
    const path = await writeParquet(source);
    writeFileSync(path, damage(readFileSync(path)));
    const failure = await failureOf(run(source, {}, plainPlan(), { kind: 'parquet', path }));
    expect(failure).toMatchObject({ kind: 'refused', code: 'PARQUET_UNREADABLE' });
    expect(failure.message).toMatch(/^sap stock\.file cannot be read as Parquet: ./);
    expect(failure.message).not.toMatch(/input-0|evenstock-sql|\n/);
  });

  test('a file that is not there', async () => {
    const failure = await failureOf(
      run(plainSource([]), {}, plainPlan(), { kind: 'parquet', path: join(folder, 'absent.parquet') }),
    );
    expect(failure).toMatchObject({ kind: 'unreachable', code: 'FILE_MISSING' });
  });

  test('a column that holds lists', async () => {
    const path = join(folder, 'lists.parquet');
    await writer.run(
      `COPY (SELECT 'DC1' AS site, ['A-1'] AS item, 'BLOCKED' AS status, 1 AS quantity, '' AS note) TO ${sqlText(path)} (FORMAT parquet)`,
    );
    const failure = await failureOf(run(plainSource([]), {}, plainPlan(), { kind: 'parquet', path }));
    expect(failure).toMatchObject({
      kind: 'refused',
      code: 'COLUMN_TYPE',
      message: 'sap stock.file, column item: VARCHAR[] is no single value.',
    });
  });

  test('repeated rows of a source that is declared unique', async () => {
    const failure = await failureOf(run(plainSource([row('1'), row('2'), row('1')]), { unique: true }));
    expect(failure).toMatchObject({ kind: 'refused', code: 'ROWS_REPEAT' });
    expect((await run(plainSource([row('1'), row('2')]), { unique: true })).inputs[0]?.duplicates).toBe(0);
  });

  test('item codes that differ only by case, unless it is declared how they are read', async () => {
    const source = plainSource([row('1', 'x', 'ab-1'), row('2', 'x', 'AB-1')]);
    expect(await failureOf(run(source))).toMatchObject({ kind: 'refused', code: 'CASE_COLLISION' });
    expect((await run(source, {}, plainPlan({ isCaseDeclared: true }))).comparison.variances).toHaveLength(2);
  });

  test('a key whose rows add up to more than is exact', async () => {
    const source = plainSource([row('9007199254740.991', 'a'), row('0.001', 'b')]);
    expect(await failureOf(run(source))).toMatchObject({ kind: 'refused', code: 'QUANTITY_OVERFLOW' });
  });
});

describe.each(['rows', 'parquet'])('a control total (%s)', (kind) => {
  const totalRow = { column: 0, value: 'TOTAL' };
  const total = (quantity: string): string[] => ['TOTAL', '', '', quantity, ''];
  const check = async (rows: string[][]) => {
    const source = plainSource(rows);
    const content =
      kind === 'rows' ? rowsContent(source) : ({ kind: 'parquet', path: await writeParquet(source) } as const);
    return run(source, { totalRow }, plainPlan(), content);
  };

  test('is left out where it equals the sum of the rows, rejected ones among them', async () => {
    const { inputs, comparison } = await check([
      row('1.5', 'a'),
      row('-0.25', 'b'),
      row('abc', 'c'),
      ['', 'A-1', 'BLOCKED', '2', ''],
      total('3.250'),
    ]);
    expect(inputs[0]).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
    expect(comparison.variances.map((one) => one.erp)).toEqual([1250]);
  });

  test.each([
    ['says another sum', [row('1.5'), total('1.6')]],
    ['is missing', [row('1.5'), row('2')]],
    ['is not the last row', [row('1.5'), total('1.5'), row('0')]],
    ['stands twice', [row('1.5'), total('1.5'), total('1.5')]],
  ])('refuses a file in which it %s', async (_, rows) => {
    expect(await failureOf(check(rows))).toMatchObject({ kind: 'refused', code: 'CONTROL_TOTAL' });
  });
});

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNMAPPED } from '../../core/model/balance.ts';
import { SCALED_MAX } from '../../core/model/decimal.ts';
import type { Failure } from '../../core/model/failure.ts';
import { emptyMasterData } from '../../core/normalize/master-data.ts';
import { sqlText } from '../../duckdb/open-duckdb.ts';
import type { BalanceInput } from '../comparison-input.ts';
import { comparable, oracle, outcomesOf } from '../conformance-oracle-fixture.ts';
import { type ConformanceWorld, conformanceWorlds, inputOf, type WorldSource } from '../conformance-world-fixture.ts';
import { compareWithSql } from './compare-with-sql.ts';
import {
  failureOf,
  folder,
  HEADER,
  options,
  plainPlan,
  plainSource,
  row,
  rowsContent,
  run,
  writeParquet,
  writer,
} from './sql-fixture.ts';

/** Not shrunk: each step is a run of the engine, and shrinking a world of 150 rows takes longer than reading it. */
const WORLDS = { numRuns: Number(process.env['EVENSTOCK_WORLDS'] ?? 25), endOnFailure: true };

async function holdAgainstOracle(world: ConformanceWorld, contents: readonly BalanceInput['content'][]) {
  const expected = oracle(world, 1);
  const run = compareWithSql(
    world.plan,
    world.sources.map((source, at) => inputOf(source, contents[at] as BalanceInput['content'])),
    world.inFlight,
    options(),
  );
  if (expected.kind === 'refused') {
    const failure = await run.then(
      () => undefined,
      (error: Failure) => error,
    );
    expect(failure).toMatchObject({ kind: 'refused', code: 'VALUE_REFUSED' });
    expect(failure?.message).toContain(`${expected.source}.file, row ${expected.row}, column ${expected.column}:`);
    return;
  }
  const result = await run.catch((error: Failure) => error);
  if ('code' in result) {
    // Sums beyond 2^53 refuse the run; only quantities of that size can make them.
    expect(result).toMatchObject({ kind: 'refused', code: 'QUANTITY_OVERFLOW' });
    const largest = Math.max(...expected.comparison.variances.flatMap((key) => [Math.abs(key.erp), Math.abs(key.wms)]));
    expect(largest).toBeGreaterThan(SCALED_MAX / 64);
    return;
  }
  await result.close();
  expect(outcomesOf(result.inputs)).toEqual(outcomesOf(expected.inputs));
  expect(comparable(result.comparison, world.plan)).toEqual(comparable(expected.comparison, world.plan));
  return { result, expected };
}

describe('generated worlds: the engine finds what the core finds', () => {
  test('from rows', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(conformanceWorlds, async (world) => {
        await holdAgainstOracle(
          { ...world, sources: world.sources.map(withoutNulls) },
          world.sources.map((source) => rowsContent(withoutNulls(source))),
        );
      }),
      WORLDS,
    );
  });

  test('from Parquet', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(conformanceWorlds, async (world) => {
        const paths = [];
        for (const source of world.sources) paths.push(await writeParquet(source));
        await holdAgainstOracle(
          world,
          paths.map((path) => ({ kind: 'parquet', path })),
        );
        for (const path of paths) rmSync(path);
      }),
      WORLDS,
    );
  });
});

describe('what generated worlds do not reach', () => {
  test('a path with the characters of a pattern is read literally', async () => {
    await writeParquet(plainSource([row('5')]), 'decoy1.parquet');
    const source = plainSource([row('7')]);
    const path = await writeParquet(source, 'decoy[1].parquet');
    expect((await run(source, {}, plainPlan(), { kind: 'parquet', path })).comparison.variances[0]?.erp).toBe(7000);
  });

  test('repeated rows are counted exactly in groups too large for the masks', async () => {
    const rows = [
      ...Array.from({ length: 300 }, (_, at) => row('1', `note ${at}`)),
      row('1', 'note 7'),
      row('1', 'note 7'),
      row('1', 'note 299'),
      row('abc'),
      row('abc'),
    ];
    expect((await run(plainSource(rows))).inputs[0]).toMatchObject({
      rows: 305,
      accepted: 303,
      rejected: 2,
      duplicates: 3,
    });
    const accepted = rows.filter((one) => one[3] !== 'abc');
    expect((await run(plainSource(accepted))).inputs[0]).toMatchObject({ accepted: 303, duplicates: 3 });
  });

  test('a value that the reader could not read is rejected before anything else', async () => {
    const source = plainSource([row('1'), row('2')]);
    const batches = async function* () {
      yield [
        { row: 2, values: row('1') },
        {
          row: 3,
          values: ['', '', '', '', ''],
          fault: { column: 3, value: '#REF!', reason: 'a formula without a value' },
        },
      ];
    };
    const { inputs } = await run(source, {}, plainPlan(), {
      kind: 'rows',
      open: async () => ({ header: HEADER, batches: batches() }),
    });
    expect(inputs[0]).toMatchObject({ accepted: 1, rejected: 1 });
    expect(inputs[0]?.rejections).toEqual([
      {
        source: 'sap stock',
        file: 'sap stock.file',
        row: 3,
        column: 'quantity',
        value: '#REF!',
        reason: 'a formula without a value',
      },
    ]);
  });

  test('dates, booleans and binary text in a code column are their text', async () => {
    const path = join(folder, 'typed.parquet');
    const select = (item: string): string =>
      `SELECT 'DC1' AS site, ${item} AS item, 'BLOCKED' AS status, 1::DOUBLE AS quantity, '' AS note`;
    for (const [item, text] of [
      ["DATE '2026-01-02'", '2026-01-02'],
      ['true', 'true'],
      ["'00123'::BLOB", '00123'],
      ['7::DOUBLE', '7'],
      ['123456789012345678::BIGINT', '123456789012345678'],
    ]) {
      await writer.run(`COPY (${select(item as string)}) TO ${sqlText(path)} (FORMAT parquet)`);
      expect(
        (await run(plainSource([]), {}, plainPlan(), { kind: 'parquet', path })).comparison.variances[0]?.item,
      ).toBe(text);
    }
  });

  test('the history holds every key by native status', async () => {
    const master = emptyMasterData('EA', 'exact');
    const plan = plainPlan({
      master,
      grain: { owner: false, lot: true },
      rules: { available: { erp: ['UNRESTRICTED', 'CONSIGNED'] } },
    });
    const header = ['site', 'item', 'lot', 'status', 'quantity'];
    const rows = [
      ['DC1', 'A-1', ' L1', 'UNRESTRICTED', '1.5'],
      ['DC1', 'A-1', 'L1', 'UNRESTRICTED', '2'],
      ['DC1', 'A-1', 'L1', 'CONSIGNED', '-4'],
      ['DC1', 'A-1', '', 'ODD', '8'],
      ['DC1', 'A-1', '', 'ODD', 'abc'],
      ['DC9', 'A-1', '', 'ODD', '1'],
    ];
    const source = plainSource(rows, { header, columns: new Map(header.map((column, at) => [column, at])) });
    const result = await compareWithSql(plan, [inputOf(source, rowsContent(source))], [], options());
    const found = await result.findBalances((item) => item === 'A-1');
    const place = { system: 'sap', site: 'DC1', item: 'A-1', owner: '' };
    expect(found.sort((a, b) => a.quantity - b.quantity)).toEqual([
      { ...place, lot: 'L1', status: 'CONSIGNED', category: 0, quantity: -4000 },
      { ...place, lot: 'L1', status: 'UNRESTRICTED', category: 0, quantity: 3500 },
      { ...place, lot: '', status: 'ODD', category: UNMAPPED, quantity: 8000 },
    ]);
    expect(await result.findBalances((item) => item === 'B-1')).toEqual([]);
    const path = join(folder, 'history.parquet');
    expect(await result.keepBalances(path)).toEqual({ rows: 3 });
    await result.close();
    const kept = await writer.runAndReadAll(
      `SELECT * REPLACE (quantity::VARCHAR AS quantity, rows::INTEGER AS rows) FROM read_parquet(${sqlText(path)}) ORDER BY status`,
    );
    expect(kept.getRowObjects()).toEqual([
      {
        system: 'sap',
        site: 'DC1',
        item: 'A-1',
        owner: '',
        lot: 'L1',
        status: 'CONSIGNED',
        category: 'available',
        quantity: '-4.000',
        rows: 1,
      },
      {
        system: 'sap',
        site: 'DC1',
        item: 'A-1',
        owner: '',
        lot: '',
        status: 'ODD',
        category: '',
        quantity: '8.000',
        rows: 1,
      },
      {
        system: 'sap',
        site: 'DC1',
        item: 'A-1',
        owner: '',
        lot: 'L1',
        status: 'UNRESTRICTED',
        category: 'available',
        quantity: '3.500',
        rows: 2,
      },
    ]);
    const [type] = (
      await writer.runAndReadAll(`SELECT typeof(quantity) FROM read_parquet(${sqlText(path)}) LIMIT 1`)
    ).getRows();
    expect(type).toEqual(['DECIMAL(18,3)']);
  });

  test('a cancelled run ends within a second and leaves nothing behind', async () => {
    const path = join(folder, 'large.parquet');
    await writer.run(
      `COPY (SELECT 'DC1' AS site, 'I' || (i % 400000) AS item, 'BLOCKED' AS status, i::DECIMAL(18,3) AS quantity, 'note ' || i AS note FROM range(4000000) t(i)) TO ${sqlText(path)} (FORMAT parquet)`,
    );
    const controller = new AbortController();
    const source = plainSource([]);
    let abortedAt = 0;
    const settings = {
      ...options(controller.signal),
      onProgress: (stage: string) => {
        if (stage !== 'read erp' || abortedAt > 0) return;
        setTimeout(() => {
          abortedAt = performance.now();
          controller.abort();
        }, 50);
        abortedAt = 1;
      },
    }; // prettier-ignore
    const failure = await failureOf(
      compareWithSql(plainPlan(), [inputOf(source, { kind: 'parquet', path })], [], settings),
    );
    expect(failure).toMatchObject({ kind: 'cancelled', code: 'CANCELLED' });
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    expect(readdirSync(folder).filter((name) => name.startsWith('sql-'))).toEqual([]);
  });
});

/** Staged rows do not tell null from '': neither does any other reader of text. */
function withoutNulls(source: WorldSource): WorldSource {
  return { ...source, rows: source.rows.map((row) => row.map((cell) => cell ?? '')) };
}

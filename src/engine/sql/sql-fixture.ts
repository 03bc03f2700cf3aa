/** What the tests of the SQL engine share: a folder with a writer of Parquet files, and the plainest source and plan. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Failure } from '../../core/model/failure.ts';
import { emptyMasterData } from '../../core/normalize/master-data.ts';
import { Plan, type PlanInput } from '../../core/normalize/plan.ts';
import { openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import type { BalanceInput, EngineOptions, EngineResult } from '../comparison-input.ts';
import { inputOf, type WorldSource } from '../conformance-world-fixture.ts';
import { compareWithSql } from './compare-with-sql.ts';

export let folder = '';
export let writer: DuckDBConnection;
let files = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-sql-'));
  writer = (await openDuckDb({ temporaryDirectory: folder })).connection;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function options(signal = new AbortController().signal): EngineOptions {
  return { threads: 2, memoryBytes: 1_000_000_000, temporaryDirectory: folder, signal, onProgress: () => {} };
}

export async function writeParquet(source: WorldSource, name = `stock[${files++}].parquet`): Promise<string> {
  const path = join(folder, name);
  const names = source.header.map((column) => `"${column}"`);
  await writer.run(`CREATE OR REPLACE TABLE stock (${names.map((column) => `${column} VARCHAR`).join(', ')})`);
  for (const row of source.rows)
    await writer.run(
      `INSERT INTO stock VALUES (${row.map((cell) => (cell === null ? 'NULL' : sqlText(cell))).join(', ')})`,
    );
  const cast =
    source.quantityType === 'VARCHAR' ? '' : ` REPLACE (CAST(quantity AS ${source.quantityType}) AS quantity)`;
  await writer.run(`COPY (SELECT *${cast} FROM stock) TO ${sqlText(path)} (FORMAT parquet)`);
  return path;
}

export function rowsContent(source: WorldSource, firstRow = 1): BalanceInput['content'] {
  const batches = async function* () {
    yield source.rows.map((values, index) => ({ row: firstRow + index, values }));
  };
  return { kind: 'rows', open: async () => ({ header: source.header, batches: batches() }) };
}

export const HEADER = ['site', 'item', 'status', 'quantity', 'note'];

export function plainSource(
  rows: readonly (readonly (string | null)[])[],
  change: Partial<WorldSource> = {},
): WorldSource {
  const columns = new Map(HEADER.slice(0, 4).map((column, at) => [column, at] as const));
  const rules = { system: 'sap', role: 'erp' as const, numberFormat: {}, constants: {} };
  return {
    name: 'sap stock',
    rules,
    completeness: 'full',
    header: HEADER,
    columns,
    asOfColumn: undefined,
    quantityType: 'VARCHAR',
    rows,
    ...change,
  };
}

export function plainPlan(change: Partial<PlanInput> = {}): Plan {
  return new Plan({
    rules: {
      available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE'] },
      unavailable: { erp: ['BLOCKED'], wms: ['DAMAGED'] },
    },
    ignore: [],
    isCaseDeclared: false,
    master: emptyMasterData('EA', 'exact'),
    quantityDecimals: 3,
    grain: { owner: false, lot: false },
    grainRules: [],
    systems: [
      { id: 'sap', role: 'erp', sites: undefined },
      { id: 'wms1', role: 'wms', sites: ['DC1'] },
    ],
    sites: [],
    items: [],
    ...change,
  }); // prettier-ignore
}

export const row = (quantity: string, note = 'x', item = 'A-1'): string[] => [
  'DC1',
  item,
  'UNRESTRICTED',
  quantity,
  note,
];

export async function run(
  source: WorldSource,
  change: Partial<BalanceInput> = {},
  plan = plainPlan(),
  content = rowsContent(source),
): Promise<EngineResult> {
  const result = await compareWithSql(plan, [{ ...inputOf(source, content), ...change }], [], options());
  await result.close();
  return result;
}

export const failureOf = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('the run was not refused'),
    (error: Failure) => error,
  );

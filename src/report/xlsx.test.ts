import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, describe, expect, test } from 'vitest';
import { DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { refusedReport, SAMPLE_GAPS, sampleLine, sampleReport } from './sample-report-fixture.ts';
import { numericCell, writeXlsx } from './xlsx.ts';

const folder = mkdtempSync(join(tmpdir(), 'xlsx-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: (typeof DISCREPANCY_COLUMNS)[number]) => DISCREPANCY_COLUMNS.indexOf(name);

test.each([
  ['12', 12],
  ['-1430.50', -1430.5],
  ['0.1', 0.1],
  ['123456789012.345', 123456789012.345],
  ['999999999999999', 999999999999999],
  ['1234567890123456', '1234567890123456'],
  ['12345678901.000001', '12345678901.000001'],
  ['0.000000000000001', 1e-15],
  ['', null],
  ['1e5', '1e5'],
])('numericCell %s', (decimal, expected) => {
  expect(numericCell(decimal)).toBe(expected);
});

async function workbook(name: string, ...rest: Parameters<typeof writeXlsx> extends [string, ...infer R] ? R : never) {
  const path = join(folder, name);
  await writeXlsx(path, ...rest);
  return await readXlsx(readFileSync(path));
}

describe('a workbook', () => {
  const hostile = sampleLine({
    rank: '1',
    item: '00123',
    description: '=1+1',
    erp: 10,
    wms: 9,
    cents: 150,
    erp_quantity: '12345678901234567.5',
    lot: '2026-01-02',
  });

  test('text stays text, numbers are numbers, both sheets are there', async () => {
    const { sheets } = await workbook('plain.xlsx', sampleReport({ ...SAMPLE_GAPS, lines: [hostile] }));
    expect(sheets.map((sheet) => sheet.name)).toEqual(['Discrepancies', 'Summary']);
    const rows = sheets[0]?.rows ?? [];
    expect(rows[0]).toEqual([...DISCREPANCY_COLUMNS]);
    expect(rows).toHaveLength(2);
    const row = rows[1] ?? [];
    expect(row[at('item')]).toBe('00123');
    expect(row[at('description')]).toBe('=1+1');
    expect(row[at('lot')]).toBe('2026-01-02');
    expect(row[at('variance_value')]).toBe(-1.5);
    expect(row[at('erp_quantity')]).toBe('12345678901234567.5');
    expect(sheets[0]?.freezePane?.rows).toBe(1);
    expect(sheets[0]?.autoFilter?.range).toBe('A1:AC2');
  });

  test('the summary holds the totals, what was left out and the files', async () => {
    const { sheets } = await workbook('summary.xlsx', sampleReport(SAMPLE_GAPS));
    const rows = sheets[1]?.rows ?? [];
    expect(rows.find((row) => row[0] === 'gross_variance_value')?.[1]).toBe(122399.2);
    expect(rows.find((row) => row[1] === 'QC HOLD')?.slice(2, 5)).toEqual([14, 320, 4100]);
    expect(rows.find((row) => row[0] === 'sap balances')?.[1]).toBe('in/erp_stock_20261122.csv');
    expect(rows[1]?.[0]).toContain('incomplete');
  });

  test('the same report gives the same bytes', async () => {
    const [one, two] = ['one.xlsx', 'two.xlsx'].map((name) => join(folder, name));
    await writeXlsx(one ?? '', sampleReport());
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await writeXlsx(two ?? '', sampleReport());
    expect(readFileSync(one ?? '').equals(readFileSync(two ?? ''))).toBe(true);
  });

  test('a refused run gives a workbook that says so', async () => {
    const { sheets } = await workbook('refused.xlsx', refusedReport());
    expect(sheets[0]?.rows).toHaveLength(1);
    expect(sheets[1]?.rows[0]?.[0]).toMatch(/^The run was refused/);
  });
});

test('many lines are streamed over several sheets, each with the header and none lost', async () => {
  const report = sampleReport({ discrepancies: 250 });
  const { sheets } = await workbook('streamed.xlsx', report, { wholeLinesMax: 50, sheetRowsMax: 101 });
  expect(sheets.map((sheet) => sheet.name)).toEqual(['Discrepancies', 'Discrepancies_2', 'Discrepancies_3']);
  expect(sheets.map((sheet) => sheet.rows[0]?.[0])).toEqual(['rank', 'rank', 'rank']);
  expect(sheets.flatMap((sheet) => sheet.rows.slice(1).map((row) => row[0]))).toEqual(
    Array.from({ length: 250 }, (_, index) => index + 1),
  );
  expect(sheets[2]?.rows[1]?.[at('item')]).toMatch(/^00\d{3}$/);
  expect(sheets[0]?.freezePane?.rows).toBe(1);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DISCREPANCY_COLUMNS, NUMERIC_DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { csvLine, writeCsv } from './csv.ts';
import { sampleLines } from './sample-report-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, string[], string]>([
  ['plain text', ['a', 'b c'], 'a,b c'],
  ['empty cells', ['', '', ''], ',,'],
  ['a comma', ['Toaster, 2 slots'], '"Toaster, 2 slots"'],
  ['a quote', ['19" rack'], '"19"" rack"'],
  ['line ends', ['a\nb', 'c\r\nd'], '"a\nb","c\r\nd"'],
  ['leading zeros', ['00123'], '00123'],
  ['=', ['=1+1'], "'=1+1"],
  ['+', ['+49'], "'+49"],
  ['-', ['-5'], "'-5"],
  ['@', ['@SUM(A1)'], "'@SUM(A1)"],
  ['a tab', ['\t=1'], "'\t=1"],
  ['a carriage return', ['\r=1'], '"\'\r=1"'],
  ['a formula with quotes', ['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"'],
  ['a sign further on', ['A-5'], 'A-5'],
])('text cells: %s', (_, values, expected) => {
  expect(csvLine(values, [true, true, true])).toBe(expected);
});

test('numbers stay numbers', () => {
  expect(csvLine(['-12.50', '-5'], [false, true])).toBe("-12.50,'-5");
});

test('a file: header, LF line ends, rows in order, across the size of one piece', async () => {
  const lines = sampleLines(20_000);
  const path = join(folder, 'discrepancies.csv');
  function* rows() {
    for (const line of lines) yield DISCREPANCY_COLUMNS.map((name) => line[name]);
  }
  await writeCsv(path, DISCREPANCY_COLUMNS, NUMERIC_DISCREPANCY_COLUMNS, rows());
  const text = readFileSync(path, 'utf8');
  expect(text.length).toBeGreaterThan(1 << 20);
  const [header, ...written] = text.split('\n');
  expect(header).toBe(DISCREPANCY_COLUMNS.join(','));
  expect(written.pop()).toBe('');
  expect(written).toHaveLength(lines.length);
  expect(written[0]?.startsWith(`1,${lines[0]?.site},${lines[0]?.item},,,`)).toBe(true);
  expect(written.map((line) => line.split(',', 1)[0])).toEqual(lines.map((line) => line.rank));
  expect(text).toMatch(/,-\d+\.\d\d,USD,erp-overstated,/);
});

test('no rows: the header alone', async () => {
  const path = join(folder, 'empty.csv');
  await writeCsv(path, ['row', 'reason'], ['row'], []);
  expect(readFileSync(path, 'utf8')).toBe('row,reason\n');
});

test('says whether a cell had to be kept from being read as a formula', async () => {
  const path = join(folder, 'guarded.csv');
  const write = (...cells: string[][]) => writeCsv(path, ['item', 'quantity'], ['quantity'], cells);
  expect(await write(['bolt, M6', '-5'], ['a "b"', '+1'])).toEqual({ isAsGiven: true });
  expect(await write(['=1', '5'])).toEqual({ isAsGiven: false });
  expect(await write(['@x, y', '5'], ['plain', '1'])).toEqual({ isAsGiven: false });
});

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RawRow, ReadOptions } from '../raw-table.ts';
import { readXlsx } from './read-xlsx.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

async function readPath(
  path: string,
  options: ReadOptions = {},
): Promise<{ header: readonly string[]; rows: RawRow[] }> {
  const { header, batches } = await readXlsx(path, options);
  const rows: RawRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return { header, rows };
}
const read = (name: string, options: ReadOptions = {}) => readPath(fixture(name), options);

describe('workbooks of other writers', () => {
  it('openpyxl: first visible sheet, padded items, dates, booleans, faults, skipped empty row', async () => {
    expect(await read('openpyxl.xlsx')).toEqual({
      header: ['item', 'quantity', 'as_of', 'counted', 'note'],
      rows: [
        { row: 2, values: ['00123', '12.5', '2026-11-22', 'TRUE', ' padded '] },
        { row: 3, values: ['00123', '0.3', '2026-11-22T23:59:59', 'FALSE', '1E5'] },
        {
          row: 5,
          values: ['12345678901234570000000', '0.0000001', '06:30:00', null, null],
          fault: { column: 4, value: '=B2*2', reason: expect.stringContaining('no stored result') },
        },
        {
          row: 6,
          values: ['Zürich 日本', '-1234567.125', '2026-11-22T00:00:00', null, null],
          fault: { column: 4, value: '#REF!', reason: expect.stringContaining('#REF!') },
        },
      ],
    });
  });

  it('XlsxWriter: preamble, shared and rich text, a column without a name, a cell in the last row and column', async () => {
    expect(await read('xlsxwriter.xlsx', { skipRows: 2 })).toEqual({
      header: ['item', 'quantity', 'as_of', 'value', 'hours'],
      rows: [
        { row: 4, values: ['0000004711', '5', '2026-01-02', '1234.5', '1.5'] },
        { row: 5, values: ['ABC-1', '1.1', null, 'TRUE', null] },
        {
          row: 6,
          values: ['XY', null, null, null, null],
          fault: { column: 1, value: '#DIV/0!', reason: expect.stringContaining('#DIV/0!') },
        },
        {
          row: 7,
          values: [null, null, null, null, null],
          fault: { column: 0, value: '=""', reason: expect.stringContaining('no stored result') },
        },
      ],
    });
  });

  it('61 without skipRows the preamble is the header, and one far cell costs one cell', async () => {
    const before = process.memoryUsage().rss;
    expect((await read('xlsxwriter.xlsx')).header).toEqual(['Inventory of DC1']);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 ** 2);
  });

  it('prefixed names, cells without references, phonetic text, CDATA, cells out of order', async () => {
    expect(await read('namespaced.xlsx')).toEqual({
      header: ['item', 'quantity', 'as_of'],
      rows: [
        { row: 2, values: ['A\r<B>', '7', '2026-11-22T10:00:00'] },
        { row: 9, values: ['A& B', '1200', null] },
      ],
    });
  });

  it('57 follows the 1904 calendar of the workbook', async () => {
    expect((await read('calendar-1904.xlsx')).rows).toEqual([{ row: 2, values: ['2026-11-22'] }]);
  });

  it('reads stored entries, a sheet by name and a sheet that has only its header', async () => {
    expect((await read('stored.xlsx')).rows).toEqual([{ row: 2, values: ['A', '1'] }]);
    expect((await read('openpyxl.xlsx', { sheet: 'Notes' })).rows).toEqual([
      { row: 2, values: ['from the hidden sheet'] },
    ]);
    expect(await read('header-only.xlsx')).toEqual({ header: ['item', 'quantity'], rows: [] });
  });

  it('names columns by their letters where there is no header, and marks values beside them', async () => {
    expect(await read('stored.xlsx', { header: false })).toEqual({
      header: ['A', 'B'],
      rows: [
        { row: 1, values: ['item', 'quantity'] },
        { row: 2, values: ['A', '1'] },
      ],
    });
    const { header, rows } = await read('xlsxwriter.xlsx', { header: false, skipRows: 4 });
    expect(header).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(rows.at(-1)).toEqual({
      row: 1_048_576,
      values: [null, null, null, null, null],
      fault: { column: 4, value: 'far away', reason: expect.stringContaining('column XFD') },
    });
  });
});

describe('refusals name code, place and what was expected', () => {
  const cases: readonly [name: string, file: string, options: ReadOptions, code: string, message: string][] = [
    ['25 0 bytes', 'blank.xlsx', {}, 'EMPTY', '0 bytes'],
    ['25 no row', 'no-rows.xlsx', {}, 'EMPTY', 'no row with a value'],
    ['25 no row after the skipped ones', 'stored.xlsx', { skipRows: 2 }, 'EMPTY', 'after row 2'],
    ['no sheet', 'no-sheets.xlsx', {}, 'NO_SHEETS', 'no sheet'],
    [
      'no such sheet',
      'openpyxl.xlsx',
      { sheet: 'stock' },
      'NO_SUCH_SHEET',
      '"stock"; its sheets are "Notes", "Stock", "Later"',
    ],
    ['64 wrong magic bytes', 'text.xlsx', {}, 'NOT_XLSX', 'begins with "item,quantit"'],
    ['64 another zip', 'zipped.xlsx', {}, 'NOT_XLSX', 'without [Content_Types].xml'],
    ['64 xlsb', 'binary.xlsx', {}, 'NOT_XLSX', '.xlsb'],
    ['64 old xls', 'old-format.xlsx', {}, 'OLD_XLS', '.xls'],
    ['63 encrypted', 'password.xlsx', {}, 'XLSX_ENCRYPTED', 'OLE compound file'],
    ['63 encrypted zip entry', 'zip-password.xlsx', {}, 'XLSX_ENCRYPTED', 'sheet1.xml'],
    ['63 macro project', 'macro-project.xlsx', {}, 'XLSX_MACROS', 'xl/vbaProject.bin'],
    ['63 macro content type', 'macro-type.xlsx', {}, 'XLSX_MACROS', '/xl/workbook.xml'],
    ['62 nested archive', 'nested.xlsx', {}, 'NESTED_ARCHIVE', 'xl/embeddings/Stock.xlsx'],
    ['62 declares 3 GB', 'bomb-declared.xlsx', {}, 'ZIP_BOMB', '3072 MB; expected at most 2048 MB'],
    ['62 declares a ratio of thousands', 'bomb-ratio.xlsx', {}, 'ZIP_BOMB', 'to 300 MB'],
    ['62 too many entries', 'many-entries.xlsx', {}, 'ZIP_BOMB', '10001 entries'],
    ['62 declares less than it holds', 'bomb-lying.xlsx', {}, 'XLSX_DAMAGED', 'too many bytes'],
    ['28 cut zip', 'cut-zip.xlsx', {}, 'XLSX_DAMAGED', 'cut off'],
    ['28 XML cut in a cell', 'cut-xml.xlsx', {}, 'XLSX_DAMAGED', 'sheet1.xml: 1:'],
    ['28 XML cut after a row', 'unclosed-xml.xlsx', {}, 'XLSX_DAMAGED', 'unclosed tag: sheetData'],
    ['flipped bit', 'bit-flip.xlsx', {}, 'XLSX_DAMAGED', 'checksum of xl/worksheets/sheet1.xml'],
    ['73 DOCTYPE', 'doctype.xlsx', {}, 'XML_DOCTYPE', 'sheet1.xml'],
    ['rows out of order', 'rows-descend.xlsx', {}, 'XLSX_DAMAGED', 'row 2 stands after row 2'],
    ['a cell twice', 'cell-twice.xlsx', {}, 'XLSX_DAMAGED', 'cell A2'],
    ['a column outside of the sheet', 'column-outside.xlsx', {}, 'XLSX_DAMAGED', 'cell XFE2'],
    ['shared text missing', 'shared-missing.xlsx', {}, 'XLSX_DAMAGED', 'cell A2: a cell refers to shared text 4'],
    ['20 unreadable header', 'header-fault.xlsx', {}, 'HEADER_UNREADABLE', 'header cell A1 holds #NAME?'],
    [
      '74 more than 10,000 columns',
      'xlsxwriter.xlsx',
      { header: false, skipRows: 1000 },
      'TOO_MANY_COLUMNS',
      '16384 columns',
    ],
  ];
  it.each(cases)('%s', async (_name, file, options, code, message) => {
    const startedAt = performance.now();
    const thrown = await read(file, options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(thrown).toMatchObject({ kind: 'refused', code, action: expect.stringMatching(/./) });
    expect((thrown as Error).message).toContain(`${file}: `);
    expect((thrown as Error).message).toContain(message);
  });

  it('63 refuses .xlsm by its name and tells an absent file from a bad one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenstock-xlsx-'));
    try {
      const path = join(folder, 'stock.XLSM');
      copyFileSync(fixture('stored.xlsx'), path);
      await expect(readXlsx(path, {})).rejects.toMatchObject({ kind: 'refused', code: 'XLSX_MACROS' });
      await expect(readXlsx(join(folder, 'absent.xlsx'), {})).rejects.toMatchObject({
        kind: 'unreachable',
        code: 'FILE_UNREADABLE',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Accepted,
  erpQuantities,
  expectAccepted,
  expectRefusal,
  type Given,
  useFiles,
} from './reconciled-files.ts';
import { type CellXml, fault, formula, number, smallWorkbook, zip } from './small-workbook.ts';

const files = useFiles();
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../src/ingest/xlsx/fixtures/${name}`, import.meta.url));
const HEADER = ['site', 'item', 'status', 'quantity'];
const row = (item: CellXml, quantity: CellXml, ...more: CellXml[]): CellXml[] => [
  'DC1',
  item,
  'UNRESTRICTED',
  quantity,
  ...more,
];
const sheet = (...rows: CellXml[][]): Buffer => smallWorkbook({ Stock: [HEADER, ...rows] });
const xlsx = (erp: Buffer, more: Record<string, unknown> = {}): Given => ({
  erp,
  erpSource: { format: 'xlsx', path: 'erp.xlsx', ...more },
});

describe('accepted exactly', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    [
      'plain numbers and texts',
      xlsx(sheet(row('A', number(5)), row('B', '2.5'))),
      { erp: { A: '5', B: '2.5' }, rows: 2 },
    ],
    ['38 a code as text', xlsx(sheet(row('00123', number(5)))), { erp: { '00123': '5' }, rows: 1 }],
    [
      '39 to 41 texts that look like values',
      xlsx(sheet(row('1E5', number(1)), row('true', number(2)), row('2026-01-02', number(3)))),
      { erp: { '1E5': '1', true: '2', '2026-01-02': '3' }, rows: 3 },
    ],
    [
      '40 a number with an exponent in the file',
      xlsx(sheet(row('A', number('1.25E3')))),
      { erp: { A: '1250' }, rows: 1 },
    ],
    [
      'a binary fraction is the decimal it was shown as',
      xlsx(sheet(row('A', number('0.30000000000000004')))),
      {
        erp: {},
        rows: 1,
        rejected: [
          { row: 2, column: 'quantity', value: '0.30000000000000004', reason: 'more than 6 decimals; not rounded' },
        ],
      },
    ],
    ['60 a formula with its cached value', xlsx(sheet(row('A', formula('2+3', '5')))), { erp: { A: '5' }, rows: 1 }],
    [
      'a sheet by its name',
      xlsx(smallWorkbook({ Notes: [['x']], Stock: [HEADER, row('A', number(5))] }), { sheet: 'Stock' }),
      { erp: { A: '5' }, rows: 1 },
    ],
    [
      '18 a preamble, declared',
      xlsx(smallWorkbook({ Stock: [['Stock of DC1'], [], HEADER, row('A', number(5))] }), { skip_rows: 2 }),
      { erp: { A: '5' }, rows: 1 },
    ],
    [
      '24 an unknown extra column',
      xlsx(smallWorkbook({ Stock: [[...HEADER, 'colour'], row('A', number(5), 'red')] })),
      { erp: { A: '5' }, rows: 1, warnings: ['UNKNOWN_COLUMNS'] },
    ],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    const outcome = await files().run(given);
    if (expected.rejected) return expectRefusal(outcome, 'NOTHING_ACCEPTED', /^erp\.xlsx: all 1 rows are rejected$/);
    expectAccepted(outcome, expected, 'erp.xlsx');
  });

  it('two sheets of one workbook are two sources', async () => {
    const both = smallWorkbook({
      ERP: [HEADER, row('A', number(5))],
      WMS: [HEADER, ['DC1', 'A', 'AVAILABLE', number(3)]],
    });
    const source = (sheetName: string): Record<string, unknown> => ({
      format: 'xlsx',
      path: 'both.xlsx',
      sheet: sheetName,
    });
    const outcome = await files().run({ erp: both, wms: both, erpSource: source('ERP'), wmsSource: source('WMS') });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.lines.map((line) => [line.item, line.erp_quantity, line.wms_quantity])).toEqual([['A', '5', '3']]);
  });

  it('34 the same sheet on both sides is refused', async () => {
    const both = smallWorkbook({ Stock: [HEADER, row('A', number(5))] });
    const source = { format: 'xlsx', path: 'both.xlsx' };
    const configuration = { categories: { available: { erp: ['UNRESTRICTED'], wms: ['UNRESTRICTED'] } } };
    const outcome = await files().run({ erp: both, wms: both, erpSource: source, wmsSource: source, configuration });
    expectRefusal(outcome, 'SAME_FILE', /^both\.xlsx is byte for byte the same as both\.xlsx/);
  });
});

describe('57 Excel serials follow the calendar of the workbook', () => {
  const cutOff = (serial: string, date1904: boolean): Given => {
    const erp = smallWorkbook({ Stock: [[...HEADER, 'at'], row('A', number(5), number(serial, 1))] }, { date1904 });
    return xlsx(erp, { as_of: { column: 'at' }, time_zone: 'America/Chicago' });
  };
  const cases: readonly [name: string, serial: string, date1904: boolean, asOf: string][] = [
    ['1900', '46348.5', false, '2026-11-22T12:00:00-06:00'],
    ['1904', '44886.5', true, '2026-11-22T12:00:00-06:00'],
    ['1900, a serial of the other calendar', '44886.5', false, '2022-11-21T12:00:00-06:00'],
  ];
  it.each(cases)('%s', async (_name, serial, date1904, asOf) => {
    const outcome = await files().run({ ...cutOff(serial, date1904), wmsSource: { as_of: asOf } });
    expectAccepted(outcome, { erp: { A: '5' }, rows: 1 });
    expect(outcome.run.inputs[0]?.as_of).toBe(asOf);
  });

  it('58 day 60 of 1900, which never was, is a rejected row', async () => {
    const erp = smallWorkbook({
      Stock: [[...HEADER, 'at'], row('A', number(5), number('46348.5', 1)), row('B', number(5), number('60.5', 1))],
    });
    const outcome = await files().run({
      ...xlsx(erp, { as_of: { column: 'at' }, time_zone: 'UTC' }),
      wmsSource: { as_of: '2026-11-22T12:00:00Z' },
    });
    const reason = '60.5 is shown as a date but is no day of the calendar';
    expectAccepted(
      outcome,
      { erp: { A: '5' }, rows: 2, rejected: [{ row: 3, column: 'at', value: '60.5', reason }] },
      'erp.xlsx',
    );
  });
});

describe('60 cells without a value are rejected rows', () => {
  const noResult = 'the formula has no stored result; open the workbook in a spreadsheet program and save it';
  const cases: readonly [
    name: string,
    item: CellXml,
    quantity: CellXml,
    column: string,
    value: string,
    reason: string,
  ][] = [
    ['a formula never calculated', 'B', formula('2+3'), 'quantity', '=2+3', noResult],
    ['#REF!', 'B', fault('#REF!'), 'quantity', '#REF!', 'the cell holds the error #REF!'],
    ['#N/A as an item', fault('#N/A'), number(5), 'item', '#N/A', 'the cell holds the error #N/A'],
    ['54 a blank quantity', 'B', { xml: '>' }, 'quantity', '', 'blank; a blank is not zero'],
    ['49 a number too large for a double', 'B', number('1e400'), 'quantity', '1e400', 'not a finite number'],
    ['48 a text that is no number', 'B', '0x1F', 'quantity', '0x1F', 'not a decimal number'],
    [
      '50 more decimals than are kept',
      'B',
      number('1.00000001'),
      'quantity',
      '1.00000001',
      'more than 6 decimals; not rounded',
    ],
    ['a boolean', 'B', { xml: ' t="b"><v>1</v>' }, 'quantity', 'TRUE', 'not a decimal number'],
  ];
  it.each(cases)('%s', async (_name, item, quantity, column, value, reason) => {
    const outcome = await files().run(xlsx(sheet(row('A', number(5)), row(item, quantity))));
    expectAccepted(outcome, { erp: { A: '5' }, rows: 2, rejected: [{ row: 3, column, value, reason }] }, 'erp.xlsx');
  });

  it('61 a cell at XFD1048576 costs one cell', async () => {
    const far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>';
    const workbook = sheet(row('A', number(5)));
    const parts = {
      'xl/worksheets/sheet1.xml':
        workbook
          .toString('latin1')
          .match(/<worksheet.*<\/worksheet>/s)?.[0]
          .replace('</sheetData>', `${far}</sheetData>`) ?? '',
    };
    const erp = zip({ ...partsOf(workbook), ...parts });
    const startedAt = performance.now();
    expectAccepted(await files().run(xlsx(erp)), { erp: { A: '5' }, rows: 1 }, 'erp.xlsx');
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

/** Parts of a stored archive, by name. */
function partsOf(archive: Buffer): Record<string, string> {
  const parts: Record<string, string> = {};
  for (let at = 0; archive.readUInt32LE(at) === 0x04034b50; ) {
    const size = archive.readUInt32LE(at + 18);
    const start = at + 30 + archive.readUInt16LE(at + 26);
    parts[archive.toString('latin1', at + 30, start)] = archive.toString('utf8', start, start + size);
    at = start + size;
  }
  return parts;
}

describe('refused with the reason', () => {
  const cases: readonly [name: string, content: Buffer, code: string][] = [
    ['20 no header', smallWorkbook({ Stock: [row('A', number(5))] }), 'COLUMN_MISSING'],
    [
      '21 a renamed column',
      smallWorkbook({ Stock: [['site', 'item', 'status', 'qty'], row('A', number(5))] }),
      'COLUMN_MISSING',
    ],
    [
      '23 a column twice',
      smallWorkbook({ Stock: [[...HEADER, 'Item'], row('A', number(5), 'B')] }),
      'DUPLICATE_COLUMN',
    ],
    ['25 0 bytes', fixture('blank.xlsx'), 'EMPTY'],
    ['25 a sheet without a row', fixture('no-rows.xlsx'), 'EMPTY'],
    ['26 a header only', smallWorkbook({ Stock: [HEADER] }), 'NO_ROWS'],
    ['28 a cut archive', fixture('cut-zip.xlsx'), 'XLSX_DAMAGED'],
    ['28 a cut sheet', fixture('cut-xml.xlsx'), 'XLSX_DAMAGED'],
    ['28 a flipped bit', fixture('bit-flip.xlsx'), 'XLSX_DAMAGED'],
    ['62 a sheet that says it is 3 GB', fixture('bomb-declared.xlsx'), 'ZIP_BOMB'],
    ['62 a ratio of thousands', fixture('bomb-ratio.xlsx'), 'ZIP_BOMB'],
    ['62 a sheet that says less than it holds', fixture('bomb-lying.xlsx'), 'XLSX_DAMAGED'],
    ['62 ten thousand entries', fixture('many-entries.xlsx'), 'ZIP_BOMB'],
    ['62 an archive within', fixture('nested.xlsx'), 'NESTED_ARCHIVE'],
    ['63 encrypted', fixture('password.xlsx'), 'XLSX_ENCRYPTED'],
    ['63 an encrypted entry', fixture('zip-password.xlsx'), 'XLSX_ENCRYPTED'],
    ['63 macros', fixture('macro-project.xlsx'), 'XLSX_MACROS'],
    ['63 the content type of .xlsm', fixture('macro-type.xlsx'), 'XLSX_MACROS'],
    ['64 text', fixture('text.xlsx'), 'NOT_XLSX'],
    ['64 another archive', fixture('zipped.xlsx'), 'NOT_XLSX'],
    ['64 .xlsb', fixture('binary.xlsx'), 'NOT_XLSX'],
    ['64 .xls', fixture('old-format.xlsx'), 'OLD_XLS'],
    ['73 a DOCTYPE', fixture('doctype.xlsx'), 'XML_DOCTYPE'],
  ];
  it.each(cases)('%s', async (_name, content, code) => {
    const constants = code.startsWith('XLSX') ? { site: 'DC1', status: 'UNRESTRICTED' } : {};
    expectRefusal(await files().run(xlsx(content, { constants })), code, /^erp\.xlsx/);
  });

  it('63 .xlsm by its name', async () => {
    const outcome = await files().run({
      erp: sheet(row('A', number(5))),
      erpSource: { format: 'xlsx', path: 'erp.xlsm' },
    });
    expectRefusal(outcome, 'XLSX_MACROS', /^erp\.xlsm/);
  });

  it.each([
    ['a workbook', sheet(row('A', number(5))), /ZIP file, perhaps an Excel workbook/],
    ['an old workbook', fixture('old-format.xlsx'), /old Excel or encrypted Office file/],
    ['gzip', Buffer.from('1f8b0800000000000003', 'hex'), /a gzip file/],
    ['PDF', Buffer.from('%PDF-1.7\n'), /a PDF file/],
    ['Parquet', Buffer.from('PAR1xxxx'), /a Parquet file/],
  ])('64 %s under a name of .csv', async (_name, erp, message) => {
    const outcome = await files().run({ erp });
    expectRefusal(outcome, 'WRONG_FORMAT', message);
    expect(erpQuantities(outcome.lines)).toEqual({});
  });
});

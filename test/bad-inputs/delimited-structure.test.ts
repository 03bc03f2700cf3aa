import { describe, expect, it } from 'vitest';
import {
  type Accepted,
  expectAccepted,
  expectRefusal,
  type Given,
  HEADER,
  useFiles,
  warnings,
} from './reconciled-files.ts';

const files = useFiles();
const A5 = 'DC1,A,UNRESTRICTED,5\n';
const withDelimiter = (delimiter: string): string => `${HEADER}${A5}`.replaceAll(',', delimiter);
const quoteNone = { quote: 'none' };

describe('accepted exactly', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    ['7 a semicolon', { erp: withDelimiter(';') }, { erp: { A: '5' }, rows: 1 }],
    ['7 a tab in a .csv', { erp: withDelimiter('\t') }, { erp: { A: '5' }, rows: 1 }],
    ['7 a pipe', { erp: withDelimiter('|') }, { erp: { A: '5' }, rows: 1 }],
    [
      '7 an odd delimiter, declared',
      { erp: withDelimiter('^'), erpSource: { delimiter: '^' } },
      { erp: { A: '5' }, rows: 1 },
    ],
    ['8 a line sep=;', { erp: `sep=;\r\n${withDelimiter(';')}` }, { erp: { A: '5' }, rows: 1 }],
    ['8 a line sep=^', { erp: `sep=^\n${withDelimiter('^')}` }, { erp: { A: '5' }, rows: 1 }],
    ['9 a quoted delimiter', { erp: `${HEADER}DC1,"A,1",UNRESTRICTED,5\n` }, { erp: { 'A,1': '5' }, rows: 1 }],
    [
      '9 a quoted delimiter in the header',
      { erp: `"site","item","no, no","status","quantity"\nDC1,A,x,UNRESTRICTED,5\n` },
      { erp: { A: '5' }, rows: 1, warnings: ['UNKNOWN_COLUMNS'] },
    ],
    ['9 doubled quotes', { erp: `${HEADER}DC1,"1/2"" bolt",UNRESTRICTED,5\n` }, { erp: { '1/2" bolt': '5' }, rows: 1 }],
    ['9 a field of quotes only', { erp: `${HEADER}DC1,"""""",UNRESTRICTED,5\n` }, { erp: { '""': '5' }, rows: 1 }],
    ['10 a quoted LF', { erp: `${HEADER}DC1,"A\nB",UNRESTRICTED,5\n${A5}` }, { erp: { 'A\nB': '5', A: '5' }, rows: 2 }],
    ['10 a quoted CR LF', { erp: `${HEADER}DC1,"A\r\nB",UNRESTRICTED,5\r\n` }, { erp: { 'A\r\nB': '5' }, rows: 1 }],
    [
      '12 1/2" bolt, quotes declared as ordinary',
      { erp: `${HEADER}DC1,1/2" bolt,UNRESTRICTED,5\nDC1,"B,UNRESTRICTED,2\n`, erpSource: quoteNone },
      { erp: { '1/2" bolt': '5', '"B': '2' }, rows: 2 },
    ],
    [
      '12 another quote, declared',
      { erp: `${HEADER}DC1,'A,1',UNRESTRICTED,5\n`, erpSource: { quote: "'" } },
      { erp: { 'A,1': '5' }, rows: 1 },
    ],
    [
      '13 CR LF, LF and CR in one file',
      { erp: `${HEADER}DC1,A,UNRESTRICTED,5\r\nDC1,B,UNRESTRICTED,6\nDC1,C,UNRESTRICTED,7\rDC1,D,UNRESTRICTED,8\r\n` },
      { erp: { A: '5', B: '6', C: '7', D: '8' }, rows: 4 },
    ],
    [
      '13 CR alone',
      { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,6\n`.replaceAll('\n', '\r') },
      { erp: { A: '5', B: '6' }, rows: 2 },
    ],
    [
      '13 blank lines are no rows',
      { erp: `${HEADER}\n${A5}\r\n\r\nDC1,B,UNRESTRICTED,6\n\n` },
      { erp: { A: '5', B: '6' }, rows: 2 },
    ],
    [
      '14 no line end behind the last row',
      { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,6` },
      { erp: { A: '5', B: '6' }, rows: 2, warnings: ['NO_FINAL_NEWLINE'] },
    ],
    [
      '14 no line end behind a quoted last field',
      { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,"6"` },
      { erp: { A: '5', B: '6' }, rows: 2, warnings: ['NO_FINAL_NEWLINE'] },
    ],
    [
      '74 a field of one megabyte in a column without meaning',
      { erp: `note,${HEADER}${'x'.repeat(1 << 20)},${A5}` },
      { erp: { A: '5' }, rows: 1, warnings: ['UNKNOWN_COLUMNS'] },
    ],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    expectAccepted(await files().run(given), expected);
  });

  it('14 says so of the file that lacks it', async () => {
    const { run } = await files().run({ erp: `${HEADER}DC1,A,UNRESTRICTED,5` });
    expect(warnings(run)).toEqual(['NO_FINAL_NEWLINE']);
    expect(run.quality[0]).toMatchObject({
      source: 'sap balances',
      message: expect.stringMatching(/^erp\.csv: .*line end/),
    });
  });

  it('74 ten thousand columns', async () => {
    const columns = Array.from({ length: 9_996 }, (_, at) => `c${at}`).join(',');
    const { run, failure } = await files().run({
      erp: `${HEADER.trimEnd()},${columns}\nDC1,A,UNRESTRICTED,5${','.repeat(9_996)}\n`,
    });
    expect(failure).toBeUndefined();
    expect(run.totals?.erp_quantity).toBe('5');
  });
});

describe('refused with file and row', () => {
  const cases: readonly [name: string, given: Given, code: string, message: RegExp][] = [
    [
      '7 an odd delimiter, not declared',
      { erp: withDelimiter('^') },
      'NO_HEADER',
      /^erp\.csv, row 1: no known column name; the row reads "site\^item\^status\^quantity"$/,
    ],
    [
      '7 a delimiter that is no byte',
      { erp: withDelimiter('§'), erpSource: { delimiter: '§' } },
      'DELIMITER_UNUSABLE',
      /^erp\.csv: "§" cannot separate fields$/,
    ],
    [
      '11 a quote never closed',
      { erp: `${HEADER}${A5}DC1,"B,UNRESTRICTED,6\n${A5}` },
      'UNCLOSED_QUOTE',
      /^erp\.csv, row 3: a quote is opened and never closed$/,
    ],
    [
      '11 a quote never closed in the header',
      { erp: `"site,item,status,quantity\n${A5}` },
      'UNCLOSED_QUOTE',
      /^erp\.csv, row 1: a quote is opened and never closed$/,
    ],
    [
      '12 1/2" bolt without quotes',
      { erp: `${HEADER}${A5}DC1,1/2" bolt,UNRESTRICTED,6\n` },
      'STRAY_QUOTE',
      /^erp\.csv, row 3: a quote inside a field that does not start with one$/,
    ],
    [
      '12 text behind a closing quote',
      { erp: `${HEADER}DC1,"1/2" bolt",UNRESTRICTED,6\n` },
      'TEXT_AFTER_QUOTE',
      /^erp\.csv, row 2: text behind a closing quote$/,
    ],
    [
      '15 a short row',
      { erp: `${HEADER}${A5}DC1,B,6\n${A5}` },
      'FIELD_COUNT',
      /^erp\.csv, row 3: 3 fields where the header has 4$/,
    ],
    [
      '15 a short row behind blank lines and a quoted line break',
      { erp: `${HEADER}\n\nDC1,"A\nB",UNRESTRICTED,5\nDC1,B,6\n${A5}` },
      'FIELD_COUNT',
      /^erp\.csv, row 5: 3 fields/,
    ],
    [
      '16 a long row',
      { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,6,7\n` },
      'FIELD_COUNT',
      /^erp\.csv, row 3: 5 fields where the header has 4$/,
    ],
    [
      '16 an unquoted delimiter in a text',
      { erp: `${HEADER}DC1,A,1,UNRESTRICTED,5\n` },
      'FIELD_COUNT',
      /^erp\.csv, row 2: 5 fields/,
    ],
    [
      '17 one delimiter more, the last column empty',
      { erp: `${HEADER}DC1,A,UNRESTRICTED,5,\n${A5}` },
      'FIELD_COUNT',
      /^erp\.csv, row 2: 5 fields where the header has 4$/,
    ],
    [
      '74 a field of more than one megabyte',
      { erp: `note,${HEADER}${'x'.repeat((1 << 20) + 1)},${A5}` },
      'FIELD_TOO_LONG',
      /^erp\.csv, row 2: a field of more than 1 MB$/,
    ],
    [
      '74 a quoted field of more than one megabyte',
      { erp: `note,${HEADER}"${'x'.repeat((1 << 20) + 1)}",${A5}` },
      'FIELD_TOO_LONG',
      /^erp\.csv, row 2: a field of more than 1 MB$/,
    ],
    [
      '74 a header name of more than one megabyte',
      { erp: `${'x'.repeat((1 << 20) + 1)},${HEADER}` },
      'FIELD_TOO_LONG',
      /^erp\.csv, row 1: a field of more than 1 MB$/,
    ],
    [
      '74 more than ten thousand columns',
      { erp: `${HEADER.trimEnd()},${'c,'.repeat(9_997)}\n` },
      'TOO_MANY_COLUMNS',
      /^erp\.csv, row 1: more than 10000 columns$/,
    ],
    [
      '74 a quote opened and not closed within a megabyte',
      { erp: `${HEADER}DC1,"A,UNRESTRICTED,5\n${A5.repeat(60_000)}` },
      'UNCLOSED_QUOTE',
      /^erp\.csv, row 2: a quote is opened and (never closed|not closed within 1 MB)$/,
    ],
  ];
  it.each(cases)('%s', async (_name, given, code, message) => {
    expectRefusal(await files().run(given), code, message);
  });
});

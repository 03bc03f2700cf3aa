import { describe, expect, it } from 'vitest';
import { type Accepted, expectAccepted, expectRefusal, type Given, HEADER, useFiles } from './reconciled-files.ts';

const files = useFiles();
const A5 = 'DC1,A,UNRESTRICTED,5\n';
const A = { A: '5' };

describe('accepted exactly', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    [
      '18 a preamble, declared',
      { erp: `Stock of plant DC1\n\n${HEADER}${A5}`, erpSource: { skip_rows: 2 } },
      { erp: A, rows: 1 },
    ],
    [
      '20 no header, declared by position',
      { erp: A5, erpSource: { header: false, columns: { site: '1', item: '2', status: '3', quantity: '4' } } },
      { erp: A, rows: 1 },
    ],
    [
      '21 a renamed column, declared',
      {
        erp: `WERKS,MATNR,status,LABST\n${A5}`,
        erpSource: { columns: { site: 'WERKS', item: 'MATNR', quantity: 'LABST' } },
      },
      { erp: A, rows: 1 },
    ],
    ['22 reordered columns', { erp: 'quantity,status,item,site\n5,UNRESTRICTED,A,DC1\n' }, { erp: A, rows: 1 }],
    ['22 names in another case', { erp: `Site,ITEM,Status,Quantity\n${A5}` }, { erp: A, rows: 1 }],
    [
      '22 names with spaces and a no-break space',
      { erp: ` site ,item\u00a0,status, quantity\n${A5}` },
      { erp: A, rows: 1 },
    ],
    [
      '24 an unknown extra column',
      { erp: `site,item,colour,status,quantity\nDC1,A,red,UNRESTRICTED,5\n` },
      { erp: A, rows: 1, warnings: ['UNKNOWN_COLUMNS'] },
    ],
    [
      '24 an extra column without a name',
      { erp: `site,item,status,quantity,\nDC1,A,UNRESTRICTED,5,x\n` },
      { erp: A, rows: 1 },
    ],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    expectAccepted(await files().run(given), expected);
  });

  it('24 the warning names the columns', async () => {
    const { run } = await files().run({ erp: 'site,item,colour,status,quantity,size\nDC1,A,red,UNRESTRICTED,5,L\n' });
    expect(run.quality[0]?.message).toBe('erp.csv: the columns colour, size have no meaning here and are not read');
  });
});

describe('refused with what was found', () => {
  const cases: readonly [name: string, given: Given, code: string, message: RegExp][] = [
    [
      '18 a preamble, not declared',
      { erp: `Stock of plant DC1\n\n${HEADER}${A5}` },
      'NO_HEADER',
      /^erp\.csv, row 1: no known column name; the row reads "Stock of plant DC1"$/,
    ],
    [
      '20 no header',
      { erp: A5 },
      'NO_HEADER',
      /^erp\.csv, row 1: no known column name; the row reads "DC1,A,UNRESTRICTED,5"$/,
    ],
    [
      '20 a blank line where the header should be',
      { erp: `\n${HEADER}${A5}` },
      'NO_HEADER',
      /^erp\.csv, row 1: no known column name; the row reads ""$/,
    ],
    [
      '21 a renamed column',
      { erp: `site,item,status,qty\n${A5}` },
      'COLUMN_MISSING',
      /^erp\.csv has no column quantity; it has the columns qty, which have no meaning here$/,
    ],
    [
      '21 two renamed columns',
      { erp: `site,sku,status,qty\n${A5}` },
      'COLUMN_MISSING',
      /^erp\.csv has no column item, quantity; it has the columns sku, qty/,
    ],
    [
      '21 a declared column that is not there',
      { erp: `${HEADER}${A5}`, erpSource: { columns: { quantity: 'LABST' } } },
      'COLUMN_MISSING',
      /^erp\.csv has no column LABST; it has the columns quantity, which have no meaning here$/,
    ],
    [
      '21 a column that total_row names is not there',
      { erp: `${HEADER}${A5}`, erpSource: { total_row: { column: 'SUM', value: 'x' } } },
      'COLUMN_MISSING',
      /^erp\.csv has no column SUM, which total_row names$/,
    ],
    [
      '21 a column that as_of names is not there',
      { erp: `${HEADER}${A5}`, erpSource: { as_of: { column: 'AT' } } },
      'COLUMN_MISSING',
      /^erp\.csv has no column AT, which as_of names$/,
    ],
    [
      '23 a column twice',
      { erp: `site,item,status,quantity,quantity\nDC1,A,UNRESTRICTED,5,6\n` },
      'DUPLICATE_COLUMN',
      /^erp\.csv has the columns quantity and quantity, which are the same$/,
    ],
    [
      '23 a column twice but for case',
      { erp: `site,item,status,quantity,Quantity\nDC1,A,UNRESTRICTED,5,6\n` },
      'DUPLICATE_COLUMN',
      /^erp\.csv has the columns quantity and Quantity, which are the same$/,
    ],
    [
      '23 a column twice but for space',
      { erp: `site,item,status,quantity,quantity \nDC1,A,UNRESTRICTED,5,6\n` },
      'DUPLICATE_COLUMN',
      /^erp\.csv has the columns quantity and quantity, which are the same$/,
    ],
  ];
  it.each(cases)('%s', async (_name, given, code, message) => {
    expectRefusal(await files().run(given), code, message);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DelimitedFile } from './delimited-file.ts';
import { type DelimitedOptions, openDelimited } from './open-delimited.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-open-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const KNOWN = new Set(['site', 'item', 'quantity', 'größe']);
function open(content: string | Buffer, options: Partial<DelimitedOptions> = {}): Promise<DelimitedFile> {
  const path = join(folder, 'stock.csv');
  writeFileSync(path, content);
  return openDelimited(path, { format: 'csv', knownColumns: KNOWN, temporaryDirectory: folder, ...options });
}

describe('what is detected and what is declared', () => {
  const header = ['site', 'item', 'quantity'];
  const cases: readonly [
    name: string,
    text: string,
    options: Partial<DelimitedOptions>,
    expected: Partial<DelimitedFile>,
  ][] = [
    [
      'comma',
      'site,item,quantity\n',
      {},
      { header, dialect: { delimiter: 44, quote: 34 }, dataStart: 19, firstRow: 2 },
    ],
    [
      'semicolon',
      'site;item;quantity\n',
      {},
      { header, dialect: { delimiter: 59, quote: 34 }, dataStart: 19, firstRow: 2 },
    ],
    ['tab', 'site\titem\tquantity\n', {}, { header, dialect: { delimiter: 9, quote: 34 } }],
    ['pipe', 'site|item|quantity\n', {}, { header, dialect: { delimiter: 124, quote: 34 } }],
    [
      'the delimiter that finds most known columns',
      'site,x;item;quantity\n',
      {},
      { header: ['site,x', 'item', 'quantity'] },
    ],
    [
      'a delimiter in the quotes of another',
      '"site;a";item;quantity\n',
      {},
      { header: ['site;a', 'item', 'quantity'] },
    ],
    ['one column', 'item\n', {}, { header: ['item'] }],
    ['tsv', 'site,a\titem\tquantity\n', { format: 'tsv' }, { header: ['site,a', 'item', 'quantity'] }],
    [
      'a declared delimiter',
      'site~item~quantity\n',
      { delimiter: '~' },
      { header, dialect: { delimiter: 126, quote: 34 } },
    ],
    ['sep=', 'sep=~\nsite~item~quantity\n', {}, { header, dataStart: 25, firstRow: 3 }],
    ['sep= in quotes, CR LF', '"sep=;"\r\nsite;item;quantity\r\n', {}, { header, dataStart: 29, firstRow: 3 }],
    ['a declared delimiter wins over sep=', 'sep=;\nsite,item,quantity\n', { delimiter: ',' }, { header }],
    ['a byte order mark', '\ufeffsite,item,quantity\n', {}, { header, dataStart: 22 }],
    ['a byte order mark and sep=', '\ufeffsep=;\nsite;item;quantity\n', {}, { header, firstRow: 3 }],
    ['skipped rows', 'Stock\n\nsite,item,quantity\n', { skipRows: 2 }, { header, firstRow: 4 }],
    [
      'no quotes',
      'site,"item,quantity\n',
      { quote: 'none' },
      { header: ['site', '"item', 'quantity'], dialect: { delimiter: 44, quote: -1 } },
    ],
    ['another quote', "site,'item',quantity\n", { quote: "'" }, { header, dialect: { delimiter: 44, quote: 39 } }],
    ['no header', 'DC1,00123,5\n', { header: false }, { header: ['1', '2', '3'], dataStart: 0, firstRow: 1 }],
    [
      'no header, below skipped rows',
      'Stock\nDC1;5\n',
      { header: false, skipRows: 1, delimiter: ';' },
      { header: ['1', '2'], dataStart: 6, firstRow: 2 },
    ],
    ['names written oddly', ' site\u00a0,item\u200b,quantity \n', {}, { header }],
    [
      'a line break in a name',
      'site,item,"qty\nof stock"\n',
      {},
      { header: ['site', 'item', 'qty\nof stock'], firstRow: 2 },
    ],
    ['doubled quotes in a name', 'site,item,"1/2"" x"\n', {}, { header: ['site', 'item', '1/2" x'] }],
    ['CR only', 'site,item,quantity\rDC1,a,5\r', {}, { header, dataStart: 19 }],
    ['a header without a line end', 'site,item,quantity', {}, { header, dataStart: 18 }],
  ];
  it.each(cases)('%s', async (_name, text, options, expected) => {
    expect(await open(text, options)).toMatchObject({ bytes: Buffer.byteLength(text), ...expected });
  });

  it.each([
    ['utf-16le', Buffer.from('\ufeffsite,Größe\nDC1,5\n', 'utf16le'), {}],
    ['utf-16be', Buffer.from('\ufeffsite,Größe\nDC1,5\n', 'utf16le').swap16(), {}],
    ['windows-1252', iconv.encode('site,Größe\nDC1,5\n', 'windows-1252'), { encoding: 'windows-1252' }],
    ['UTF-8 by name', Buffer.from('site,Größe\nDC1,5\n'), { encoding: 'UTF-8' }],
  ])('%s is read as UTF-8 in a file of one’s own', async (_name, content, options) => {
    const file = await open(content, options);
    expect(file.header).toEqual(['site', 'Größe']);
    expect(file.path.startsWith(folder)).toBe(true);
    expect(readdirSync(folder).length).toBe(file.path.endsWith('stock.csv') ? 1 : 2);
  });

  it('two files of one name in two folders do not share a transcoded file', async () => {
    const content = Buffer.from('\ufeffsite,item\n', 'utf16le');
    const path = join(mkdtempSync(join(folder, 'other-')), 'stock.csv');
    writeFileSync(path, content);
    const options = { format: 'csv', knownColumns: KNOWN, temporaryDirectory: folder } as const;
    expect((await open(content)).path).not.toBe((await openDelimited(path, options)).path);
  });
});

describe('refusals', () => {
  const cases: readonly [name: string, content: string | Buffer, options: Partial<DelimitedOptions>, code: string][] = [
    ['0 bytes', '', {}, 'EMPTY'],
    ['a ZIP file', Buffer.from('504b0304', 'hex'), {}, 'WRONG_FORMAT'],
    ['no known column', 'a,b,c\n', {}, 'NO_HEADER'],
    ['no such row', 'site,item\n', { skipRows: 1 }, 'NO_HEADER'],
    ['only a byte order mark', '\ufeff', {}, 'NO_HEADER'],
    ['UTF-16 without a mark', Buffer.from('site,item\n', 'utf16le'), {}, 'UTF16_UNDECLARED'],
    ['not UTF-8 behind the header', Buffer.from('site,item\nDC1,\xe4\n', 'latin1'), {}, 'NOT_UTF8'],
    ['half a character', Buffer.from('\ufeffsite,item\n', 'utf16le').subarray(0, -1), {}, 'CUT_OFF'],
    [
      'a byte that is none of the encoding',
      Buffer.from('site,item\nDC1,\xff\n', 'latin1'),
      { encoding: 'us-ascii' },
      'WRONG_ENCODING',
    ],
    ['an unclosed quote', 'site,"item\n', {}, 'UNCLOSED_QUOTE'],
    ['a NUL', 'si\0te,item\n', {}, 'NUL_BYTE'],
    ['a delimiter beyond ASCII', 'site§item\n', { delimiter: '§' }, 'DELIMITER_UNUSABLE'],
    ['the quote as delimiter', 'site"item\n', { delimiter: '"' }, 'DELIMITER_UNUSABLE'],
    ['a line end as delimiter', 'site\nitem\n', { delimiter: '\n' }, 'DELIMITER_UNUSABLE'],
  ];
  it.each(cases)('%s', async (_name, content, options, code) => {
    await expect(open(content, options)).rejects.toMatchObject({
      kind: 'refused',
      code,
      message: expect.stringContaining('stock.csv'),
      action: expect.stringMatching(/\w/),
    });
  });
});

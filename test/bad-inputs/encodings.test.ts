import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type Accepted, expectAccepted, expectRefusal, type Given, HEADER, useFiles } from './reconciled-files.ts';

const files = useFiles();
const TEXT = `${HEADER}DC1,Käse,UNRESTRICTED,5\nDC1,日本,UNRESTRICTED,2.5\n`;
const BOTH = { Käse: '5', 日本: '2.5' };
const LATIN = `${HEADER}DC1,Käse,UNRESTRICTED,5\n`;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16(text).swap16();

describe('accepted exactly', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    ['1 UTF-8 with a byte order mark', { erp: `\ufeff${TEXT}` }, { erp: BOTH, rows: 2 }],
    ['1 UTF-8 without a byte order mark', { erp: TEXT }, { erp: BOTH, rows: 2 }],
    ['2 UTF-16 LE with a byte order mark', { erp: utf16(`\ufeff${TEXT}`) }, { erp: BOTH, rows: 2 }],
    ['2 UTF-16 BE with a byte order mark', { erp: utf16be(`\ufeff${TEXT}`) }, { erp: BOTH, rows: 2 }],
    [
      '3 UTF-16 LE without one, declared',
      { erp: utf16(TEXT), erpSource: { encoding: 'utf-16le' } },
      { erp: BOTH, rows: 2 },
    ],
    [
      '3 UTF-16 BE without one, declared',
      { erp: utf16be(TEXT), erpSource: { encoding: 'utf-16be' } },
      { erp: BOTH, rows: 2 },
    ],
    [
      '4 windows-1252, declared',
      { erp: iconv.encode(LATIN, 'windows-1252'), erpSource: { encoding: 'windows-1252' } },
      { erp: { Käse: '5' }, rows: 1 },
    ],
    [
      '5 cp437, declared',
      { erp: iconv.encode(LATIN, 'cp437'), erpSource: { encoding: 'cp437' } },
      { erp: { Käse: '5' }, rows: 1 },
    ],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    expectAccepted(await files().run(given), expected);
  });
});

describe('refused with the place', () => {
  const cases: readonly [name: string, given: Given, code: string, message: RegExp][] = [
    [
      '3 UTF-16 LE without a byte order mark',
      { erp: utf16(TEXT) },
      'UTF16_UNDECLARED',
      /^erp\.csv looks like UTF-16 without a byte order mark/,
    ],
    [
      '3 UTF-16 BE without a byte order mark',
      { erp: utf16be(TEXT) },
      'UTF16_UNDECLARED',
      /^erp\.csv looks like UTF-16 without a byte order mark/,
    ],
    [
      '4 windows-1252 bytes in a row of UTF-8',
      { erp: iconv.encode(LATIN, 'windows-1252') },
      'NOT_UTF8',
      /^erp\.csv: byte 0xE4 at offset 31 is not UTF-8$/,
    ],
    [
      '4 windows-1252 bytes in the header',
      { erp: iconv.encode(`site,Größe,${HEADER.slice(5)}`, 'windows-1252') },
      'NOT_UTF8',
      /^erp\.csv: byte 0xF6 at offset 7 is not UTF-8$/,
    ],
    [
      '4 a character cut in two at the end',
      { erp: Buffer.from(`${HEADER}DC1,A,UNRESTRICTED,5ä`).subarray(0, -1) },
      'NOT_UTF8',
      /^erp\.csv: byte 0xC3 at offset 46 is not UTF-8$/,
    ],
    [
      '5 EBCDIC',
      { erp: Buffer.from('a289a3856b89a385946ba2a381a3a4a26b98a48195a389a3a815', 'hex') },
      'NOT_UTF8',
      /^erp\.csv: byte 0xA2 at offset 0 is not UTF-8$/,
    ],
    ['5 cp437, not declared', { erp: iconv.encode(LATIN, 'cp437') }, 'NOT_UTF8', /^erp\.csv: byte 0x84 at offset 31/],
    [
      '5 a byte that the declared encoding does not know',
      { erp: Buffer.from(`${HEADER}DC1,\x81,UNRESTRICTED,5\n`, 'latin1'), erpSource: { encoding: 'windows-1253' } },
      'WRONG_ENCODING',
      /^erp\.csv holds bytes that windows-1253 does not know/,
    ],
    [
      '3 UTF-16 cut inside a character',
      { erp: utf16(`\ufeff${TEXT}`).subarray(0, -1) },
      'CUT_OFF',
      /^erp\.csv has an odd number of bytes/,
    ],
    [
      '4 half of a surrogate pair',
      { erp: utf16(`\ufeff${HEADER}DC1,\ud83d,UNRESTRICTED,5\n`) },
      'WRONG_ENCODING',
      /^erp\.csv holds bytes that utf-16le does not know/,
    ],
    ['6 a NUL in the header', { erp: `si\0te${HEADER.slice(4)}` }, 'NUL_BYTE', /^erp\.csv, row 1: a NUL byte/],
    [
      '6 a NUL in a field',
      { erp: `${HEADER}DC1,A,UNRESTRICTED,5\nDC1,B\0,UNRESTRICTED,5\n` },
      'NUL_BYTE',
      /^erp\.csv, row 3: a NUL byte/,
    ],
    [
      '6 a NUL in a quoted field',
      { erp: `${HEADER}DC1,"B\0",UNRESTRICTED,5\n` },
      'NUL_BYTE',
      /^erp\.csv, row 2: a NUL byte/,
    ],
  ];
  it.each(cases)('%s', async (_name, given, code, message) => {
    expectRefusal(await files().run(given), code, message);
  });

  it('2 a surrogate pair where the decoder cuts its chunks', async () => {
    const item = `${'x'.repeat(32_768 - HEADER.length - 2 - 'DC1,'.length)}📦`;
    const text = `\ufeff${HEADER}DC1,${item},UNRESTRICTED,5\n`;
    for (const erp of [utf16(text), utf16be(text)]) {
      expectAccepted(await files().run({ erp }), { erp: { [item]: '5' }, rows: 1 });
    }
  });

  it('4 bytes beyond the first four megabytes are looked at too', async () => {
    const rows = `${'DC1,A,UNRESTRICTED,5\n'.repeat(210_000)}`;
    const erp = Buffer.concat([Buffer.from(HEADER + rows), iconv.encode('DC1,Käse,UNRESTRICTED,5\n', 'windows-1252')]);
    const outcome = await files().run({ erp });
    expectRefusal(
      outcome,
      'NOT_UTF8',
      new RegExp(`^erp\\.csv, row 210002: byte 0xE4 at offset ${HEADER.length + rows.length + 5} is not UTF-8$`),
    );
    expect(outcome.failure?.action).toMatch(/encoding/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textsOf } from './read-delimited.ts';
import { hashBytes, RecordFault, RecordScanner, TAIL_BYTES } from './record-scanner.ts';

/** The records of a text that is loaded `step` bytes at a time; a fault as its code. Fields of all records stay side by side. */
function records(text: string | Buffer, step: number, delimiter = ',', quote = '"'): string[][] | string {
  const all = Buffer.from(text);
  const scanner = new RecordScanner(delimiter.charCodeAt(0), quote === '' ? -1 : quote.charCodeAt(0), 2);
  const found: string[][] = [];
  let from = 0;
  let loaded = 0;
  const load = (): void => {
    loaded = Math.min(all.length, loaded + step);
    // The bytes behind the loaded ones are garbage that must not be looked at.
    const bytes = Buffer.concat([all.subarray(from, loaded), Buffer.alloc(TAIL_BYTES, '"')]);
    scanner.load(bytes, 0, loaded - from, loaded === all.length);
  };
  load();
  try {
    for (;;) {
      const before = scanner.position;
      const fields = scanner.next();
      if (fields === 0 && loaded === all.length) return found;
      if (fields > 0) found.push(textsOf(scanner, fields));
      else {
        from += before;
        load();
      }
    }
  } catch (error) {
    if (error instanceof RecordFault) return error.code;
    throw error;
  }
}

const whole = (text: string | Buffer, delimiter?: string, quote?: string): string[][] | string =>
  records(text, 1 << 20, delimiter, quote);

describe('records and fields', () => {
  const cases: readonly [name: string, text: string, expected: string[][] | string][] = [
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no last line end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nothing', '', []],
    [
      'empty fields',
      ',\n,,\n',
      [
        ['', ''],
        ['', '', ''],
      ],
    ],
    ['an empty line', 'a\n\nb\n', [['a'], [''], ['b']]],
    [
      'CR LF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR',
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['all three, mixed', 'a\nb\r\nc\rd\n\re', [['a'], ['b'], ['c'], ['d'], [''], ['e']]],
    ['a quoted delimiter', '"a,b",c\n', [['a,b', 'c']]],
    ['quoted line ends', '"a\nb\r\nc\r",d\n', [['a\nb\r\nc\r', 'd']]],
    ['doubled quotes', '"a""b","""",""""""\n', [['a"b', '"', '""']]],
    ['doubled quotes beside other fields', 'x,"a""b",y,"c""d"\n', [['x', 'a"b', 'y', 'c"d']]],
    ['an empty quoted field', '"",""\n', [['', '']]],
    ['a quoted field at the end of the file', 'a,"b"', [['a', 'b']]],
    ['a doubled quote at the end of the file', 'a,"b"""', [['a', 'b"']]],
    [
      'more fields than there was room for',
      '1,2,3,4,5,6,7,8,9,10,11\n',
      [['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']],
    ],
    [
      'more fields than there was room for, quoted',
      '1,"2""","3""",4,"5\n5",6,7,8,"9"""\n',
      [['1', '2"', '3"', '4', '5\n5', '6', '7', '8', '9"']],
    ],
    ['letters beyond ASCII', 'Käse,日本,📦\n', [['Käse', '日本', '📦']]],
    ['spaces and signs stay', ' a , "b\n', 'STRAY_QUOTE'],
    [
      'words of four bytes and their rests',
      'abcd,abcde,abcdef,abcdefg,abcdefgh\n',
      [['abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh']],
    ],
    ['signs below the digits', 'a-b,a.b,a/b,#!$%&()*+\n', [['a-b', 'a.b', 'a/b', '#!$%&()*+']]],
    ['an unclosed quote', 'a,"b\n', 'UNCLOSED_QUOTE'],
    ['a doubled quote that closes nothing', 'a,"b""\n', 'UNCLOSED_QUOTE'],
    ['text behind a quote', 'a,"b"c\n', 'TEXT_AFTER_QUOTE'],
    ['a space behind a quote', 'a,"b" \n', 'TEXT_AFTER_QUOTE'],
    ['a quote inside a field', 'a,b"c\n', 'STRAY_QUOTE'],
    ['a NUL', 'a,b\0c\n', 'NUL_BYTE'],
    ['a NUL in quotes', 'a,"b\0c"\n', 'NUL_BYTE'],
    ['a NUL as a field', 'a,\0\n', 'NUL_BYTE'],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(whole(text)).toEqual(expected);
    for (let step = 1; step <= Math.min(24, text.length + 1); step++)
      expect(records(text, step), `${step} bytes at a time`).toEqual(expected);
  });

  it.each([
    [';', '"', 'a;"b;c"\n', [['a', 'b;c']]],
    ['\t', '"', 'a\t\tb\n', [['a', '', 'b']]],
    ['|', '', 'a"|"b|c""\n', [['a"', '"b', 'c""']]],
    [',', "'", "a,'b,''c'''\n", [['a', "b,'c'"]]],
    ['^', '~', 'a^~b^c~\n', [['a', 'b^c']]],
    ['x', '"', 'axbx"cxd"\n', [['a', 'b', 'cxd']]],
    ['0', '"', '1020"3"\n', [['1', '2', '3']]],
  ])('delimiter %j and quote %j', (delimiter, quote, text, expected) => {
    expect(whole(text, delimiter, quote)).toEqual(expected);
    for (let step = 1; step < text.length; step++) expect(records(text, step, delimiter, quote)).toEqual(expected);
  });

  it('reads the same however it is loaded', () => {
    const part = fc.constantFrom('a', ',', '"', '\n', '\r', '""', '"a"', 'ä', 'bcdefgh', '0123');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.integer({ min: 1, max: 6 }), (parts, step) => {
        const text = parts.join('');
        expect(records(text, step)).toEqual(whole(text));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('hashes', () => {
  const hashOf = (text: string): number => {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(TAIL_BYTES, 0xff)]);
    return hashBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length - TAIL_BYTES);
  };
  const read = (text: string): RecordScanner => {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(TAIL_BYTES)]);
    const scanner = new RecordScanner(44, 34);
    scanner.load(bytes, 0, bytes.length - TAIL_BYTES, true);
    scanner.next();
    return scanner;
  };

  it.each(['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'Käse', 'a-b', 'a"b', 'a,b', 'a\nb', '""', '"""a"""'])(
    'a field %j has one hash, quoted or not',
    (text) => {
      const quoted = `"${text.replaceAll('"', '""')}"`;
      expect(read(`${quoted},x\n`).hashes[0]).toBe(hashOf(text));
      if (!/[",\n]/.test(text)) expect(read(`${text},x\n`).hashes[0]).toBe(hashOf(text));
    },
  );

  it('fields of other bytes, other order or other borders have another row hash', () => {
    const rows = ['a,b', 'b,a', 'ab,', ',ab', 'a,b,', 'a', 'A,b', 'abcd,e', 'abc,de'];
    expect(new Set(rows.map((row) => read(`${row}\n`).rowHash)).size).toBe(rows.length);
    expect(read('a,"b"\n').rowHash).toBe(read('a,b\r\n').rowHash);
  });
});

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DelimitedFile } from './delimited-file.ts';
import { RangeFault, RangeScanner, type ScannedRange } from './range-scanner.ts';
import { textsOf } from './read-delimited.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-ranges-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string | Buffer, columns: number): DelimitedFile {
  const path = join(folder, 'file.csv');
  writeFileSync(path, text);
  const header = Array.from({ length: columns }, (_, at) => `c${at}`);
  return {
    path,
    bytes: Buffer.byteLength(text),
    dialect: { delimiter: 44, quote: 34 },
    header,
    dataStart: 0,
    firstRow: 2,
  };
}

interface Scan extends ScannedRange {
  readonly records: string[][];
  readonly numbers: number[];
}

function scanOne(file: DelimitedFile, from: number, to: number, isExact: boolean): Scan {
  const scanner = new RangeScanner(file);
  const records: string[][] = [];
  const numbers: number[] = [];
  try {
    const range = scanner.scan({ input: 0, from, to, isExact }, (scanned, rows, count) => {
      for (let index = 0; index < count; index++) {
        records.push(textsOf(scanned, file.header.length, index * file.header.length));
        numbers.push(rows[index] as number);
      }
    });
    return { ...range, records, numbers };
  } finally {
    scanner.close();
  }
}

/** Ranges of one size over a file: what they hold together where each starts where the one before it ended, else undefined. */
function chained(file: DelimitedFile, size: number): string[][] | undefined {
  const found: string[][] = [];
  let end = 0;
  for (let from = 0; from < file.bytes; from += size) {
    const range = scanOne(file, from, Math.min(from + size, file.bytes), from === 0);
    if (from > 0 && range.start !== end) return undefined;
    end = range.end;
    found.push(...range.records);
  }
  return end === file.bytes ? found : undefined;
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'no fault';
  } catch (error) {
    if (error instanceof RangeFault) return error.code;
    throw error;
  }
}

describe('ranges of any size', () => {
  const cases: readonly [name: string, text: string, expected: string[][]][] = [
    [
      'LF',
      'a,b\nc,d\ne,f\n',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'no last line end',
      'a,b\nc,d\ne,f',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'CR LF, split at a range’s end',
      'a,b\r\nc,d\r\ne,f\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'CR',
      'a,b\rc,d\re,f\r',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'mixed',
      'a,b\rc,d\r\ne,f\ng,h\r',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    [
      'doubled quotes at a border',
      '"a""",b\n"""c",d\n"e""f","""g"""\n',
      [
        ['a"', 'b'],
        ['"c', 'd'],
        ['e"f', '"g"'],
      ],
    ],
    [
      'quoted delimiters',
      '"a,a",b\n"c,",",d"\n',
      [
        ['a,a', 'b'],
        ['c,', ',d'],
      ],
    ],
    [
      'blank lines',
      '\na,b\n\n\r\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'letters of several bytes',
      'ä,日\n📦,ö\né,本\n',
      [
        ['ä', '日'],
        ['📦', 'ö'],
        ['é', '本'],
      ],
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    const file = fileOf(text, 2);
    for (let size = 1; size <= file.bytes; size++) expect(chained(file, size), `${size} bytes each`).toEqual(expected);
  });

  it('a range that starts in a quoted line break shows it, or reads the same', () => {
    const text = 'a,"b\nx,y\nz"\nc,"""\n"\n"e\r\n,",f\n';
    const file = fileOf(text, 2);
    const expected = [
      ['a', 'b\nx,y\nz'],
      ['c', '"\n'],
      ['e\r\n,', 'f'],
    ];
    let shown = 0;
    for (let size = 1; size <= file.bytes; size++) {
      let found: string[][] | undefined;
      expect(
        codeOf(() => (found = chained(file, size))),
        `${size} bytes each`,
      ).toMatch(/no fault|UNCLOSED|STRAY|TEXT_AFTER|COUNT|CUT_OFF/);
      if (found === undefined) shown++;
      else expect(found, `${size} bytes each`).toEqual(expected);
    }
    expect(shown).toBeGreaterThan(0);
    expect(scanOne(file, 0, file.bytes, true).records).toEqual(expected);
  });

  it('generated files: ranges that meet have read every record once', () => {
    const field = fc.constantFrom('', 'a', '"b"', '"c\nd"', '"e,f"', '"g""h"', '"\r\n"', 'ä', '"\n"""', 'x'.repeat(9));
    const record = fc.tuple(field, field, fc.constantFrom('\n', '\r\n', '\r')).map(([a, b, end]) => `${a},${b}${end}`);
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 20 }),
        (written, size) => {
          const file = fileOf(written.join(''), 2);
          const all = scanOne(file, 0, file.bytes, true);
          expect(all.rows).toBe(written.length);
          let found: string[][] | undefined;
          codeOf(() => (found = chained(file, size)));
          if (found !== undefined) expect(found).toEqual(all.records);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('records that are longer than what is loaded at once', () => {
    const long = 'x'.repeat(100_000);
    const text = `a,${long}\n"${long}""",b\nc,d\n`;
    const file = fileOf(text, 2);
    for (const size of [50_000, 100_003, 100_004, file.bytes])
      expect(chained(file, size)).toEqual([
        ['a', long],
        [`${long}"`, 'b'],
        ['c', 'd'],
      ]);
  });

  it('more records than are handed on at once, numbered as they stand', () => {
    const file = fileOf(`${'a,b\n'.repeat(700)}\n${'c,d\n'.repeat(700)}`, 2);
    const { rows, numbers, records } = scanOne(file, 0, file.bytes, true);
    expect({ rows, records: records.length }).toEqual({ rows: 1401, records: 1400 });
    expect(numbers).toEqual([
      ...Array.from({ length: 700 }, (_, at) => at),
      ...Array.from({ length: 700 }, (_, at) => at + 701),
    ]);
    expect(records[1399]).toEqual(['c', 'd']);
  });
});

describe('faults', () => {
  const cases: readonly [name: string, text: string | Buffer, code: string, row: number, offset: number][] = [
    ['a short record', 'a,b\nc\nd,e\n', 'FIELD_COUNT', 1, 4],
    ['a long record', 'a,b\nc,d,e\n', 'FIELD_COUNT', 1, 4],
    ['a short last record', 'a,b\nc', 'CUT_OFF', 1, 4],
    ['a long last record is not cut off', 'a,b\nc,d,e', 'FIELD_COUNT', 1, 4],
    ['an unclosed quote', 'a,b\nc,"d\n', 'UNCLOSED_QUOTE', 1, 6],
    ['a stray quote behind a blank line', 'a,b\n\nc,d"\n', 'STRAY_QUOTE', 2, 8],
    ['a NUL', 'a,b\nc,\0\n', 'NUL_BYTE', 1, 6],
    ['bytes that are not UTF-8', Buffer.from('a,b\nc,\xe4\n', 'latin1'), 'NOT_UTF8', 1, 6],
    ['bytes that are not UTF-8 in the last record', Buffer.from('a,b\nc,\xe4', 'latin1'), 'NOT_UTF8', 1, 6],
  ];
  it.each(cases)('%s', (_name, text, code, row, offset) => {
    const file = { ...fileOf(text, 2), bytes: text.length };
    const before: string[][] = [];
    const scanner = new RangeScanner(file);
    let thrown: unknown;
    try {
      scanner.scan({ input: 0, from: 0, to: file.bytes, isExact: true }, (scanned, _rows, count) => {
        for (let index = 0; index < count; index++) before.push(textsOf(scanned, 2, index * 2));
      });
    } catch (error) {
      thrown = error;
    } finally {
      scanner.close();
    }
    expect(thrown).toMatchObject({ code, row, offset, action: expect.stringMatching(/\w/) });
    expect(before).toEqual([['a', 'b']]);
  });

  it('a file that became shorter', () => {
    const file = fileOf('a,b\nc,d\n', 2);
    truncateSync(file.path, 4);
    expect(codeOf(() => scanOne(file, 0, file.bytes, true))).toBe('FILE_CHANGED');
  });

  it('one column: a blank line is a record', () => {
    expect(scanOne(fileOf('a\n\nb\n', 1), 0, 5, true).records).toEqual([['a'], [''], ['b']]);
  });
});

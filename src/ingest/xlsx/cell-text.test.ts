import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText, decodeEscapes, plainDecimal, serialToIso } from './cell-text.ts';
import { type NumberFormat, parseNumberFormat } from './number-format.ts';

const PLAIN: NumberFormat = { kind: 'plain' };
const CONTEXT = { sharedStrings: ['A', ''], date1904: false };

describe('numbers become plain decimals', () => {
  const cases: readonly [stored: string, expected: string | undefined][] = [
    ['123456', '123456'],
    ['-5', '-5'],
    ['0', '0'],
    ['-0', '0'],
    ['-0.0', '0'],
    ['1e-7', '0.0000001'],
    ['9.9999999999999995E-8', '0.0000001'],
    ['1.1000000000000001', '1.1'],
    ['0.30000000000000004', '0.30000000000000004'],
    ['1.10', '1.1'],
    ['12E2', '1200'],
    ['1.2345678901234568E+22', '12345678901234568000000'],
    ['123456789012345', '123456789012345'],
    ['9007199254740993', '9007199254740992'],
    ['12345678901234567890', '12345678901234567890'],
    ['0.12345678901234567890123', '0.12345678901234567890123'],
    ['00123', '123'],
    ['.5', '0.5'],
    ['+7', '7'],
    ['1e400', undefined],
    ['NaN', undefined],
    ['INF', undefined],
    ['0x1F', undefined],
    ['1,5', undefined],
    ['', undefined],
  ];
  it.each(cases)('%s', (stored, expected) => expect(plainDecimal(stored)).toBe(expected));

  it('names the same binary number again, without exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = plainDecimal(String(number)) ?? '';
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text) === number).toBe(true);
        expect(plainDecimal(number.toExponential(16))).toBe(text);
      }),
    );
  });
});

describe('number formats', () => {
  const date = (day: boolean, clock: boolean): NumberFormat => ({ kind: 'date', day, clock });
  const cases: readonly [id: number, code: string | undefined, expected: NumberFormat][] = [
    [0, undefined, PLAIN],
    [2, undefined, PLAIN],
    [14, undefined, date(true, false)],
    [20, undefined, date(false, true)],
    [22, undefined, date(true, true)],
    [46, undefined, PLAIN],
    [49, undefined, PLAIN],
    [164, '00000', { kind: 'padded', digits: 5 }],
    [164, '00000;-00000', { kind: 'padded', digits: 5 }],
    [164, '[$-409]0000000000', { kind: 'padded', digits: 10 }],
    [164, '0', PLAIN],
    [164, '0.00', PLAIN],
    [164, '000.0', PLAIN],
    [164, '#,##0', PLAIN],
    [164, 'General', PLAIN],
    [164, '@', PLAIN],
    [164, '0.00E+00', PLAIN],
    [164, '[Red]-0', PLAIN],
    [164, '#,##0 "days"', PLAIN],
    [164, '0\\ \\d', PLAIN],
    [164, '_-* #,##0.00\\ _€_-', PLAIN],
    [164, '[$USD-409] #,##0.00', PLAIN],
    [164, '[h]:mm:ss', PLAIN],
    [164, 'yyyy-mm-dd', date(true, false)],
    [164, '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', date(true, false)],
    [164, 'dd.mm.yyyy hh:mm', date(true, true)],
    [164, 'h:mm AM/PM', date(false, true)],
    [164, 'mmm', date(true, false)],
    [14, 'yyyy\\-mm\\-dd\\ hh:mm', date(true, true)],
  ];
  it.each(cases)('%i %s', (id, code, expected) => expect(parseNumberFormat(id, code)).toEqual(expected));
});

describe('57 dates follow the calendar of the workbook', () => {
  const both = { day: true, clock: true };
  const day = { day: true, clock: false };
  const clock = { day: false, clock: true };
  const cases: readonly [
    serial: number,
    date1904: boolean,
    shown: { day: boolean; clock: boolean },
    expected: string | undefined,
  ][] = [
    [46348, false, day, '2026-11-22'],
    [46348 - 1462, true, day, '2026-11-22'],
    [46348, false, both, '2026-11-22T00:00:00'],
    [46348.5, false, day, '2026-11-22T12:00:00'],
    [46348.999988425923, false, both, '2026-11-22T23:59:59'],
    [46348.0000000116, false, both, '2026-11-22T00:00:00.001'],
    [1, false, day, '1900-01-01'],
    [59, false, day, '1900-02-28'],
    [60, false, day, undefined],
    [61, false, day, '1900-03-01'],
    [0, false, day, undefined],
    [0, true, day, '1904-01-01'],
    [0.25, false, clock, '06:00:00'],
    [0.25, true, both, '1904-01-01T06:00:00'],
    [-1, false, day, undefined],
    [2958465, false, day, '9999-12-31'],
    [2958466, false, day, undefined],
  ];
  it.each(cases)('%d (1904: %s)', (serial, date1904, shown, expected) =>
    expect(serialToIso(serial, date1904, shown)).toBe(expected),
  );
});

describe('cells', () => {
  const padded: NumberFormat = { kind: 'padded', digits: 5 };
  const asDate: NumberFormat = { kind: 'date', day: true, clock: false };
  type Case = readonly [
    name: string,
    type: string,
    stored: string | null,
    formula: boolean,
    format: NumberFormat,
    expected: string | null | { scope: string; reason: RegExp },
  ];
  const cases: readonly Case[] = [
    ['shared text', 's', '0', false, PLAIN, 'A'],
    ['blank shared text', 's', '1', false, PLAIN, ''],
    ['shared text that is not there', 's', '2', false, PLAIN, { scope: 'file', reason: /shared text 2 of 2/ }],
    ['inline text 00123', 'inlineStr', '00123', false, PLAIN, '00123'],
    ['39 inline text 1E5', 'inlineStr', '1E5', false, PLAIN, '1E5'],
    ['41 text that looks like an error', 'inlineStr', '#REF!', false, PLAIN, '#REF!'],
    ['6 text with NUL', 'inlineStr', 'A_x0000_', false, PLAIN, { scope: 'file', reason: /NUL/ }],
    ['74 long text', 'inlineStr', 'x'.repeat(1_000_001), false, PLAIN, { scope: 'file', reason: /1000001/ }],
    ['number shown with zeros', '', '123', false, padded, '00123'],
    ['number as long as its zeros', 'n', '123456', false, padded, '123456'],
    ['fraction under a format of zeros', 'n', '1.5', false, padded, '1.5'],
    ['negative number under a format of zeros', 'n', '-5', false, padded, '-5'],
    ['date', 'n', '46348', false, asDate, '2026-11-22'],
    ['58 no such day', 'n', '60', false, asDate, { scope: 'row', reason: /no day of the calendar/ }],
    ['ISO date', 'd', '2026-11-22', false, PLAIN, '2026-11-22'],
    ['true', 'b', '1', false, PLAIN, 'TRUE'],
    ['false', 'b', '0', false, PLAIN, 'FALSE'],
    ['neither', 'b', '2', false, PLAIN, { scope: 'row', reason: /boolean/ }],
    ['empty', '', null, false, PLAIN, null],
    ['empty value', 'n', '', false, PLAIN, null],
    ['no number', 'n', 'abc', false, PLAIN, { scope: 'row', reason: /finite number/ }],
    ['formula with a number', '', '7', true, PLAIN, '7'],
    ['formula with a text', 'str', 'XY', true, PLAIN, 'XY'],
    ['formula with the empty text', 'str', '', true, PLAIN, ''],
    ['60 formula without result', '', null, true, PLAIN, { scope: 'row', reason: /no stored result/ }],
    ['60 formula with a blank result', '', '', true, PLAIN, { scope: 'row', reason: /no stored result/ }],
    ['60 formula for a text without result', 'str', null, true, PLAIN, { scope: 'row', reason: /no stored result/ }],
    ['60 error', 'e', '#REF!', false, PLAIN, { scope: 'row', reason: /error #REF!/ }],
    ['60 formula with an error', 'e', '#N/A', true, PLAIN, { scope: 'row', reason: /error #N\/A/ }],
    ['unknown type', 'z', '1', false, PLAIN, { scope: 'file', reason: /type z/ }],
  ];
  it.each(cases)('%s', (_name, type, stored, formula, format, expected) => {
    const result = cellText({ type, stored, formula, format }, CONTEXT);
    if (expected === null || typeof expected === 'string') expect(result).toEqual({ ok: true, value: expected });
    else
      expect(result).toEqual({
        ok: false,
        fault: { scope: expected.scope, reason: expect.stringMatching(expected.reason) },
      });
  });

  it.each([
    ['A_x000D_B', 'A\rB'],
    ['_x005F_x000D_', '_x000D_'],
    ['A_x1_', 'A_x1_'],
  ])('decodes %s', (text, expected) => expect(decodeEscapes(text)).toBe(expected));
});

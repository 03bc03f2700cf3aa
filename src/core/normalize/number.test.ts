import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../model/decimal.ts';
import { type NumberFormat, parseDecimal } from './number.ts';

describe('parseDecimal', () => {
  const accepted: readonly [text: string, format: NumberFormat, coefficient: bigint, scale: number][] = [
    ['0', {}, 0n, 0],
    ['-0', {}, 0n, 0],
    ['00012', {}, 12n, 0],
    ['12.50', {}, 1250n, 2],
    ['-12.5', {}, -125n, 1],
    ['+12', {}, 12n, 0],
    ['9'.repeat(37), {}, 10n ** 37n - 1n, 0],
    ['0'.repeat(100), {}, 0n, 0],
    [`0.${'1'.repeat(36)}`, {}, BigInt('1'.repeat(36)), 36],
    ['12,5', { decimal: ',' }, 125n, 1],
    ['1.234', {}, 1234n, 3],
    ['1.234', { thousands: '.' }, 1234n, 0],
    ['1 234 567,8', { decimal: ',', thousands: ' ' }, 12345678n, 1],
    ['1\u00a0234', { thousands: ' ' }, 1234n, 0],
    ["1'234.5", { thousands: "'" }, 12345n, 1],
    ['5-', { negative: ['trailing-minus'] }, -5n, 0],
    ['(5)', { negative: ['parentheses'] }, -5n, 0],
    ['\u22125', { negative: ['minus-sign'] }, -5n, 0],
  ];
  it.each(accepted)('%s with %j', (text, format, coefficient, scale) => {
    expect(parseDecimal(text, format)).toEqual({ ok: true, value: { coefficient, scale } });
  });

  const refused: readonly [text: string, format: NumberFormat, scope: 'row' | 'file'][] = [
    ['', {}, 'row'],
    ['-', {}, 'row'],
    ['.', {}, 'row'],
    ['1.', {}, 'row'],
    ['.5', {}, 'row'],
    ['1e5', {}, 'row'],
    ['NaN', {}, 'row'],
    ['0x10', {}, 'row'],
    ['1_000', {}, 'row'],
    ['1 234', {}, 'row'],
    ['1.2.3', {}, 'row'],
    [' 1', {}, 'row'],
    ['٣', {}, 'row'],
    ['1,5', {}, 'file'],
    ['1,234', {}, 'file'],
    ['1.234,5', {}, 'file'],
    [',', {}, 'row'],
    ['1,5', { decimal: '.' }, 'row'],
    ['1.5', { decimal: ',' }, 'row'],
    ['12,34,567', { thousands: ',' }, 'row'],
    ['1,,234', { thousands: ',' }, 'row'],
    [',123', { thousands: ',' }, 'row'],
    ['0,123', { thousands: ',' }, 'row'],
    ['1.234,567.8', { decimal: ',', thousands: '.' }, 'row'],
    ['5-', {}, 'row'],
    ['(5)', {}, 'row'],
    ['\u22125', {}, 'row'],
    ['()', { negative: ['parentheses'] }, 'row'],
    ['1'.repeat(38), {}, 'file'],
    ['1', { decimal: '.', thousands: '.' }, 'file'],
  ];
  it.each(refused)('refuses %s with %j', (text, format, scope) => {
    const result = parseDecimal(text, format);
    expect(result).toMatchObject({ ok: false, fault: { scope, reason: expect.stringMatching(/\w/) } });
  });

  it('reads back every decimal that it writes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 0, max: 6 }),
        (coefficient, scale) => {
          const text = formatDecimal({ coefficient, scale });
          const read = parseDecimal(text, {});
          expect(read.ok && formatDecimal(read.value)).toBe(text);
          const german = parseDecimal(text.replace('.', ',').replace(/\B(?=(\d{3})+(?=,|$))/g, '.'), {
            decimal: ',',
            thousands: '.',
          });
          expect(text.includes('.') || (german.ok && formatDecimal(german.value)) === text).toBe(true);
        },
      ),
    );
  });
});

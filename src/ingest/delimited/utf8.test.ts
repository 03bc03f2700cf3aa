import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidUtf8Offset } from './utf8.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('invalidUtf8Offset', () => {
  it.each([
    ['plain', '61 62 63', -1],
    ['two, three and four bytes', 'c3a4 e697a5 f09f93a6', -1],
    ['a lone continuation', '61 80 62', 1],
    ['a lone lead', '61 c3 62', 1],
    ['an overlong slash', '61 c0af', 1],
    ['an overlong three-byte form', 'e080af', 0],
    ['half of a surrogate pair', '61 eda080', 1],
    ['beyond the last character', 'f4908080', 0],
    ['windows-1252', '4b e4 7365', 1],
    ['a character cut at the end', '61 e697', 1],
    ['the first of two faults', '61 ff 62 fe', 1],
    ['0xff', 'ff', 0],
    ['nothing', '', -1],
  ])('%s', (_name, hex, expected) => {
    const text = bytes(hex);
    expect(invalidUtf8Offset(text, 0, text.length)).toBe(expected);
  });

  it('a character that crosses a border belongs to the part before it', () => {
    const text = bytes('61 f09f93a6 62');
    for (let border = 1; border < text.length; border++) {
      expect(invalidUtf8Offset(text, 0, border), `up to ${border}`).toBe(-1);
      expect(invalidUtf8Offset(text, border, text.length), `from ${border}`).toBe(-1);
    }
  });

  it('the parts of a text find what the whole has, wherever it is cut', () => {
    const piece = fc.constantFrom('61', 'c3a4', 'e697a5', 'f09f93a6', '80', 'c3', 'ff', 'e697');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat({ max: 40 }), (pieces, cut) => {
        const text = bytes(pieces.join(''));
        const border = Math.min(cut, text.length);
        const parts = [invalidUtf8Offset(text, 0, border), invalidUtf8Offset(text, border, text.length)];
        expect(parts.some((offset) => offset >= 0)).toBe(!isUtf8(text));
      }),
      { numRuns: 3000 },
    );
  });
});

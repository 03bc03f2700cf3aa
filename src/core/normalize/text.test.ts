import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from './text.ts';

describe('normalizeText', () => {
  const same = [
    '',
    'A',
    '00123',
    '1E5',
    'true',
    'NULL',
    '2026-01-02',
    'a b',
    'Käse',
    '日本',
    'straße',
    '-5',
    'Ab1',
    '📦',
    'ﬁ',
  ];
  it.each(same)('leaves %s as it is', (text) => expect(normalizeText(text)).toBe(text));

  it.each([
    [' A ', 'A'],
    ['\tA\n', 'A'],
    ['A\u00a0', 'A'],
    ['A\u00a0B', 'A B'],
    ['A\u2009B', 'A B'],
    ['A\u3000', 'A'],
    ['\ufeffA', 'A'],
    ['A\u200bB', 'AB'],
    ['A\u00adB', 'AB'],
    ['A\u2060', 'A'],
    ['Ka\u0308se', 'Käse'],
    ['a\u200b\u0308', 'ä'],
    ['\uff21\u0308', 'Ä'],
    ['ＡＢ１２', 'AB12'],
    ['１\u200b', '1'],
    ['\u00a0\u200b', ''],
  ])('reads %j as %j', (written, read) => expect(normalizeText(written)).toBe(read));

  it('is idempotent', () => {
    const odd = fc.constantFrom(
      'a',
      'A',
      ' ',
      '\u00a0',
      '\u200b',
      '\u0308',
      '\uff21',
      '\u212b',
      '\u2000',
      '\u1112',
      '\u1161',
      '\ufeff',
      '\u00ad',
      '1',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(odd).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const once = normalizeText(text);
          expect(normalizeText(once)).toBe(once);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversPattern, fitsPattern, patternsMeet } from './text-pattern.ts';

describe('fitsPattern', () => {
  it.each([
    ['QA-1', 'QA-1', true],
    ['QA-1', 'qa-1', false],
    ['QA-*', 'QA-', true],
    ['QA-*', 'XQA-1', false],
    ['*', '', true],
    ['*-1', 'QA-1', true],
    ['*-1', 'QA-12', false],
    ['A*A', 'A', false],
    ['A*A', 'AA', true],
    ['A*B*C', 'AxBxC', true],
    ['A*B*C', 'AxCxB', false],
    ['*ab*ab*', 'xabx', false],
    ['*ab*b', 'ab', false],
    ['*ab*b', 'abb', true],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[a]*', '[a]b', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(fitsPattern(pattern, text)).toBe(expected);
  });

  it('does not hang on a pattern that would hold a backtracking engine for years', () => {
    expect(fitsPattern(`${'*a'.repeat(500)}*b`, 'a'.repeat(10_000))).toBe(false);
  });
});

const pattern = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 4 }).map((parts) => parts.join(''));

/** Every text over a and b of up to six letters: long enough for patterns of up to four characters. */
const TEXTS = Array.from({ length: 127 }, (_, at) =>
  (at + 1).toString(2).slice(1).replaceAll('0', 'a').replaceAll('1', 'b'),
);

describe('fitsPattern, coversPattern and patternsMeet on generated patterns', () => {
  it('fit what a regular expression fits', () => {
    fc.assert(
      fc.property(pattern, (one) => {
        const expression = new RegExp(`^${one.replaceAll('*', '.*')}$`);
        expect(TEXTS.filter((text) => fitsPattern(one, text))).toEqual(TEXTS.filter((text) => expression.test(text)));
      }),
    );
  });

  it('say of pairs what trying every short text says', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        // `c` stands for the letters outside both patterns, without which a* would not differ from texts over a and b.
        const texts = [...TEXTS, ...TEXTS.map((text) => `${text.slice(0, 2)}c${text.slice(2)}`), 'c'];
        expect(patternsMeet(one, other)).toBe(texts.some((text) => fitsPattern(one, text) && fitsPattern(other, text)));
        if (coversPattern(one, other)) {
          expect(texts.filter((text) => fitsPattern(other, text) && !fitsPattern(one, text))).toEqual([]);
        }
      }),
    );
  });

  it.each([
    ['*', 'A*', true],
    ['A*', '*', false],
    ['A*', 'AB*', true],
    ['A*C', 'A*B*C', true],
    ['A*B*C', 'A*C', false],
    ['*A*', '*AA*', true],
  ])('%s covers %s: %s', (wide, narrow, expected) => {
    expect(coversPattern(wide, narrow)).toBe(expected);
  });
});

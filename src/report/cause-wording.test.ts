import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../core/explain/cause-code.ts';
import { causeWords, confidenceWords, formatConfidence } from './cause-wording.ts';

describe('causeWords', () => {
  it.each(CAUSE_CODES)('%s has words of its own, short enough for a column', (code) => {
    const words = causeWords(code);
    expect(words.length).toBeLessThanOrEqual(30);
    if (code !== 'rounding') expect(words).not.toBe(code);
    expect(CAUSE_CODES.filter((other) => causeWords(other) === words)).toEqual([code]);
  });

  it('a code that is not known stays', () => {
    expect(causeWords('some-other')).toBe('some-other');
  });
});

it.each([
  ['1', 'certain', '1'],
  ['0.999', 'nearly certain', '.99'],
  ['0.95', 'nearly certain', '.95'],
  ['0.949', 'likely', '.94'],
  ['0.8', 'likely', '.80'],
  ['0.65', 'fairly likely', '.65'],
  ['0.5', 'more likely than not', '.50'],
  ['0.499', 'possible', '.49'],
  ['0.2', 'possible', '.20'],
  ['0.004', 'unlikely', '.00'],
  ['0', 'unlikely', '.00'],
  ['', '', ''],
])('a confidence of %s is "%s", %s', (confidence, words, number) => {
  expect([confidenceWords(confidence), formatConfidence(confidence)]).toEqual([words, number]);
});

import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from './cause-code.ts';
import { confidenceOf, EVIDENCE_GRADES, rateOf } from './priors.ts';

describe('the table of confidences', () => {
  it.each(CAUSE_CODES)('%s: weaker evidence is never believed more, and none is certain', (cause) => {
    const confidences = EVIDENCE_GRADES.map((grade) => confidenceOf(cause, grade, []));
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(confidences.every((confidence) => confidence < 1)).toBe(true);
    expect(rateOf(cause)).toBeGreaterThan(0);
  });

  it('figures alone are never believed above .6, but for a difference of value', () => {
    const arithmetic = CAUSE_CODES.filter((cause) => cause !== 'cost-difference').map((cause) =>
      confidenceOf(cause, 'arithmetic', []),
    );
    expect(Math.max(...arithmetic)).toBe(0.6);
  });
});

describe('resolved cases', () => {
  const start = confidenceOf('pick-short', 'reference', []);
  const learned = (confirmed: number, refuted: number, grade: (typeof EVIDENCE_GRADES)[number] = 'reference'): number =>
    confidenceOf('pick-short', 'reference', [{ cause: 'pick-short', grade, confirmed, refuted }]);

  it('refuted calls lower the confidence, more of them more', () => {
    expect(learned(0, 5)).toBeLessThan(start);
    expect(learned(0, 10)).toBeLessThan(learned(0, 5));
  });

  it('twenty cases weigh as much as the starting value', () => {
    expect(learned(0, 20)).toBeCloseTo(start / 2, 10);
  });

  it('many cases decide alone', () => {
    expect(learned(7_000, 3_000)).toBeCloseTo(0.7, 2);
  });

  it('cases of another grade say nothing', () => {
    expect(learned(0, 50, 'time')).toBe(start);
  });
});

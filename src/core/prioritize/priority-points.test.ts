import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIORITY } from './priority-parameters.ts';
import { type PointFacts, type PointScale, PRIORITIES, pointsOf, priorityOf } from './priority-points.ts';

const PLAIN: PointFacts = {
  value: 0,
  impact: 0,
  abcClass: '',
  coverDays: undefined,
  isSpecial: false,
  isPromoted: false,
  ageDays: undefined,
};
const SCALE: PointScale = { value: 9_999, impact: 999_999 };

describe('pointsOf', () => {
  // Natural logarithms of powers of ten: each tenfold step of the money is the same number of points.
  it.each<[string, Partial<PointFacts>, Partial<Record<keyof ReturnType<typeof pointsOf>, number>>]>([
    ['nothing', {}, { total: 0 }],
    ['the greatest value', { value: 9_999 }, { value: 3000, total: 3000 }],
    ['a hundredth of it', { value: 99 }, { value: 1500, total: 1500 }],
    ['a thousandth of the greatest impact', { impact: 999 }, { impact: 1500, total: 1500 }],
    ['class a', { abcClass: 'a' }, { turnover: 1500 }],
    ['class B', { abcClass: 'B' }, { turnover: 750 }],
    ['class C', { abcClass: 'C' }, { turnover: 0 }],
    ['no class of the alphabet', { abcClass: 'fast' }, { turnover: 0 }],
    ['nothing left', { coverDays: 0 }, { turnover: 1500 }],
    ['ten days of cover', { coverDays: 10 }, { turnover: 1000 }],
    ['the class counts where the cover is long', { abcClass: 'B', coverDays: 20 }, { turnover: 750 }],
    ['a year of cover', { coverDays: 365 }, { turnover: 0 }],
    ['special', { isSpecial: true }, { event: 1500 }],
    ['promoted and special', { isSpecial: true, isPromoted: true }, { event: 1500 }],
    ['a week old', { ageDays: 7 }, { age: 500 }],
    ['a month old', { ageDays: 31 }, { age: 1000 }],
    ['of tomorrow', { ageDays: -1 }, { age: 0 }],
    [
      'all of it',
      { value: 9_999, impact: 999_999, abcClass: 'A', isSpecial: true, ageDays: 14 },
      { value: 3000, impact: 3000, turnover: 1500, event: 1500, age: 1000, total: 10_000 },
    ],
  ])('%s', (_name, facts, expected) => {
    expect(pointsOf({ ...PLAIN, ...facts }, SCALE)).toMatchObject(expected);
  });

  it('a run in which nothing has a value has no points for it', () => {
    expect(pointsOf(PLAIN, { value: 0, impact: 0 }).total).toBe(0);
  });

  it('lie between 0 and 100 and add up', () => {
    const facts = fc.record({
      value: fc.double({ min: 0, max: SCALE.value, noNaN: true }),
      impact: fc.double({ min: 0, max: SCALE.impact, noNaN: true }),
      abcClass: fc.constantFrom('A', 'b', 'C', '', '1'),
      coverDays: fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined }),
      isSpecial: fc.boolean(),
      isPromoted: fc.boolean(),
      ageDays: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const { total, ...terms } = pointsOf(given, SCALE);
        const parts = Object.values(terms);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(parts.every((part) => part >= 0) && total <= 10_000).toBe(true);
      }),
    );
  });
});

describe('priorityOf', () => {
  const NONE = { isSpecial: false, isPromoted: false };
  it.each<[number, boolean, Partial<typeof NONE>, string, string]>([
    [7000, false, {}, 'critical', ''],
    [6999, false, {}, 'high', ''],
    [5000, false, {}, 'high', ''],
    [4999, false, {}, 'medium', ''],
    [3000, false, {}, 'medium', ''],
    [2999, false, {}, 'low', ''],
    [0, true, {}, 'critical', 'orders at risk'],
    [0, true, { isSpecial: true }, 'critical', 'orders at risk'],
    [8000, true, {}, 'critical', ''],
    [0, false, { isSpecial: true, isPromoted: true }, 'high', 'special item'],
    [4999, false, { isPromoted: true }, 'high', 'promotion'],
    [5000, false, { isPromoted: true }, 'high', ''],
    [7000, false, { isSpecial: true }, 'critical', ''],
  ])('%d hundredths, orders at risk %s, %o: %s, floor "%s"', (points, isAtRisk, item, priority, floor) => {
    expect(priorityOf(points, isAtRisk, { ...NONE, ...item }, DEFAULT_PRIORITY.thresholds)).toEqual({
      priority,
      floor,
    });
  });

  it('more points never make a line less urgent', () => {
    const points = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(points, points, fc.boolean(), fc.boolean(), fc.boolean(), (a, b, isAtRisk, isSpecial, isPromoted) => {
        const rank = (given: number): number =>
          PRIORITIES.indexOf(
            priorityOf(given, isAtRisk, { isSpecial, isPromoted }, DEFAULT_PRIORITY.thresholds).priority,
          );
        expect(rank(Math.max(a, b))).toBeLessThanOrEqual(rank(Math.min(a, b)));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignInTime, DelayScale, PAIR_COST_MAX } from './align-in-time.ts';
import type { Entry } from './ledger-entry.ts';

const MINUTE_MS = 60_000;
const entryAt = (minute: number): Entry => ({ at: minute * MINUTE_MS }) as Entry;
const scale = new DelayScale({ low: MINUTE_MS, median: 5 * MINUTE_MS, high: 15 * MINUTE_MS }, 30 * MINUTE_MS);
const align = (wms: readonly number[], erp: readonly number[]): (readonly [number, number])[] =>
  alignInTime(wms.map(entryAt), erp.map(entryAt), (a, b) => scale.costOf(a, b))
    .map(([a, b]) => [a.at / MINUTE_MS, b.at / MINUTE_MS] as const)
    .sort(([a], [b]) => a - b);

describe('equal movements and equal postings', () => {
  const cases: readonly [string, number[], number[], [number, number][]][] = [
    ['one each', [0], [5], [[0, 5]]],
    ['one each, three days late', [0], [3 * 1440], [[0, 3 * 1440]]],
    ['one each, the posting far too early', [600], [0], []],
    ['the earlier of two is lost', [0, 300], [305], [[300, 305]]],
    ['the later of two is lost', [0, 300], [5], [[0, 5]]],
    [
      'in their order, not each to its nearest',
      [0, 4],
      [6, 9],
      [
        [0, 6],
        [4, 9],
      ],
    ],
    [
      'what was held back crosses the others',
      [0, 120, 240],
      [125, 245, 900],
      [
        [0, 900],
        [120, 125],
        [240, 245],
      ],
    ],
    ['no postings', [0, 5], [], []],
  ];
  it.each(cases)('%s', (_name, wms, erp, expected) => {
    expect(align(wms, erp)).toEqual(expected);
  });
});

/** The least cost over all alignments whose pairs do not cross, by trying them. */
function cheapest(wms: readonly Entry[], erp: readonly Entry[]): number {
  const [event, ...events] = wms;
  const [posting, ...postings] = erp;
  const alone = PAIR_COST_MAX / 2;
  if (event === undefined || posting === undefined) return alone * (wms.length + erp.length);
  return Math.min(
    scale.costOf(event, posting) + cheapest(events, postings),
    alone + cheapest(events, erp),
    alone + cheapest(wms, postings),
  );
}

it('costs no more than the cheapest alignment, and takes each entry once', () => {
  const minutes = fc
    .array(fc.integer({ min: 0, max: 600 }), { minLength: 2, maxLength: 6 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(minutes, minutes, (first, second) => {
      const [wms, erp] = [first.map(entryAt), second.map(entryAt)];
      const pairs = alignInTime(wms, erp, (a, b) => scale.costOf(a, b));
      expect(new Set(pairs.flat()).size).toBe(2 * pairs.length);
      const cost = pairs.reduce((sum, [a, b]) => sum + scale.costOf(a, b), 0);
      const alone = wms.length + erp.length - 2 * pairs.length;
      expect(cost + (alone * PAIR_COST_MAX) / 2).toBeLessThanOrEqual(cheapest(wms, erp) + 1e-9);
    }),
  );
});

it('thousands of equal movements are aligned in bounded time, with one missing', () => {
  const wms = Array.from({ length: 6000 }, (_, at) => 3 * at);
  const erp = wms.filter((minute) => minute !== 9000).map((minute) => minute + 5);
  const pairs = align(wms, erp);
  expect(pairs).toHaveLength(5999);
  expect(pairs.every(([a, b]) => b - a === 5)).toBe(true);
});

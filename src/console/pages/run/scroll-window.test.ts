import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barHeight, barTop, isPressed, listTop, type ScrollRange, shownRows, topToShow } from './scroll-window.ts';

const ranges: fc.Arbitrary<ScrollRange> = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 3_000_000 })),
  rowHeight: fc.constantFrom(32, 40, 64),
  viewHeight: fc.integer({ min: 0, max: 2_000 }),
});

test('no bar is taller than browsers draw, and its ends are those of the list', () => {
  fc.assert(
    fc.property(ranges, (range) => {
      expect(barHeight(range)).toBeLessThanOrEqual(15_000_000);
      const bottom = Math.max(0, barHeight(range) - range.viewHeight);
      expect(listTop(range, 0)).toBe(0);
      expect(shownRows(range, listTop(range, bottom)).last).toBe(
        range.viewHeight === 0 ? range.count - 1 : range.count - 1,
      );
      expect(isPressed(range)).toBe(range.count * range.rowHeight > 15_000_000);
    }),
  );
});

test('where the bar is put for a place of the list, it means that place', () => {
  fc.assert(
    fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (range, share) => {
      const top = share * Math.max(0, range.count * range.rowHeight - range.viewHeight);
      expect(listTop(range, barTop(range, top))).toBeCloseTo(top, 3);
      if (!isPressed(range)) expect(barTop(range, top)).toBeCloseTo(top, 6);
    }),
  );
});

test('a row that is to be seen is seen whole, and one that is seen moves nothing', () => {
  fc.assert(
    fc.property(ranges, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (given, at, share) => {
      const range = { ...given, viewHeight: given.viewHeight + given.rowHeight };
      const row = at % range.count;
      const now = share * Math.max(0, range.count * range.rowHeight - range.viewHeight);
      const top = topToShow(range, row, now);
      expect(row * range.rowHeight).toBeGreaterThanOrEqual(top - 1e-6);
      expect((row + 1) * range.rowHeight).toBeLessThanOrEqual(top + range.viewHeight + 1e-6);
      expect(topToShow(range, row, top)).toBe(top);
    }),
  );
});

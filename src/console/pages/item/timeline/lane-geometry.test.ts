import { describe, expect, it } from 'vitest';
import { momentAt, offsetOf, placeLabels, stretchOf, ticksOf, zoomed } from './lane-geometry.ts';

const HOUR_MS = 3_600_000;

describe('the geometry of the lanes', () => {
  it('shows the clock of the place', () => {
    const moment = '2026-11-19T07:32:52-06:00';
    expect(offsetOf(moment)).toBe(-6 * HOUR_MS);
    expect(momentAt(Date.parse(moment), offsetOf(moment))).toBe(moment);
    expect(offsetOf('2026-11-19T07:32:52Z')).toBe(0);
    expect(momentAt(Date.parse('2026-11-19T10:00:00+05:30'), offsetOf('2026-11-19T10:00:00+05:30'))).toBe(
      '2026-11-19T10:00:00+05:30',
    );
  });

  it('has its ticks at the full days of that clock, never more than asked for', () => {
    const stretch = { from: Date.parse('2026-11-15T12:00:00-06:00'), to: Date.parse('2026-11-18T12:00:00-06:00') };
    const ticks = ticksOf(stretch, 4, -6 * HOUR_MS);
    expect(ticks.map(({ at, isDay }) => [momentAt(at, -6 * HOUR_MS), isDay])).toEqual([
      ['2026-11-16T00:00:00-06:00', true],
      ['2026-11-17T00:00:00-06:00', true],
      ['2026-11-18T00:00:00-06:00', true],
    ]);
    for (const length of [1000, HOUR_MS, 40 * 24 * HOUR_MS, 4000 * 24 * HOUR_MS])
      expect(ticksOf({ from: 0, to: length }, 8, 0).length).toBeLessThanOrEqual(9);
  });

  it('is of some length, whatever it is to show', () => {
    for (const moments of [[], [Number.NaN], [5], [5, 5]]) {
      const { from, to } = stretchOf(moments);
      expect(to).toBeGreaterThan(from);
    }
  });

  it('stays within the whole when it comes closer and when it goes back', () => {
    const whole = { from: 0, to: 1000 * HOUR_MS };
    const closer = zoomed(whole, 990 * HOUR_MS, 1 / 2, whole);
    expect(closer).toEqual({ from: 500 * HOUR_MS, to: 1000 * HOUR_MS });
    expect(zoomed(closer, 0, 4, whole)).toEqual(whole);
  });

  it('labels do not cover each other; what has no room is left to the list', () => {
    const labels = [0, 10, 20, 120].map((x) => ({ x, width: 100 }));
    expect(placeLabels(labels, 2)).toEqual([0, 1, undefined, 0]);
  });
});

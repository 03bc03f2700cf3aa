/** Decides what is the same in all parts of a world: its options, habits, moments, sites and numbers. Never what happens in it. */
import { Catalogue } from '../catalogue.ts';
import { mixSeed, RandomStream } from '../random.ts';
import type { SiteNames } from '../world-files.ts';
import { drawMoments, HOUR, type Moments } from './calendar.ts';
import { drawHabits, type Habits, Numbering } from './habits.ts';
import type { WorldOptions } from './world-options.ts';

export const CURRENCY = 'USD';

export interface WarehouseWorld {
  readonly options: WorldOptions;
  readonly habits: Habits;
  readonly moments: Moments;
  readonly numbering: Numbering;
  readonly catalogue: Catalogue;
  readonly sites: readonly SiteNames[];
  /** Moment of which the WMS's closing snapshot really speaks. */
  readonly wmsSnapshotAt: number;
  readonly wmsOpeningAt: number;
}

export function drawWorld(options: WorldOptions): WarehouseWorld {
  const { seed } = options;
  const random = new RandomStream(mixSeed(seed, 1));
  const habits = { ...drawHabits(random, options), ...options.habits };
  const cutOffSkewMinutes = options.cutOffSkewMinutes ?? random.pick([0, 0, 0, 0, 10, 20, -5, -15]);
  const moments = drawMoments(random, {
    days: options.days,
    cutOffTime: options.cutOffTime,
    cutOffSkewMinutes,
    warmUpHours: random.pick([0, 0, 6, 12]),
    isExtractedLater: random.chance(0.7),
  });
  const hours = random.pick([1, 5, 6, -5, -6]) * HOUR;
  // No whole hours: those are a time zone's.
  const stale = (7 + random.below(20)) * HOUR + 600 + random.below(2400);
  const shifted = moments.wmsCutOff - hours;
  return {
    options,
    habits,
    moments:
      options.snapshot === 'time-zone' ? { ...moments, extractedAt: Math.max(moments.extractedAt, shifted) } : moments,
    numbering: new Numbering(random, habits.numbers),
    catalogue: new Catalogue(seed, options.items),
    sites: options.siteNames,
    wmsSnapshotAt:
      options.snapshot === 'stale'
        ? moments.wmsCutOff - stale
        : options.snapshot === 'time-zone'
          ? shifted
          : moments.wmsCutOff,
    wmsOpeningAt: options.snapshot === 'time-zone' ? moments.openingAt - hours : moments.openingAt,
  };
}

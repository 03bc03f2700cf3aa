/**
 * The clock on the wall of a time zone, and the moments at which it shows a time: one, two where an hour is repeated, none
 * where one is skipped. Times of the wall are milliseconds as if they were UTC.
 */
import { IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From so long before a day of the wall to so long after it; within that a time zone changes its offset at most once. */
const REACH_MS = DAY_MS;
const STEP_MS = 6 * HOUR_MS;

export class ZoneClock {
  private readonly zone: IANAZone;

  constructor(name: string) {
    this.zone = IANAZone.create(name);
    if (!this.zone.isValid) throw new Error(`"${name}" is no time zone that is known here`);
  }

  wallOf(moment: number): number {
    return moment + this.zone.offset(moment) * 60_000;
  }

  /** The day of the wall that begins at `midnight`. */
  day(midnight: number): WallOfDay {
    const offsets = new Set<number>();
    for (let moment = midnight - REACH_MS; moment <= midnight + DAY_MS + REACH_MS; moment += STEP_MS)
      offsets.add(this.zone.offset(moment) * 60_000);
    return new WallOfDay(this, [...offsets]);
  }
}

/** The times of one day, with the offsets from UTC that may be in force on it. */
export class WallOfDay {
  private readonly clock: ZoneClock;
  private readonly offsets: readonly number[];
  private readonly least: number;
  private readonly most: number;

  constructor(clock: ZoneClock, offsets: readonly number[]) {
    this.clock = clock;
    this.offsets = offsets;
    this.least = Math.min(...offsets);
    this.most = Math.max(...offsets);
  }

  /** Whether `wall` may be shown, or passed over, after a moment and up to another. */
  mayLieWithin(wall: number, after: number, until: number): boolean {
    return wall - this.least > after && wall - this.most <= until;
  }

  /** All moments at which the clock shows `wall`, in order. */
  momentsOf(wall: number): number[] {
    if (this.least === this.most) return [wall - this.least];
    const moments = this.offsets.map((offset) => wall - offset);
    return moments.filter((moment) => this.clock.wallOf(moment) === wall).sort((a, b) => a - b);
  }

  /** The first moment at which the clock shows `wall`, or has passed over it. */
  firstAt(wall: number): number {
    const [first] = this.momentsOf(wall);
    if (first !== undefined) return first;
    let [before, after] = [wall - this.most, wall - this.least];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.clock.wallOf(middle) < wall) before = middle;
      else after = middle;
    }
    return after;
  }
}

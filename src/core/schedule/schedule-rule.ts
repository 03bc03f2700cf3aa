/** What a schedule says of moments: times, days, windows without runs. Plain data; contract/schedule.ts decides how it is written. */
import type { TimeRule } from './wall-pattern.ts';

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

export interface Calendar {
  readonly weekdays?: readonly Weekday[] | undefined;
  /** Dates are YYYY-MM-DD. */
  readonly holidays: readonly string[];
  readonly extra_days: readonly string[];
}

/** `from` included, `to` not: times of the day (HH:MM, over midnight where `to` is not after `from`), or local times of a date. */
export interface Blackout {
  readonly from: string;
  readonly to: string;
  /** On which a window of the day begins; all where not given. */
  readonly weekdays?: readonly Weekday[] | undefined;
}

export interface ScheduleRule {
  /** IANA name. */
  readonly time_zone: string;
  readonly times: readonly TimeRule[];
  readonly calendar?: Calendar | undefined;
  readonly blackouts: readonly Blackout[];
}

const WEEKDAYS: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** `weekday`: 0 is Sunday. */
export function weekdayOf(weekday: number): Weekday {
  return WEEKDAYS[weekday] as Weekday;
}

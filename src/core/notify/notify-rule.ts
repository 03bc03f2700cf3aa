/** What people want to be told, and when. Plain data; contract/notification.ts decides how it is written. Never says how it is sent. */
import type { Blackout } from '../schedule/schedule-rule.ts';

/** What a message is about. */
export const TOPICS = ['run-digest', 'discrepancy', 'run-failed', 'feed-silent', 'message-late'] as const;
export type Topic = (typeof TOPICS)[number];

export interface NotifyRule {
  readonly topics: readonly Topic[];
  /** Whose data whoever is addressed may see; null: all sites. */
  readonly sites: readonly string[] | null;
  /** Main causes of discrepancies; empty: any, known or not. */
  readonly causes: readonly string[];
  readonly categories: readonly string[];
  /** Least |value| of a discrepancy, a decimal; null: any, also of lines without a cost. */
  readonly min_value: string | null;
  /** Only discrepancies that the run before, or the live state, did not have. */
  readonly only_new: boolean;
  /** A discrepancy that was told is told again once it is larger by more than so many percent. */
  readonly grown_by_percent: number;
  /** IANA name, of quiet hours and of the times in messages. */
  readonly time_zone: string;
  /** Times at which nothing is sent; what happens then is told afterwards, in one message. */
  readonly quiet_hours: readonly Blackout[];
  /** How long one message gathers, in milliseconds. */
  readonly gatherMs: number;
  /** Lines that a message lists; what is beyond them is counted. */
  readonly lines_max: number;
}

/** Decides whether a discrepancy is news to whoever was told of it before. Never decides whether it concerns them. */
import { SIZE_UNKNOWN } from './value-size.ts';

/** What was told last. */
export interface Told {
  /** |value| in minor units when it was told; -1: no cost was known. */
  readonly size: number;
  /** Since when it is in sync again; null: it still is not. */
  readonly goneAt: number | null;
}

export type News = 'new' | 'grown' | 'back';

/**
 * One hour: what messages on their way open and close within minutes is one discrepancy, what comes back after that is
 * another.
 */
export const REMEMBERED_MS = 3_600_000;

/** undefined: it is known. Sizes are |value| in minor units. */
export function judgeNews(told: Told | undefined, size: number, now: number, grownByPercent: number): News | undefined {
  if (told === undefined) return 'new';
  if (told.goneAt !== null && now - told.goneAt >= REMEMBERED_MS) return 'back';
  if (told.size === SIZE_UNKNOWN || size === SIZE_UNKNOWN) return undefined;
  return size > told.size && size * 100 > told.size * (100 + grownByPercent) ? 'grown' : undefined;
}

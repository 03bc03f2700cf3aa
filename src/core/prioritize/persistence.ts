/** Decides how likely a discrepancy is to stay if nobody does anything. Never asks how sure the cause is. */
import type { CauseCode } from '../explain/cause-code.ts';

/** Chance that a cause does not heal by itself; 1 for those that are not named. */
const PERSISTENCE: Partial<Record<CauseCode, number>> = {
  // The next snapshot that is fetched in time shows no variance.
  'snapshot-stale': 0.1,
};

/**
 * Chance that a net variance stays: that of each cause, weighted by the units it explains. What is in flight does not count:
 * it heals by itself, and a net variance is without it. 1 where nothing else is explained.
 */
export function persistenceOf(
  contributions: readonly { readonly cause: CauseCode; readonly quantity: number }[],
): number {
  let staying = 0;
  let units = 0;
  for (const { cause, quantity } of contributions) {
    if (cause === 'in-flight') continue;
    staying += Math.abs(quantity) * (PERSISTENCE[cause] ?? 1);
    units += Math.abs(quantity);
  }
  return units === 0 ? 1 : staying / units;
}

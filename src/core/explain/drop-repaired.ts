/** Decides which faults a later posting by hand has made good: neither the fault nor its repair is left in the variance. Never changes a sum. */
import type { CauseCode } from './cause-code.ts';
import type { Contribution } from './explanation.ts';

const REPAIRS: ReadonlySet<CauseCode> = new Set(['manual-erp-adjustment']);

/** Contributions without those up to the last repair that brought the variance back to 0, goods in flight aside. */
export function dropRepaired(contributions: readonly Contribution[]): Contribution[] {
  if (!contributions.some(({ cause }) => REPAIRS.has(cause))) return [...contributions];
  const all = contributions.filter(({ cause }) => cause !== 'in-flight');
  if (all.some(({ at }) => at === undefined)) return [...contributions];
  const timed = all.sort((a, b) => (a.at as number) - (b.at as number));
  let sum = 0;
  let repaired = 0;
  timed.forEach(({ quantity, cause }, at) => {
    sum += quantity;
    if (sum === 0 && at > 0 && REPAIRS.has(cause)) repaired = at + 1;
  });
  const gone = new Set(timed.slice(0, repaired));
  return contributions.filter((one) => !gone.has(one));
}

/**
 * Decides in which category the units of a status that no rule takes are missing. That the status is unmapped is known; so a
 * few keys are enough, where a status in the wrong category takes many. Never guesses: the variances must be its units.
 */
import { append } from '../../compare/ledger-evidence.ts';
import { type Role, UNMAPPED } from '../../model/balance.ts';
import { type KeyFacts, keyText } from '../evidence.ts';
import type { UnmappedStatus } from '../traits.ts';

/** Share of the places holding the status at which a variance must be its units. */
const FIT_SHARE_MIN = 0.6;

/**
 * `held`: all keys of the items that hold an unmapped status, with their native statuses. `systemOf` gives the system of a
 * role at a site; a status of several systems is judged for each. `categories` is their number.
 */
export function findUnmappedStatuses(
  held: readonly KeyFacts[],
  systemOf: (role: Role, site: string) => string,
  categories: number,
): UnmappedStatus[] {
  const byKey = new Map(held.map((facts) => [keyText(facts), facts]));
  const places = new Map<string, { facts: KeyFacts; units: number }[]>();
  for (const facts of held) {
    if (facts.category !== UNMAPPED) continue;
    for (const { role, status, quantity } of facts.statuses)
      if (quantity !== 0)
        append(places, JSON.stringify([role, systemOf(role, facts.site), status]), { facts, units: quantity });
  }
  return [...places].flatMap(([name, own]) => {
    const [role, system, status] = JSON.parse(name) as [Role, string, string];
    const fitsOf = (category: number): number =>
      own.filter(({ facts, units }) => {
        const key = byKey.get(keyText({ ...facts, category }));
        return (key?.wms ?? 0) - (key?.erp ?? 0) === (role === 'wms' ? -units : units);
      }).length;
    const [best] = Array.from({ length: categories }, (_, category) => ({ category, fits: fitsOf(category) })).sort(
      (a, b) => b.fits - a.fits,
    );
    return best === undefined || best.fits === 0 || best.fits < FIT_SHARE_MIN * own.length
      ? []
      : [{ role, system, status, category: best.category }];
  });
}

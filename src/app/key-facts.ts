/** Puts together what is known of keys before their evidence is read: balances by native status, variances, history. */
import { type KeyFacts, type KeyName, keyText, type StatusBalance } from '../core/explain/evidence.ts';
import type { JudgedVariance } from '../core/measure/judge-comparison.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { StatusQuantity } from '../engine/comparison-input.ts';

/** Earlier variances of a key, the oldest first. */
export type HistoryOf = (key: KeyName) => KeyFacts['history'];

/** Facts of a key that the comparison found. */
export function factsOfVariance(
  key: JudgedVariance,
  statuses: readonly StatusBalance[],
  historyOf: HistoryOf,
): KeyFacts {
  const { site, item, owner, lot, category, erp, wms, inFlight, erpPresent, wmsPresent } = key;
  return {
    site,
    item,
    owner,
    lot,
    category,
    erp,
    wms,
    inFlight,
    erpPresent,
    wmsPresent,
    opening: undefined,
    history: historyOf(key),
    statuses,
  };
}

/** Facts of every key of some balances, those that agree and those of unmapped statuses among them. */
export function factsOfBalances(balances: readonly StatusQuantity[], plan: Plan, historyOf: HistoryOf): KeyFacts[] {
  const keys = new Map<string, { name: KeyName; statuses: StatusBalance[] }>();
  const roleOf = new Map(plan.systems.map(({ id, role }) => [id, role]));
  for (const { system, site, item, owner, lot, category, status, quantity } of balances) {
    const name = { site, item, owner, lot, category };
    const key = keys.get(keyText(name)) ?? { name, statuses: [] };
    key.statuses.push({ role: roleOf.get(system) ?? 'wms', status, quantity });
    keys.set(keyText(name), key);
  }
  return [...keys.values()].map(({ name, statuses }) => {
    const sum = (role: StatusBalance['role']): number =>
      statuses.reduce((all, held) => (held.role === role ? all + held.quantity : all), 0);
    return {
      ...name,
      erp: sum('erp'),
      wms: sum('wms'),
      inFlight: 0,
      erpPresent: statuses.some(({ role }) => role === 'erp'),
      wmsPresent: statuses.some(({ role }) => role === 'wms'),
      opening: undefined,
      history: historyOf(name),
      statuses,
    };
  });
}

/** By site, owner, lot and category. */
export function byKeyName(a: KeyName, b: KeyName): number {
  return byText(a.site, b.site) || byText(a.owner, b.owner) || byText(a.lot, b.lot) || a.category - b.category;
}

function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The same number for the same text on every machine. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Decides what each key's balances say by themselves: whether the ledgers lead from the opening to the closing balances, and by
 * how much the sides differed at the opening already. Never looks at single documents but for the time they lie in.
 */
import type { KeyFacts } from './evidence.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry } from './ledger-entry.ts';
import type { SystemicSettlement } from './settle-systemic.ts';

export interface KeyAccount {
  /** WMS − ERP at the opening, without documents that one side booked before it and the other one after; undefined where it is not known. */
  readonly opening: number | undefined;
  /** closing − (opening + movements) of each side; undefined where balances or ledger do not tell. */
  readonly wmsBreak: number | undefined;
  readonly erpBreak: number | undefined;
}

/** Accounts by key, for the keys that are out of sync. */
export function readAccounts(item: ItemCase, systemic: SystemicSettlement): (KeyAccount | undefined)[] {
  const wms = sumsOf(item.wms, item);
  const erp = sumsOf(item.erp, item);
  const { given } = item.settings;
  const { replays } = item.traits.habits;
  return item.facts.map((facts, key) => {
    if (facts === undefined) return undefined;
    const { opening } = facts;
    const shifts = { wms: systemic.shiftOf(key, 'wms'), erp: systemic.shiftOf(key, 'erp') };
    const canReplay = { wms: given.wmsLedger && replays.wms, erp: given.erpLedger && replays.erp };
    return {
      opening:
        opening === undefined
          ? undefined
          : opening.wms +
            shifts.wms.opening -
            (wms.before[key] as number) -
            (opening.erp + shifts.erp.opening - (erp.before[key] as number)),
      wmsBreak:
        opening && canReplay.wms
          ? facts.wms + changeOf(shifts.wms) - opening.wms - (wms.within[key] as number)
          : undefined,
      erpBreak:
        opening && canReplay.erp
          ? facts.erp + changeOf(shifts.erp) - opening.erp - (erp.within[key] as number)
          : undefined,
    };
  });
}

function changeOf({ opening, closing }: { readonly opening: number; readonly closing: number }): number {
  return closing - opening;
}

interface Sums {
  readonly within: readonly number[];
  /** Of documents that are matched with something behind the opening only. */
  readonly before: readonly number[];
}

function sumsOf(entries: readonly Entry[], item: ItemCase): Sums {
  const within = item.keys.map(() => 0);
  const before = item.keys.map(() => 0);
  for (const { period, parts, match } of entries) {
    if (period === 'behind' || (period === 'before' && match === undefined)) continue;
    const sums = period === 'within' ? within : before;
    for (const { key, quantity } of parts) sums[key] = (sums[key] as number) + quantity;
  }
  return { within, before };
}

/** The variance of a key at its closing balances. */
export function varianceOf({ wms, erp }: KeyFacts): number {
  // Sides in the order of the rule: what the WMS holds, less what the ERP holds.
  return wms - erp;
}

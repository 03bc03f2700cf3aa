/**
 * Decides which documents were on their way at the opening snapshots: one side's opening balance holds them already, the other
 * side booked them soon after. They explain a difference at the opening; neither is a fault.
 */
import type { ItemCase } from './item-case.ts';
import type { KeyAccount } from './key-account.ts';
import type { Entry } from './ledger-entry.ts';
import { effectOf, type Residual } from './residual.ts';
import type { InFlightSettlement } from './settle-in-flight.ts';

export interface OpeningSettlement {
  /** Whether a residual's part in a key only makes up for what the opening balances already held. */
  isOfOpening(residual: Residual, key: number): boolean;
  /** WMS − ERP at the opening, less what was on its way; undefined where it is not known. */
  differenceOf(key: number): number | undefined;
}

const CHOICES_MAX = 12;
const SLACK_MS = 3_600_000;

/** Finds for each key the early postings that add up to its difference at the opening. */
export function settleOpening(
  item: ItemCase,
  accounts: readonly (KeyAccount | undefined)[],
  residuals: readonly Residual[],
  inFlight: InFlightSettlement,
): OpeningSettlement {
  const early = new Map<number, { residual: Residual; quantity: number; isProven: boolean }[]>();
  for (const residual of residuals) {
    const evidence = onItsWay(residual, item);
    if (evidence === undefined) continue;
    for (const { key, quantity } of effectOf(residual)) {
      if (inFlight.isInFlight(residual, key)) continue;
      const list = early.get(key) ?? [];
      early.set(key, list);
      list.push({ residual, quantity, isProven: evidence === 'proven' });
    }
  }
  const settled = new Map<number, Set<Residual>>();
  const differences = accounts.map((account, key) => {
    const opening = account?.opening;
    const candidates = early.get(key);
    if (opening === undefined || candidates === undefined) return opening;
    const proven = candidates.filter(({ isProven }) => isProven);
    const left = opening + proven.reduce((sum, { quantity }) => sum + quantity, 0);
    const others = candidates.filter(({ isProven }) => !isProven).slice(0, CHOICES_MAX);
    const chosen = left === 0 ? [] : (chooseSum(others, -left) ?? []);
    settled.set(key, new Set([...proven, ...chosen].map(({ residual }) => residual)));
    return left + chosen.reduce((sum, { quantity }) => sum + quantity, 0);
  });
  return {
    isOfOpening: (residual, key) => settled.get(key)?.has(residual) ?? false,
    differenceOf: (key) => differences[key],
  };
}

/** Whether a posting can be, or must be, of goods that moved before the opening. */
function onItsWay(residual: Residual, item: ItemCase): 'proven' | 'possible' | undefined {
  const { habits } = item.traits;
  if (residual.kind === 'altered') return undefined;
  const entry = residual.kind === 'missing' ? residual.wms : residual.erp;
  const other = residual.kind === 'missing' ? 'erp' : 'wms';
  const since = entry.at - item.openingOf(entry.first.role, entry.first.site);
  if (residual.kind === 'extra' && isOlder(entry, item)) return 'proven';
  const usual = Math.max(habits.delay?.high ?? 0, item.lagMs) + SLACK_MS;
  const [soonest, latest] = other === 'wms' ? [0, usual] : [0, SLACK_MS];
  return since >= soonest && since <= latest ? 'possible' : undefined;
}

/** The goods moved, or the message was sent, before the opening of the WMS. */
function isOlder({ first }: Entry, item: ItemCase): boolean {
  const opening = item.openingOf('wms', first.site);
  if (first.eventAt !== undefined && first.eventAt <= opening) return true;
  const [line] = item.messages.linesOf(first.messageId);
  return line !== undefined && line.fromRole === 'wms' && line.sentAt <= opening;
}

function chooseSum<T extends { readonly quantity: number }>(candidates: readonly T[], sum: number): T[] | undefined {
  for (let mask = 1; mask < 1 << candidates.length; mask++) {
    const chosen = candidates.filter((_, at) => (mask & (1 << at)) !== 0);
    if (chosen.reduce((all, { quantity }) => all + quantity, 0) === sum) return chosen;
  }
  return undefined;
}

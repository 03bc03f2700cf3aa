/**
 * Decides how an everyday fault changes what the two systems say about one item at one site.
 * Never decides where faults happen, and never leaves a value on a half cent (rounding rules must not matter).
 */
import { COST_SCALE, type Item, QUANTITY_SCALE, UNIT } from './catalogue.ts';
import type { RandomStream } from './random.ts';

export type CategoryName = 'available' | 'unavailable';

/** One key at the grain site, item, lot, category. Thousandths of base units; a side with 0 writes no row. */
export interface StockKey {
  lot: string;
  category: CategoryName;
  erp: number;
  wms: number;
}

export const FAULT_KINDS = [
  'shipment-not-posted',
  'receipt-not-posted',
  'receipt-posted-twice',
  'damage-not-reported',
  'lot-mix-up',
  'unit-mismatch',
  'count-not-posted',
  'unknown-to-wms',
  'unknown-to-erp',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const HALF_CENT = 10 ** (QUANTITY_SCALE + COST_SCALE - 2) / 2;

/** Raises a variance by whole steps until its value is not exactly a half cent. */
function avoidHalfCent(variance: number, step: number, unitCost: number): number {
  let amount = variance;
  while ((amount * unitCost) % (2 * HALF_CENT) === HALF_CENT) amount += step;
  return amount;
}

/** Some part of the key, at least one step of the ERP's; raises the key on both sides where it holds too little. */
function takePart(key: StockKey, item: Item, random: RandomStream): number {
  const step = item.erpStep;
  const steps = Math.max(1, Math.floor(key.erp / step));
  const part = avoidHalfCent(step * (1 + random.below(Math.max(1, steps >> 1))), step, item.unitCost);
  if (part > key.erp) {
    key.erp = part;
    key.wms = part;
  }
  return part;
}

function moveWithin(keys: StockKey[], from: StockKey, lot: string, category: CategoryName, amount: number): void {
  from.wms -= amount;
  const to = keys.find((key) => key !== from && key.lot === lot && key.category === category);
  if (to) to.wms += amount;
  else keys.push({ lot, category, erp: 0, wms: amount });
}

/** A key on one side only: its whole quantity is the variance. */
function dropSide(key: StockKey, item: Item, side: 'erp' | 'wms'): void {
  const whole = avoidHalfCent(key.erp, item.erpStep, item.unitCost);
  key.erp = whole;
  key.wms = whole;
  key[side] = 0;
}

/** The ERP booked so many cases as so many pieces. */
function bookCasesAsPieces(key: StockKey, item: Item): void {
  const cases = Math.max(1, Math.floor(key.wms / (item.caseFactor * UNIT)));
  const perCase = (item.caseFactor - 1) * UNIT;
  const variance = avoidHalfCent(cases * perCase, perCase, item.unitCost);
  key.erp = (variance / perCase) * UNIT;
  key.wms = key.erp * item.caseFactor;
}

/** Whether a fault of this kind can happen to these keys. */
function faultSuits(kind: FaultKind, keys: readonly StockKey[], item: Item): boolean {
  if (kind === 'lot-mix-up') return item.lotControlled && keys.some((key) => key.lot !== keys[0]!.lot);
  if (kind === 'unit-mismatch') return item.caseFactor > 0 && item.countedInCases !== 'erp';
  return keys.length > 0;
}

/** Plants a fault in keys that agree so far; the first key bears it. A kind that does not suit becomes `count-not-posted`. */
export function plantFault(kind: FaultKind, keys: StockKey[], item: Item, random: RandomStream): FaultKind {
  const key = keys[0]!;
  if (!faultSuits(kind, keys, item)) return plantFault('count-not-posted', keys, item, random);
  if (kind === 'unknown-to-wms') dropSide(key, item, 'wms');
  else if (kind === 'unknown-to-erp') dropSide(key, item, 'erp');
  else if (kind === 'unit-mismatch') bookCasesAsPieces(key, item);
  else {
    const part = takePart(key, item, random);
    if (kind === 'receipt-posted-twice') key.erp += part;
    else if (kind === 'receipt-not-posted') key.wms += part;
    else if (kind === 'damage-not-reported') moveWithin(keys, key, key.lot, 'unavailable', part);
    else if (kind === 'lot-mix-up')
      moveWithin(keys, key, keys.find((other) => other.lot !== key.lot)!.lot, 'available', part);
    else key.wms -= part;
  }
  return kind;
}

/** Decides which worlds explanations are measured on. Never makes one. */
import type { WarehouseOptions } from '../../simulator/warehouse/world-options.ts';

/** What evidence a world has. */
export const GRADES: readonly { readonly name: string; readonly options: WarehouseOptions }[] = [
  { name: 'full', options: { messages: true, references: 1 } },
  { name: 'no-messages', options: { messages: false, references: 1 } },
  { name: 'ledgers', options: { messages: false, references: 0 } },
];

/** Worlds differ in more than the numbers that are drawn. */
const VARIANTS: readonly WarehouseOptions[] = [
  {},
  { clockSkewMinutes: 7 },
  { hourlySummary: true },
  { clockSkewMinutes: -4, cutOffSkewMinutes: 20 },
];

export function variantOf(seed: number): WarehouseOptions {
  return VARIANTS[(seed - 1) % VARIANTS.length] ?? {};
}

/** Faults of the whole run, which the table's worlds do not have, and a world without any fault. */
export const SYSTEMIC: readonly WarehouseOptions[] = [
  { faults: 'all' },
  { faults: 'systemic' },
  { faults: 'ordinary', snapshot: 'stale' },
  { faults: 'ordinary', snapshot: 'time-zone' },
  { faults: 'ordinary', snapshot: 'scope' },
  { faults: 'none' },
];

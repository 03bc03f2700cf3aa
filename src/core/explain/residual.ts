/**
 * What is left of a document after both ledgers are matched: a movement without a posting, a posting without a movement, or
 * both with a difference. Decides how the two can differ, never why.
 */
import type { ItemCase } from './item-case.ts';
import { addParts, type Entry, type Part, partsOfSums } from './ledger-entry.ts';
import type { Verdict } from './message-book.ts';
import type { EvidenceGrade } from './priors.ts';

/** A WMS movement that the ERP did not post. */
export interface Missing {
  readonly kind: 'missing';
  readonly wms: Entry;
  readonly verdict: Verdict | undefined;
}

/** An ERP posting that no WMS movement stands behind. `original`: an equal posting of the same document that has its movement. */
export interface Extra {
  readonly kind: 'extra';
  readonly erp: Entry;
  readonly original: Entry | undefined;
  readonly originalGrade: EvidenceGrade;
}

/** What the WMS moved and what the ERP booked for it: of a move once for each of its legs. Keys by number. */
export interface Leg {
  readonly wmsKey: number;
  readonly erpKey: number;
  readonly moved: number;
  readonly booked: number;
}

/** One document of both sides, mostly one entry each, that the ERP posted differently. */
export interface Altered {
  readonly kind: 'altered';
  readonly wms: readonly Entry[];
  readonly erp: readonly Entry[];
  readonly grade: EvidenceGrade;
  readonly legs: readonly [Leg, ...Leg[]];
}

export type Residual = Missing | Extra | Altered;

/** What the residual adds to the variance of each key: what stands behind a cut-off is in no balance yet. */
export function effectOf(residual: Residual): Part[] {
  return effectOfEntries(wmsOf(residual), erpOf(residual));
}

export function effectOfEntries(wms: readonly Entry[], erp: readonly Entry[]): Part[] {
  const isHeld = ({ period }: Entry): boolean => period !== 'behind';
  const sums = new Map<number, number>();
  addParts(sums, wms.filter(isHeld), 1);
  addParts(sums, erp.filter(isHeld), -1);
  return partsOfSums(sums);
}

export function wmsOf(residual: Residual): readonly Entry[] {
  if (residual.kind === 'extra') return [];
  return residual.kind === 'missing' ? [residual.wms] : residual.wms;
}

export function erpOf(residual: Residual): readonly Entry[] {
  if (residual.kind === 'missing') return [];
  return residual.kind === 'extra' ? [residual.erp] : residual.erp;
}

/** How the entries of one document differ, leg by leg, a leg that the ERP lacks as one of 0; undefined where they have too little in common to be compared. */
export function compareEntries(
  wms: readonly Entry[],
  erp: readonly Entry[],
  grade: EvidenceGrade,
  item: ItemCase,
): Altered | undefined {
  const moved = sumOf(wms);
  const free = sumOf(erp);
  if (free.length === 0 || moved.length < free.length) return undefined;
  const isHalf = moved.length > free.length;
  const legs: Leg[] = [];
  for (const part of moved) {
    const at = isHalf ? free.findIndex((other) => isEqual(other, part)) : bestLeg(part, free, item);
    const booked = free[at] ?? { key: part.key, quantity: 0 };
    if (at >= 0) free.splice(at, 1);
    legs.push({ wmsKey: part.key, erpKey: booked.key, moved: part.quantity, booked: booked.quantity });
  }
  if (free.length > 0) return undefined;
  const [first, ...more] = legs;
  return first === undefined ? undefined : { kind: 'altered', wms, erp, grade, legs: [first, ...more] };
}

function isEqual(a: Part, b: Part): boolean {
  return a.key === b.key && a.quantity === b.quantity;
}

/** The leg of the other side that is most like a part: of its key, else of its category, else of its direction. */
function bestLeg(part: Part, legs: readonly Part[], item: ItemCase): number {
  const { category } = item.keyAt(part.key);
  const likeness = legs.map(({ key, quantity }) => {
    if (key === part.key) return 3;
    return (item.keyAt(key).category === category ? 2 : 0) + (quantity > 0 === part.quantity > 0 ? 1 : 0);
  });
  return likeness.indexOf(Math.max(...likeness));
}

function sumOf(entries: readonly Entry[]): Part[] {
  const [only, ...more] = entries;
  if (only !== undefined && more.length === 0) return [...only.parts];
  const sums = new Map<number, number>();
  addParts(sums, entries, 1);
  return partsOfSums(sums);
}

export type Dimension = 'site' | 'owner' | 'lot' | 'category';

/** In what the keys of both sides differ, the same for all legs; undefined where their legs differ in different things. */
export function dimensionsOf({ legs }: Altered, item: ItemCase): readonly Dimension[] | undefined {
  const [first, ...others] = legs.map(({ wmsKey, erpKey }) => {
    const [wms, erp] = [item.keyAt(wmsKey), item.keyAt(erpKey)];
    return (['site', 'owner', 'lot', 'category'] as const).filter((dimension) => wms[dimension] !== erp[dimension]);
  });
  return others.every((one) => one.join() === first?.join()) ? first : undefined;
}

/** Whether both sides name the same keys, and the quantities of each leg differ. */
export function isOtherQuantity({ legs }: Altered): boolean {
  return legs.every(({ wmsKey, erpKey, moved, booked }) => wmsKey === erpKey && moved !== booked);
}

/** Whether both sides name the same quantities, and the keys of each leg differ. */
export function isOtherKey({ legs }: Altered): boolean {
  return legs.every(({ wmsKey, erpKey, moved, booked }) => wmsKey !== erpKey && moved === booked);
}

/** Decides which share of the items a row of evidence belongs to, by the item code that it carries. Never reads a row. */
import { resolveItem } from '../../core/normalize/master-data.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { EvidenceInput } from './evidence-input.ts';

/** No share has the item. */
export const NOBODY = -1;
/** Any share may need the row: it names no item, or its code means items of several shares. */
export const EVERYBODY = -2;

export class ItemShares {
  private readonly plan: Plan;
  private readonly shares: ReadonlyMap<string, number>;

  /** Item → number of its share, from 0 up. */
  constructor(plan: Plan, shares: ReadonlyMap<string, number>) {
    this.plan = plan;
    this.shares = shares;
  }

  /** Share of an item code as an input writes it. A message may use the code of any system. */
  ofCode({ kind, rules }: EvidenceInput, code: string): number {
    const { plan, shares } = this;
    if (kind !== 'messages') return shares.get(resolveItem(rules.system, code, plan.master)) ?? NOBODY;
    if (code.trim() === '') return EVERYBODY;
    let found = NOBODY;
    for (const { id } of plan.systems) {
      const share = shares.get(resolveItem(id, code, plan.master)) ?? NOBODY;
      if (share === NOBODY || share === found) continue;
      if (found !== NOBODY) return EVERYBODY;
      found = share;
    }
    return found;
  }
}

/** Puts together what is shown of one item from what a run knows of it. Never reads or explains anything. */
import type { RunDocument } from '../contract/run.ts';
import type { ItemEvidence } from '../core/explain/evidence.ts';
import { assert } from '../core/model/failure.ts';
import type { StatusQuantity } from '../engine/comparison-input.ts';
import type { KeptExplanation } from './keep-explanations.ts';
import type { KeptBalance, KeptItem } from './kept-item.ts';

/** Descriptions, units and costs are on the lines of the run; an item in sync has none. */
export type KeptDetails = Omit<KeptItem, 'description' | 'uom' | 'unitCost'>;

/** `run` is one that explained its discrepancies. */
export function keptDetails(
  run: RunDocument,
  { item, keys }: KeptExplanation,
  evidence: ItemEvidence | undefined,
  balances: readonly StatusQuantity[],
): KeptDetails {
  const frame = run.explanation;
  assert(frame !== undefined, `run ${run.run_id} explains its discrepancies`);
  const named = new Set(keys.flatMap(({ findingIds }) => findingIds));
  const { erp_ledger: erpLedger, wms_ledger: wmsLedger, messages } = frame.given;
  return {
    item,
    quantityDecimals: frame.quantity_decimals,
    categories: frame.categories,
    keys,
    balances: balances.map((balance) => ({
      ...balance,
      role: frame.erp_systems.includes(balance.system) ? 'erp' : 'wms',
    })),
    postings: evidence?.postings ?? [],
    messages: evidence?.messages ?? [],
    findings: run.findings.filter(({ id }) => named.has(id)),
    cutOffs: frame.cut_offs,
    openings: frame.openings === null ? undefined : { at: frame.openings, balances: openingsOf(evidence) },
    given: { erpLedger, wmsLedger, messages },
  };
}

/** What both sides held of each key at the opening. */
function openingsOf(evidence: ItemEvidence | undefined): KeptBalance[] {
  return (evidence?.keys ?? []).flatMap(({ site, owner, lot, category, opening }) =>
    opening === undefined
      ? []
      : (['erp', 'wms'] as const).map((role) => ({
          ...{ role, system: '', status: '', site, owner, lot, category },
          quantity: opening[role],
        })),
  );
}

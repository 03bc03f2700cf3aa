/** Decides how what balances prove by themselves is put into words: breaks of a ledger, and a difference at the opening. Never computes either. */
import { causeOf } from './causes/precedence.ts';
import { plainDraft } from './draft.ts';
import type { Contribution } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { KeyAccount } from './key-account.ts';
import { confidenceOf } from './priors.ts';
import { balanceProof } from './proof.ts';

/** Contributions of a key, none of 0. `opening` is what is left of the difference at the opening. */
export function balanceDrafts(
  { wmsBreak, erpBreak }: KeyAccount,
  opening: number,
  key: number,
  item: ItemCase,
): Contribution[] {
  const drafts: Contribution[] = [];
  if (wmsBreak) drafts.push(breakOf('wms-ledger-break', wmsBreak, item));
  if (erpBreak) drafts.push(breakOf('erp-ledger-break', erpBreak, item));
  if (opening !== 0) drafts.push(openingOf(opening, key, item));
  return drafts;
}

function breakOf(cause: 'wms-ledger-break' | 'erp-ledger-break', quantity: number, item: ItemCase): Contribution {
  const system = cause === 'wms-ledger-break' ? 'WMS' : 'ERP';
  const says = `the ${system}’s balance is ${item.signed(quantity)} off its own movements since the opening`;
  const action =
    system === 'WMS'
      ? `Trace who changed the WMS balance by ${item.signed(quantity)} without a movement, and count.`
      : `Ask the ERP’s support why its balance is ${item.signed(quantity)} off its own movements.`;
  const confidence = confidenceOf(cause, 'reference', item.traits.resolved);
  return {
    ...plainDraft(cause, confidence, causeOf(cause).side, undefined, [balanceProof(says)], action),
    quantity: system === 'WMS' ? quantity : -quantity,
  };
}

function openingOf(quantity: number, key: number, item: ItemCase): Contribution {
  const confidence = confidenceOf('opening-difference', 'reference', item.traits.resolved);
  const at = item.openingOf('wms', item.keyAt(key).site);
  const says = `at the opening the WMS held ${item.signed(quantity)} against the ERP`;
  const action = `Count the item; the sides have differed by ${item.signed(quantity)} since the opening.`;
  return { ...plainDraft('opening-difference', confidence, 'count', at, [balanceProof(says)], action), quantity };
}

/** The cause `shipment-unconfirmed`: a shipment stands in one of the systems only. Never one whose message was lost or rejected. */
import type { Cause, Fit } from '../cause.ts';
import type { Posting } from '../evidence.ts';
import type { ItemCase } from '../item-case.ts';
import type { Entry } from '../ledger-entry.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { MOVEMENT_TYPES } from '../movement-type.ts';
import { entryProof, nameOf, postingProof } from '../proof.ts';
import type { Extra, Missing } from '../residual.ts';

const OUTWARD: ReadonlySet<string> = new Set(['shipment', 'transfer-out']);

export const shipmentUnconfirmed: Cause = {
  code: 'shipment-unconfirmed',
  title: 'Shipment unconfirmed',
  meaning:
    'The WMS shipped, and the ERP still has the order open; or the shipment was cancelled in the WMS, and the ERP has issued it.',
  clue: 'A shipment in one ledger only, without a message that would tell of it.',
  test: 'WMS shipped, ERP still open: v = −shipped. Cancelled in the WMS, issued in the ERP: v = +shipped.',
  side: 'erp',
  resolution: 'Confirm the shipment in the ERP, or reverse its issue.',
  example: {
    story: 'The WMS shipped order SO1; no message was made of it, and the ERP has the order open.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>80
wms 11-21 09:00 shipment -20 ref=SO1
`,
    expected: `
A: shipment-unconfirmed -20
`,
  },
  judge(residual, item) {
    if (residual.kind === 'missing') return judgeMissing(residual, item);
    return residual.kind === 'extra' ? judgeCancelled(residual, item) : undefined;
  },
};

function judgeMissing(residual: Missing, item: ItemCase): Fit | undefined {
  const { wms } = residual;
  if (!isUntold(residual)) return undefined;
  const { type, quantity } = wms.first;
  if (type === 'reversal' && quantity > 0)
    return tellMissing(
      residual,
      item,
      0.1,
      `Reverse the issue of ${nameOf(wms)} in the ERP; the WMS took the shipment back.`,
    );
  const isUntyped = !MOVEMENT_TYPES.has(type) && quantity < 0;
  if (!OUTWARD.has(type) && !isUntyped) return undefined;
  return tellMissing(
    residual,
    item,
    chanceOfType(!isUntyped),
    `Confirm shipment ${nameOf(wms)} of ${item.units(quantity)} in the ERP; it still has it open.`,
  );
}

/** The ERP issued what the WMS cancelled: of the document the WMS has steps that lead to nothing. */
function judgeCancelled({ erp }: Extra, item: ItemCase): Fit | undefined {
  const { type, quantity } = erp.first;
  if (quantity >= 0 || (MOVEMENT_TYPES.has(type) && !OUTWARD.has(type))) return undefined;
  const steps = cancelledSteps(erp, item);
  // Without a step of it in the WMS, an order that the WMS does not know at all may have been cancelled before.
  if (steps.length === 0 && (!OUTWARD.has(type) || erp.reference === '' || erp.isTied)) return undefined;
  return {
    chance: steps.length > 0 ? 0.005 : 0.3,
    tell: () => ({
      proofs: [
        entryProof(erp, `the ERP issued ${item.units(quantity)}, and the WMS did not ship it`),
        ...steps.slice(-2).map((step) => postingProof(step, 'a step of it that the WMS took back')),
      ],
      action: `Reverse the issue ${erp.first.movementId || nameOf(erp)} in the ERP; the WMS did not ship it.`,
    }),
  };
}

/** Movements of the document in the WMS, where they leave all balances as they were: it was picked and put back. */
function cancelledSteps({ first, reference: number }: Entry, item: ItemCase): readonly Posting[] {
  const isOfDocument = ({ reference, reason, quantity, postedAt }: Posting): boolean =>
    number === ''
      ? /cancel/i.test(reason) &&
        Math.abs(quantity) === Math.abs(first.quantity) &&
        Math.abs(first.postedAt - postedAt) <= CANCELLED_WITHIN_MS
      : reference === number;
  const steps = item.evidence.postings.filter(
    (posting) =>
      posting.role === 'wms' &&
      posting.site === first.site &&
      posting.lot === first.lot &&
      posting.owner === first.owner &&
      isOfDocument(posting),
  );
  return steps.reduce((all, { quantity }) => all + quantity, 0) === 0 ? steps : [];
}

const CANCELLED_WITHIN_MS = 12 * 3_600_000;

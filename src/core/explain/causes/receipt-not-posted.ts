/** The cause `receipt-not-posted`: the WMS received what the ERP did not book, or not in full. Never more than was received. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { MOVEMENT_TYPES } from '../movement-type.ts';
import { nameOf } from '../proof.ts';
import { isOtherQuantity } from '../residual.ts';

const INWARD: ReadonlySet<string> = new Set(['receipt', 'transfer-in']);

export const receiptNotPosted: Cause = {
  code: 'receipt-not-posted',
  title: 'Receipt not posted',
  meaning: 'The WMS received goods, and the ERP booked nothing, or only up to the tolerance of the purchase order.',
  clue: 'A receipt in the WMS only, or a smaller one in the ERP.',
  test: 'WMS received, ERP did not, or was capped at the tolerance of the purchase order; v = received − booked.',
  side: 'erp',
  resolution: 'Correct the purchase order, and post the receipt.',
  example: {
    story: '110 were received against an order of 100; the ERP booked up to its tolerance of 105.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 0>105 wms 0>110
wms 11-21 09:00 receipt +110 ref=PO1
erp 11-21 09:05 receipt +105 ref=PO1
`,
    expected: `
A: receipt-not-posted +5
`,
  },
  judge(residual, item) {
    if (residual.kind === 'missing') {
      const { type, quantity } = residual.wms.first;
      const isUntyped = !MOVEMENT_TYPES.has(type) && quantity > 0;
      if (!isUntold(residual) || !(INWARD.has(type) || isUntyped)) return undefined;
      return tellMissing(
        residual,
        item,
        chanceOfType(!isUntyped),
        `Post receipt ${nameOf(residual.wms)} of ${item.units(quantity)} in the ERP; check its purchase order first.`,
      );
    }
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    const { wms } = residual;
    const [{ moved, booked }, ...more] = residual.legs;
    if (!wms.every(({ first }) => INWARD.has(first.type)) || more.length > 0 || booked <= 0 || booked >= moved)
      return undefined;
    const chance = booked * 2 >= moved ? 0.1 : 0.25;
    return tellAltered(
      residual,
      item,
      chance,
      'less than was received',
      `Post the remaining ${item.units(moved - booked)} of receipt ${nameOf(wms[0] as never)}; raise the purchase order first.`,
    );
  },
};

/** The cause `lot-swapped`: the right quantity of the wrong lot. Never says which label is right. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { dimensionsOf, isOtherKey } from '../residual.ts';

export const lotSwapped: Cause = {
  code: 'lot-swapped',
  title: 'Lot swapped',
  meaning: 'Both sides booked the same document, each on another lot of the item.',
  clue: 'Two lots with opposite variances; the item’s total agrees.',
  test: 'The same document and quantity on two lots; the sum over lots is 0.',
  side: 'erp',
  resolution: 'Check the label on the goods, and correct the side that is wrong.',
  example: {
    story: 'A pallet of lot L1 was booked in the ERP as lot L2.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance lot=L1 erp 0>0 wms 0>40
balance lot=L2 erp 0>40 wms 0>0
wms 11-21 09:00 receipt +40 ref=PO1 lot=L1
erp 11-21 09:05 receipt +40 ref=PO1 lot=L2
`,
    expected: `
A lot L1: lot-swapped +40
A lot L2: lot-swapped -40
`,
  },
  judge(residual, item) {
    if (residual.kind === 'missing') {
      if (residual.wms.first.type !== 'lot-change' || !isUntold(residual)) return undefined;
      return tellMissing(
        residual,
        item,
        chanceOfType(true),
        'Post the change of lot in the ERP as a transfer between lots.',
      );
    }
    if (residual.kind !== 'altered' || !isOtherKey(residual)) return undefined;
    if (dimensionsOf(residual, item)?.join() !== 'lot') return undefined;
    const [{ wmsKey, erpKey, moved }] = residual.legs;
    const [wms, erp] = [item.keyAt(wmsKey).lot, item.keyAt(erpKey).lot];
    return tellAltered(
      residual,
      item,
      0.01,
      `on lot ${erp}, not ${wms}`,
      `Check the label of lot ${wms} and ${erp}, then transfer ${item.units(moved)} between the lots on the side that is wrong.`,
    );
  },
};

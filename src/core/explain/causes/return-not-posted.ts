/** The cause `return-not-posted`: the WMS took a return that the ERP does not know. Never one whose message was lost or rejected. */
import type { Cause } from '../cause.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { nameOf } from '../proof.ts';

export const returnNotPosted: Cause = {
  code: 'return-not-posted',
  title: 'Return not posted',
  meaning: 'The WMS took back goods for which the ERP has no return order.',
  clue: 'A return in the WMS only, often in an unavailable category.',
  test: 'A WMS return without a message has no ERP posting; v = q.',
  side: 'erp',
  resolution: 'Create the return order in the ERP, and post it.',
  example: {
    story: 'A customer returned 3 units without a return order in the ERP.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance category=unavailable erp 0>0 wms 0>3
wms 11-21 09:00 return +3 ref=RMA1 category=unavailable
`,
    expected: `
A unavailable: return-not-posted +3
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing' || residual.wms.first.type !== 'return' || !isUntold(residual)) return undefined;
    const { wms } = residual;
    return tellMissing(
      residual,
      item,
      chanceOfType(true),
      `Create the return order for ${nameOf(wms)} in the ERP and post ${item.units(wms.first.quantity)}.`,
    );
  },
};

/** The cause `count-not-sent`: a cycle count corrected the WMS, and the ERP was never told. Never a count whose message exists. */
import type { Cause } from '../cause.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { nameOf } from '../proof.ts';

export const countNotSent: Cause = {
  code: 'count-not-sent',
  title: 'Count not sent',
  meaning: 'A cycle count adjusted the WMS, and the adjustment waits for approval or was never sent.',
  clue: 'A WMS count adjustment without a message.',
  test: 'A WMS cycle-count adjustment has neither a message nor an ERP posting; v = adjustment.',
  side: 'erp',
  resolution: 'Approve the count, and send it.',
  example: {
    story: 'A cycle count found 4 units less; the ERP was never told.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>90 wms 100>86
wms 11-21 09:00 shipment -10 ref=SO1
erp 11-21 09:05 shipment -10 ref=SO1
wms 11-21 15:00 count -4 id=C1
`,
    expected: `
A: count-not-sent -4
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing' || residual.wms.first.type !== 'count' || !isUntold(residual)) return undefined;
    const { wms } = residual;
    return tellMissing(
      residual,
      item,
      chanceOfType(true),
      `Approve count ${nameOf(wms)} (${item.signed(wms.first.quantity)}) and send it to the ERP.`,
    );
  },
};

/** The cause `kit-not-posted`: the WMS built a kit, and the ERP did not book it. The ratio of its components is tested in explain-across.ts. */
import type { Cause } from '../cause.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { nameOf } from '../proof.ts';

export const kitNotPosted: Cause = {
  code: 'kit-not-posted',
  title: 'Kit not posted',
  meaning: 'The WMS built kits from components, and the ERP booked neither the consumption nor the kits.',
  clue: 'Components too high and the kit too low in the ERP, in the ratio of the bill of materials.',
  test: 'Consumption and production of one kit order without ERP postings; components off in the ratio of the bill of materials for the same n kits.',
  side: 'erp',
  resolution: 'Post the consumption and the kits in the ERP.',
  example: {
    story: 'Ten kits KIT were built from 20 of A and 10 of B; the ERP booked nothing.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance item=A erp 100>100 wms 100>80
balance item=B erp 100>100 wms 100>90
balance item=KIT erp 0>0 wms 0>10
wms 11-21 09:00 kit-consume -20 id=K1 item=A
wms 11-21 09:00 kit-consume -10 id=K1 item=B
wms 11-21 09:00 kit-produce +10 id=K1 item=KIT
`,
    expected: `
A: kit-not-posted -20
B: kit-not-posted -10
KIT: kit-not-posted +10
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing') return undefined;
    const { wms, verdict } = residual;
    // The ERP says that it applied the message, and booked the kits only.
    if (!isUntold(residual) && verdict?.fate !== 'applied' && verdict?.fate !== 'partial') return undefined;
    if (wms.first.type !== 'kit-consume' && wms.first.type !== 'kit-produce') return undefined;
    return tellMissing(
      residual,
      item,
      chanceOfType(true),
      `Post kit order ${nameOf(wms)} in the ERP: ${item.signed(wms.first.quantity)} of this item.`,
    );
  },
};

/** The cause `site-cross-posted`: the right quantity at the wrong site or for the wrong owner. Never a transfer that is on its way. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { dimensionsOf, isOtherKey } from '../residual.ts';

export const siteCrossPosted: Cause = {
  code: 'site-cross-posted',
  title: 'Posted at the wrong site or owner',
  meaning: 'The ERP booked a document of one site at another one, or for another owner.',
  clue: 'The same item with opposite variances at two sites.',
  test: 'The same document and quantity at two sites or owners; the sum over sites (or owners) is 0.',
  side: 'erp',
  resolution: 'Transfer in the ERP, and correct the mapping of sites or owners.',
  example: {
    story: 'A shipment of DC1 was issued in the ERP at DC2.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>85
balance site=DC2 erp 50>35 wms 50>50
wms 11-21 09:00 shipment -15 ref=SO1
erp 11-21 09:05 shipment -15 ref=SO1 site=DC2
`,
    expected: `
A DC2: site-cross-posted +15
A: site-cross-posted -15
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherKey(residual)) return undefined;
    const dimensions = dimensionsOf(residual, item) ?? [];
    if (dimensions.length === 0 || !dimensions.every((dimension) => dimension === 'site' || dimension === 'owner'))
      return undefined;
    const [{ wmsKey, erpKey, moved }] = residual.legs;
    const [wms, erp] = [item.keyAt(wmsKey), item.keyAt(erpKey)];
    const name = dimensions.includes('site')
      ? `site ${erp.site}, not ${wms.site}`
      : `owner ${erp.owner}, not ${wms.owner}`;
    return tellAltered(
      residual,
      item,
      0.01,
      `at ${name}`,
      `Transfer ${item.signed(moved)} in the ERP to where the WMS moved it: it stands at ${name}.`,
    );
  },
};

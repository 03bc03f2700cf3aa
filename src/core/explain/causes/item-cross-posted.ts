/** The cause `item-cross-posted`: the right quantity on the wrong item. It is seen on two items only (explain-across.ts). */
import type { Cause } from '../cause.ts';

export const itemCrossPosted: Cause = {
  code: 'item-cross-posted',
  title: 'Posted on the wrong item',
  meaning: 'The ERP booked a document of one item on another one.',
  clue: 'Two items with opposite variances since the same moment.',
  test: 'The same reference on another item; v of i = −v of j. Without references: same site, quantity and time, and only one such partner.',
  side: 'erp',
  resolution: 'Transfer in the ERP from one item to the other, and correct the cross-reference.',
  example: {
    story: 'Item A was shipped, and the ERP issued item B for the same order.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>85
balance item=B erp 50>35 wms 50>50
wms 11-21 09:00 shipment -15 ref=SO1
erp 11-21 09:05 shipment -15 ref=SO1 item=B
`,
    expected: `
A: item-cross-posted -15
B: item-cross-posted +15
`,
  },
};

/** The cause `item-alias-missing`: two codes of one item. It is seen on two items only (explain-across.ts). */
import type { Cause } from '../cause.ts';

export const itemAliasMissing: Cause = {
  code: 'item-alias-missing',
  title: 'Item alias missing',
  meaning: 'Both systems hold the item, each under a code of its own, and no alias ties the two.',
  clue: 'An item that only one side knows, beside one that only the other side knows, with nearly the same code.',
  test: 'The key is on one side only, and its normalised code (without punctuation and leading zeros) has a twin on the other side; v = all of it.',
  side: 'map',
  resolution: 'Add the alias to the item map. Nothing is posted.',
  example: {
    story: 'The WMS calls the item SKU-008, the ERP SKU8.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance item=SKU-008 wms 30>25
wms 11-21 09:00 shipment -5 ref=SO1 item=SKU-008
balance item=SKU8 erp 30>25
erp 11-21 09:05 shipment -5 ref=SO1 item=SKU8
`,
    expected: `
SKU-008: item-alias-missing +25
SKU8: item-alias-missing -25
`,
  },
};

/** The cause `opening-difference`: a variance that is older than the ledgers. It is computed per key (key-account.ts). */
import type { Cause } from '../cause.ts';

export const openingDifference: Cause = {
  code: 'opening-difference',
  title: 'Opening difference',
  meaning: 'The sides differed already at the opening snapshots, and nothing since explains it.',
  clue: 'A variance that has not changed since the first snapshot.',
  test: 'v is constant since the first snapshot, and both ledgers hold; movements that were on their way at the opening are taken off.',
  side: 'count',
  resolution: 'Count, and true up with approval.',
  example: {
    story:
      'The ERP held 4 units more at the opening already. A shipment that was on its way at the opening is no part of it.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 106>100 wms 100>96
erp 11-20 00:10 shipment -2 ref=SO0 event=00:00
wms 11-21 09:00 shipment -4 ref=SO1
erp 11-21 09:05 shipment -4 ref=SO1
`,
    expected: `
A: opening-difference -4
`,
  },
};

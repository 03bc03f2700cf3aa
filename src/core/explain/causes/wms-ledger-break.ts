/** The cause `wms-ledger-break`: a WMS balance that its own movements do not lead to. It is computed per key (key-account.ts). */
import type { Cause } from '../cause.ts';

export const wmsLedgerBreak: Cause = {
  code: 'wms-ledger-break',
  title: 'WMS ledger does not add up',
  meaning:
    'The WMS shows a balance that its opening balance and its movements do not add up to: somebody edited the balance, or movements are missing from its ledger.',
  clue: 'Replaying the WMS ledger from the opening gives another figure than the snapshot.',
  test: 'WMS closing ≠ opening + movements; v = break.',
  side: 'wms',
  resolution: 'Trace the edit, and count.',
  example: {
    story: 'Somebody edited the WMS’s balance in the database: 3 units more, without a movement.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>90 wms 100>93
wms 11-21 09:00 shipment -10 ref=SO1
erp 11-21 09:05 shipment -10 ref=SO1
`,
    expected: `
A: wms-ledger-break +3
`,
  },
};

/** The cause `erp-ledger-break`: an ERP balance that its own movements do not lead to. It is computed per key (key-account.ts). */
import type { Cause } from '../cause.ts';

export const erpLedgerBreak: Cause = {
  code: 'erp-ledger-break',
  title: 'ERP ledger does not add up',
  meaning: 'The ERP shows a balance that its opening balance and its movements do not add up to.',
  clue: 'Replaying the ERP ledger from the opening gives another figure than the snapshot.',
  test: 'ERP closing ≠ opening + movements; v = −break.',
  side: 'erp',
  resolution: 'Ask the ERP’s support.',
  example: {
    story: 'The ERP’s balance fell by 7 units more than its documents say.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>83 wms 100>90
wms 11-21 09:00 shipment -10 ref=SO1
erp 11-21 09:05 shipment -10 ref=SO1
`,
    expected: `
A: erp-ledger-break +7
`,
  },
};

/** The cause `scope-mismatch`: an extract that leaves out a kind of inventory. It is a fault of the whole run (systemic/). */
import type { Cause } from '../cause.ts';

export const scopeMismatch: Cause = {
  code: 'scope-mismatch',
  title: 'Scope mismatch',
  meaning: 'One side’s extract leaves out what the other one’s holds: allocated units, the dock, or excluded bins.',
  clue: 'Most keys are out by their allocated, dock or excluded quantity.',
  test: 'v = ± allocated, dock or excluded-bin quantity on most keys.',
  side: 'map',
  resolution: 'Correct the extraction. Nothing is posted.',
  example: {
    story: 'The ERP’s extract leaves out the storage location of the dock, which the WMS counts as available.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
trait scope erp DOCK
balance erp 88>80 wms 100>110
status wms AVAILABLE 80
status wms DOCK 30
wms 11-21 10:00 shipment -8 ref=SO1 status=AVAILABLE
erp 11-21 10:05 shipment -8 ref=SO1
wms 11-21 15:00 receipt +18 ref=PO1 status=DOCK
erp 11-21 15:05 receipt +18 ref=PO1
`,
    expected: `
A: scope-mismatch +30
`,
  },
};

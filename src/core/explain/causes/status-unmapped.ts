/** The cause `status-unmapped`: a native status that no category takes, or the wrong one. It is a fault of the whole run (systemic/). */
import type { Cause } from '../cause.ts';

export const statusUnmapped: Cause = {
  code: 'status-unmapped',
  title: 'Status unmapped',
  meaning:
    'A native stock status belongs to no category, or to the wrong one, so all its units are missing from one side of the comparison.',
  clue: 'Every key that holds one native status is out by all of it.',
  test: 'v = ± all units in one native status, on every key that holds it.',
  side: 'map',
  resolution: 'Correct the map of statuses. Nothing is posted.',
  example: {
    story:
      'The WMS begins to use the status QHOLD, which no category takes; 12 units moved there from QUALITY, and the ERP holds both as unavailable.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
trait unmapped wms QHOLD category=unavailable
balance category=unavailable erp 40>40 wms 40>28
status wms QUALITY 28
status wms QHOLD 12
wms 11-21 09:00 status-change -12 id=W1 status=QUALITY category=unavailable
wms 11-21 09:00 status-change +12 id=W1 status=QHOLD category=none
`,
    expected: `
A unavailable: status-unmapped -12
`,
  },
};

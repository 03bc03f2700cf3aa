/** The cause `snapshot-stale`: a snapshot older than it says. It is a fault of the whole run (systemic/). */
import type { Cause } from '../cause.ts';

export const snapshotStale: Cause = {
  code: 'snapshot-stale',
  title: 'Stale snapshot',
  meaning: 'One side’s snapshot was taken earlier than it says, so nearly every key that moved since is out.',
  clue: 'Nearly all keys with movements after one moment are out by exactly these.',
  test: 'v of at least 95% of the keys = one side’s movements after one time t0.',
  side: 'none',
  resolution: 'The run is refused. Fetch the snapshot again.',
  example: {
    story: 'The WMS export of 22 November was taken at 18:00 the day before, although it says midnight.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
trait stale wms 11-21 18:00
balance erp 100>70 wms 100>90
wms 11-21 10:00 shipment -10 ref=SO1
erp 11-21 10:05 shipment -10 ref=SO1
wms 11-21 19:00 shipment -20 ref=SO2
erp 11-21 19:05 shipment -20 ref=SO2
`,
    expected: `
A: snapshot-stale +20
`,
  },
};

/** The cause `cutoff-time-zone`: a cut-off in the wrong time zone. It is a fault of the whole run (systemic/). */
import type { Cause } from '../cause.ts';

export const cutoffTimeZone: Cause = {
  code: 'cutoff-time-zone',
  title: 'Cut-off in the wrong time zone',
  meaning: 'The time of one side’s snapshot was read in the wrong time zone, so the cut-offs lie whole hours apart.',
  clue: 'As a stale snapshot, by the same whole number of hours every day.',
  test: 'As snapshot-stale, with a whole-hour offset from the stated cut-off.',
  side: 'map',
  resolution: 'Correct the time zone of the source. Nothing is posted.',
  example: {
    story:
      'The ERP’s midnight is read as UTC and is 18:00 in Chicago, so its snapshot is six hours older than the WMS’s.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
trait hours erp 6
balance erp 100>90 wms 100>70
wms 11-21 10:00 shipment -10 ref=SO1
erp 11-21 10:05 shipment -10 ref=SO1
wms 11-21 19:00 shipment -20 ref=SO2
erp 11-21 19:05 shipment -20 ref=SO2
`,
    expected: `
A: cutoff-time-zone -20
`,
  },
};

/** The cause `in-flight`: only on its way. What is in flight is decided before, by compare/in-flight.ts; here it only has its words. */
import type { Cause } from '../cause.ts';

export const inFlight: Cause = {
  code: 'in-flight',
  title: 'In flight',
  meaning:
    'One side has booked the movement, and the other could not have done so yet: its message is pending and younger than the interface’s allowed lag, or its posting stands behind the cut-off.',
  clue: 'A young movement near the cut-off without its counterpart.',
  test: 'The message is pending and younger than the allowed lag, or the counterpart was posted behind the cut-off; v = q.',
  side: 'none',
  resolution: 'Nothing is posted. Check again after the lag.',
  example: {
    story: 'A shipment ten minutes before the cut-off; the interface may take four hours.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00 lag 30 945 240
balance erp 100>100 wms 100>95 in-flight=-5
wms 11-21 23:50 shipment -5 ref=SO1 msg=M1
message M1 11-21 23:51 sent -5 ref=SO1
`,
    expected: `
A: in-flight -5
`,
  },
};

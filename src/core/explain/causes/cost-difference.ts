/** The cause `cost-difference`: a difference of value only. It never makes a variance in units. */
import type { Cause } from '../cause.ts';

export const costDifference: Cause = {
  code: 'cost-difference',
  title: 'Cost difference',
  meaning: 'Both sides hold the same units at different values.',
  clue: 'Units agree, value does not.',
  test: 'Units agree, value differs; v = 0 in units.',
  side: 'none',
  resolution: 'Hand it to finance.',
  example: {
    story: 'Both sides hold 100 at different values; there is no variance in units, and nothing to explain.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>100
`,
    expected: `

`,
  },
};

/** The cause `unexplained`: what is left. Nothing is called for it. */
import type { Cause } from '../cause.ts';

export const unexplained: Cause = {
  code: 'unexplained',
  title: 'Unexplained',
  meaning: 'The evidence does not prove any cause with a confidence of at least .5.',
  clue: 'What the other causes leave of a variance.',
  test: 'v less the contributions of all causes.',
  side: 'count',
  resolution: 'Count the item; the three best hypotheses say what to look at.',
  example: {
    story: 'The ERP booked 37 for a receipt of 20. No pack, no digits and no order give 37.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
packs 12
balance erp 0>37 wms 0>20
wms 11-21 09:00 receipt +20 ref=PO1
erp 11-21 09:05 receipt +37 ref=PO1
`,
    expected: `
A: unexplained -17
`,
  },
};

/** The cause `sign-reversed`: the ERP booked in what went out, or out what came in. Never a reversal of something. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { isOtherQuantity } from '../residual.ts';

export const signReversed: Cause = {
  code: 'sign-reversed',
  title: 'Sign reversed',
  meaning:
    'The ERP booked the right quantity in the wrong direction: the movement type or the sign of the message was taken the other way round.',
  clue: 'The variance is twice the quantity of a document.',
  test: 'qe = −q; v = 2q.',
  side: 'erp',
  resolution: 'Reverse, and repost with the right movement type. Correct the mapping of movement types.',
  example: {
    story: 'A scrapping of 6 raised the ERP’s balance.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>106 wms 100>94
wms 11-21 09:00 scrap -6 ref=ADJ1
erp 11-21 09:05 scrap +6 ref=ADJ1
`,
    expected: `
A: sign-reversed -12
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    const { legs, erp } = residual;
    if (!legs.every(({ moved, booked }) => moved === -booked) || erp.some(({ first }) => first.type === 'reversal'))
      return undefined;
    return tellAltered(residual, item, 0.005, 'in the wrong direction');
  },
};

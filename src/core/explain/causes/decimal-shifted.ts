/** The cause `decimal-shifted`: the decimal point slipped. Never a factor that is not a power of ten. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { isOtherQuantity } from '../residual.ts';

export const decimalShifted: Cause = {
  code: 'decimal-shifted',
  title: 'Decimal point shifted',
  meaning: 'A zero too many or too few was keyed, or a decimal separator was misread.',
  clue: 'The same document on both sides, one quantity ten, a hundred or a thousand times the other.',
  test: 'qe = 10^±k·q with k from 1 to 3; v = q·(1 − 10^±k).',
  side: 'erp',
  resolution: 'Correct the side that was keyed by hand, or the number format of the file.',
  example: {
    story: 'A receipt of 25 was keyed as 250.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>350 wms 100>125
wms 11-21 09:00 receipt +25 ref=PO1
erp 11-21 09:05 receipt +250 ref=PO1 user=JDOE
`,
    expected: `
A: decimal-shifted -225
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    const { legs } = residual;
    const [{ moved, booked }] = legs;
    const power = [10, 100, 1000].find(
      (factor) =>
        legs.every((leg) => leg.moved * factor === leg.booked) ||
        legs.every((leg) => leg.booked * factor === leg.moved),
    );
    if (power === undefined) return undefined;
    return tellAltered(residual, item, 0.008, `${Math.abs(booked) > Math.abs(moved) ? 'times' : 'by'} ${power}`);
  },
};

/** The cause `unit-mismatch`: packs were taken for pieces, or pieces for packs. Never a factor that the item's packs do not have. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { isOtherQuantity } from '../residual.ts';

export const unitMismatch: Cause = {
  code: 'unit-mismatch',
  title: 'Unit mismatch',
  meaning:
    'The ERP booked cases where the WMS moved pieces, or the other way round: a pack factor was applied twice or not at all.',
  clue: 'The same document on both sides, one quantity a multiple of the other by a pack of the item.',
  test: 'qe = q·p or q/p, with p from the item’s pack table; v = q·(1 − p) or q·(1 − 1/p).',
  side: 'erp',
  resolution: 'Reverse, and repost in the base unit. Correct the conversion.',
  example: {
    story: 'Twelve pieces were received, and the ERP took them for twelve cases of 12.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
packs 12
balance erp 100>244 wms 100>112
wms 11-21 09:00 receipt +12 ref=PO1
erp 11-21 09:05 receipt +144 ref=PO1
`,
    expected: `
A: unit-mismatch -132
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    const { legs } = residual;
    const [{ moved, booked }] = legs;
    const { packFactors } = item.evidence;
    const scale = 10 ** item.settings.quantityDecimals;
    const factor = packFactors.find(
      (packed) =>
        legs.every((leg) => leg.moved * packed === leg.booked * scale) ||
        legs.every((leg) => leg.booked * packed === leg.moved * scale),
    );
    if (factor === undefined) return undefined;
    const isTooMuch = Math.abs(booked) > Math.abs(moved);
    return tellAltered(
      residual,
      item,
      0.005 * packFactors.length,
      `${isTooMuch ? 'times' : 'by'} the pack of ${item.units(factor)}`,
    );
  },
};

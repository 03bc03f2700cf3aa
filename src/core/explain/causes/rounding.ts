/** The cause `rounding`: the ERP keeps fewer decimals, or weighed goods weigh a little differently. Never a whole unit of counted goods. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import type { ItemCase } from '../item-case.ts';

/** Weighings of one pallet differ by less than this share. */
const WEIGHED_SHARE = 0.02;
/** Any mistake in the last digits lies within that share too: nothing tells it from a second weighing. */
const WEIGHED_CHANCE = 0.05;

export const rounding: Cause = {
  code: 'rounding',
  title: 'Rounding',
  meaning:
    'The ERP books fewer decimals than the WMS, or goods are weighed on both sides; small differences of many documents add up.',
  clue: 'Many small variances with decimals on measured or weighed items.',
  test: 'Each document differs by at most half a unit of the last decimal that the ERP keeps, abs(v) ≤ n·½·10^−d, or by less than the catch-weight tolerance.',
  side: 'none',
  resolution: 'Give the items a tolerance, and true up from time to time.',
  example: {
    story: 'The ERP keeps whole kilograms, the WMS grams; two deliveries leave 0.65 kg.',
    scenario: `
decimals 3
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>76 wms 100>76.65
wms 11-21 09:00 shipment -11.6 ref=SO1
erp 11-21 09:05 shipment -12 ref=SO1
wms 11-21 11:00 shipment -11.75 ref=SO2
erp 11-21 11:05 shipment -12 ref=SO2
`,
    expected: `
A: rounding +0.65
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered') return undefined;
    const areNear = residual.legs.every(
      ({ wmsKey, erpKey, moved, booked }) => wmsKey === erpKey && isNear(moved, booked, item),
    );
    if (!areNear) return undefined;
    const isRounded = residual.legs.every(({ moved, booked }) => isByDecimals(moved, booked, item));
    return tellAltered(
      residual,
      item,
      isRounded ? 0.002 : WEIGHED_CHANCE,
      'rounded',
      'Give the item a tolerance; the difference is rounding.',
    );
  },
};

/** Whether two quantities are the same but for rounding. */
function isNear(moved: number, booked: number, item: ItemCase): boolean {
  const gap = Math.abs(moved - booked);
  if (gap === 0) return true;
  if (moved > 0 !== booked > 0) return false;
  return (item.evidence.isWeighed && gap <= Math.abs(moved) * WEIGHED_SHARE) || isByDecimals(moved, booked, item);
}

/** Whether the ERP's quantity is the WMS's with fewer decimals. */
function isByDecimals(moved: number, booked: number, { settings }: ItemCase): boolean {
  const gap = Math.abs(moved - booked);
  if (gap === 0) return true;
  if (moved > 0 !== booked > 0) return false;
  for (let unit = 10; unit <= 10 ** settings.quantityDecimals; unit *= 10) {
    if (booked % unit === 0 && moved % unit !== 0 && 2 * gap <= unit) return true;
  }
  return false;
}

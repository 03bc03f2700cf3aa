/** The cause `pick-short`: the ERP issued what was ordered, the WMS shipped less. Never more than was booked. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause } from '../cause.ts';
import { isOtherQuantity } from '../residual.ts';

export const pickShort: Cause = {
  code: 'pick-short',
  title: 'Pick short',
  meaning: 'The picker found less than was ordered, and the ERP issued the ordered quantity all the same.',
  clue: 'One shipment with a larger issue in the ERP.',
  test: 'The same shipment, and the ERP booked more than the WMS shipped; v = ordered − shipped.',
  side: 'erp',
  resolution: 'Reverse the excess issue, and confirm what was shipped.',
  example: {
    story: '12 were ordered, 10 were found and shipped, and the ERP issued 12.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>88 wms 100>90
wms 11-21 09:00 shipment -10 ref=SO1
erp 11-21 09:05 shipment -12 ref=SO1
`,
    expected: `
A: pick-short +2
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'altered' || !isOtherQuantity(residual)) return undefined;
    const { wms } = residual;
    const [{ moved, booked }, ...more] = residual.legs;
    const isShipment = wms.every(({ first }) => first.type === 'shipment' || first.type === 'transfer-out');
    if (!isShipment || more.length > 0 || moved >= 0 || booked >= moved) return undefined;
    const isTold = wms.some(({ first }) => /short/i.test(first.reason));
    const chance = isTold ? 0.03 : Math.abs(booked) <= 2 * Math.abs(moved) ? 0.1 : 0.25;
    return tellAltered(
      residual,
      item,
      chance,
      'what was ordered',
      `Reverse ${item.units(booked - moved)} of the issue in the ERP; the WMS shipped ${item.units(moved)} of ${item.units(booked)}.`,
    );
  },
};

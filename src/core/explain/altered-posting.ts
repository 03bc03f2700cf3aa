/** Decides how a document that the ERP booked differently is shown. Never why it differs. */
import type { Fit } from './cause.ts';
import type { ItemCase } from './item-case.ts';
import { entryProofs, nameOf } from './proof.ts';
import type { Altered } from './residual.ts';

/** `why` completes the sentence "the ERP booked 12 instead of 1, …". */
export function tellAltered(residual: Altered, item: ItemCase, chance: number, why: string, remedy = ''): Fit {
  return {
    chance,
    tell() {
      const { wms, erp } = residual;
      const [{ moved, booked }] = residual.legs;
      const document = erp.map(({ first }) => first.movementId || first.reference).filter((id) => id !== '')[0];
      return {
        proofs: [
          ...entryProofs(wms, `the WMS moved ${item.signed(moved)}`),
          ...entryProofs(erp, `the ERP booked ${item.signed(booked)}: ${why}`),
        ],
        action:
          remedy === ''
            ? `Reverse ERP document ${document ?? nameOf(erp[0] ?? (wms[0] as never))} (${item.signed(booked)}) and post ${item.signed(moved)} in its place.`
            : remedy,
      };
    },
  };
}

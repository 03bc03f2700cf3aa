/** Decides how a movement that the ERP never posted is shown: the movement, and its message where there is one. Never why it was not posted. */
import type { Fit } from './cause.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry } from './ledger-entry.ts';
import { entryProof, messageProof } from './proof.ts';
import type { Missing } from './residual.ts';

const ADJUSTMENTS: ReadonlySet<string> = new Set(['adjustment', 'scrap']);

export function isAdjustment({ first }: Entry): boolean {
  return ADJUSTMENTS.has(first.type);
}

/** That the WMS's movement has no twin in the ERP. `chance`: how often it would look so by chance; `action` ends the call. */
export function tellMissing(residual: Missing, item: ItemCase, chance: number, action: string): Fit {
  return {
    chance,
    tell() {
      const { wms, verdict } = residual;
      const proofs = [
        entryProof(wms, `the WMS moved ${item.signed(wms.first.quantity)}, and the ERP has no posting of it`),
      ];
      if (verdict === undefined) return { proofs, action };
      const { line } = verdict;
      const says = `its message is ${line.state}${line.error === '' ? '' : `: ${line.error}`}`;
      return { proofs: [...proofs, messageProof(line, says)], action };
    },
  };
}

/** Chance that a movement without a posting only looks like one of its type's own faults: higher where its type is not told. */
export function chanceOfType(isOfType: boolean): number {
  return isOfType ? 0.01 : 0.4;
}

/** A WMS movement that no message speaks of: then it is named by its document. */
export function isUntold({ verdict }: Missing): boolean {
  return verdict === undefined;
}

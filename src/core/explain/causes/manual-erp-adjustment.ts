/** The cause `manual-erp-adjustment`: somebody changed the ERP by hand. Never a posting of the interface, nor one that has a WMS movement. */
import type { Cause } from '../cause.ts';
import type { ItemCase } from '../item-case.ts';
import type { Entry } from '../ledger-entry.ts';
import { entryProof, nameOf } from '../proof.ts';

const BY_HAND: ReadonlySet<string> = new Set(['adjustment', 'scrap', 'count', 'reversal', 'status-change']);

export const manualErpAdjustment: Cause = {
  code: 'manual-erp-adjustment',
  title: 'Manual adjustment in the ERP',
  meaning: 'A person posted in the ERP, and nothing of the kind happened in the warehouse as the WMS knows it.',
  clue: 'An ERP posting by a user who is not the interface, without a reference of the WMS.',
  test: 'ERP movement x by a user who is not the interface, without a WMS movement; v = −x.',
  side: 'count',
  resolution: 'A count decides which side is right.',
  example: {
    story: 'JDOE booked 5 units more in the ERP without a word to the warehouse.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>105 wms 100>100
erp 11-21 09:00 adjustment +5 user=JDOE
`,
    expected: `
A: manual-erp-adjustment -5
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'extra') return undefined;
    const { erp } = residual;
    const { user, type } = erp.first;
    const { interfaceUsers } = item.traits.habits;
    const isByHand = user !== '' && interfaceUsers.length > 0 && !interfaceUsers.includes(user);
    const isUnknown = user === '' && BY_HAND.has(type);
    if (!isByHand && !isUnknown) return undefined;
    // That somebody adjusts by exactly what was posted a little before is a coincidence, the less likely the rarer the quantity.
    const coincidence = residual.original === undefined ? 1 : Math.max(0.02, item.shareOf(erp.first.quantity));
    return {
      chance: Math.min(1, (isUnknown ? 0.3 : erp.isTied ? 0.2 : takesBack(erp, item) ? 0.1 : 0.01) / coincidence),
      tell: () => ({
        proofs: [
          entryProof(
            erp,
            `${user === '' ? 'somebody' : user} posted ${item.signed(erp.first.quantity)} in the ERP, without a WMS movement`,
          ),
        ],
        action: `Count the item: ERP document ${erp.first.movementId || nameOf(erp)}${user === '' ? '' : ` by ${user}`} has no WMS movement.`,
      }),
    };
  },
};

const TAKEN_BACK_MS = 7 * 86_400_000;

/**
 * Whether it may be the reversal of a posting that time alone tied to a movement: then that movement may be the one without
 * a posting, and nothing was adjusted.
 */
function takesBack(erp: Entry, item: ItemCase): boolean {
  return item.erp.some(
    (other) =>
      other.match?.grade === 'time' &&
      other.at <= erp.at &&
      erp.at - other.at <= TAKEN_BACK_MS &&
      other.parts.length === erp.parts.length &&
      other.parts.every(({ key, quantity }, at) => erp.parts[at]?.key === key && erp.parts[at]?.quantity === -quantity),
  );
}

/** The cause `status-move-missing`: the WMS changed a stock status and the ERP did not. Never a loss of units. */
import { tellAltered } from '../altered-posting.ts';
import type { Cause, Fit } from '../cause.ts';
import type { ItemCase } from '../item-case.ts';
import { chanceOfType, tellMissing } from '../missing-posting.ts';
import { nameOf } from '../proof.ts';
import type { Altered, Leg } from '../residual.ts';

export const statusMoveMissing: Cause = {
  code: 'status-move-missing',
  title: 'Status move missing',
  meaning:
    'The WMS moved units from one stock status to another, and the ERP did not follow, or only with one of the two legs.',
  clue: 'Opposite variances of one item in two categories; the item’s total agrees.',
  test: 'A WMS status move has no ERP twin; v in A = −v in B = ±q. Whether its message was lost or never made; in flight and rejected keep their own causes.',
  side: 'erp',
  refines: 'message-lost',
  resolution: 'Resend it as one reclassification, never as two adjustments.',
  example: {
    story: 'Eight units were damaged in the WMS; the message of the move was lost, and the ERP still sells them.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>92
balance category=unavailable erp 0>0 wms 0>8
wms 11-21 09:00 status-change -8 id=W1 msg=M1
wms 11-21 09:00 status-change +8 id=W1 msg=M1 category=unavailable
message M1 11-21 09:01 sent
`,
    expected: `
A unavailable: status-move-missing +8
A: status-move-missing -8
`,
  },
  judge(residual, item) {
    if (residual.kind === 'altered') return judgeHalf(residual, item);
    if (residual.kind !== 'missing') return undefined;
    const { wms, verdict } = residual;
    const isMove =
      wms.first.type === 'status-change' || isBetweenCategories(wms.parts.map(({ key }) => item.keyAt(key)));
    if (!isMove || verdict?.fate === 'rejected' || verdict?.fate === 'pending') return undefined;
    if (verdict?.fate === 'applied') return undefined;
    return tellMissing(
      residual,
      item,
      chanceOfType(true) / 10,
      `Resend status move ${nameOf(wms)} of ${item.units(wms.first.quantity)} as one reclassification, not as two adjustments.`,
    );
  },
};

/** One leg of the move was posted, and the other one was not. */
function judgeHalf(residual: Altered, item: ItemCase): Fit | undefined {
  const { legs } = residual;
  const lacking = legs.filter(({ booked }) => booked === 0);
  const isHalf = lacking.length > 0 && legs.every(({ booked, moved }) => booked === 0 || booked === moved);
  if (!isHalf) return undefined;
  const [leg] = lacking as [Leg];
  const says = `of the move it lacks the leg of ${item.signed(leg.moved)}`;
  return tellAltered(residual, item, 0.005, says, `Post the missing leg of ${item.signed(leg.moved)} in the ERP.`);
}

function isBetweenCategories(keys: readonly { site: string; owner: string; lot: string; category: number }[]): boolean {
  const [one, other, ...more] = keys;
  if (one === undefined || other === undefined || more.length > 0) return false;
  return (
    one.site === other.site && one.owner === other.owner && one.lot === other.lot && one.category !== other.category
  );
}

/** The cause `posted-twice`: the ERP booked one document more than once. Never a posting that was reversed. */
import type { Cause } from '../cause.ts';
import { entryProof, nameOf } from '../proof.ts';

export const postedTwice: Cause = {
  code: 'posted-twice',
  title: 'Posted twice',
  meaning:
    'The ERP booked the same document more than once: a message was resent under a new id, or the receiver does not refuse what it knows.',
  clue: 'Two equal ERP documents with one reference.',
  test: 'n > 1 equal ERP documents for one reference or message, of which one has its WMS movement; v = −(n − 1)·qe. Without references: an equal posting of the same key shortly before that has its movement.',
  side: 'erp',
  resolution: 'Reverse the extra document, and make the receiver refuse a reference that it has posted.',
  example: {
    story: 'A shipment was resent under a new number, and the ERP issued it again.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>76 wms 100>88
wms 11-21 09:00 shipment -12 ref=SO1 msg=M1
erp 11-21 09:05 shipment -12 ref=SO1 msg=M1
erp 11-21 09:35 shipment -12 ref=SO1 msg=M2
`,
    expected: `
A: posted-twice +12
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'extra' || residual.original === undefined) return undefined;
    const { erp, original, originalGrade } = residual;
    const isKeyed = erp.first.user !== original.first.user;
    const hasReason = erp.first.reason !== original.first.reason;
    return {
      // In time alone a posting repeats any equal one: the more of them there are, the less that proves.
      chance:
        originalGrade !== 'time'
          ? 0.005
          : Math.max((isKeyed ? 0.08 : 0.05) * (hasReason ? 3 : 1), item.shareOf(erp.first.quantity)),
      tell: () => ({
        proofs: [
          entryProof(erp, `the ERP booked ${item.signed(erp.first.quantity)} once more`),
          entryProof(original, 'the posting that it repeats, which has its WMS movement'),
        ],
        action: `Reverse ERP document ${erp.first.movementId || nameOf(erp)}; it repeats ${original.first.movementId || nameOf(original)}.`,
      }),
    };
  },
};

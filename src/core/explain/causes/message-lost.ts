/** The cause `message-lost`: the WMS told the ERP, and no answer came. Never a message that was rejected or is young. */

import type { Cause } from '../cause.ts';
import { isAdjustment, tellMissing } from '../missing-posting.ts';

export const messageLost: Cause = {
  code: 'message-lost',
  title: 'Message lost',
  meaning:
    'The WMS booked a movement and sent it, but the message never arrived: nobody rejected it, and nobody posted it.',
  clue: 'A message that is created or sent, never acknowledged, older than the interface allows.',
  test: 'The message is in the log, past the allowed lag without being applied, and the ERP has no document for it; or the movement is an adjustment or a scrapping without any message. v = q.',
  side: 'erp',
  resolution: 'Resend the message under the same id; a receiver that knows the id posts it once.',
  example: {
    story: 'A message was sent on the morning of 21 November, and nothing more was heard of it.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00 lag 30 945 240
balance erp 100>100 wms 100>88
wms 11-21 09:00 shipment -12 ref=SO1 msg=M1
message M1 11-21 09:01 sent -12 ref=SO1
`,
    expected: `
A: message-lost -12
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing') return undefined;
    const { wms, verdict } = residual;
    if (verdict?.fate === 'lost') {
      const { messageId } = verdict.line;
      return tellMissing(
        residual,
        item,
        0.002,
        `Resend message ${messageId} under the same id; the ERP has no posting of it.`,
      );
    }
    if (verdict !== undefined || !isAdjustment(wms)) return undefined;
    return tellMissing(
      residual,
      item,
      0.05,
      `Send the ${wms.first.type} ${item.signed(wms.first.quantity)} to the ERP; it was never told of it.`,
    );
  },
};

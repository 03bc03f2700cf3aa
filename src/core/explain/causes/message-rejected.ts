/** The cause `message-rejected`: the ERP refused the message. Never says so without the message's own state. */

import type { Cause } from '../cause.ts';
import { tellMissing } from '../missing-posting.ts';

export const messageRejected: Cause = {
  code: 'message-rejected',
  title: 'Message rejected',
  meaning:
    'The message arrived, and the ERP refused to post it: a closed period, a lock, an unknown item, a deficit, or configuration.',
  clue: 'A message in state rejected or failed, with an error text.',
  test: 'The last state of the message is rejected, failed or abandoned, and the ERP has no document for it. v = q.',
  side: 'erp',
  resolution:
    'Lock: retry. Closed period: repost with a date of the open period. Data: correct it and reprocess the same message.',
  example: {
    story: 'The ERP refused a shipment because the period was closed.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>100 wms 100>88
wms 11-21 09:00 shipment -12 ref=SO1 msg=M1
message M1 11-21 09:01 rejected -12 ref=SO1 error=period_10/2026_is_closed
`,
    expected: `
A: message-rejected -12
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing' || residual.verdict?.fate !== 'rejected') return undefined;
    const { messageId, error } = residual.verdict.line;
    return tellMissing(
      residual,
      item,
      0.002,
      `${remedyOf(error)} and reprocess message ${messageId}; the ERP refused it${error === '' ? '' : `: ${error}`}.`,
    );
  },
};

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/period|fiscal|posting date/i, 'Give it a posting date of the open period'],
  [/lock/i, 'Wait until the lock is gone'],
  [/unknown|not found|no such|does not exist|not exist|missing|invalid/i, 'Correct the master data'],
  [/deficit|insufficient|negative|below zero|not enough/i, 'Post first what the item lacks'],
];

function remedyOf(error: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(error))?.[1] ?? 'Remove the reason';
}

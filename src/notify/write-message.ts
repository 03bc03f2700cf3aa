/** Puts what waits of a rule and topic into one message. Never decides when. */

import type { KeptResults } from '../app/kept-results.ts';
import { minorDecimalsOf } from '../app/minor-decimals.ts';
import { type NotifyMessage, notifyRuleOf } from '../contract/notification.ts';
import type { Topic } from '../core/notify/notify-rule.ts';
import type { PendingLook } from '../store/work/notification-pending.ts';
import type { NotificationRule } from '../store/work/notification-rules.ts';
import { type LateAlert, lateMessageMessage, type SilentFeed, silentFeedMessage } from './messages/alert-message.ts';
import { digestMessage } from './messages/digest-message.ts';
import { discrepancyMessage } from './messages/discrepancy-message.ts';
import { type FailedRun, failedRunMessage } from './messages/failed-run-message.ts';
import type { PendingNews } from './pending-news.ts';

export interface MessageRequest {
  readonly rule: NotificationRule;
  readonly topic: Topic;
  readonly pending: PendingLook;
  readonly currency: string;
}

/** undefined: there is nothing to say any more. */
export async function writeMessage(
  results: KeptResults,
  { rule: { name, document }, topic, pending, currency }: MessageRequest,
): Promise<NotifyMessage | undefined> {
  const rule = notifyRuleOf(document);
  const { count, size, unsized } = pending;
  const documents = <T>(): T[] => pending.rows.map((row) => JSON.parse(row.document));
  const alerts = <T>() => ({ alerts: documents<T>(), count });
  switch (topic) {
    case 'run-digest': {
      const [run] = documents<{ runId: string }>();
      return run && digestMessage(results, { runId: run.runId, rule, ruleName: name });
    }
    case 'run-failed':
      return failedRunMessage(rule, name, { runs: documents<FailedRun>(), count });
    case 'feed-silent':
      return silentFeedMessage(rule, name, alerts<SilentFeed>());
    case 'message-late':
      return lateMessageMessage(rule, name, alerts<LateAlert>());
    case 'discrepancy': {
      const group = { lines: documents<PendingNews>(), count, size, unsized };
      return discrepancyMessage(rule, name, { ...group, currency, minorDecimals: minorDecimalsOf(currency) });
    }
  }
}

/** A message as programs get it: what it is about, its figures, and the words that people get. Never another shape for one topic. */
import type { NotifyMessage } from '../../contract/notification.ts';
import { textOf } from './mail-form.ts';

export interface WebhookForm {
  /** The same in each attempt: who has seen it already drops it. */
  readonly id: string;
  readonly event: NotifyMessage['topic'];
  /** When it was queued, ISO 8601. */
  readonly created_at: string;
  readonly rule: string;
  readonly subject: string;
  readonly text: string;
  readonly url: string | null;
  readonly data: NotifyMessage['data'];
}

export function webhookForm(
  message: NotifyMessage,
  { id, createdAt, ruleName }: { readonly id: string; readonly createdAt: number; readonly ruleName: string },
  consoleUrl: string | undefined,
): WebhookForm {
  const { topic, subject, link, data } = message;
  return {
    id,
    event: topic,
    created_at: new Date(createdAt).toISOString(),
    rule: ruleName,
    subject,
    text: textOf(message, consoleUrl),
    url: link === null || consoleUrl === undefined ? null : `${consoleUrl}${link.path}`,
    data,
  };
}

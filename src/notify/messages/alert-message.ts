/** Feeds that fell silent and messages that are late, in words. Never decides what is silent or late. */
import type { NotifyMessage } from '../../contract/notification.ts';
import type { NotifyRule } from '../../core/notify/notify-rule.ts';
import { formatCount } from '../../report/figures.ts';
import { footerOf, itemPath, momentPhrase } from './message-wording.ts';

/** As the event `alert.opened` has it. */
export interface SilentFeed {
  readonly feed: string;
  readonly name: string;
  readonly last_received_at: string;
  readonly silent_after: string;
}

export interface LateAlert {
  readonly site: string;
  readonly item: string;
  readonly message_id: string;
  readonly interface: string;
  readonly reference: string;
  readonly sent_at: string;
}

/** At most as many as there are; `count` is all of them. */
export interface Alerts<T> {
  readonly alerts: readonly T[];
  readonly count: number;
}

const INTERFACES = { label: 'Open the interfaces', path: '/interfaces' };

export function silentFeedMessage(
  rule: NotifyRule,
  ruleName: string,
  { alerts, count }: Alerts<SilentFeed>,
): NotifyMessage | undefined {
  const [first] = alerts;
  if (first === undefined) return undefined;
  const since = (feed: SilentFeed): string => momentPhrase(feed.last_received_at, rule.time_zone);
  const detail = (feed: SilentFeed): string =>
    `The last ${whatOf(feed)} came on ${since(feed)}. More than ${durationPhrase(feed.silent_after)} without one is unusual here.`;
  const isOne = count === 1;
  const shown = alerts.slice(0, rule.lines_max);
  const lines = shown.map((feed) => ({ title: nameOf(feed), detail: detail(feed), path: INTERFACES.path }));
  return {
    topic: 'feed-silent',
    subject: isOne
      ? `${nameOf(first)} has been silent since ${since(first)}`
      : `${formatCount(count)} senders are silent`,
    opening: isOne ? [detail(first)] : [`${formatCount(count)} senders have sent nothing for longer than they should.`],
    sections: isOne ? [] : [{ title: '', lines, rest: restOf(count, shown.length) }],
    action: 'Look whether the sender runs and reaches Evenstock. What happens there meanwhile is not seen here.',
    link: INTERFACES,
    footer: footerOf(ruleName),
    data: { feeds: shown, count },
  };
}

export function lateMessageMessage(
  rule: NotifyRule,
  ruleName: string,
  { alerts, count }: Alerts<LateAlert>,
): NotifyMessage | undefined {
  const [first] = alerts;
  if (first === undefined) return undefined;
  const sent = ({ sent_at }: LateAlert): string => momentPhrase(sent_at, rule.time_zone);
  const isOne = count === 1;
  const shown = alerts.slice(0, rule.lines_max);
  const lines = shown.map((late) => ({
    title: titleOf(late),
    detail: `Sent ${sent(late)}${late.item === '' ? '' : `, item ${late.item}`}${late.site === '' ? '' : ` at ${late.site}`}; nothing says that it was posted.`,
    path: late.item === '' ? INTERFACES.path : itemPath(late),
  }));
  const names = [...new Set(alerts.map((late) => late.interface).filter((name) => name !== ''))];
  const through = alerts.length === count && names.length === 1 ? ` of interface ${names[0]}` : '';
  return {
    topic: 'message-late',
    subject: isOne
      ? `${titleOf(first)} is late, sent ${sent(first)}`
      : `${formatCount(count)} messages${through} are late, the oldest sent ${sent(first)}`,
    opening: [
      isOne
        ? 'The other system has neither posted nor rejected this message within its lag. It counts as lost from now on.'
        : `The other system has neither posted nor rejected ${formatCount(count)} messages${through} within their lag. They count as lost from now on.`,
    ],
    sections: [{ title: isOne ? '' : 'The oldest first', lines, rest: restOf(count, shown.length) }],
    action:
      'Look whether the interface processes messages, and have them processed again; do not adjust stock by hand.',
    link: INTERFACES,
    footer: footerOf(ruleName),
    data: { messages: shown, count },
  };
}

function nameOf({ feed, name }: SilentFeed): string {
  return feed === 'messages' ? `Interface ${name}` : `System ${name}`;
}

function whatOf({ feed }: SilentFeed): string {
  return feed === 'messages' ? 'message' : feed === 'movements' ? 'movement' : 'row';
}

function titleOf({ reference, message_id, interface: name }: LateAlert): string {
  const what = reference === '' ? `Message ${message_id}` : reference;
  return name === '' ? what : `${what} (interface ${name})`;
}

function restOf(count: number, shown: number): string {
  return count > shown ? `${formatCount(count - shown)} more are in the list of alerts.` : '';
}

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** "30 minutes", "1 hour". */
function durationPhrase(text: string): string {
  const [, count = '', unit = ''] = /^([\d.]+)([smhd])$/.exec(text) ?? [];
  const word = UNITS[unit];
  return word === undefined ? text : `${count} ${word}${count === '1' ? '' : 's'}`;
}

/** What ledgers and message logs say, as rows that the search for stock in flight works on. Never judges them. */
import type { InFlightQuantity, Role } from '../model/balance.ts';

/** One movement in base units, signed as it changed the balance. Times in epoch milliseconds. */
export interface Movement extends InFlightQuantity {
  readonly role: Role;
  readonly system: string;
  readonly postedAt: number;
  /** When the goods moved, where it differs from the posting. */
  readonly eventAt: number | undefined;
  readonly messageId: string;
  readonly reference: string;
}

export type MessageState =
  | 'created'
  | 'sent'
  | 'received'
  | 'acknowledged'
  | 'applied'
  | 'partial'
  | 'rejected'
  | 'failed'
  | 'abandoned'
  | 'superseded';
export const MESSAGE_STATES: readonly MessageState[] = [
  'created',
  'sent',
  'received',
  'acknowledged',
  'applied',
  'partial',
  'rejected',
  'failed',
  'abandoned',
  'superseded',
];

/** One line of an interface message. `placed` is what it does to a key, undefined where it names no item, quantity or status. */
export interface Message {
  readonly messageId: string;
  readonly sentAt: number;
  readonly appliedAt: number | undefined;
  readonly state: MessageState;
  readonly interfaceName: string;
  readonly reference: string;
  readonly item: string;
  /** The side whose balance changed already. */
  readonly fromRole: Role;
  readonly placed: InFlightQuantity | undefined;
}

export interface CutOffs {
  readonly erp: number;
  /** Cut-off of the WMS that answers for a site. */
  wmsOf(site: string): number;
  /** How long a message of an interface may take, in milliseconds; '' is an interface that is not known. */
  lagOf(interfaceName: string): number;
  /** The moment until which a message has had time to arrive, where it is not the receiver's cut-off. */
  readonly now?: number | undefined;
}

/** Clocks of two systems may differ by this much: a posting up to an hour before its cause is still its effect. */
export const CLOCK_SLACK_MS = 3_600_000;

export function cutOffOf(role: Role, site: string, cutOffs: CutOffs): number {
  return role === 'erp' ? cutOffs.erp : cutOffs.wmsOf(site);
}

/** What ties movements to each other: the message's number, and the document, each with the item. The strongest first. */
export function linksOf(row: {
  readonly messageId: string;
  readonly reference: string;
  readonly item: string;
}): string[] {
  return [messageLink(row), referenceLink(row)].filter((link) => link !== undefined);
}

export function messageLink({
  messageId,
  item,
}: {
  readonly messageId: string;
  readonly item: string;
}): string | undefined {
  return messageId === '' ? undefined : JSON.stringify(['message', messageId, item]);
}

export function referenceLink({
  reference,
  item,
}: {
  readonly reference: string;
  readonly item: string;
}): string | undefined {
  return reference === '' ? undefined : JSON.stringify(['reference', reference, item]);
}

export function keyName({ site, item, owner, lot, category }: InFlightQuantity): string {
  return JSON.stringify([site, item, owner, lot, category]);
}

export function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

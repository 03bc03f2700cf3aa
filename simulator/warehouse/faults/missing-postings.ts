/**
 * Decides what is left of a document that the ERP never posted: a message that is stuck, a refusal, or nothing at all.
 * Never decides which document it is.
 */
import type { DocumentKind } from '../habits.ts';
import { PASSING_ERRORS } from '../healing.ts';
import type { Delivery, Fault, Message } from '../ledger.ts';
import type { WorldOptions } from '../world-options.ts';
import type { Scene } from './scene.ts';

/** How the catalogue names a document that was not posted and of which no message tells. */
const UNTOLD: Readonly<Record<DocumentKind, string>> = {
  receipt: 'receipt-not-posted',
  putaway: 'status-move-missing',
  shipment: 'shipment-unconfirmed',
  return: 'return-not-posted',
  count: 'count-not-sent',
  adjustment: 'message-lost',
  status: 'status-move-missing',
  kit: 'kit-not-posted',
  transfer: 'message-lost',
  scrap: 'message-lost',
  relabel: 'message-lost',
};

function untoldName({ kind, type }: Delivery): string {
  if (type === 'transfer-in') return UNTOLD.receipt;
  return type === 'transfer-out' ? UNTOLD.shipment : UNTOLD[kind];
}

/** Whether a missing posting of a document has a name of its own without a message that tells of it. */
export function isNamed(kind: DocumentKind): boolean {
  return UNTOLD[kind] !== 'message-lost';
}

/** The catalogue's name of a posting that is missing though a message was made. */
function nameOf(
  cause: 'message-lost' | 'message-rejected' | 'out-of-order',
  delivery: Delivery,
  { messages }: WorldOptions,
): string {
  const untold = untoldName(delivery);
  return !messages || (cause === 'message-lost' && untold === 'status-move-missing') ? untold : cause;
}

/** The message left and never arrived, or arrived and was never worked on. */
export function loseMessage(scene: Scene, delivery: Delivery): Fault {
  const [message] = delivery.messages as [Message];
  message.state = scene.random.pick(['sent', 'sent', 'sent', 'received', 'created']);
  message.appliedAt = undefined;
  if (message.state !== 'received') message.receivedAt = undefined;
  const story = `Message ${message.id} about ${delivery.reference} was lost on its way.`;
  return unposted(scene, delivery, nameOf('message-lost', delivery, scene.options), story);
}

/** The ERP refused the message and nobody put it right. */
export function rejectMessage(scene: Scene, delivery: Delivery, error = refusal(scene, delivery)): Fault {
  refuse(scene, delivery, error);
  const story = `The ERP refused ${delivery.reference}: ${error}.`;
  return unposted(scene, delivery, nameOf('message-rejected', delivery, scene.options), story);
}

/** The ERP had not enough of it yet: what should have come before came later. */
export function rejectForDeficit(scene: Scene, delivery: Delivery): Fault {
  const [leg] = delivery.lines[0]!.legs;
  refuse(scene, delivery, `Deficit of ${leg!.item.code} in unrestricted stock`);
  const story = `The ERP refused ${delivery.reference}, because the goods had not arrived in its books yet.`;
  return unposted(scene, delivery, nameOf('out-of-order', delivery, scene.options), story);
}

function refuse({ random }: Scene, { messages }: Delivery, error: string): void {
  const [message] = messages as [Message];
  message.state = random.pick(['rejected', 'rejected', 'rejected', 'failed']);
  message.appliedAt = undefined;
  message.error = error;
}

function refusal({ random }: Scene, { lines }: Delivery): string {
  const { code } = lines[0]!.legs[0]!.item;
  return random.pick([
    'Posting period 10/2026 is closed',
    'Posting only possible in periods 11/2026 and 12/2026',
    random.pick(PASSING_ERRORS),
    `Item ${code} is not extended to the plant`,
    `Unknown item ${code}`,
    'No authorisation for movement type',
  ]);
}

/** The WMS made no message of it: nobody approved it, or the ERP had no order to book it on. */
export function sendNothing(scene: Scene, delivery: Delivery): Fault {
  delivery.messages = [];
  for (const posting of delivery.wms) posting.message = undefined;
  return unposted(scene, delivery, untoldName(delivery), `No message was made of ${delivery.reference}.`);
}

/** The ERP booked the finished kits, and none of the components. */
export function forgetComponents(scene: Scene, delivery: Delivery): Fault {
  const made = delivery.erp.filter(({ type }) => type === 'kit-produce');
  const at = delivery.erp[0]!.at;
  delivery.erp = made;
  delivery.messages[0]!.state = 'partial';
  const story = `The components of ${delivery.reference} were never taken from the ERP's stock.`;
  delivery.fault = scene.note('kit-not-posted', 'erp', at, [delivery.reference], story);
  return delivery.fault;
}

function unposted(scene: Scene, delivery: Delivery, cause: string, story: string): Fault {
  delivery.erp = [];
  delivery.fault = scene.note(cause, 'erp', delivery.wms[0]!.at, [delivery.reference], story);
  return delivery.fault;
}

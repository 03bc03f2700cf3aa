/**
 * Decides how the ERP comes to post a document again: a message sent twice, no check for duplicates, a person as well.
 * Never decides which document it is.
 */
import { HOUR } from '../calendar.ts';
import { between } from '../dice.ts';
import type { Delivery, Fault, Message } from '../ledger.ts';
import type { Scene } from './scene.ts';

/** One more posting of the whole document, seldom two. undefined where there is no time left for it. */
export function postTwice(scene: Scene, delivery: Delivery): Fault | undefined {
  const { random, habits, numbering } = scene;
  const first = delivery.erp.at(-1)!.at;
  const at = first + between(random, 90, random.chance(0.7) ? 4 * HOUR : 30 * HOUR);
  if (at > scene.latest) return undefined;
  // Without its reference what a person keyed would look like a posting of no document.
  const draw = random.below(scene.options.references < 1 ? 2 : 3);
  const [message] = delivery.messages as [Message];
  const again: Message = {
    ...message,
    id: numbering.message(),
    sentAt: at - between(random, 60, 600),
    receivedAt: at - 20,
    appliedAt: at,
  };
  if (draw === 0) delivery.messages.push(again);
  const extra = delivery.erp.map((posting) => {
    if (draw === 0) return { ...posting, at, message: again };
    return draw === 1
      ? { ...posting, at }
      : { ...posting, at, user: random.pick(habits.erpPeople), message: undefined };
  });
  const third = random.chance(0.1) ? extra.map((posting) => ({ ...posting, at: at + 300 })) : [];
  delivery.erp = [...delivery.erp, ...extra, ...third];
  const how = [
    'its message was sent again after a timeout',
    'the ERP took one message twice',
    'a person keyed it as well',
  ][draw];
  const story = `The ERP posted ${delivery.reference} ${third.length > 0 ? 'three times' : 'twice'}: ${how}.`;
  delivery.fault = scene.note('posted-twice', 'erp', at, [delivery.reference], story);
  return delivery.fault;
}

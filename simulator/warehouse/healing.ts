/**
 * Decides which deliveries go wrong and are put right before the cut-off: resent, reprocessed, keyed by hand, reversed.
 * Never leaves a variance behind: what looks like a fault here is none.
 */
import { UNIT } from '../catalogue.ts';
import type { RandomStream } from '../random.ts';
import { HOUR, type Moments } from './calendar.ts';
import { between } from './dice.ts';
import type { Habits, Numbering } from './habits.ts';
import type { Delivery, Message, Posting } from './ledger.ts';

const HEALED_SHARE = 0.012;
const MISTAKEN_SHARE = 0.002;
/** Errors that a receiver reports for one message and that go away, or are put right. */
export const PASSING_ERRORS = [
  'Object is locked by user MKELLER',
  'Material currently being processed by PATELR, try again',
  'Connection to partner system timed out',
] as const;

export class Healing {
  private readonly random: RandomStream;
  private readonly habits: Habits;
  private readonly numbering: Numbering;
  private readonly moments: Moments;

  constructor(random: RandomStream, habits: Habits, numbering: Numbering, moments: Moments) {
    this.random = random;
    this.habits = habits;
    this.numbering = numbering;
    this.moments = moments;
  }

  /** Lets some sound deliveries stumble, and people in the ERP book what they take back. */
  stumble(deliveries: Delivery[]): void {
    for (const delivery of [...deliveries]) {
      if (this.random.chance(HEALED_SHARE)) this.heal(delivery);
      if (this.random.chance(MISTAKEN_SHARE)) deliveries.push(...this.mistake(delivery));
    }
  }

  /** A person books something on the item of a document, and reverses it later. */
  private mistake({ erp, at, site }: Delivery): Delivery[] {
    const { random, habits, moments } = this;
    const [leg] = erp[0]!.legs;
    const from = at + between(random, HOUR, 20 * HOUR);
    const to = from + between(random, HOUR / 4, 30 * HOUR);
    if (leg === undefined || from < moments.openingAt || to > moments.erpCutOff - 2 * HOUR) return [];
    const quantity = leg.item.baseUom === 'KG' ? between(random, 200, 9000) : UNIT * between(random, 1, 40);
    const user = random.pick(habits.erpPeople);
    const plain = { eventAt: from, line: 1, message: undefined, isHidden: false, isBare: false, id: '' };
    const wrong: Posting = {
      ...plain,
      at: from,
      type: 'adjustment',
      reference: '',
      reason: '',
      user,
      legs: [{ ...leg, quantity: random.chance(0.5) ? quantity : -quantity }],
    };
    const undone = { ...reversal(wrong, to, user), eventAt: to };
    const rest = { lines: [], wms: [], messages: [], fault: undefined, healed: { from, to } };
    return [{ kind: 'adjustment', type: 'adjustment', site, reference: '', at: from, erp: [wrong, undone], ...rest }];
  }

  private heal(delivery: Delivery): void {
    const { random, moments } = this;
    const right = delivery.erp.at(-1)!.at + between(random, HOUR / 2, 16 * HOUR);
    if (right > moments.erpCutOff - 2 * HOUR || delivery.at < moments.openingAt) return;
    const [message] = delivery.messages as [Message];
    const draw = random.below(5);
    if (draw === 0) this.resend(delivery, message, right);
    else if (draw === 1) this.reprocess(delivery, message, right);
    else if (draw === 2) this.keyByHand(delivery, message, right);
    else if (draw === 3) this.postTwiceAndReverse(delivery, right);
    else this.correct(delivery, right);
  }

  /** A second message carries what the first one lost. */
  resend(delivery: Delivery, lost: Message, at: number): void {
    const { habits, numbering, random } = this;
    const sentAt = at - between(random, 60, 900);
    const batch = lost.batch.replace(/_[^_]*$/, `_R${numbering.message()}`);
    const again: Message = { ...lost, id: numbering.message(), sentAt, receivedAt: sentAt + 20, appliedAt: at, batch };
    Object.assign(lost, { state: 'superseded', receivedAt: undefined, appliedAt: undefined });
    delivery.messages.push(again);
    delivery.erp = delivery.erp.map((posting) => ({ ...posting, at, message: again }));
    delivery.healed = lateness(delivery, at, habits);
  }

  private reprocess(delivery: Delivery, message: Message, at: number): void {
    message.appliedAt = at;
    message.error = this.random.chance(0.5) ? `reprocessed: ${this.random.pick(PASSING_ERRORS)}` : '';
    delivery.erp = delivery.erp.map((posting) => ({ ...posting, at }));
    delivery.healed = lateness(delivery, at, this.habits);
  }

  private keyByHand(delivery: Delivery, message: Message, at: number): void {
    Object.assign(message, { state: 'rejected', appliedAt: undefined, error: this.random.pick(PASSING_ERRORS) });
    const user = this.random.pick(this.habits.erpPeople);
    delivery.erp = delivery.erp.map((posting) => ({ ...posting, at, user, message: undefined }));
    delivery.healed = lateness(delivery, at, this.habits);
  }

  private postTwiceAndReverse(delivery: Delivery, at: number): void {
    const twice = delivery.erp.map((posting) => ({ ...posting, at: posting.at + 60 }));
    const user = this.random.pick(this.habits.erpPeople);
    const reversals = twice.map((posting) => reversal(posting, at, user));
    delivery.healed = { from: delivery.erp[0]!.at, to: at };
    delivery.erp = [...delivery.erp, ...twice, ...reversals];
  }

  /** Posted with a wrong quantity, reversed, posted again as it should be. */
  private correct(delivery: Delivery, at: number): void {
    const user = this.random.pick(this.habits.erpPeople);
    const wrong = delivery.erp.map((posting) => ({
      ...posting,
      legs: posting.legs.map((leg) => ({ ...leg, quantity: 2 * leg.quantity })),
    }));
    const reversals = wrong.map((posting) => reversal(posting, at, user));
    const again = delivery.erp.map((posting) => ({ ...posting, at: at + 120, user, message: undefined }));
    delivery.healed = { from: delivery.erp[0]!.at, to: at };
    delivery.erp = [...wrong, ...reversals, ...again];
  }
}

/** The opposite of a posting, by a person. */
function reversal(posting: Posting, at: number, user: string): Posting {
  const legs = posting.legs.map((leg) => ({ ...leg, quantity: -leg.quantity }));
  return { ...posting, at, user, type: 'reversal', message: undefined, legs };
}

/** From when to when a document was not posted, where that was long enough to call its message lost. */
export function lateness(delivery: Delivery, to: number, { lagMinutes }: Habits): Delivery['healed'] {
  return to - delivery.at > lagMinutes * 60 ? { from: delivery.at, to } : undefined;
}

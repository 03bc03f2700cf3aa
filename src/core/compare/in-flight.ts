/**
 * Decides which part of a variance is only on its way: what one snapshot holds already and the other could not hold yet.
 * In-flight quantities have the sign of the variance they explain (WMS − ERP). What is late, rejected or lost is no longer
 * in flight, and where the evidence contradicts itself nothing is. Never guesses the stock status of a message that names none.
 */
import { type InFlightQuantity, type Role, UNMAPPED } from '../model/balance.ts';
import {
  CLOCK_SLACK_MS,
  type CutOffs,
  cutOffOf,
  keyName,
  linksOf,
  type Message,
  type Movement,
  messageLink,
  referenceLink,
} from './ledger-evidence.ts';
import { type Carrier, isSoonAfter, MessageLog, units } from './message-log.ts';
import { Pairing, type Settled, sum } from './pair-postings.ts';

export type { CutOffs, Message, MessageState, Movement } from './ledger-evidence.ts';

export interface InFlightEvidence {
  readonly movements: readonly Movement[];
  readonly messages: readonly Message[];
  /** Whether the ERP's own movements were given: only then does their absence say anything. */
  readonly hasErpMovements: boolean;
}

export interface InFlightResult {
  readonly quantities: readonly InFlightQuantity[];
  /** Pending messages that name no item, quantity or status, and no movement that would. */
  readonly unplaced: number;
  /** Messages past their lag of which neither log nor ledger says what became of them. */
  readonly late: readonly LateMessage[];
}

/** `item` and `site` are '' where the message names none. `sentAt` is its last sending. */
export interface LateMessage {
  readonly messageId: string;
  readonly item: string;
  readonly site: string;
  readonly interfaceName: string;
  readonly reference: string;
  readonly fromRole: Role;
  readonly sentAt: number;
}

/**
 * The strongest evidence decides: that both ledgers hold an event, then what the message log says of it, then time alone.
 * Each event is counted once.
 */
export function findInFlight(evidence: InFlightEvidence, cutOffs: CutOffs): InFlightResult {
  return new InFlightSearch(evidence, cutOffs).find();
}

class InFlightSearch {
  private readonly evidence: InFlightEvidence;
  private readonly cutOffs: CutOffs;
  private readonly pairing: Pairing;
  private readonly log: MessageLog;
  private readonly quantities: InFlightQuantity[] = [];
  /** When a snapshot's side last posted something, by message or document, and by key and quantity where no twin is known. */
  private readonly heldAt = new Map<string, number>();
  private readonly late: LateMessage[] = [];
  private unplaced = 0;

  constructor(evidence: InFlightEvidence, cutOffs: CutOffs) {
    this.evidence = evidence;
    this.cutOffs = cutOffs;
    this.pairing = new Pairing(evidence.movements, cutOffs);
    this.log = new MessageLog(evidence.messages, evidence.movements, cutOffs);
  }

  find(): InFlightResult {
    for (const settled of this.pairing.settled) this.takeSettled(settled);
    for (const movement of this.evidence.movements) {
      if (this.pairing.isOpen(movement)) this.takeOpen(movement);
      if (this.isHeld(movement)) this.noteHeld(movement);
    }
    for (const carrier of this.log.carriers) this.takeCarrier(carrier);
    const { quantities, unplaced, late } = this;
    return { quantities, unplaced, late };
  }

  private noteHeld(movement: Movement): void {
    const names = linksOf(movement);
    if (this.pairing.isOpen(movement)) names.push(quantityName(movement));
    for (const name of names) {
      const entry = `${movement.role} ${name}`;
      this.heldAt.set(entry, Math.max(movement.postedAt, this.heldAt.get(entry) ?? movement.postedAt));
    }
  }

  private push(at: InFlightQuantity, quantity: number): void {
    if (quantity === 0 || at.category === UNMAPPED) return;
    const { site, item, owner, lot, category } = at;
    this.quantities.push({ site, item, owner, lot, category, quantity });
  }

  /** Whether a movement stands in the snapshot of its own side. */
  private isHeld(movement: Movement): boolean {
    return movement.postedAt <= cutOffOf(movement.role, movement.site, this.cutOffs);
  }

  /** What one snapshot holds of an event that both ledgers know. */
  private takeSettled({ wms, erp, isGuess }: Settled): void {
    const [event] = wms as [Movement];
    const quantity =
      sum(wms.filter((movement) => this.isHeld(movement))) - sum(erp.filter((posting) => this.isHeld(posting)));
    // A guess never says that the ERP posted what the WMS had yet to do.
    const isBefore = !this.isHeld(event) && (erp[0] as Movement).postedAt <= this.cutOffs.wmsOf(event.site);
    if (!(isGuess && isBefore)) this.push(event, quantity);
  }

  /** A movement that the other side's ledger does not hold. */
  private takeOpen(movement: Movement): void {
    if (!this.isHeld(movement) || this.log.carrierOf(movement)) return;
    // The time of the goods tells a new event of a document from an old one that was posted once too often.
    const isNew = movement.role === 'erp' && movement.eventAt !== undefined;
    if (this.pairing.isContested(movement) && !isNew) return;
    if (movement.role === 'wms') {
      if (this.isUnpostedWms(movement)) this.push(movement, movement.quantity);
    } else if (this.isBeyondWms(movement)) this.push(movement, -movement.quantity);
  }

  /** Whether the ERP could not hold a WMS movement yet, of which no message of the WMS speaks. */
  private isUnpostedWms(movement: Movement): boolean {
    const { erp } = this.cutOffs;
    const cause = this.log.causeOf(movement);
    // The ERP ordered it by this message, so the ERP's balance changed first.
    if (cause !== undefined && cause.messageId === movement.messageId) return cause.sentAt > erp;
    if (movement.postedAt > erp) return true;
    return this.evidence.hasErpMovements && erp - movement.postedAt <= this.cutOffs.lagOf('');
  }

  /** Whether the WMS could not hold an ERP posting yet: the goods moved behind its cut-off too. */
  private isBeyondWms(posting: Movement): boolean {
    const cutOff = this.cutOffs.wmsOf(posting.site);
    if (posting.postedAt <= cutOff) return false;
    // The ERP posts what the WMS did: the goods may have moved before the WMS's snapshot although the posting came after it.
    if (posting.eventAt !== undefined) return posting.eventAt > cutOff;
    const cause = this.log.causeOf(posting);
    return cause === undefined || cause.sentAt > cutOff;
  }

  /** A message, with the movements that it carries. */
  private takeCarrier(carrier: Carrier): void {
    const { carried, placed, fromRole } = carrier;
    const site = (carried[0] ?? placed[0])?.site ?? '';
    if (!carrier.isPending(site, this.cutOffs)) return this.takeLate(carrier, site);
    if (carried.length === 0) return this.takeAlone(carrier, site);
    const sign = fromRole === 'wms' ? 1 : -1;
    const carriedUnits = units(carried);
    if (placed.length === 0 || carrier.placedUnits === carriedUnits) {
      for (const movement of carried) {
        const isItsOwn = !carrier.byDocument.has(movement) || isSoonAfter(carrier, movement, this.cutOffs);
        if (isItsOwn && this.isOnItsWay(movement)) this.push(movement, sign * movement.quantity);
      }
    } else if (carrier.placedUnits < carriedUnits && carried.every((movement) => this.isOnItsWay(movement))) {
      // It carries less than the ledger holds: what it will post is what it says.
      for (const quantity of placed) this.push(quantity, sign * quantity.quantity);
    }
  }

  /** A message that is not on its way any more: it may be lost. */
  private takeLate(carrier: Carrier, site: string): void {
    if (!carrier.isLate(site, this.cutOffs)) return;
    const { carried, fromRole, messageId, item, interfaceName, reference, sentAt } = carrier;
    const isMissed =
      carried.length > 0 ? carried.some((movement) => this.isOnItsWay(movement)) : !this.wasPosted(carrier);
    if (isMissed) this.late.push({ messageId, item, site, interfaceName, reference, fromRole, sentAt });
  }

  private isOnItsWay(movement: Movement): boolean {
    return this.isHeld(movement) && this.pairing.isOpen(movement) && !this.pairing.isContested(movement);
  }

  /** A pending message of which the sender's ledger says nothing. */
  private takeAlone(carrier: Carrier, site: string): void {
    const { placed, fromRole } = carrier;
    if (carrier.sentAt > cutOffOf(fromRole, site, this.cutOffs) || this.wasPosted(carrier)) return;
    if (placed.length === 0) {
      if (!this.log.saysMore(carrier)) this.unplaced++;
      return;
    }
    // An order to the WMS changes no balance: where the ERP's ledger is there, only what it holds can be on its way.
    if (fromRole === 'erp' && this.evidence.hasErpMovements) return;
    for (const quantity of placed) this.push(quantity, fromRole === 'wms' ? quantity.quantity : -quantity.quantity);
  }

  /** Whether the receiver holds a movement of the same message, or behind it one of its document or of its key and quantity. */
  private wasPosted(carrier: Carrier): boolean {
    const receiver = carrier.fromRole === 'wms' ? 'erp' : 'wms';
    const isHeldFrom = (name: string | undefined, from: number): boolean =>
      (this.heldAt.get(`${receiver} ${name}`) ?? Number.NEGATIVE_INFINITY) > from;
    const soonest = carrier.sentAt - CLOCK_SLACK_MS;
    return (
      carrier.rows.some(
        (row) => isHeldFrom(messageLink(row), Number.NEGATIVE_INFINITY) || isHeldFrom(referenceLink(row), soonest),
      ) || carrier.placed.some((placed) => isHeldFrom(quantityName(placed), soonest))
    );
  }
}

function quantityName(quantity: InFlightQuantity): string {
  return `${keyName(quantity)} ${quantity.quantity}`;
}

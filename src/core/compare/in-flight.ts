/**
 * Decides which part of a variance is only on its way: what one snapshot holds already and the other could not hold yet.
 * In-flight quantities have the sign of the variance they explain (WMS − ERP). What is late, rejected or lost is no longer
 * in flight. Never guesses the stock status of a message that names none.
 */
import { type InFlightQuantity, type Role, UNMAPPED } from '../model/balance.ts';

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

export type MessageState = 'created' | 'sent' | 'received' | 'acknowledged' | 'applied' | 'partial' | 'rejected' | 'failed' | 'abandoned' | 'superseded';
export const MESSAGE_STATES: readonly MessageState[] = ['created', 'sent', 'received', 'acknowledged', 'applied', 'partial', 'rejected', 'failed', 'abandoned', 'superseded'];
const PENDING: ReadonlySet<MessageState> = new Set(['created', 'sent', 'received', 'acknowledged', 'partial']);

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

export interface InFlightEvidence {
  readonly movements: readonly Movement[];
  readonly messages: readonly Message[];
  /** Whether the ERP's own movements were given: only then does their absence say anything. */
  readonly hasErpMovements: boolean;
}

export interface CutOffs {
  readonly erp: number;
  /** Cut-off of the WMS that answers for a site. */
  wmsOf(site: string): number;
  /** How long a message of an interface may take, in milliseconds. */
  lagOf(interfaceName: string): number;
}

export interface InFlightResult {
  readonly quantities: readonly InFlightQuantity[];
  /** Pending messages that name no item, quantity or status, and no movement that would. */
  readonly unplaced: number;
}

export function findInFlight(evidence: InFlightEvidence, cutOffs: CutOffs): InFlightResult {
  const verdicts = new MessageVerdicts(evidence.messages, cutOffs);
  const erp = new ErpPostings(evidence.movements);
  const origins = findOrigins(evidence.movements);
  const quantities: InFlightQuantity[] = [];
  for (const movement of evidence.movements) {
    const sign = movement.role === 'wms' ? wmsSign(movement, verdicts, erp, evidence.hasErpMovements, cutOffs) : erpSign(movement, verdicts, origins, cutOffs);
    if (sign !== 0 && movement.category !== UNMAPPED) quantities.push(keyOf(movement, sign * movement.quantity));
  }
  let unplaced = 0;
  for (const message of verdicts.unlinked()) {
    if (message.placed === undefined) unplaced++;
    else if (message.placed.category !== UNMAPPED) quantities.push(keyOf(message.placed, message.fromRole === 'wms' ? message.placed.quantity : -message.placed.quantity));
  }
  return { quantities, unplaced };
}

function keyOf({ site, item, owner, lot, category }: InFlightQuantity, quantity: number): InFlightQuantity {
  return { site, item, owner, lot, category, quantity };
}

/** 1 where the WMS's snapshot holds the movement and the ERP's could not yet. */
function wmsSign(movement: Movement, verdicts: MessageVerdicts, erp: ErpPostings, hasErpMovements: boolean, cutOffs: CutOffs): number {
  if (movement.postedAt > cutOffs.wmsOf(movement.site)) return 0;
  const verdict = verdicts.of(movement);
  if (verdict !== undefined) return verdict ? 1 : 0;
  if (movement.postedAt > cutOffs.erp) return 1;
  if (!hasErpMovements) return 0;
  const postedAt = erp.claim(movement);
  if (postedAt !== undefined) return postedAt > cutOffs.erp ? 1 : 0;
  return cutOffs.erp - movement.postedAt <= cutOffs.lagOf('') ? 1 : 0;
}

/** −1 where the ERP's snapshot holds the movement and the WMS's could not yet. */
function erpSign(movement: Movement, verdicts: MessageVerdicts, origins: ReadonlyMap<string, number>, cutOffs: CutOffs): number {
  const wmsCutOff = cutOffs.wmsOf(movement.site);
  if (movement.postedAt > cutOffs.erp || movement.postedAt <= wmsCutOff) return 0;
  // The ERP posts what the WMS did: the goods may have moved before the WMS's snapshot although the posting came after it.
  if (movement.eventAt !== undefined) return movement.eventAt > wmsCutOff ? -1 : 0;
  for (const link of linksOf(movement)) {
    const movedAt = origins.get(link);
    if (movedAt !== undefined) return movedAt > wmsCutOff ? -1 : 0;
  }
  const sentAt = verdicts.sentAt(movement);
  return sentAt === undefined || sentAt > wmsCutOff ? -1 : 0;
}

/** When the WMS did what a message or document says, by link. */
function findOrigins(movements: readonly Movement[]): Map<string, number> {
  const origins = new Map<string, number>();
  for (const movement of movements) {
    if (movement.role !== 'wms') continue;
    for (const link of linksOf(movement)) origins.set(link, Math.min(movement.postedAt, origins.get(link) ?? movement.postedAt));
  }
  return origins;
}

/** What ties a movement or message to others: the message's number, and the document with the item. */
function linksOf({ messageId, reference, item }: { readonly messageId: string; readonly reference: string; readonly item: string }): string[] {
  const links: string[] = [];
  if (messageId !== '') links.push(`message ${messageId} ${item}`);
  if (reference !== '') links.push(`reference ${reference} ${item}`);
  return links;
}

/** What the message log says of a movement: it is on its way, or it is not (applied, late, rejected). */
class MessageVerdicts {
  private readonly byLink = new Map<string, Message[]>();
  private readonly linked = new Set<Message>();
  private readonly messages: readonly Message[];
  private readonly cutOffs: CutOffs;

  constructor(messages: readonly Message[], cutOffs: CutOffs) {
    this.messages = messages;
    this.cutOffs = cutOffs;
    for (const message of messages) {
      // A message without an item speaks of every item of its document.
      for (const link of linksOf(message)) append(this.byLink, link, message);
    }
  }

  private find(movement: Movement): readonly Message[] {
    for (const item of [movement.item, '']) {
      for (const link of linksOf({ messageId: movement.messageId, reference: movement.reference, item })) {
        const found = this.byLink.get(link);
        if (found !== undefined) return found;
      }
    }
    return [];
  }

  of(movement: Movement): boolean | undefined {
    const messages = this.find(movement);
    if (messages.length === 0) return undefined;
    for (const message of messages) this.linked.add(message);
    return messages.some((message) => this.isInFlight(message, movement.site));
  }

  sentAt(movement: Movement): number | undefined {
    return this.find(movement)[0]?.sentAt;
  }

  private isInFlight(message: Message, site: string): boolean {
    const receiver = message.fromRole === 'wms' ? this.cutOffs.erp : this.cutOffs.wmsOf(site);
    const sender = message.fromRole === 'wms' ? this.cutOffs.wmsOf(site) : this.cutOffs.erp;
    if (message.sentAt > sender) return false;
    if (message.appliedAt !== undefined) return message.appliedAt > receiver;
    if (message.state === 'applied') return false;
    return PENDING.has(message.state) && receiver - message.sentAt <= this.cutOffs.lagOf(message.interfaceName);
  }

  /** Messages in flight that no movement stands for. */
  unlinked(): Message[] {
    return this.messages.filter((message) => !this.linked.has(message) && this.isInFlight(message, message.placed?.site ?? ''));
  }
}

/** The ERP's postings, each claimed by one WMS movement at most. */
class ErpPostings {
  private readonly byLink = new Map<string, Movement[]>();
  private readonly byKey = new Map<string, Movement[]>();
  private readonly claimed = new Set<Movement>();

  constructor(movements: readonly Movement[]) {
    for (const movement of movements) {
      if (movement.role !== 'erp') continue;
      for (const link of linksOf(movement)) append(this.byLink, link, movement);
      append(this.byKey, keyName(movement), movement);
    }
  }

  /** When the ERP posted what a WMS movement says: by message or document, else by the same key and quantity. */
  claim(movement: Movement): number | undefined {
    const links = linksOf(movement);
    for (const link of links) {
      const found = this.byLink.get(link);
      if (found !== undefined) return Math.min(...found.map((posting) => posting.postedAt));
    }
    const free = this.byKey.get(keyName(movement))?.find((posting) => !this.claimed.has(posting) && (links.length === 0 || linksOf(posting).length === 0));
    if (free === undefined) return undefined;
    this.claimed.add(free);
    return free.postedAt;
  }
}

function keyName({ site, item, owner, lot, category, quantity }: InFlightQuantity): string {
  return JSON.stringify([site, item, owner, lot, category, quantity]);
}

function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

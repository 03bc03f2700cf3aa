/**
 * Decides which movements each message carries, and whether it is still on its way at the receiver's cut-off. A resend takes
 * the place of what it repeats; what was applied, rejected, given up or is late is not on its way. Never guesses a state.
 */
import type { InFlightQuantity, Role } from '../model/balance.ts';
import {
  append,
  CLOCK_SLACK_MS,
  type CutOffs,
  cutOffOf,
  keyName,
  type Message,
  type MessageState,
  type Movement,
  messageLink,
  referenceLink,
} from './ledger-evidence.ts';

/** Of a partly applied message nobody knows which part, so it is not counted as on its way. */
const PENDING: ReadonlySet<MessageState> = new Set(['created', 'sent', 'received', 'acknowledged']);
const ENDED: ReadonlySet<MessageState> = new Set(['rejected', 'failed', 'abandoned', 'superseded']);

/** All lines of one message that speak of one item (or of none: then of the whole document), with their resends. */
export class Carrier {
  readonly rows: Message[] = [];
  /** Movements of the sender that it carries. */
  readonly carried: Movement[] = [];
  /** Movements that only its document ties to it, and not its number. */
  readonly byDocument = new Set<Movement>();

  private get first(): Message {
    return this.rows[0] as Message;
  }

  get messageId(): string {
    return this.first.messageId;
  }

  get fromRole(): Role {
    return this.first.fromRole;
  }

  get interfaceName(): string {
    return this.first.interfaceName;
  }

  get item(): string {
    return this.first.item;
  }

  get reference(): string {
    return this.first.reference;
  }

  /** When it was sent last. */
  get sentAt(): number {
    return this.rows.reduce((latest, row) => Math.max(latest, row.sentAt), Number.NEGATIVE_INFINITY);
  }

  private get latest(): readonly Message[] {
    const { sentAt } = this;
    return this.rows.filter((row) => row.sentAt === sentAt);
  }

  /** What its last sending does to keys. */
  get placed(): readonly InFlightQuantity[] {
    return this.latest.flatMap(({ placed }) => (placed === undefined ? [] : [placed]));
  }

  get placedUnits(): number {
    return units(this.placed);
  }

  isPending(site: string, cutOffs: CutOffs): boolean {
    return this.isEvery(isPendingAt, site, cutOffs);
  }

  isLate(site: string, cutOffs: CutOffs): boolean {
    return this.isEvery(isLateAt, site, cutOffs);
  }

  /** Whether what its last sending says is so, and no sending was applied. */
  private isEvery(judge: typeof isPendingAt, site: string, cutOffs: CutOffs): boolean {
    const receiver = cutOffOf(this.fromRole === 'wms' ? 'erp' : 'wms', site, cutOffs);
    if (this.rows.some((row) => wasApplied(row, receiver))) return false;
    return this.latest.every((row) => judge(row, receiver, cutOffs));
  }
}

/** Whether it should have arrived by now, and nothing says that it did, or failed. */
function isLateAt(row: Message, receiver: number, cutOffs: CutOffs): boolean {
  const isOpen = PENDING.has(row.state) && row.appliedAt === undefined;
  return isOpen && !isInTime(row, receiver, cutOffs);
}

function isInTime({ sentAt, interfaceName }: Message, receiver: number, cutOffs: CutOffs): boolean {
  return (cutOffs.now ?? receiver) - sentAt <= cutOffs.lagOf(interfaceName);
}

function wasApplied({ state, sentAt, appliedAt }: Message, receiver: number): boolean {
  if (appliedAt !== undefined && !ENDED.has(state)) return appliedAt <= receiver;
  return state === 'applied' && sentAt <= receiver;
}

function isPendingAt(row: Message, receiver: number, cutOffs: CutOffs): boolean {
  const { state, appliedAt } = row;
  if (ENDED.has(state) || state === 'partial') return false;
  // It was applied, and not by then.
  if (appliedAt !== undefined || state === 'applied') return true;
  return PENDING.has(state) && isInTime(row, receiver, cutOffs);
}

export function units(quantities: readonly { readonly quantity: number }[]): number {
  return quantities.reduce((all, { quantity }) => all + Math.abs(quantity), 0);
}

export class MessageLog {
  readonly carriers: readonly Carrier[];
  private readonly byId = new Map<string, Carrier>();
  private readonly byReference = new Map<string, Carrier[]>();
  private readonly byMovement = new Map<Movement, Carrier>();
  private readonly exact = new Set<Carrier>();
  private readonly speaking = new Set<string>();

  constructor(messages: readonly Message[], movements: readonly Movement[], cutOffs: CutOffs) {
    for (const message of messages) this.add(message);
    this.carriers = [...this.byId.values()];
    for (const carrier of this.carriers) {
      for (const reference of new Set(carrier.rows.map((row) => referenceLink(row)))) {
        if (reference !== undefined) append(this.byReference, `${carrier.fromRole} ${reference}`, carrier);
      }
    }
    for (const list of this.byReference.values()) list.sort((a, b) => a.sentAt - b.sentAt);
    this.assign(
      movements.toSorted((a, b) => b.postedAt - a.postedAt),
      cutOffs,
    );
    for (const { messageId, carried, placed } of this.carriers) {
      if (carried.length > 0 || placed.length > 0) this.speaking.add(messageId);
    }
  }

  private add(message: Message): void {
    const name = `${message.fromRole} ${messageLink(message)}`;
    const carrier = this.byId.get(name) ?? new Carrier();
    this.byId.set(name, carrier);
    carrier.rows.push(message);
  }

  /** The message of the movement's own side that tells the other side of it. */
  carrierOf(movement: Movement): Carrier | undefined {
    return this.byMovement.get(movement);
  }

  /** The last message of the other side that can have caused a movement. */
  causeOf(movement: Movement): Carrier | undefined {
    const role = movement.role === 'wms' ? 'erp' : 'wms';
    return (
      this.withNumber(movement, role) ??
      this.ofDocument(movement, role).findLast(({ sentAt }) => sentAt <= movement.postedAt + CLOCK_SLACK_MS)
    );
  }

  /** Whether a message names a movement or a quantity anywhere. */
  saysMore({ messageId }: Carrier): boolean {
    return this.speaking.has(messageId);
  }

  /** The latest movements first, so that a message goes to the movement right before it and not to one that was lost. */
  private assign(latestFirst: readonly Movement[], cutOffs: CutOffs): void {
    const numbered = latestFirst.filter((movement) =>
      this.take(movement, this.withNumber(movement, movement.role), false),
    );
    const taken = new Set(numbered);
    const steps = [
      (movement: Movement): Carrier | undefined => this.exactOfDocument(movement),
      (movement: Movement): Carrier | undefined =>
        this.candidates(movement).find((carrier) => !this.exact.has(carrier)),
    ];
    for (const find of steps) {
      for (const movement of latestFirst) {
        if (!taken.has(movement) && this.take(movement, find(movement), true)) taken.add(movement);
      }
    }
    this.assignByKey(
      latestFirst.filter((movement) => !taken.has(movement)),
      cutOffs,
    );
  }

  private take(movement: Movement, carrier: Carrier | undefined, byDocument: boolean): boolean {
    if (carrier === undefined) return false;
    carrier.carried.push(movement);
    if (byDocument) carrier.byDocument.add(movement);
    this.byMovement.set(movement, carrier);
    return true;
  }

  /** A message without an item speaks of every item of its document. */
  private withNumber({ messageId, item }: Movement, role: Role): Carrier | undefined {
    if (messageId === '') return undefined;
    const named = (of: string): Carrier | undefined => this.byId.get(`${role} ${messageLink({ messageId, item: of })}`);
    return named(item) ?? named('');
  }

  private ofDocument({ reference, item }: Movement, role: Role): readonly Carrier[] {
    if (reference === '') return [];
    const named = (of: string): readonly Carrier[] =>
      this.byReference.get(`${role} ${referenceLink({ reference, item: of })}`) ?? [];
    const ofItem = named(item);
    return ofItem.length > 0 ? ofItem : named('');
  }

  /** Messages of the document that were sent after the movement and are not known to carry others by number, in order of time. */
  private candidates(movement: Movement): readonly Carrier[] {
    return this.ofDocument(movement, movement.role).filter(
      (carrier) =>
        carrier.sentAt >= movement.postedAt - CLOCK_SLACK_MS &&
        carrier.carried.every((other) => carrier.byDocument.has(other)),
    );
  }

  private exactOfDocument(movement: Movement): Carrier | undefined {
    const found = this.candidates(movement).find(
      (carrier) =>
        !this.exact.has(carrier) && carrier.placedUnits === Math.abs(movement.quantity) && carrier.placed.length > 0,
    );
    if (found) this.exact.add(found);
    return found;
  }

  /** Messages that share no number and no document with any movement, by key, quantity and time. */
  private assignByKey(latestFirst: readonly Movement[], cutOffs: CutOffs): void {
    const free = new Map<string, Carrier[]>();
    for (const carrier of this.carriers) {
      const [placed, ...more] = carrier.placed;
      if (placed === undefined || more.length > 0 || carrier.carried.length > 0) continue;
      append(free, `${carrier.fromRole} ${keyName(placed)} ${Math.abs(placed.quantity)}`, carrier);
    }
    for (const list of free.values()) list.sort((a, b) => a.sentAt - b.sentAt);
    for (const movement of latestFirst) {
      const list = free.get(`${movement.role} ${keyName(movement)} ${Math.abs(movement.quantity)}`);
      const found = list?.find((carrier) => isSoonAfter(carrier, movement, cutOffs) && carrier.carried.length === 0);
      this.take(movement, found, true);
    }
  }
}

/** Whether a message was sent within the time that its interface may take after a movement. */
export function isSoonAfter(carrier: Carrier, movement: Movement, cutOffs: CutOffs): boolean {
  const delay = carrier.sentAt - movement.postedAt;
  return delay >= -CLOCK_SLACK_MS && delay <= Math.max(CLOCK_SLACK_MS, cutOffs.lagOf(carrier.interfaceName));
}

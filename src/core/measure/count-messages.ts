/** Decides what became of each message of a log, for the figures of its interface. Never says what that did to a key. */
import { type CutOffs, cutOffOf, type MessageState } from '../compare/ledger-evidence.ts';
import type { Role } from '../model/balance.ts';
import { addLag, type InterfaceCounts, noInterfaceCounts } from './interface-measures.ts';

/** One row of the log, as far as the fate of its message is concerned. Times are epoch milliseconds. */
export interface LoggedState {
  /** The message and its line, as a number above 0 that no other one has. */
  readonly message: number;
  /** '' where the log names none. */
  readonly interfaceName: string;
  readonly fromRole: Role;
  readonly site: string;
  readonly state: MessageState;
  readonly sentAt: number;
  readonly appliedAt: number | undefined;
}

const SECOND_MS = 1000;
/** A time of application beside these is that of an earlier attempt, or none. */
const ENDED: ReadonlySet<MessageState> = new Set(['rejected', 'failed', 'abandoned', 'superseded']);
const FEWEST = 1024;

/** What the row of a message that was sent last says of it. */
const REJECTED = 1;
const LATE = 2;
const SETTLED = 3;

/**
 * Counts messages by interface. Rows of one message are its states and resends: it counts once. An applied message that was
 * applied again is a duplicate for each further time. Ten million messages are 48 bytes each, and no objects.
 */
export class MessageCounts {
  private readonly cutOffs: CutOffs;
  private readonly interfaces: string[] = [];
  private readonly interfaceIds = new Map<string, number>();
  /** Times beyond the first one at which a message was applied. */
  private readonly again = new Map<number, Set<number>>();
  private size = 0;
  /** Message number + 1 by hash; 0 is free. Twice as long as the others, so that a third is free at least. */
  private slots = new Int32Array(FEWEST * 2);
  private messages = new Float64Array(FEWEST);
  private interfaceOf = new Uint16Array(FEWEST);
  private firstSent = new Float64Array(FEWEST);
  private lastSent = new Float64Array(FEWEST);
  private fate = new Uint8Array(FEWEST);
  /** Time by which its first application is told from others: that of applying, else that of sending. NaN: not applied. */
  private applied = new Float64Array(FEWEST);
  /** Infinity where nothing tells when. */
  private firstApplied = new Float64Array(FEWEST);

  constructor(cutOffs: CutOffs) {
    this.cutOffs = cutOffs;
  }

  add(row: LoggedState): void {
    const { state, sentAt, appliedAt } = row;
    const at = this.placeOf(row);
    this.firstSent[at] = Math.min(this.firstSent[at] as number, sentAt);
    if (sentAt >= (this.lastSent[at] as number)) {
      this.lastSent[at] = sentAt;
      this.fate[at] = this.fateOf(row);
    }
    if (state !== 'applied' && (appliedAt === undefined || ENDED.has(state))) return;
    const time = appliedAt ?? sentAt;
    const first = this.applied[at] as number;
    if (Number.isNaN(first)) this.applied[at] = time;
    else if (time !== first) this.again.set(at, (this.again.get(at) ?? new Set<number>()).add(time));
    if (appliedAt !== undefined) this.firstApplied[at] = Math.min(this.firstApplied[at] as number, appliedAt);
  }

  /** By name of the interface. */
  byInterface(): Map<string, InterfaceCounts> {
    const counts = this.interfaces.map(noInterfaceCounts);
    for (let at = 0; at < this.size; at++) {
      const into = counts[this.interfaceOf[at] as number] as InterfaceCounts;
      into.messages++;
      if (Number.isNaN(this.applied[at])) {
        if (this.fate[at] === REJECTED) into.rejected++;
        else if (this.fate[at] === LATE) into.unposted++;
        continue;
      }
      into.duplicate += this.again.get(at)?.size ?? 0;
      const appliedAt = this.firstApplied[at] as number;
      if (Number.isFinite(appliedAt)) addLag(into, (appliedAt - (this.firstSent[at] as number)) / SECOND_MS);
    }
    return new Map(this.interfaces.map((name, id) => [name, counts[id] as InterfaceCounts]));
  }

  private fateOf({ state, fromRole, site, sentAt, interfaceName }: LoggedState): number {
    if (state === 'rejected' || state === 'failed') return REJECTED;
    if (state === 'superseded') return SETTLED;
    const receiver = cutOffOf(fromRole === 'wms' ? 'erp' : 'wms', site, this.cutOffs);
    return state === 'abandoned' || receiver - sentAt > this.cutOffs.lagOf(interfaceName) ? LATE : SETTLED;
  }

  private placeOf({ message, interfaceName }: LoggedState): number {
    const slot = this.slotOf(message);
    const known = this.slots[slot] as number;
    if (known > 0) return known - 1;
    if (this.size === this.messages.length) {
      this.grow();
      return this.placeOf({ message, interfaceName } as LoggedState);
    }
    const at = this.size++;
    this.slots[slot] = at + 1;
    this.messages[at] = message;
    this.interfaceOf[at] = this.interfaceId(interfaceName);
    this.firstSent[at] = Number.POSITIVE_INFINITY;
    this.lastSent[at] = Number.NEGATIVE_INFINITY;
    this.applied[at] = Number.NaN;
    this.firstApplied[at] = Number.POSITIVE_INFINITY;
    return at;
  }

  private slotOf(message: number): number {
    const mask = this.slots.length - 1;
    let slot = Math.imul(message ^ Math.floor(message / 0x100000000), 0x9e3779b1) >>> Math.clz32(mask);
    for (;;) {
      const known = this.slots[slot] as number;
      if (known === 0 || this.messages[known - 1] === message) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const longer = <T extends Float64Array | Uint16Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const length = this.messages.length * 2;
    this.messages = longer(this.messages, new Float64Array(length));
    this.interfaceOf = longer(this.interfaceOf, new Uint16Array(length));
    this.firstSent = longer(this.firstSent, new Float64Array(length));
    this.lastSent = longer(this.lastSent, new Float64Array(length));
    this.fate = longer(this.fate, new Uint8Array(length));
    this.applied = longer(this.applied, new Float64Array(length));
    this.firstApplied = longer(this.firstApplied, new Float64Array(length));
    this.slots = new Int32Array(length * 2);
    for (let at = 0; at < this.size; at++) this.slots[this.slotOf(this.messages[at] as number)] = at + 1;
  }

  private interfaceId(name: string): number {
    let id = this.interfaceIds.get(name);
    if (id === undefined) {
      id = this.interfaces.push(name) - 1;
      this.interfaceIds.set(name, id);
    }
    return id;
  }
}

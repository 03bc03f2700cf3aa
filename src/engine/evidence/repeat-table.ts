/**
 * Tells rows that were seen in another file from new ones, each by some numbers instead of its texts. A row counts as often as
 * the file that has it most often. What makes two rows the same is decided in core/normalize/row-identity.
 */
import { DETAILS, type RowIdentity } from '../../core/normalize/row-identity.ts';

/** Files of one book never repeat each other. */
export interface RowPlace {
  readonly book: number;
  readonly file: number;
  readonly row: number;
}

/** `repeats`: this row, here or there, is not to be counted. `differs`: another file has it with other content. */
export type Offered = { readonly kind: 'new' | 'differs' } | { readonly kind: 'repeats'; readonly leftOut: RowPlace };

const NEW: Offered = { kind: 'new' };
const DIFFERS: Offered = { kind: 'differs' };
const FEWEST = 1024;
const NONE = -1;
const LINE = 0;
/** Where more rows have one number at one key it numbers no movements: those beyond count as other ones, and that is told. */
const ALIKE_MAX = 4096;

export class RepeatTable {
  private size = 0;
  /** Number of the last entry of a slot; NONE where there is none. As many slots as entries. */
  private heads = new Int32Array(FEWEST).fill(NONE);
  private next = new Int32Array(FEWEST);
  private place = new Int32Array(FEWEST);
  private placeMore = new Int32Array(FEWEST);
  private effect = new Int32Array(FEWEST);
  private details = new Uint16Array(FEWEST * DETAILS);
  private book = new Int32Array(FEWEST);
  private file = new Int32Array(FEWEST);
  private row = new Uint32Array(FEWEST);
  /** The last book that has it too: within one book each entry stands for one row. */
  private takenBy = new Int32Array(FEWEST);
  private readonly hash = new TextHash();
  private readonly said = new Uint16Array(DETAILS);

  /** Rows of one book must come one after the other. */
  offer(identity: RowIdentity, at: RowPlace): Offered {
    const { hash, said } = this;
    for (const [index, text] of identity.details.entries()) said[index] = text === '' ? 0 : hash.of(text).low | 1;
    const effect = hash.of(identity.effect).low;
    const { low, high } = hash.of(identity.place);
    let partner = NONE;
    let exact = 0;
    let differs = false;
    let seen = 0;
    for (let entry = this.headOf(low); entry !== NONE && seen < ALIKE_MAX; entry = this.next[entry] as number) {
      if (this.place[entry] !== low || this.placeMore[entry] !== high) continue;
      seen++;
      if (this.book[entry] === at.book || this.takenBy[entry] === at.book) continue;
      const alike = this.effect[entry] === effect ? this.alike(entry) : NONE;
      if (alike > exact || (alike === exact && partner === NONE)) [partner, exact] = [entry, alike];
      else if (alike === NONE && this.mayBeLine(entry)) differs = true;
    }
    if (partner !== NONE) return { kind: 'repeats', leftOut: this.takePartner(partner, at) };
    this.add({ low, high, effect }, at);
    return differs || seen === ALIKE_MAX ? DIFFERS : NEW;
  }

  /** In how many details both agree; NONE where one contradicts. */
  private alike(entry: number): number {
    let same = 0;
    for (let detail = 0; detail < DETAILS; detail++) {
      const mine = this.said[detail] as number;
      const other = this.details[entry * DETAILS + detail] as number;
      if (mine === other) same++;
      else if (mine !== 0 && other !== 0) return NONE;
    }
    return same;
  }

  private mayBeLine(entry: number): boolean {
    const mine = this.said[LINE] as number;
    const other = this.details[entry * DETAILS + LINE] as number;
    return mine === 0 || other === 0 || mine === other;
  }

  /** Of two rows that are the same the one that says more is kept, else the one that came first. */
  private takePartner(entry: number, at: RowPlace): RowPlace {
    this.takenBy[entry] = at.book;
    const from = entry * DETAILS;
    let more = 0;
    for (let detail = 0; detail < DETAILS; detail++)
      more += Math.sign(this.said[detail] as number) - Math.sign(this.details[from + detail] as number);
    if (more <= 0) return at;
    const leftOut = {
      book: this.book[entry] as number,
      file: this.file[entry] as number,
      row: this.row[entry] as number,
    };
    this.details.set(this.said, from);
    this.put(entry, at);
    return leftOut;
  }

  private put(entry: number, { book, file, row }: RowPlace): void {
    this.book[entry] = book;
    this.file[entry] = file;
    this.row[entry] = row;
  }

  private add({ low, high, effect }: { low: number; high: number; effect: number }, at: RowPlace): void {
    if (this.size === this.next.length) this.grow();
    const entry = this.size++;
    this.place[entry] = low;
    this.placeMore[entry] = high;
    this.effect[entry] = effect;
    this.details.set(this.said, entry * DETAILS);
    this.takenBy[entry] = NONE;
    this.put(entry, at);
    this.link(entry);
  }

  private headOf(low: number): number {
    return this.heads[low & (this.heads.length - 1)] as number;
  }

  private link(entry: number): void {
    const slot = (this.place[entry] as number) & (this.heads.length - 1);
    this.next[entry] = this.heads[slot] as number;
    this.heads[slot] = entry;
  }

  private grow(): void {
    const room = this.next.length * 2;
    this.heads = new Int32Array(room).fill(NONE);
    this.next = new Int32Array(room);
    this.place = grown(this.place, new Int32Array(room));
    this.placeMore = grown(this.placeMore, new Int32Array(room));
    this.effect = grown(this.effect, new Int32Array(room));
    this.details = grown(this.details, new Uint16Array(room * DETAILS));
    this.book = grown(this.book, new Int32Array(room));
    this.file = grown(this.file, new Int32Array(room));
    this.row = grown(this.row, new Uint32Array(room));
    this.takenBy = grown(this.takenBy, new Int32Array(room));
    for (let entry = 0; entry < this.size; entry++) this.link(entry);
  }
}

function grown<T extends Int32Array | Uint32Array | Uint16Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Two numbers of 32 bits for a text: of ten million rows hardly two in a million runs are taken for one. */
class TextHash {
  low = 0;
  high = 0;

  /** Holds until the next text. */
  of(text: string): this {
    let low = 0x2f6e2b1;
    let high = 0x41c6ce57;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      low = Math.imul(low ^ code, 0x9e3779b1);
      low ^= low >>> 15;
      high = Math.imul(high ^ code, 0x5f356495);
      high ^= high >>> 13;
    }
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    this.low = low ^ (low >>> 16);
    this.high = high ^ (high >>> 16);
    return this;
  }
}

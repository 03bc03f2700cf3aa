/**
 * Decides which rows of a file may stand in another one too: those of shared times whose number seems to occur there. Bytes are
 * asked first, so that a row that is passed over costs no text. Whether two rows are the same is decided elsewhere.
 */
import { TimeReader } from '../../core/normalize/time-reader.ts';
import { hashBytes, type RecordScanner, TAIL_BYTES } from '../../ingest/delimited/record-scanner.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { plainTime } from './plain-time.ts';
import type { RowMatcher } from './row-matcher.ts';

/** Both ends belong to it; epoch milliseconds. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const SPACE = 32;
/** A row that is no candidate, whatever its number. */
const NO_ID = 0;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The numbers of a file's rows that lie in some windows of time, as hashes. */
export class WindowedIds {
  private readonly id: number;
  private readonly time: number;
  private readonly columns: number;
  private readonly windows: readonly TimeWindow[];
  private readonly times: TimeReader;
  private readonly constantTime: string;

  private constructor(input: EvidenceInput, id: number, windows: readonly TimeWindow[]) {
    const timeName = input.kind === 'messages' ? 'sent_at' : 'posted_at';
    this.id = id;
    this.time = input.columns.get(timeName) ?? -1;
    this.columns = input.header.length;
    this.windows = windows;
    this.times = new TimeReader(input.times);
    this.constantTime = input.config.constants?.[timeName] ?? '';
  }

  /** undefined where no column numbers the rows: a number that all of them share says nothing. */
  static of(input: EvidenceInput, windows: readonly TimeWindow[]): WindowedIds | undefined {
    const id = input.columns.get(input.kind === 'messages' ? 'message_id' : 'movement_id');
    return id === undefined ? undefined : new WindowedIds(input, id, windows);
  }

  /** 0 where the row is of another time, or has no number. */
  ofRecord(scanner: RecordScanner, record: number): number {
    const { starts, ends, bytes, hashes } = scanner;
    const first = record * this.columns;
    if (!this.isInWindow(this.timeOfRecord(scanner, first))) return NO_ID;
    const field = first + this.id;
    const start = starts[field] as number;
    const end = ends[field] as number;
    if (start === end) return NO_ID;
    const isSpaced = (bytes[start] as number) <= SPACE || (bytes[end - 1] as number) <= SPACE;
    // Spaces that are no ASCII are cut off too.
    if (isSpaced || scanner.odd[field] === 1) return hashOf(decoder.decode(bytes.subarray(start, end)));
    return hashes[field] || 1;
  }

  ofValues(values: readonly (string | null)[]): number {
    const written = this.time < 0 ? this.constantTime : (values[this.time] ?? '');
    return this.isInWindow(this.readTime(written)) ? hashOf(values[this.id] ?? '') : NO_ID;
  }

  private timeOfRecord({ starts, ends, bytes }: RecordScanner, first: number): number {
    if (this.time < 0) return this.readTime(this.constantTime);
    const start = starts[first + this.time] as number;
    const end = ends[first + this.time] as number;
    const plain = plainTime(bytes, start, end);
    return Number.isNaN(plain) ? this.readTime(decoder.decode(bytes.subarray(start, end))) : plain;
  }

  /** NaN where it cannot be read: then the row is rejected wherever it stands. */
  private readTime(written: string): number {
    const time = this.times.read(written.trim());
    return time.ok ? time.value : Number.NaN;
  }

  private isInWindow(ms: number): boolean {
    for (const { fromMs, toMs } of this.windows) if (ms >= fromMs && ms <= toMs) return true;
    return false;
  }
}

/** The hash that the scanner gives a field of these bytes. */
function hashOf(written: string): number {
  const text = written.trim();
  if (text === '') return NO_ID;
  const bytes = encoder.encode(text);
  const padded = new Uint8Array(bytes.length + TAIL_BYTES);
  padded.set(bytes);
  return hashBytes(new DataView(padded.buffer), 0, bytes.length) || 1;
}

/** Slots for each row: numbers that meet in one by chance cost a look at their texts. */
const SLOTS_PER_ROW = 4;
const SLOTS_MIN = 1 << 12;
const SLOTS_MAX = 1 << 26;
const SHARED = 0xffff;

/** In which book each number was seen; two bytes for each slot, and no texts. */
export class IdSlots {
  /** 0: in none. */
  private readonly books: Uint16Array;
  hasShared = false;

  constructor(rows: number) {
    let slots = SLOTS_MIN;
    while (slots < rows * SLOTS_PER_ROW && slots < SLOTS_MAX) slots *= 2;
    this.books = new Uint16Array(slots);
  }

  note(id: number, book: number): void {
    const slot = this.slotOf(id);
    const known = this.books[slot] as number;
    // Beyond so many books every number is looked at.
    if (known === 0 && book < SHARED) this.books[slot] = book;
    else if (known !== book) {
      this.books[slot] = SHARED;
      this.hasShared = true;
    }
  }

  isShared(id: number): boolean {
    return this.books[this.slotOf(id)] === SHARED;
  }

  private slotOf(id: number): number {
    return (Math.imul(id, 0x9e3779b1) >>> 6) & (this.books.length - 1);
  }
}

/** Notes the numbers of all rows; picks none. */
export class IdNoter implements RowMatcher {
  private readonly ids: WindowedIds;
  private readonly slots: IdSlots;
  private readonly book: number;
  /** Rows of the shared times. */
  rows = 0;

  constructor(ids: WindowedIds, slots: IdSlots, book: number) {
    this.ids = ids;
    this.slots = slots;
    this.book = book;
  }

  markRecords(scanner: RecordScanner, from: number, to: number): void {
    for (let record = from; record < to; record++) this.note(this.ids.ofRecord(scanner, record));
  }

  matches(values: readonly (string | null)[]): boolean {
    this.note(this.ids.ofValues(values));
    return false;
  }

  private note(id: number): void {
    if (id === NO_ID) return;
    this.rows++;
    this.slots.note(id, this.book);
  }
}

/** Picks the rows of one part of the numbers that seem to stand in several books. */
export class RepeatCandidates implements RowMatcher {
  private readonly ids: WindowedIds;
  private readonly slots: IdSlots;
  private readonly part: number;
  private readonly parts: number;

  constructor(ids: WindowedIds, slots: IdSlots, part: number, parts: number) {
    this.ids = ids;
    this.slots = slots;
    this.part = part;
    this.parts = parts;
  }

  markRecords(scanner: RecordScanner, from: number, to: number, marks: Uint8Array): void {
    for (let record = from; record < to; record++)
      if (this.isPicked(this.ids.ofRecord(scanner, record))) marks[record] = 1;
  }

  matches(values: readonly (string | null)[]): boolean {
    return this.isPicked(this.ids.ofValues(values));
  }

  private isPicked(id: number): boolean {
    return id !== NO_ID && (id >>> 0) % this.parts === this.part && this.slots.isShared(id);
  }
}

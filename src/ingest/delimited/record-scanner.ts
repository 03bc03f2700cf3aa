/**
 * Decides where the records and fields of delimited text begin and end, byte by byte and strictly: what is not plainly
 * one reading is a fault of the file. Never decodes, trims or guesses; one pass also hashes each field.
 */

/** Why a file cannot be read as declared. `position` is an offset into the loaded bytes. */
export class RecordFault extends Error {
  readonly code: string;
  readonly position: number;
  readonly action: string;

  constructor(code: string, message: string, position: number, action = '') {
    super(message);
    this.code = code;
    this.position = position;
    this.action = action;
  }
}

/** A field longer than this is no stock data; it is refused before it fills the memory. */
export const FIELD_BYTES_MAX = 1 << 20;
export const COLUMNS_MAX = 10_000;
export const TOO_MANY_ACTION = 'Export only the columns that are needed, or declare the delimiter.';

const PLAIN = 0;
const DELIMITER = 1;
const LINE_FEED = 2;
const CARRIAGE_RETURN = 3;
const NON_ASCII = 4;
const QUOTE = 5;
const NUL = 6;
const LF = 10;
const CR = 13;
const HASH_SEED = 0x811c9dc5 | 0;
const HASH_PRIME = 0x9e3779b1;
/** Below this stand all bytes that may end a field or are faults, if the delimiter does; digits and letters stand above. */
const FIRST_PLAIN = 0x30;
const FIRST_PLAINS = 0x30303030;
const HIGH_BITS = 0x80808080 | 0;
const ROW_SEED = 17;

/**
 * The hash that the scanner computes for every field: its bytes as little-endian words, the last one filled with zeros.
 * The view must go on for at least three bytes behind `end`.
 */
export function hashBytes(view: DataView, start: number, end: number): number {
  let hash = HASH_SEED;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mix(hash, view.getInt32(at, true));
  return at < end ? mix(hash, view.getInt32(at, true) & tailMask(end - at)) : hash;
}

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, HASH_PRIME);
  return product ^ (product >>> 15);
}

/** Bits of the first `bytes` (1 to 3) bytes of a little-endian word. */
export function tailMask(bytes: number): number {
  return (1 << (bytes << 3)) - 1;
}

/** Bytes that must be there behind the loaded ones, so that whole words can be read up to the end. */
export const TAIL_BYTES = 8;

/**
 * Reads records from loaded bytes. After `next(at)` field i of the record is bytes[starts[at + i], ends[at + i]) with its
 * hash, quotes removed; `odd[at + i]` is 1 where it holds a byte above 127. Records read with other values of `at` stay, so
 * that many can be looked at together. The bytes are changed in place where quotes were doubled.
 */
export class RecordScanner {
  starts: Int32Array;
  ends: Int32Array;
  hashes: Int32Array;
  odd: Uint8Array;
  bytes: Uint8Array = new Uint8Array(1);
  view: DataView = new DataView(new ArrayBuffer(TAIL_BYTES));
  /** Where the next record starts. */
  position = 0;
  /** One number for all bytes of the record read last. */
  rowHash = 0;
  /** Whether the last record of the file had no line end. */
  finalNewlineMissing = false;
  private end = 0;
  private isFinal = false;
  private readonly quote: number;
  /** Whether four bytes can be looked at together. */
  private readonly byWords: boolean;
  private readonly classes = new Uint8Array(256);
  private readonly doubled: number[] = [];

  /** `fields`: room for so many fields at first. */
  constructor(delimiter: number, quote: number, fields = 64) {
    this.quote = quote;
    this.byWords = delimiter < FIRST_PLAIN && quote < FIRST_PLAIN;
    this.classes.fill(NON_ASCII, 128);
    this.classes[0] = NUL;
    this.classes[LF] = LINE_FEED;
    this.classes[CR] = CARRIAGE_RETURN;
    if (quote >= 0) this.classes[quote] = QUOTE;
    this.classes[delimiter] = DELIMITER;
    this.starts = new Int32Array(fields);
    this.ends = new Int32Array(fields);
    this.hashes = new Int32Array(fields);
    this.odd = new Uint8Array(fields);
  }

  /**
   * Loads bytes[0, end); bytes must have room for TAIL_BYTES more, which are overwritten. `isFinal`: the file ends at `end`,
   * so a last record without line end is complete.
   */
  load(bytes: Uint8Array, position: number, end: number, isFinal: boolean): void {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.isFinal = isFinal;
    // A line end behind the data stops every loop, so that none has to compare with the end.
    bytes[end] = LF;
    if (
      this.view.buffer !== bytes.buffer ||
      this.view.byteOffset !== bytes.byteOffset ||
      this.view.byteLength !== bytes.byteLength
    ) {
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
  }

  /**
   * Number of fields of the next record; 0 at the end of the data, −1 where the record goes on behind the loaded bytes.
   *
   * Four bytes are looked at together. A word is plain where none of its bytes is below FIRST_PLAIN or above 127: then the
   * subtraction leaves every high bit clear. A borrow can mark a plain byte too, but never hides one that is not, so each
   * marked byte is looked up. All in one function: calls for each field took a third of the time.
   */
  next(first = 0): number {
    if (!this.byWords) return this.nextByBytes(first);
    const { view, bytes, classes, starts, ends, hashes, odd, end, quote } = this;
    let at = this.position;
    if (at >= end) return 0;
    const limit = starts.length;
    let field = first;
    let rowHash = ROW_SEED;
    for (;;) {
      if (field === limit) return this.nextWithRoom(first);
      if (bytes[at] === quote) {
        at = this.quotedField(at, field);
        if (at < 0) return -1;
      } else {
        const start = at;
        let hash = HASH_SEED;
        let oddness = 0;
        scan: for (;;) {
          const word = view.getInt32(at, true);
          let marks = ((word - FIRST_PLAINS) | word) & HIGH_BITS;
          while (marks !== 0) {
            const byteInWord = (31 - Math.clz32(marks & -marks)) >> 3;
            const kind = classes[(word >>> (byteInWord << 3)) & 0xff] as number;
            if (kind === NON_ASCII) {
              oddness = 1;
            } else if (kind !== PLAIN) {
              if (byteInWord > 0) hash = mix(hash, word & ((1 << (byteInWord << 3)) - 1));
              at += byteInWord;
              if (kind > NON_ASCII) throw this.strayByte(kind, at);
              break scan;
            }
            marks &= marks - 1;
          }
          hash = mix(hash, word);
          at += 4;
        }
        starts[field] = start;
        ends[field] = at;
        hashes[field] = hash;
        odd[field] = oddness;
        if (at - start > FIELD_BYTES_MAX) throw tooLong(start);
      }
      rowHash = (Math.imul(rowHash, 31) ^ (hashes[field] as number)) | 0;
      field++;
      const byte = bytes[at] as number;
      if (classes[byte] !== DELIMITER) return this.endRecord(at, byte, field - first, rowHash);
      at++;
    }
  }

  /** The same byte by byte, for delimiters above FIRST_PLAIN. */
  private nextByBytes(first: number): number {
    const { bytes, classes, hashes, end, quote } = this;
    let at = this.position;
    if (at >= end) return 0;
    let rowHash = ROW_SEED;
    for (let field = first; ; field++) {
      if (field === this.starts.length) return this.nextWithRoom(first);
      at = bytes[at] === quote ? this.quotedField(at, field) : this.byteField(at, field);
      if (at < 0) return -1;
      rowHash = (Math.imul(rowHash, 31) ^ (hashes[field] as number)) | 0;
      const byte = bytes[at] as number;
      if (classes[byte] !== DELIMITER) return this.endRecord(at, byte, field + 1 - first, rowHash);
      at++;
    }
  }

  private nextWithRoom(first: number): number {
    this.grow(first);
    return this.next(first);
  }

  private byteField(start: number, field: number): number {
    const { bytes, classes } = this;
    let at = start;
    let oddness = 0;
    for (;;) {
      const kind = classes[bytes[at] as number] as number;
      if (kind === NON_ASCII) oddness = 1;
      else if (kind > NON_ASCII) throw this.strayByte(kind, at);
      else if (kind !== PLAIN) return this.keepField(field, start, at, hashBytes(this.view, start, at), oddness);
      at++;
    }
  }

  private keepField(field: number, start: number, end: number, hash: number, oddness: number): number {
    if (end - start > FIELD_BYTES_MAX) throw tooLong(start);
    this.starts[field] = start;
    this.ends[field] = end;
    this.hashes[field] = hash;
    this.odd[field] = oddness;
    return end;
  }

  private endRecord(at: number, byte: number, fields: number, rowHash: number): number {
    this.rowHash = rowHash;
    if (at >= this.end) {
      if (!this.isFinal) return this.incomplete();
      this.finalNewlineMissing = true;
      this.position = this.end;
    } else if (byte === LF) {
      this.position = at + 1;
    } else {
      // A CR at the end of the loaded bytes may be the first half of CR LF.
      if (at + 1 >= this.end && !this.isFinal) return this.incomplete();
      this.position = at + 1 < this.end && this.bytes[at + 1] === LF ? at + 2 : at + 1;
    }
    if (this.doubled.length > 0) this.undouble();
    return fields;
  }

  /** Reads a field in quotes; returns the position of the byte behind its closing quote, or −1 where the data ends first. */
  private quotedField(open: number, field: number): number {
    const { bytes, end, quote } = this;
    let at = open + 1;
    let oddness = 0;
    let isDoubled = false;
    for (;;) {
      if (at >= end) {
        this.incomplete();
        if (this.isFinal)
          throw new RecordFault(
            'UNCLOSED_QUOTE',
            'a quote is opened and never closed',
            open,
            'Send the file again; it is cut, or quotes are ordinary characters in it (declare quote: none).',
          );
        if (end - open > FIELD_BYTES_MAX)
          throw new RecordFault(
            'UNCLOSED_QUOTE',
            'a quote is opened and not closed within 1 MB',
            open,
            'Declare quote: none where quotes are ordinary characters.',
          );
        return -1;
      }
      const byte = bytes[at] as number;
      if (byte === quote) {
        if (bytes[at + 1] !== quote || at + 1 >= end) break;
        isDoubled = true;
        at++;
      } else if (byte === 0) {
        throw this.strayByte(NUL, at);
      }
      if (byte > 127) oddness = 1;
      at++;
    }
    const kind = this.classes[bytes[at + 1] as number] as number;
    if (kind !== DELIMITER && kind !== LINE_FEED && kind !== CARRIAGE_RETURN) {
      throw new RecordFault(
        'TEXT_AFTER_QUOTE',
        'text behind a closing quote',
        at + 1,
        'Double the quotes inside quoted fields, or declare quote: none where quotes are ordinary characters.',
      );
    }
    if (isDoubled) this.doubled.push(field);
    this.keepField(
      field,
      open + 1,
      at,
      isDoubled ? this.hashUndoubled(open + 1, at) : hashBytes(this.view, open + 1, at),
      oddness,
    );
    return at + 1;
  }

  /** The hash of a field without the second of each pair of quotes. The bytes stay: the record may have to be read again. */
  private hashUndoubled(start: number, end: number): number {
    const plain = new Uint8Array(end - start + TAIL_BYTES);
    const length = copyUndoubled(this.bytes, start, end, this.quote, plain, 0);
    return hashBytes(new DataView(plain.buffer), 0, length);
  }

  /** Takes one of each pair of doubled quotes out of the fields that have them. */
  private undouble(): void {
    for (const field of this.doubled) {
      const start = this.starts[field] as number;
      this.ends[field] = copyUndoubled(this.bytes, start, this.ends[field] as number, this.quote, this.bytes, start);
    }
    this.doubled.length = 0;
  }

  /** The record is read again once more bytes are loaded. */
  private incomplete(): number {
    this.doubled.length = 0;
    return -1;
  }

  private strayByte(kind: number, at: number): RecordFault {
    this.doubled.length = 0;
    if (kind === NUL)
      return new RecordFault('NUL_BYTE', 'a NUL byte', at, 'This is no text file, or its encoding must be declared.');
    return new RecordFault(
      'STRAY_QUOTE',
      'a quote inside a field that does not start with one',
      at,
      'Declare quote: none where quotes are ordinary characters, as in 1/2" bolt.',
    );
  }

  private grow(first: number): void {
    if (this.starts.length - first > COLUMNS_MAX * 4)
      throw new RecordFault('TOO_MANY_COLUMNS', `more than ${COLUMNS_MAX} columns`, this.position, TOO_MANY_ACTION);
    this.incomplete();
    const fields = this.starts.length * 4;
    const copy = <T extends Int32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.starts = copy(new Int32Array(fields), this.starts);
    this.ends = copy(new Int32Array(fields), this.ends);
    this.hashes = copy(new Int32Array(fields), this.hashes);
    this.odd = copy(new Uint8Array(fields), this.odd);
  }
}

/** Copies bytes[start, end) with single quotes for doubled ones; returns the end of the copy. Source and target may be one. */
function copyUndoubled(
  bytes: Uint8Array,
  start: number,
  end: number,
  quote: number,
  target: Uint8Array,
  at: number,
): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    target[to++] = byte;
    if (byte === quote) from++;
  }
  return to;
}

function tooLong(at: number): RecordFault {
  return new RecordFault('FIELD_TOO_LONG', 'a field of more than 1 MB', at, 'Leave that column out of the extract.');
}

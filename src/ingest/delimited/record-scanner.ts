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
const HASH_PRIME = 0x01000193;

/** FNV-1a over bytes, as the scanner computes it for every field. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), HASH_PRIME);
  return hash;
}

/**
 * Reads records from loaded bytes. After `next()` field i of the record is bytes[starts[i], ends[i]) with its hash, quotes
 * removed; `odd[i]` is 1 where it holds a byte above 127. The bytes are changed in place where quotes were doubled.
 */
export class RecordScanner {
  starts: Int32Array;
  ends: Int32Array;
  hashes: Int32Array;
  odd: Uint8Array;
  bytes: Uint8Array = new Uint8Array(1);
  /** Where the next record starts. */
  position = 0;
  /** Whether the last record of the file had no line end. */
  finalNewlineMissing = false;
  private end = 0;
  private isFinal = false;
  private readonly quote: number;
  private readonly classes = new Uint8Array(256);
  private readonly doubled: number[] = [];

  constructor(delimiter: number, quote: number, columns = 64) {
    this.quote = quote;
    this.classes.fill(NON_ASCII, 128);
    this.classes[0] = NUL;
    this.classes[LF] = LINE_FEED;
    this.classes[CR] = CARRIAGE_RETURN;
    if (quote >= 0) this.classes[quote] = QUOTE;
    this.classes[delimiter] = DELIMITER;
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
    this.hashes = new Int32Array(columns);
    this.odd = new Uint8Array(columns);
  }

  /**
   * Loads bytes[0, end); bytes must have room for one byte more, which is overwritten. `isFinal`: the file ends at `end`,
   * so a last record without line end is complete.
   */
  load(bytes: Uint8Array, position: number, end: number, isFinal: boolean): void {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.isFinal = isFinal;
    // A line end behind the data stops every loop, so that none has to compare with the end.
    bytes[end] = LF;
  }

  /** Number of fields of the next record; 0 at the end of the data, −1 where the record goes on behind the loaded bytes. */
  next(): number {
    const { bytes, classes, starts, ends, hashes, odd, end, quote } = this;
    let at = this.position;
    if (at >= end) return 0;
    const limit = starts.length;
    let field = 0;
    for (;;) {
      if (field === limit) {
        this.grow();
        return this.next();
      }
      let byte = bytes[at] as number;
      if (byte === quote) {
        at = this.quotedField(at, field);
        if (at < 0) return -1;
        byte = bytes[at] as number;
      } else {
        const start = at;
        let hash = HASH_SEED;
        let oddness = 0;
        let kind = classes[byte] as number;
        for (;;) {
          if (kind === PLAIN) {
            hash = Math.imul(hash ^ byte, HASH_PRIME);
          } else if (kind === NON_ASCII) {
            hash = Math.imul(hash ^ byte, HASH_PRIME);
            oddness = 1;
          } else if (kind < NON_ASCII) {
            break;
          } else {
            throw this.strayByte(kind, at);
          }
          byte = bytes[++at] as number;
          kind = classes[byte] as number;
        }
        if (at - start > FIELD_BYTES_MAX) throw tooLong(start);
        starts[field] = start;
        ends[field] = at;
        hashes[field] = hash;
        odd[field] = oddness;
      }
      field++;
      if (classes[byte] !== DELIMITER) return this.endRecord(at, byte, field);
      at++;
    }
  }

  private endRecord(at: number, byte: number, fields: number): number {
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
    let hash = HASH_SEED;
    let oddness = 0;
    for (;;) {
      if (at >= end) {
        this.incomplete();
        if (this.isFinal) throw new RecordFault('UNCLOSED_QUOTE', 'a quote is opened and never closed', open, 'Send the file again; it is cut, or quotes are ordinary characters in it (declare quote: none).');
        if (end - open > FIELD_BYTES_MAX) throw new RecordFault('UNCLOSED_QUOTE', 'a quote is opened and not closed within 1 MB', open, 'Declare quote: none where quotes are ordinary characters.');
        return -1;
      }
      const byte = bytes[at] as number;
      if (byte === quote) {
        if (bytes[at + 1] !== quote || at + 1 >= end) break;
        this.doubled.push(field);
        at++;
      } else if (byte === 0) {
        throw this.strayByte(NUL, at);
      }
      if (byte > 127) oddness = 1;
      hash = Math.imul(hash ^ byte, HASH_PRIME);
      at++;
    }
    if (at - open > FIELD_BYTES_MAX) throw tooLong(open);
    this.starts[field] = open + 1;
    this.ends[field] = at;
    this.hashes[field] = hash;
    this.odd[field] = oddness;
    const kind = this.classes[bytes[at + 1] as number] as number;
    if (kind === DELIMITER || kind === LINE_FEED || kind === CARRIAGE_RETURN) return at + 1;
    throw new RecordFault('TEXT_AFTER_QUOTE', 'text behind a closing quote', at + 1, 'Double the quotes inside quoted fields, or declare quote: none where quotes are ordinary characters.');
  }

  /** The record is read again once more bytes are loaded. */
  private incomplete(): number {
    this.doubled.length = 0;
    return -1;
  }

  /** Takes one of each pair of doubled quotes out of the fields that have them. */
  private undouble(): void {
    for (const field of new Set(this.doubled)) {
      const end = this.ends[field] as number;
      let to = this.starts[field] as number;
      for (let from = to; from < end; from++) {
        const byte = this.bytes[from] as number;
        this.bytes[to++] = byte;
        if (byte === this.quote) from++;
      }
      this.ends[field] = to;
    }
    this.doubled.length = 0;
  }

  private strayByte(kind: number, at: number): RecordFault {
    this.doubled.length = 0;
    if (kind === NUL) return new RecordFault('NUL_BYTE', 'a NUL byte', at, 'This is no text file, or its encoding must be declared.');
    return new RecordFault('STRAY_QUOTE', 'a quote inside a field that does not start with one', at, 'Declare quote: none where quotes are ordinary characters, as in 1/2" bolt.');
  }

  private grow(): void {
    const columns = this.starts.length * 4;
    if (columns > COLUMNS_MAX * 4) throw new RecordFault('TOO_MANY_COLUMNS', `more than ${COLUMNS_MAX} columns`, this.position);
    this.doubled.length = 0;
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
    this.hashes = new Int32Array(columns);
    this.odd = new Uint8Array(columns);
  }
}

function tooLong(at: number): RecordFault {
  return new RecordFault('FIELD_TOO_LONG', 'a field of more than 1 MB', at);
}

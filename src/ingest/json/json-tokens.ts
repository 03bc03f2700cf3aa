/**
 * Decides which bytes are JSON tokens: valid text in the file's encoding, numbers kept digit by digit.
 * Never judges how tokens follow each other (see json-grammar.ts) and never holds more than a piece of the file.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { Tokenizer, TokenType } from '@streamparser/json';
import { Failure } from '../../core/model/failure.ts';

export type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'number' | 'boolean' | 'null';

/** Called for each token with its text as written (texts unescaped) and its offset in bytes; `lineEnd` after each line feed and at the end. */
export interface TokenVisitor {
  token(kind: TokenKind, text: string, offset: number): void;
  lineEnd(): void;
  /** Where the file's text stops: throws where something is still open. `insideToken`: in the middle of a word, number or text. */
  end(insideToken: boolean): void;
  /** The place that stands in messages. */
  place(offset: number): string;
}

const PIECE_BYTES = 128 * 1024;
/** No field longer than 1 MB is read, so a longer stretch without a token is an attack on memory. */
const BYTES_WITHOUT_TOKEN_MAX = 8_000_000;

/** Reads the whole file, yielding once per piece so that the caller can hand over rows and wait. Throws Failure. */
export async function* jsonTokens(
  path: string,
  encoding: string | undefined,
  visitor: TokenVisitor,
): AsyncGenerator<void> {
  const feed = new TokenFeed(basename(path), visitor);
  for await (const text of utf8Pieces(path, encoding)) {
    feed.write(text);
    yield;
  }
  feed.end();
}

class ExactTokenizer extends Tokenizer {
  constructor() {
    super({ stringBufferSize: 64 * 1024 });
    // The tokenizer's own decoder drops U+FEFF at the start of a text; a text must stay as it is.
    Object.assign(this['bufferedString'], { decoder: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }) });
  }

  // A JavaScript number would round 20 digits and forget that 1.10 was written with two decimals.
  protected override parseNumber(text: string): number {
    return text as unknown as number;
  }
}

class TokenFeed {
  readonly #fileName: string;
  readonly #visitor: TokenVisitor;
  readonly #tokenizer = new ExactTokenizer();
  #written = 0;
  #lastToken = 0;

  constructor(fileName: string, visitor: TokenVisitor) {
    this.#fileName = fileName;
    this.#visitor = visitor;
    this.#tokenizer.onToken = ({ token, value, offset }) => {
      this.#lastToken = this.#written;
      if (token === TokenType.STRING) visitor.token('string', value as string, offset);
      else if (token === TokenType.NUMBER) visitor.token('number', value as unknown as string, offset);
      else if (token === TokenType.NULL) visitor.token('null', 'null', offset);
      else if (token === TokenType.TRUE || token === TokenType.FALSE) visitor.token('boolean', String(value), offset);
      else visitor.token(value as TokenKind, value as string, offset);
    };
  }

  write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const feed = bytes.indexOf(10, from);
      const to = feed < 0 ? bytes.length : feed + 1;
      this.#writePart(bytes.subarray(from, to));
      if (feed >= 0) this.#visitor.lineEnd();
      from = to;
    }
    if (this.#written - this.#lastToken > BYTES_WITHOUT_TOKEN_MAX) {
      throw new Failure(
        'refused',
        'FIELD_TOO_LONG',
        `${this.#fileName}: ${this.#visitor.place(this.#lastToken)}: a value of more than ${BYTES_WITHOUT_TOKEN_MAX} bytes.`,
        'Leave this field out of the export.',
      );
    }
  }

  end(): void {
    let insideToken = false;
    try {
      this.#tokenizer.end();
    } catch (error) {
      if (error instanceof Failure) throw error;
      insideToken = true;
    }
    this.#visitor.end(insideToken);
  }

  #writePart(bytes: Uint8Array): void {
    try {
      this.#tokenizer.write(bytes);
    } catch (error) {
      throw error instanceof Failure ? error : this.#syntaxFailure(error, bytes);
    }
    this.#written += bytes.length;
  }

  #syntaxFailure(error: unknown, bytes: Uint8Array): Failure {
    const at = Number(/chunk position "(\d+)"/.exec(String(error))?.[1] ?? 0);
    const found =
      Buffer.from(bytes.subarray(at, at + 12))
        .toString('utf8')
        .split('\n')[0] ?? '';
    const what = found === '' ? 'a line break inside a text' : JSON.stringify(found);
    const place = this.#visitor.place(this.#written + at);
    return new Failure(
      'refused',
      'JSON_SYNTAX',
      `${this.#fileName}: ${place}: found ${what}, which is not JSON.`,
      'Export the file again as JSON (RFC 8259): texts in double quotes, numbers without NaN or Infinity, no comments.',
    );
  }
}

/** The file's text as UTF-8 without its byte order mark, in pieces that never split a character. */
export async function* utf8Pieces(path: string, encoding: string | undefined): AsyncGenerator<Uint8Array> {
  const fileName = basename(path);
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: PIECE_BYTES });
  let decode: Decode | undefined;
  try {
    for await (const bytes of stream) {
      decode ??= decoderFor(encoding, bytes, fileName);
      yield decode(bytes, false);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const code = 'code' in error ? String(error.code) : error.message;
    throw new Failure(
      'unreachable',
      'FILE_UNREADABLE',
      `${fileName}: cannot be read (${code}).`,
      'Check the path and the permissions.',
    );
  }
  if (decode === undefined) {
    throw new Failure(
      'refused',
      'EMPTY',
      `${fileName}: the file has 0 bytes; an empty file is never zero stock.`,
      'Export the file again.',
    );
  }
  yield decode(Buffer.alloc(0), true);
}

type Decode = (bytes: Buffer, last: boolean) => Uint8Array;

function decoderFor(encoding: string | undefined, head: Buffer, fileName: string): Decode {
  const mark = head.toString('hex', 0, 2);
  const label = encoding ?? (mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8');
  if (/^utf-?8$/i.test(label)) return utf8Checker(fileName);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw new Failure(
      'configuration',
      'UNKNOWN_ENCODING',
      `${fileName}: the encoding ${label} is not known.`,
      'Name an encoding such as utf-8, utf-16le or windows-1252.',
    );
  }
  let offset = 0;
  return (bytes, last) => {
    try {
      const text = decoder.decode(bytes, { stream: !last });
      offset += bytes.length;
      return Buffer.from(text, 'utf8');
    } catch {
      throw invalidText(fileName, label, `between byte ${offset} and byte ${offset + bytes.length}`);
    }
  };
}

function utf8Checker(fileName: string): Decode {
  let carried: Buffer = Buffer.alloc(0);
  let offset = 0;
  return (bytes, last) => {
    const piece = carried.length === 0 ? bytes : Buffer.concat([carried, bytes]);
    const complete = last ? piece.length : completeLength(piece);
    const text = piece.subarray(0, complete);
    if (!isUtf8(text)) {
      const at = validLength(text);
      throw invalidText(
        fileName,
        'UTF-8',
        `at byte ${offset + at} (0x${text.toString('hex', at, at + 1).toUpperCase()})`,
      );
    }
    // A copy: the stream may use the memory of `bytes` again.
    carried = Buffer.from(piece.subarray(complete));
    // The mark goes, but offsets in messages keep counting it: a space takes the place of its bytes.
    const marked = offset === 0 && text.toString('hex', 0, 3) === 'efbbbf';
    offset += complete;
    return marked ? Buffer.concat([Buffer.from('   '), text.subarray(3)]) : text;
  };
}

function invalidText(fileName: string, encoding: string, place: string): Failure {
  return new Failure(
    'refused',
    'INVALID_TEXT',
    `${fileName}: not ${encoding} ${place}.`,
    'Export the file as UTF-8, or declare its encoding.',
  );
}

/** Length of `bytes` without a character that is cut off at the end. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Length of the longest valid start. */
function validLength(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const start = bytes.subarray(0, middle);
    if (isUtf8(start.subarray(0, completeLength(start)))) valid = middle;
    else invalid = middle;
  }
  return completeLength(bytes.subarray(0, valid));
}

/**
 * Decides how a text file with separated fields is read: encoding, delimiter, header. What is declared wins; what is not
 * is detected only where one reading fits, else the file is refused. Never looks at values.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../core/model/failure.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import type { ReadOptions } from '../raw-table.ts';
import type { DelimitedFile, Dialect } from './delimited-file.ts';
import { textsOf } from './read-delimited.ts';
import { COLUMNS_MAX, RecordFault, RecordScanner, TAIL_BYTES, TOO_MANY_ACTION } from './record-scanner.ts';
import { invalidUtf8Offset } from './utf8.ts';

const HEAD_BYTES = 4 << 20;
const DELIMITERS = [',', ';', '\t', '|'];
const UTF8_NAMES = new Set(['utf8', 'utf-8']);

export interface DelimitedOptions extends ReadOptions {
  readonly format: 'csv' | 'tsv';
  /** Names of columns that this source may have, lower case; the delimiter is the one that finds most of them. */
  readonly knownColumns: ReadonlySet<string>;
  /** A folder of the run's own, for files that must be transcoded. */
  readonly temporaryDirectory: string;
}

/** Opens a file; what cannot be read as declared throws a Failure of kind `refused`. */
export async function openDelimited(path: string, options: DelimitedOptions): Promise<DelimitedFile> {
  const name = basename(path);
  const head = await readHead(path);
  if (head.size === 0)
    throw refused('EMPTY', `${name} is empty (0 bytes); an empty file is not zero stock`, 'Send the file again.');
  checkMagic(name, head.bytes);
  const encoding = encodingOf(head.bytes, options);
  if (/^utf-?16/.test(encoding) && head.size % 2 === 1)
    throw refused(
      'CUT_OFF',
      `${name} has an odd number of bytes, so its last character is cut`,
      'Send the whole file again.',
    );
  if (encoding === 'utf-8') return describe(path, name, head.bytes, head.size, options);
  const transcoded = join(options.temporaryDirectory, `${name}.${Math.abs(hashName(path))}.utf8`);
  await transcode(path, name, transcoded, encoding);
  const again = await readHead(transcoded);
  return describe(transcoded, name, again.bytes, again.size, options);
}

function refused(code: string, message: string, action: string): Failure {
  return new Failure('refused', code, message, action);
}

async function readHead(path: string): Promise<{ bytes: Buffer; size: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, HEAD_BYTES) + TAIL_BYTES);
    const { bytesRead } = await file.read(bytes, 0, bytes.length - TAIL_BYTES, 0);
    return { bytes: bytes.subarray(0, bytesRead + TAIL_BYTES), size };
  } finally {
    await file.close();
  }
}

const MAGIC: readonly (readonly [string, string])[] = [
  ['504b0304', 'a ZIP file, perhaps an Excel workbook (format: xlsx)'],
  ['d0cf11e0', 'an old Excel or encrypted Office file'],
  ['1f8b', 'a gzip file'],
  ['50415231', 'a Parquet file (format: parquet)'],
  ['25504446', 'a PDF file'],
];

function checkMagic(name: string, bytes: Buffer): void {
  const start = bytes.toString('hex', 0, 4);
  const found = MAGIC.find(([magic]) => start.startsWith(magic));
  if (found)
    throw refused(
      'WRONG_FORMAT',
      `${name} is no text file: it is ${found[1]}`,
      'Correct the format of this source, or send the file as text.',
    );
}

function encodingOf(bytes: Buffer, options: DelimitedOptions): string {
  const declared = options.encoding?.toLowerCase();
  if (declared !== undefined) return UTF8_NAMES.has(declared) ? 'utf-8' : declared;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Writes the file in UTF-8. A byte that the declared encoding does not know refuses the file. */
async function transcode(path: string, name: string, target: string, encoding: string): Promise<void> {
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(encoding))
    throw new Failure(
      'configuration',
      'UNKNOWN_ENCODING',
      `${name}: the encoding ${encoding} is not known`,
      'Give an encoding such as windows-1252, iso-8859-15, utf-16le or cp437.',
    );
  const checked = async function* (texts: AsyncIterable<string>): AsyncGenerator<string> {
    let held = '';
    for await (const piece of texts) {
      const text = held + piece;
      // A pair of surrogates may be cut by the end of a chunk; written apart, both halves would become U+FFFD.
      const whole = /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
      held = text.slice(whole);
      yield known(text.slice(0, whole), name, encoding);
    }
    yield known(held, name, encoding);
  };
  await pipeline(
    createReadStream(path),
    iconv.decodeStream(encoding),
    checked as never,
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
  );
}

/** U+FFFD and halves of pairs stand where bytes could not be decoded. */
function known(text: string, name: string, encoding: string): string {
  if (!/[\ufffd\p{Surrogate}]/u.test(text)) return text;
  throw refused(
    'WRONG_ENCODING',
    `${name} holds bytes that ${encoding} does not know`,
    'Declare the encoding that the file is written in.',
  );
}

function hashName(path: string): number {
  let hash = 0;
  for (const character of path) hash = (Math.imul(hash, 31) + (character.codePointAt(0) as number)) | 0;
  return hash;
}

function describe(path: string, name: string, head: Buffer, size: number, options: DelimitedOptions): DelimitedFile {
  const end = head.length - TAIL_BYTES;
  const unmarked = unmarkedUtf16(head);
  if (unmarked !== undefined) {
    throw refused(
      'UTF16_UNDECLARED',
      `${name} looks like UTF-16 without a byte order mark: every other of its first bytes is NUL`,
      `Declare the encoding of this source: encoding: ${unmarked}.`,
    );
  }
  const invalid = invalidUtf8Offset(head.subarray(0, end), 0, Math.min(end, size) - (size > end ? 4 : 0));
  if (invalid >= 0)
    throw refused(
      'NOT_UTF8',
      `${name}: byte 0x${(head[invalid] as number).toString(16).toUpperCase()} at offset ${invalid} is not UTF-8`,
      'Declare the encoding of this source, such as encoding: windows-1252.',
    );
  let start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  let row = 1;
  for (let skip = options.skipRows ?? 0; skip > 0; skip--) {
    start = lineEnd(head, start, end);
    row++;
  }
  const separator = /^"?sep=(.)"?\r?\n/i.exec(head.toString('latin1', start, Math.min(end, start + 16)));
  if (separator) {
    start += separator[0].length;
    row++;
  }
  const quote = options.quote === 'none' ? -1 : (options.quote ?? '"').charCodeAt(0);
  const declared = options.delimiter ?? separator?.[1] ?? (options.format === 'tsv' ? '\t' : undefined);
  if (options.header === false) {
    const dialect = { delimiter: delimiterByte(name, declared ?? ',', quote), quote };
    const { fields } = readFirst(name, head, start, end, size, dialect, row);
    return {
      path,
      bytes: size,
      dialect,
      header: fields.map((_, index) => String(index + 1)),
      dataStart: start,
      firstRow: row,
    };
  }
  const best = bestHeader(
    name,
    head,
    start,
    end,
    size,
    declared === undefined ? DELIMITERS : [declared],
    quote,
    row,
    options.knownColumns,
  );
  return { path, bytes: size, dialect: best.dialect, header: best.header, dataStart: best.next, firstRow: row + 1 };
}

function unmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const isNul = [0, 1, 2, 3].map((at) => bytes[at] === 0).join();
  if (isNul === 'false,true,false,true') return 'utf-16le';
  return isNul === 'true,false,true,false' ? 'utf-16be' : undefined;
}

/** A delimiter is one byte, and none that means something else already. */
function delimiterByte(name: string, delimiter: string, quote: number): number {
  const byte = delimiter.charCodeAt(0);
  if (byte > 127 || byte === quote || delimiter === '\n' || delimiter === '\r' || delimiter === '\0') {
    throw refused(
      'DELIMITER_UNUSABLE',
      `${name}: ${JSON.stringify(delimiter)} cannot separate fields`,
      'Declare a delimiter that is one ASCII character and no quote or line end.',
    );
  }
  return byte;
}

function bestHeader(
  name: string,
  head: Buffer,
  start: number,
  end: number,
  size: number,
  delimiters: readonly string[],
  quote: number,
  row: number,
  knownColumns: ReadonlySet<string>,
): { dialect: Dialect; header: string[]; next: number } {
  const faults: unknown[] = [];
  const tries = delimiters.flatMap((delimiter) => {
    const dialect = { delimiter: delimiterByte(name, delimiter, quote), quote };
    try {
      const { fields, next } = readFirst(name, head, start, end, size, dialect, row);
      const header = fields.map(normalizeText);
      return [
        { dialect, header, next, known: header.filter((column) => knownColumns.has(column.toLowerCase())).length },
      ];
    } catch (error) {
      // A header that another delimiter splits may be unreadable with this one.
      faults.push(error);
      return [];
    }
  });
  tries.sort((a, b) => b.known - a.known || b.header.length - a.header.length);
  const [best] = tries;
  if (best === undefined || (best.known === 0 && faults.length > 0)) throw faults[0];
  if (best.known === 0) {
    const first = JSON.stringify(
      head.toString('utf8', start, Math.min(lineEnd(head, start, end), start + 120)).trimEnd(),
    );
    throw refused(
      'NO_HEADER',
      `${name}, row ${row}: no known column name; the row reads ${first}`,
      'Name the columns of this source under columns, declare its delimiter, or skip_rows above the header.',
    );
  }
  return best;
}

/** Reads the first record behind `start`. */
function readFirst(
  name: string,
  head: Buffer,
  start: number,
  end: number,
  size: number,
  dialect: Dialect,
  row: number,
): { fields: string[]; next: number } {
  const scanner = new RecordScanner(dialect.delimiter, dialect.quote);
  // The scanner changes bytes in place; the header may be read once for each delimiter that is tried.
  const bytes = Buffer.from(head);
  try {
    scanner.load(bytes, start, end, size <= end);
    const fields = scanner.next();
    if (fields <= 0)
      throw refused(
        'NO_HEADER',
        `${name} has no header row`,
        'Send the file again with its header, or declare header: false.',
      );
    if (fields > COLUMNS_MAX)
      throw new RecordFault('TOO_MANY_COLUMNS', `more than ${COLUMNS_MAX} columns`, start, TOO_MANY_ACTION);
    return { fields: textsOf(scanner, fields), next: scanner.position };
  } catch (error) {
    if (error instanceof RecordFault) throw refused(error.code, `${name}, row ${row}: ${error.message}`, error.action);
    throw error;
  }
}

function lineEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) if (bytes[at] === 10) return at + 1;
  return end;
}

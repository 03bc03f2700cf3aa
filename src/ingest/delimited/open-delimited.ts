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
import { RecordFault, RecordScanner } from './record-scanner.ts';
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
  if (head.size === 0) throw refused('EMPTY', `${name} is empty (0 bytes); an empty file is not zero stock`, 'Send the file again.');
  checkMagic(name, head.bytes);
  const encoding = encodingOf(head.bytes, options);
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
    const bytes = Buffer.alloc(Math.min(size, HEAD_BYTES) + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length - 1, 0);
    return { bytes: bytes.subarray(0, bytesRead + 1), size };
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
  if (found) throw refused('WRONG_FORMAT', `${name} is no text file: it is ${found[1]}`, 'Correct the format of this source, or send the file as text.');
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
  if (!iconv.encodingExists(encoding)) throw new Failure('configuration', 'UNKNOWN_ENCODING', `${name}: the encoding ${encoding} is not known`, 'Give an encoding such as windows-1252, iso-8859-15, utf-16le or cp037.');
  const checked = async function* (texts: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const text of texts) {
      if (text.includes('\ufffd')) throw refused('WRONG_ENCODING', `${name} holds bytes that ${encoding} does not know`, 'Declare the encoding that the file is written in.');
      yield text;
    }
  };
  await pipeline(createReadStream(path), iconv.decodeStream(encoding), checked as never, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
}

function hashName(path: string): number {
  let hash = 0;
  for (const character of path) hash = (Math.imul(hash, 31) + (character.codePointAt(0) as number)) | 0;
  return hash;
}

function describe(path: string, name: string, head: Buffer, size: number, options: DelimitedOptions): DelimitedFile {
  const end = head.length - 1;
  const invalid = invalidUtf8Offset(head.subarray(0, end), 0, Math.min(end, size) - (size > end ? 4 : 0));
  if (invalid >= 0) throw refused('NOT_UTF8', `${name}: byte 0x${(head[invalid] as number).toString(16).toUpperCase()} at offset ${invalid} is not UTF-8`, 'Declare the encoding of this source, such as encoding: windows-1252.');
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
    const dialect = { delimiter: (declared ?? ',').charCodeAt(0), quote };
    const { fields } = readFirst(name, head, start, end, size, dialect, row);
    return { path, bytes: size, dialect, header: fields.map((_, index) => String(index + 1)), dataStart: start, firstRow: row };
  }
  const best = bestHeader(name, head, start, end, size, declared === undefined ? DELIMITERS : [declared], quote, row, options.knownColumns);
  return { path, bytes: size, dialect: best.dialect, header: best.header, dataStart: best.next, firstRow: row + 1 };
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
  const tries = delimiters.flatMap((delimiter) => {
    const dialect = { delimiter: delimiter.charCodeAt(0), quote };
    try {
      const { fields, next } = readFirst(name, head, start, end, size, dialect, row);
      const header = fields.map(normalizeText);
      return [{ dialect, header, next, known: header.filter((column) => knownColumns.has(column.toLowerCase())).length }];
    } catch (error) {
      // A header that another delimiter splits may be unreadable with this one.
      if (delimiters.length > 1) return [];
      throw error;
    }
  });
  tries.sort((a, b) => b.known - a.known || b.header.length - a.header.length);
  const [best] = tries;
  if (best === undefined || best.known === 0) {
    const first = JSON.stringify(head.toString('utf8', start, Math.min(lineEnd(head, start, end), start + 120)).trimEnd());
    throw refused('NO_HEADER', `${name}, row ${row}: no known column name; the row reads ${first}`, 'Name the columns of this source under columns, declare its delimiter, or skip_rows above the header.');
  }
  return best;
}

/** Reads the first record behind `start`. */
function readFirst(name: string, head: Buffer, start: number, end: number, size: number, dialect: Dialect, row: number): { fields: string[]; next: number } {
  const scanner = new RecordScanner(dialect.delimiter, dialect.quote);
  // The scanner changes bytes in place; the header may be read once for each delimiter that is tried.
  const bytes = Buffer.from(head);
  try {
    scanner.load(bytes, start, end, size <= end);
    const fields = scanner.next();
    if (fields <= 0) throw refused('NO_HEADER', `${name} has no header row`, 'Send the file again with its header, or declare header: false.');
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

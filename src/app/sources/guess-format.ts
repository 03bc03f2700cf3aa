/**
 * Proposes how an unknown file is written: format, encoding, delimiter, rows before the header. A proposal that a person sees
 * beside the rows that it leads to; no run ever guesses.
 */
import { isUtf8 } from 'node:buffer';

export interface GuessedFormat {
  readonly format: 'csv' | 'tsv' | 'xlsx' | 'parquet' | 'json' | 'jsonl';
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly header?: false;
  readonly skip_rows?: number;
}

/** Bytes of the beginning that are looked at. */
const LOOK_BYTES = 1 << 18;
const LINES_LOOKED_AT = 50;
const DELIMITERS = [',', ';', '\t', '|'] as const;

export function guessFormat(content: Buffer): GuessedFormat {
  if (content.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return { format: 'xlsx' };
  if (content.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'parquet' };
  const { text, encoding } = readText(content.subarray(0, LOOK_BYTES));
  const first = text.trimStart()[0];
  const named = encoding === undefined ? {} : { encoding };
  if (first === '[' || first === '{') return { format: isLines(text) ? 'jsonl' : 'json', ...named };
  return { ...guessDelimited(text), ...named };
}

/** A column of the header by which a reader recognises it, whatever it means; undefined where there is none. */
export function headCell(
  content: Buffer,
  { delimiter = ',', skip_rows: skipped = 0 }: { delimiter?: string | undefined; skip_rows?: number | undefined },
): string | undefined {
  const lines = readText(content.subarray(0, LOOK_BYTES)).text.split(/\r?\n|\r/);
  const cells = cellsOf(lines[skipped] ?? '', delimiter).map((cell) => cell.trim());
  return cells.find((cell) => /^[\x21-\x7e][\x20-\x7e]*$/.test(cell));
}

/** Only what bytes can show: Unicode is recognised by itself, and one byte a character is most often this one. */
function readText(bytes: Buffer): { text: string; encoding: string | undefined } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le'), encoding: undefined };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
    return { text: even.swap16().toString('utf16le'), encoding: undefined };
  }
  // The last character may be cut.
  const isUnicode = [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
  if (isUnicode) return { text: bytes.toString('utf8').replace(/^\ufeff/, ''), encoding: undefined };
  return { text: bytes.toString('latin1'), encoding: 'windows-1252' };
}

function isLines(text: string): boolean {
  const [line = ''] = text.trimStart().split(/\r?\n/);
  if (!line.startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Object.values(value).some(Array.isArray);
  } catch {
    return false;
  }
}

function guessDelimited(text: string): GuessedFormat {
  const lines = text
    .split(/\r?\n|\r/)
    .slice(0, LINES_LOOKED_AT)
    .filter((line) => line.trim() !== '');
  const rated = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => cellsOf(line, delimiter).length);
    const width = commonest(counts.filter((count) => count > 1));
    return { delimiter, counts, width, fitting: counts.filter((count) => count === width && width > 1).length };
  });
  const best = rated.reduce((left, right) => (right.fitting > left.fitting ? right : left));
  const isTitle = (line: string): boolean => {
    const cells = cellsOf(line, best.delimiter);
    return cells.length !== best.width || cells.filter((cell) => cell.trim() !== '').length * 2 <= cells.length;
  };
  const skipped = Math.max(
    0,
    lines.findIndex((line) => !isTitle(line)),
  );
  const { delimiter } = best;
  const head = cellsOf(lines[skipped] ?? '', delimiter);
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    ...(delimiter !== '\t' && delimiter !== ',' && { delimiter }),
    ...(skipped > 0 && { skip_rows: skipped }),
    ...(!isHead(head) && { header: false as const }),
  };
}

/** Names of columns are different texts, and no numbers or days. */
function isHead(cells: readonly string[]): boolean {
  const named = cells.map((cell) => cell.trim().toLowerCase());
  return (
    named.every((cell) => cell !== '' && !/^[-+(]?[\d.,'/: TZ-]+\)?-?$/.test(cell)) &&
    new Set(named).size === named.length
  );
}

/** Without line breaks within quotes: enough to count. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

function commonest(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0] as [number, number])[0];
}

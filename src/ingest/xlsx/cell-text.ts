/**
 * Decides which text a cell stands for. Text stays as it is; numbers become exact plain decimals; dates become ISO 8601.
 * Never guesses: an error value or a formula without its result is a fault.
 */
import Big from 'big.js';
import { fileFault, type Parsed, parsed, rowFault } from '../../core/model/rejection.ts';
import type { NumberFormat } from './number-format.ts';

/** A cell as the sheet's XML writes it. `stored` is the text of `v` or of the inline string; null: there is none. */
export interface StoredCell {
  readonly type: string;
  readonly formula: boolean;
  readonly stored: string | null;
  readonly format: NumberFormat;
}

/** What cells refer to beside their own text. */
export interface CellContext {
  readonly sharedStrings: readonly string[];
  readonly date1904: boolean;
}

const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const DAY_MS = 86_400_000;
const TEXT_CHARS_MAX = 1_000_000;

/** The cell's text, null for an empty cell, or its fault; a fault of scope `file` shows damage. */
export function cellText(cell: StoredCell, context: CellContext): Parsed<string | null> {
  const { type, stored } = cell;
  if (type === 'e') return rowFault(`the cell holds the error ${stored ?? ''}`.trimEnd());
  // A formula whose result is the empty text has type `str`; without a type an empty result was never calculated.
  if (cell.formula && (stored === null || (stored === '' && type !== 'str'))) {
    return rowFault('the formula has no stored result; open the workbook in a spreadsheet program and save it');
  }
  if (stored === null) return parsed(null);
  switch (type) {
    case 's':
      return sharedString(stored, context.sharedStrings);
    case 'str':
    case 'inlineStr':
      return checkedText(decodeEscapes(stored));
    case 'b':
      return stored === '1' || stored === 'true'
        ? parsed('TRUE')
        : stored === '0' || stored === 'false'
          ? parsed('FALSE')
          : rowFault('not a boolean');
    case 'd':
      return checkedText(stored);
    case 'n':
    case '':
      return stored === '' ? parsed(null) : numberText(stored, cell.format, context.date1904);
    default:
      return fileFault(`a cell of the unknown type ${type}`);
  }
}

/** Excel writes control characters as _x000D_ and an underscore that would look like one as _x005F_. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The number as a plain decimal without exponent, or undefined where the text is no finite number. A spreadsheet stores
 * binary numbers with up to 17 digits, so the shortest decimal that names the same binary number is meant; more than 17
 * digits were written by a tool that meant each of them.
 */
export function plainDecimal(stored: string): string | undefined {
  if (INTEGER.test(stored)) return stored === '-0' ? '0' : stored;
  if (!NUMBER.test(stored)) return undefined;
  const binary = Number(stored);
  if (!Number.isFinite(binary)) return undefined;
  const mantissa = (stored.split(/e/i)[0] ?? '').replace(/[+\-.]/g, '').replace(/^0+|0+$/g, '');
  const decimal = new Big(mantissa.length > 17 ? stored.replace('+', '') : String(binary));
  return decimal.eq(0) ? '0' : decimal.toFixed();
}

function numberText(stored: string, format: NumberFormat, date1904: boolean): Parsed<string> {
  const plain = plainDecimal(stored);
  if (plain === undefined) return rowFault('not a finite number');
  if (format.kind === 'padded') return parsed(/^\d+$/.test(plain) ? plain.padStart(format.digits, '0') : plain);
  if (format.kind === 'plain') return parsed(plain);
  const date = serialToIso(Number(stored), date1904, format);
  return date === undefined ? rowFault(`${plain} is shown as a date but is no day of the calendar`) : parsed(date);
}

/** ISO 8601 text of a spreadsheet's day number, to the millisecond; undefined where there is no such day. */
export function serialToIso(
  serial: number,
  date1904: boolean,
  shown: { readonly day: boolean; readonly clock: boolean },
): string | undefined {
  const sinceEpochMs = Math.round(serial * DAY_MS);
  if (sinceEpochMs < 0) return undefined;
  if (sinceEpochMs < DAY_MS && !shown.day && (shown.clock || sinceEpochMs > 0))
    return clockText(new Date(sinceEpochMs).toISOString());
  const day = Math.floor(sinceEpochMs / DAY_MS);
  // The 1900 calendar has a day 0 and, as day 60, a 29 February 1900; neither exists.
  if (!date1904 && (day === 0 || day === 60)) return undefined;
  const epochMs = date1904 ? Date.UTC(1904, 0, 1) : day < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  const iso = new Date(epochMs + sinceEpochMs).toISOString();
  if (iso.startsWith('+')) return undefined;
  const date = iso.slice(0, 10);
  return sinceEpochMs % DAY_MS === 0 && !shown.clock ? date : `${date}T${clockText(iso)}`;
}

function clockText(iso: string): string {
  return iso.slice(11, 23).replace(/\.000$/, '');
}

function sharedString(stored: string, sharedStrings: readonly string[]): Parsed<string> {
  const text = /^\d+$/.test(stored) ? sharedStrings[Number(stored)] : undefined;
  return text === undefined
    ? fileFault(`a cell refers to shared text ${stored} of ${sharedStrings.length}`)
    : checkedText(text);
}

function checkedText(text: string): Parsed<string> {
  if (text.length > TEXT_CHARS_MAX)
    return fileFault(`a text of ${text.length} characters; at most ${TEXT_CHARS_MAX} are read`);
  if (text.includes('\0')) return fileFault('a text with a NUL character');
  return parsed(text);
}

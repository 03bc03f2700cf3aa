/**
 * Decides which texts are numbers. Strict: what could be read in two ways, or only by a guess, is a fault.
 * Never rounds.
 */
import type { Decimal } from '../model/decimal.ts';
import { fileFault, type Parsed, parsed, rowFault } from '../model/rejection.ts';

export type NegativeForm = 'trailing-minus' | 'parentheses' | 'minus-sign';

/** How a source writes numbers, as declared; undefined is undeclared. */
export interface NumberFormat {
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: string | undefined;
  readonly negative?: readonly NegativeForm[] | undefined;
}

const PLAIN = /^(\d+)(?:\.(\d+))?$/;
const COMMA = /^(\d+)(?:,(\d+))?$/;
const DIGITS_MAX = 37;

/** Parses a decimal number. A blank is a fault, not zero; exponents, NaN and hexadecimal are faults. */
export function parseDecimal(text: string, format: NumberFormat): Parsed<Decimal> {
  if (text === '') return rowFault('blank; a blank is not zero');
  const signed = splitSign(text, format.negative ?? []);
  if (!signed.ok) return signed;
  const { negative, digits } = signed.value;
  const plain = withoutGroups(digits, format);
  if (!plain.ok) return plain;
  const match = plain.value;
  const whole = (match[1] as string).replace(/^0+(?=\d)/, '');
  const fraction = match[2] ?? '';
  if (whole.length + fraction.length > DIGITS_MAX)
    return fileFault(`${whole.length + fraction.length} digits do not fit; at most ${DIGITS_MAX} do`);
  const magnitude = BigInt(whole + fraction);
  return parsed({ coefficient: negative ? -magnitude : magnitude, scale: fraction.length });
}

function splitSign(text: string, forms: readonly NegativeForm[]): Parsed<{ negative: boolean; digits: string }> {
  const first = text.charAt(0);
  if (first === '-' || first === '+') return parsed({ negative: first === '-', digits: text.slice(1) });
  if (first === '\u2212') {
    if (forms.includes('minus-sign')) return parsed({ negative: true, digits: text.slice(1) });
    return rowFault('a minus sign (U+2212) that is not declared; declare negative: [minus-sign]');
  }
  if (text.endsWith('-') && text.length > 1) {
    if (forms.includes('trailing-minus')) return parsed({ negative: true, digits: text.slice(0, -1).trimEnd() });
    return rowFault('a minus behind the number that is not declared; declare negative: [trailing-minus]');
  }
  if (first === '(' && text.endsWith(')')) {
    if (forms.includes('parentheses')) return parsed({ negative: true, digits: text.slice(1, -1) });
    return rowFault('a number in parentheses that is not declared; declare negative: [parentheses]');
  }
  return parsed({ negative: false, digits: text });
}

/** Other characters that sources write for a declared mark: no-break and thin spaces, the typographic apostrophe. */
const OTHER_FORMS: Readonly<Record<string, RegExp>> = { ' ': /[\u00a0\u2009\u202f]/g, "'": /\u2019/g };

/** Checks the digits against the declared marks and returns the match of whole and fractional digits. */
function withoutGroups(digits: string, format: NumberFormat): Parsed<RegExpMatchArray> {
  if (format.decimal === undefined && format.thousands === undefined) {
    const match = digits.match(PLAIN);
    if (match) return parsed(match);
    if (/^[\d.,]*\d[\d.,]*$/.test(digits) && digits.includes(',')) {
      return fileFault(`${digits} can be read in more than one way; declare decimal and thousands for this source`);
    }
    return rowFault(
      /^\d{1,3}([ '\u00a0\u2009\u202f\u2019]\d{3})+/.test(digits)
        ? 'digit groups that are not declared; declare thousands'
        : 'not a decimal number',
    );
  }
  const decimal = format.decimal ?? (format.thousands === ',' ? '.' : format.thousands === '.' ? ',' : '.');
  if (format.thousands === decimal) return fileFault('decimal and thousands are declared as the same mark');
  let plain = digits;
  if (format.thousands !== undefined) {
    const { thousands } = format;
    const written = OTHER_FORMS[thousands] ? digits.replace(OTHER_FORMS[thousands], thousands) : digits;
    const [whole = '', ...rest] = written.split(decimal);
    const groups = whole.split(thousands);
    // A first group of 0, as in 0.123, shows that the mark is the decimal one.
    const fits = groups.every((group, index) => (index === 0 ? /^[1-9]\d{0,2}$/ : /^\d{3}$/).test(group));
    if (groups.length > 1 && !fits) return rowFault(`digit groups that are not of three digits between '${thousands}'`);
    plain = [groups.join(''), ...rest].join(decimal);
  }
  const match = plain.match(decimal === '.' ? PLAIN : COMMA);
  return match ? parsed(match) : rowFault(`not a decimal number with '${decimal}' as the decimal mark`);
}

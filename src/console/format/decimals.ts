/**
 * Decides how quantities, money, shares and counts look in the reader's language. Never rounds a quantity, and never turns a
 * decimal into a float: the formatter takes its text as it is.
 */

const LOCALE = navigator.language;

const made = new Map<string, Intl.NumberFormat>();
function formatter(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = made.get(name) ?? new Intl.NumberFormat(LOCALE, options);
  made.set(name, known);
  return known;
}

type Decimal = Intl.StringNumericLiteral;
const decimal = (text: string): Decimal => text as Decimal;

/** A minus sign, and not a hyphen: it is as wide as a plus. */
const withMinus = (text: string): string => text.replace('-', '−');

/** "1,240" or "12.5"; '' stays ''. */
export function formatQuantity(text: string): string {
  if (text === '') return '';
  return withMinus(formatter('quantity', { maximumFractionDigits: 6 }).format(decimal(text)));
}

/** "+12", "−9", "0". */
export function formatSigned(text: string): string {
  if (text === '') return '';
  return withMinus(formatter('signed', { maximumFractionDigits: 6, signDisplay: 'exceptZero' }).format(decimal(text)));
}

/** "$1,430.00"; `isWhole`: "$1,430", for sums. '' stays ''. */
export function formatMoney(text: string, currency: string, isWhole = false): string {
  if (text === '') return '';
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const options = isWhole ? { ...style, maximumFractionDigits: 0 } : style;
  return withMinus(formatter(`${currency} ${isWhole}`, options).format(decimal(text)));
}

/** "$48.2K", for axes and tiles of a chart; the full amount stands beside it or on hover. */
export function formatMoneyShort(text: string, currency: string): string {
  if (text === '') return '';
  const options = {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  } as const;
  return withMinus(formatter(`${currency} short`, options).format(decimal(text)));
}

/** 0.9921 is "99.2%"; what is short of the whole is never shown as 100%. */
export function formatShare(text: string, digits = 1): string {
  if (text === '') return '';
  const shown = formatter(`share ${digits}`, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    roundingMode: 'floor',
  } as Intl.NumberFormatOptions);
  return shown.format(decimal(text));
}

export function formatCount(count: number): string {
  return formatter('count', { maximumFractionDigits: 0 }).format(count);
}

/** "1 item", "1,204 items". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** −1, 0 or 1; 0 for ''. */
export function signOf(text: string): -1 | 0 | 1 {
  if (text === '' || /^[-+]?0*\.?0*$/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}

/** The amount without its sign. */
export function sizeOf(text: string): string {
  return text.replace(/^[-+]/, '');
}

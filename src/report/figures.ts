/**
 * Decides how exact figures are written for people: money, quantities, counts and shares.
 * Never rounds an amount and never passes one through a float.
 */

/** The typographic minus, as wide as a digit's sign in tabular figures. */
const MINUS = '−';
const DECIMAL = /^-?\d+(\.\d+)?$/;
const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency);
  if (known !== undefined) return known;
  // 20 decimals is more than any unit cost carries: nothing is ever rounded away.
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency, maximumFractionDigits: 20 });
  moneyFormats.set(currency, format);
  return format;
}

/**
 * Writes an exact decimal as money: "$1,430.50", "−€12.00", "CHF 5.00". `wholeShort` leaves out a fraction of zeros ("$48,200").
 * '' stays ''; text that is no decimal and a currency that is no ISO code are shown as they stand.
 */
export function formatMoney(amount: string, currency: string, wholeShort = false): string {
  if (!DECIMAL.test(amount)) return amount;
  const exact = wholeShort ? amount.replace(/\.0+$/, '') : amount;
  if (!/^[A-Z]{3}$/.test(currency)) return `${formatQuantity(exact)}${currency === '' ? '' : ` ${currency}`}`;
  const format = moneyFormat(currency);
  // A string argument is formatted from its exact decimal value (ECMA-402, "Intl mathematical value").
  const text = format
    .format(exact as Intl.StringNumericLiteral)
    .replace('-', MINUS)
    .replaceAll('\u00a0', ' ');
  if (!wholeShort || exact.includes('.')) return text;
  return text.replace(/\.0+$/, '');
}

/** Writes an exact decimal with thousands and without a fraction of zeros: "1,234.5", "−12". '' stays ''. */
export function formatQuantity(amount: string): string {
  if (!DECIMAL.test(amount)) return amount;
  const negative = amount.startsWith('-') && /[1-9]/.test(amount);
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = fraction.replace(/0+$/, '');
  return `${negative ? MINUS : ''}${grouped}${rest === '' ? '' : `.${rest}`}`;
}

/** Writes a signed amount with its sign always shown: "+12", "−12", "0". */
export function formatSigned(amount: string): string {
  const text = formatQuantity(amount);
  return DECIMAL.test(amount) && !text.startsWith(MINUS) && /[1-9]/.test(amount) ? `+${text}` : text;
}

/** Writes a count with thousands: 23104 is "23,104". */
export function formatCount(count: number): string {
  return formatQuantity(String(count));
}

/** "1 key", "23,104 keys". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/**
 * Writes a share from 0 to 1 as a percentage, cut off and never rounded up: 0.992345 is "99.2%", 0.99987 is "99.98%".
 * `whole: false` says that something is missing, so the text never reads 100%. '' stays ''.
 */
export function formatShare(share: string, whole = true): string {
  if (!DECIMAL.test(share) || share.startsWith('-')) return share;
  const [ones = '0', fraction = ''] = share.split('.');
  if (ones !== '0') return whole ? '100%' : 'over 99.99%';
  const digits = fraction.padEnd(6, '0');
  const percent = Number(digits.slice(0, 2));
  const decimals = digits.startsWith('999') ? digits.slice(2, 4) : digits.slice(2, 3);
  if (percent === 0 && /^0+$/.test(decimals) && /[1-9]/.test(fraction)) return 'under 0.1%';
  return percent === 0 && /^0+$/.test(decimals) ? '0%' : `${percent}.${decimals}%`;
}

/** True where an exact decimal is 0 or missing. */
export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

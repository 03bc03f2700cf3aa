/** Reads plain times straight from bytes. Never judges: what is not plain is NaN, and the core decides about it. */

/** February has 28 days here: the 29th is for the core. */
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const HYPHEN = 45;
const COLON = 58;
const PLUS = 43;
const POINT = 46;
const SPACE = 32;
const UPPER_T = 84;
const UPPER_Z = 90;

/**
 * Epoch milliseconds of YYYY-MM-DD(T or space)hh:mm:ss with an optional fraction and Z or ±hh:mm; the fraction is cut off.
 * NaN where the bytes are anything else.
 */
export function plainTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20 || end - start > 36) return Number.NaN;
  const mark = bytes[start + 10];
  const isShaped =
    bytes[start + 4] === HYPHEN &&
    bytes[start + 7] === HYPHEN &&
    (mark === UPPER_T || mark === SPACE) &&
    bytes[start + 13] === COLON &&
    bytes[start + 16] === COLON;
  if (!isShaped) return Number.NaN;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  // A comparison with NaN, which stands for bytes that are no digits, is false.
  const isInRange = year >= 1000 && day >= 1 && day <= (DAYS[month] ?? 0) && hour <= 23 && minute <= 59 && second <= 59;
  if (!isInRange) return Number.NaN;
  const offset = offsetMinutes(bytes, fractionEnd(bytes, start + 19, end), end);
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000;
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Where the offset starts. */
function fractionEnd(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== POINT) return start;
  let at = start + 1;
  while (at < end && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) at++;
  // Nine digits at most, as the core has it.
  return at - start >= 2 && at - start <= 10 ? at : start;
}

function offsetMinutes(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  if (sign === UPPER_Z && start + 1 === end) return 0;
  if ((sign !== PLUS && sign !== HYPHEN) || end - start !== 6 || bytes[start + 3] !== COLON) return Number.NaN;
  const hours = digits(bytes, start + 1, 2);
  const minutes = digits(bytes, start + 4, 2);
  // Beyond that it is for the core to say whether there is such an offset.
  if (!(hours <= 14 && minutes <= 59)) return Number.NaN;
  return (sign === HYPHEN ? -1 : 1) * (hours * 60 + minutes);
}

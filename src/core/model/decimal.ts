/**
 * Exact decimals as scaled integers: how they are written, multiplied and rounded.
 * Never uses binary fractions; a value that does not fit is the caller's fault to report, not rounded here.
 */

/** value = coefficient / 10^scale. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/**
 * Largest quantity of a row or a key as a scaled integer: 2^53 − 1, below which every integer is exact in a number.
 * With six decimals that is 9,007,199,254.740991 units.
 */
export const SCALED_MAX = Number.MAX_SAFE_INTEGER;

const POWERS: readonly bigint[] = Array.from({ length: 60 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^exponent; exponents to 59 come from a table. */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

/** Rounds numerator / denominator to a whole number, halves away from zero. The denominator is positive. */
export function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = (magnitude * 2n + denominator) / (denominator * 2n);
  return negative ? -quotient : quotient;
}

/** The decimal as an integer scaled by 10^scale, or null where it has more decimals than that. */
export function rescale(value: Decimal, scale: number): bigint | null {
  if (value.scale <= scale) return value.coefficient * powerOfTen(scale - value.scale);
  const divisor = powerOfTen(value.scale - scale);
  return value.coefficient % divisor === 0n ? value.coefficient / divisor : null;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, scale: a.scale + b.scale };
}

/** Plain text without exponent and without trailing zeros: "-9", "12.5", "0". */
export function formatScaled(scaled: bigint | number, scale: number): string {
  const text = formatFixed(scaled, scale);
  if (scale === 0) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (text.charCodeAt(end - 1) === 46) end--;
  return text.slice(0, end);
}

/** Plain text with exactly `scale` decimals: "-112.50". Zero is never negative. */
export function formatFixed(scaled: bigint | number, scale: number): string {
  const negative = scaled < 0;
  const digits = String(negative ? -scaled : scaled).padStart(scale + 1, '0');
  const sign = negative ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Text of a decimal without trailing zeros. */
export function formatDecimal(value: Decimal): string {
  return formatScaled(value.coefficient, value.scale);
}

const HALF_EXACT = 2 ** 52;

/**
 * Adds scaled integers exactly, whatever their number: below 2^52 in a double, beyond that carried into a bigint.
 * Each addend is a safe integer.
 */
export class ExactSum {
  private low = 0;
  private high = 0n;

  add(scaled: number): void {
    // Two numbers up to 2^52 add up to 2^53 at most, which a double holds exactly; beyond that it would lose a unit.
    if (scaled > HALF_EXACT || scaled < -HALF_EXACT) {
      this.high += BigInt(scaled);
      return;
    }
    this.low += scaled;
    if (this.low > HALF_EXACT || this.low < -HALF_EXACT) this.carry();
  }

  private carry(): void {
    this.high += BigInt(this.low);
    this.low = 0;
  }

  addBig(scaled: bigint): void {
    this.high += scaled;
  }

  get total(): bigint {
    return this.high + BigInt(this.low);
  }
}

/** Decides how a mean and a median are written. Never holds fractions: what is added are whole numbers. */
import { divideHalfAway, formatFixed } from '../model/decimal.ts';

export class Spread {
  private readonly values: number[] = [];
  private sum = 0;

  /** A safe integer; so must be the sum of all. */
  add(value: number): void {
    this.values.push(value);
    this.sum += value;
  }

  get count(): number {
    return this.values.length;
  }

  /** Divided by `unit`, with two decimals; '' of nothing. */
  mean(unit = 1): string {
    return this.count === 0 ? '' : ratio(BigInt(this.sum), BigInt(this.count * unit));
  }

  /** Divided by `unit`, with two decimals; of an even count the mean of the two in the middle. '' of nothing. */
  median(unit = 1): string {
    if (this.count === 0) return '';
    const sorted = Float64Array.from(this.values).sort();
    const low = sorted[(this.count - 1) >> 1] as number;
    const high = sorted[this.count >> 1] as number;
    return ratio(BigInt(low + high), BigInt(2 * unit));
  }
}

/** Rounded half away from zero. */
function ratio(numerator: bigint, denominator: bigint): string {
  return formatFixed(divideHalfAway(numerator * 100n, denominator), 2);
}

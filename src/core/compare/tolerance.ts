/**
 * Decides whether a variance is a discrepancy, timing only, or in sync.
 * Unknown never becomes fine: a variance without a cost exceeds every value tolerance.
 */
import { fitsPattern } from '../mapping/text-pattern.ts';
import { type Decimal, powerOfTen, rescale } from '../model/decimal.ts';

/** Limits in base units, percent of the ERP quantity and the run's currency; a limit of 0 or none does not widen anything. */
export interface ToleranceLimits {
  readonly quantity?: Decimal | undefined;
  readonly percent?: Decimal | undefined;
  readonly value?: Decimal | undefined;
}

export interface ToleranceRule extends ToleranceLimits {
  readonly when: Readonly<Partial<Record<ToleranceFact, readonly string[]>>>;
}

export type ToleranceFact = 'site' | 'owner' | 'item' | 'category' | 'family' | 'abc_class';
export type ToleranceFacts = Readonly<Record<ToleranceFact, string>>;

export interface Tolerance extends ToleranceLimits {
  readonly rules: readonly ToleranceRule[];
}

/** The limits for a key: the first rule that fits, its unnamed limits taken from the general ones. */
export function limitsFor(tolerance: Tolerance, facts: ToleranceFacts): ToleranceLimits {
  for (const rule of tolerance.rules) {
    const fits = Object.entries(rule.when).every(
      ([fact, values]) => values?.some((pattern) => fitsPattern(pattern, facts[fact as ToleranceFact])) ?? true,
    );
    if (fits) {
      return {
        quantity: rule.quantity ?? tolerance.quantity,
        percent: rule.percent ?? tolerance.percent,
        value: rule.value ?? tolerance.value,
      };
    }
  }
  return tolerance;
}

/**
 * Whether a variance exceeds every limit given. `variance` and `erp` are scaled by 10^quantityDecimals, `valueMinor` by
 * 10^minorDecimals (null: no cost is known).
 */
export function exceeds(
  variance: number,
  erp: number,
  valueMinor: bigint | null,
  limits: ToleranceLimits,
  quantityDecimals: number,
  minorDecimals: number,
): boolean {
  if (variance === 0) return false;
  const magnitude = BigInt(Math.abs(variance));
  if (isGiven(limits.quantity) && !isAbove(magnitude, quantityDecimals, limits.quantity)) return false;
  if (isGiven(limits.percent)) {
    // |variance| > percent / 100 × |erp|, in whole numbers.
    const bound = BigInt(Math.abs(erp)) * limits.percent.coefficient;
    if (magnitude * 100n * powerOfTen(limits.percent.scale) <= bound) return false;
  }
  if (isGiven(limits.value) && valueMinor !== null) {
    if (!isAbove(valueMinor < 0n ? -valueMinor : valueMinor, minorDecimals, limits.value)) return false;
  }
  return true;
}

function isGiven(limit: Decimal | undefined): limit is Decimal {
  return limit !== undefined && limit.coefficient !== 0n;
}

function isAbove(magnitude: bigint, scale: number, limit: Decimal): boolean {
  const common = Math.max(scale, limit.scale);
  return magnitude * powerOfTen(common - scale) > (rescale(limit, common) as bigint);
}

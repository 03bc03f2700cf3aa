/**
 * Decides what one base unit of an item costs: the items file, else the ERP's balance rows, else the WMS's; at the
 * discrepancy's own site first, else over all sites. Never zero for want of a cost: then there is none.
 */
import { type Decimal, divideHalfAway, powerOfTen, rescale } from '../model/decimal.ts';

/** Decimals kept of an averaged cost, so that the printed cost times the printed units is the printed value. */
const COST_DECIMALS = 6;

/**
 * Quantity-weighted mean of the costs of some balance rows, weights |quantity|. Rows with no quantity count only where no
 * row has any, and then all alike.
 */
export class CostAverage {
  private total = 0n;
  private weight = 0n;
  private emptyTotal = 0n;
  private emptyRows = 0n;

  /** `quantity` scaled by any one factor; `cost` with at most 12 decimals (further ones are cut: no currency has them). */
  add(quantity: number, cost: Decimal): void {
    const scaled = rescale(cost, 12) ?? cost.coefficient / powerOfTen(cost.scale - 12);
    const weight = BigInt(Math.abs(quantity));
    this.total += weight * scaled;
    this.weight += weight;
    if (quantity === 0) {
      this.emptyTotal += scaled;
      this.emptyRows++;
    }
  }

  get value(): Decimal | undefined {
    if (this.weight > 0n) return average(this.total, this.weight);
    return this.emptyRows > 0n ? average(this.emptyTotal, this.emptyRows) : undefined;
  }
}

function average(total: bigint, weight: bigint): Decimal {
  return { coefficient: divideHalfAway(total, weight * powerOfTen(12 - COST_DECIMALS)), scale: COST_DECIMALS };
}

/** The costs that balance rows gave for the items of a run. */
export class CostBook {
  private readonly averages = new Map<string, CostAverage>();

  add(role: 'erp' | 'wms', site: string, item: string, quantity: number, cost: Decimal): void {
    for (const key of [`${role}\u0000${item}\u0000${site}`, `${role}\u0000${item}`]) {
      let average = this.averages.get(key);
      if (average === undefined) {
        average = new CostAverage();
        this.averages.set(key, average);
      }
      average.add(quantity, cost);
    }
  }

  find(site: string, item: string): Decimal | undefined {
    for (const role of ['erp', 'wms']) {
      const cost =
        this.averages.get(`${role}\u0000${item}\u0000${site}`)?.value ??
        this.averages.get(`${role}\u0000${item}`)?.value;
      if (cost !== undefined) return cost;
    }
    return undefined;
  }
}

/**
 * Value of a quantity in minor units of the currency (cents), rounded half away from zero.
 * `quantity` is scaled by 10^quantityDecimals.
 */
export function valueMinor(
  quantity: bigint | number,
  quantityDecimals: number,
  cost: Decimal,
  minorDecimals: number,
): bigint {
  const scale = quantityDecimals + cost.scale;
  const small = Number(quantity) * Number(cost.coefficient);
  // Whole numbers below 2^53 are exact in a double, and so is what is left of a division: 20 times as fast as with bigints.
  if (scale > minorDecimals && scale - minorDecimals <= 15 && Number.isSafeInteger(small))
    return BigInt(divideSmall(small, 10 ** (scale - minorDecimals)));
  const product = BigInt(quantity) * cost.coefficient;
  if (scale <= minorDecimals) return product * powerOfTen(minorDecimals - scale);
  return divideHalfAway(product, powerOfTen(scale - minorDecimals));
}

/** As divideHalfAway, for safe integers. */
function divideSmall(numerator: number, denominator: number): number {
  const rest = numerator % denominator;
  const whole = (numerator - rest) / denominator;
  return Math.abs(rest) * 2 >= denominator ? whole + Math.sign(numerator) : whole;
}

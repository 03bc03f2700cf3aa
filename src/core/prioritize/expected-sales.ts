/**
 * Decides how many units of an uncertain demand are served where more is available than otherwise, as an expectation.
 * Never prices them. Probabilities and expectations are doubles, right to a millionth of a unit; balances stay integers.
 */

/** Demand until the fault is mended, in base units: orders that are open already, and sales that may still come. */
export interface UncertainDemand {
  readonly openOrders: number;
  readonly expectedSales: number;
  /** Variance of the sales by their mean: 1 is Poisson, more is negative binomial. Never below 1. */
  readonly dispersion: number;
}

/**
 * L(to) − L(from), where L(a) = Σ_{j<a} P(X > j) are the units served if `a` are available and X = open orders + sales. Less
 * than nothing available serves nothing; part of a unit serves that part of the next one's chance. 0 where to ≤ from.
 */
export function servedBetween(from: number, to: number, demand: UncertainDemand): number {
  const { openOrders } = demand;
  const low = Math.max(0, from);
  const high = Math.max(0, to);
  if (high <= low) return 0;
  const orders = Math.max(0, Math.min(high, openOrders) - low);
  return orders + soldBetween(Math.max(0, low - openOrders), Math.max(0, high - openOrders), demand);
}

/** With P(no sale) below e^−600 the terms are so many, and so smooth, that an integral replaces their sum. */
const SUMMED_EXPONENT_MAX = 600;

function soldBetween(from: number, to: number, demand: UncertainDemand): number {
  const { expectedSales, dispersion } = demand;
  if (to <= from || expectedSales <= 0) return 0;
  const sales: Sales = { mean: expectedSales, dispersion, deviation: Math.sqrt(expectedSales * dispersion) };
  if (from > reachOf(sales)) return 0;
  const noSaleExponent = dispersion === 1 ? expectedSales : (expectedSales * Math.log(dispersion)) / (dispersion - 1);
  if (noSaleExponent <= SUMMED_EXPONENT_MAX) return summed(from, to, sales, Math.exp(-noSaleExponent));
  return Math.max(0, lostBeyond(from, sales) - lostBeyond(to, sales));
}

interface Sales {
  readonly mean: number;
  readonly dispersion: number;
  /** √(mean · dispersion). */
  readonly deviation: number;
}

/** More than this is sold with a chance below 10^−14. The second term is for the longer tail of few or lumpy sales. */
function reachOf({ deviation, mean, dispersion }: Sales): number {
  return mean + 9 * deviation + 36 * (2 * dispersion - 1);
}

/** Below this probability of one count, what is left of the tail adds nothing that could be seen. */
const TERM_MIN = 1e-17;

/** Σ P(N > j) over j from `from` to `to`, term by term: P(N = k + 1) = P(N = k) · (mean / dispersion + k·q) / (k + 1). */
function summed(from: number, to: number, { mean, dispersion }: Sales, noSale: number): number {
  const base = mean / dispersion;
  const growth = (dispersion - 1) / dispersion;
  let term = noSale;
  let beyond = 1 - noSale;
  let sold = 0;
  for (let j = 0; j < to; j++) {
    const width = Math.min(j + 1, to) - Math.max(j, from);
    if (width > 0) sold += width * beyond;
    if (term < TERM_MIN && j > mean) break;
    term *= (base + j * growth) / (j + 1);
    beyond -= term;
  }
  return sold;
}

/** Expected sales lost where `available` is all there is: Σ_{k > available} (k − available) · P(N = k). Between whole numbers it is linear. */
function lostBeyond(available: number, sales: Sales): number {
  const whole = Math.floor(available);
  const lost = lostBeyondWhole(whole, sales);
  const part = available - whole;
  return part === 0 ? lost : lost + part * (lostBeyondWhole(whole + 1, sales) - lost);
}

/**
 * The sum as an integral, Euler and Maclaurin's first correction taken off. It runs away from the mean, where it is small:
 * below the mean, mean − available + what is left over when less is sold.
 */
function lostBeyondWhole(available: number, sales: Sales): number {
  const { mean, deviation } = sales;
  const isAbove = available >= mean;
  const end = isAbove ? reachOf(sales) : Math.max(1, mean - 9 * deviation);
  const width = Math.abs(end - available);
  if (isAbove ? available >= end : available <= end) return Math.max(0, mean - available);
  const direction = isAbove ? width : -width;
  let integral = 0;
  for (const [node, weight] of NODES) integral += weight * node * probabilityNear(available + node * direction, sales);
  const beyond = integral * width * width - probabilityNear(available, sales) / 12;
  return isAbove ? beyond : mean - available + beyond;
}

/** The probability of a count as a smooth function, for counts and means above 100: Stirling's formula, ordered so that nothing large cancels. */
function probabilityNear(count: number, { mean, dispersion }: Sales): number {
  const excess = dispersion - 1;
  const distance = count - mean;
  const shape = excess === 0 ? Number.POSITIVE_INFINITY : mean / excess;
  const fromShape = excess === 0 ? distance : shape * Math.log1p((distance * excess) / (mean * dispersion));
  const fromCount = count * Math.log1p(-distance / (dispersion * count));
  const stirling = stirlingRest(shape + count) - stirlingRest(shape) - stirlingRest(count);
  return (
    Math.exp(fromShape + fromCount + stirling) /
    Math.sqrt(2 * Math.PI * count * (dispersion + (distance * excess) / mean))
  );
}

/** ln n! less n·ln n − n + ½·ln 2πn. */
function stirlingRest(n: number): number {
  return 1 / (12 * n) - 1 / (360 * n * n * n);
}

/** Gauss and Legendre's points on 0 to 1 with their weights; with 24 the integral is right to 10^−10. */
const NODES: readonly (readonly [node: number, weight: number])[] = gaussLegendre(24);

function gaussLegendre(count: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => {
    let root = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 1;
    // Newton's method doubles the digits with each step; five are plenty.
    for (let step = 0; step < 5; step++) {
      let [value, before] = [1, 0];
      for (let degree = 1; degree <= count; degree++)
        [value, before] = [((2 * degree - 1) * root * value - (degree - 1) * before) / degree, value];
      slope = (count * (root * value - before)) / (root * root - 1);
      root -= value / slope;
    }
    return [(1 - root) / 2, 1 / ((1 - root * root) * slope * slope)];
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { servedBetween, type UncertainDemand } from './expected-sales.ts';

const sales = (expectedSales: number, dispersion = 1, openOrders = 0): UncertainDemand => ({
  openOrders,
  expectedSales,
  dispersion,
});

/** The definition, term by term, every probability by itself from logarithms: slow, and shares no recursion with the code. */
function slowServed(from: number, to: number, { openOrders, expectedSales, dispersion }: UncertainDemand): number {
  const logFactorial = (k: number): number => {
    let sum = 0;
    for (let i = 2; i <= k; i++) sum += Math.log(i);
    return sum;
  };
  const shape = expectedSales / (dispersion - 1);
  const rising = (k: number): number => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += Math.log(shape + i);
    return sum;
  };
  const probability = (k: number): number => {
    if (expectedSales === 0) return k === 0 ? 1 : 0;
    if (dispersion === 1) return Math.exp(k * Math.log(expectedSales) - expectedSales - logFactorial(k));
    const growth = Math.log((dispersion - 1) / dispersion);
    return Math.exp(rising(k) - logFactorial(k) - shape * Math.log(dispersion) + k * growth);
  };
  const atMost = (k: number): number => {
    let sum = 0;
    for (let i = 0; i <= k; i++) sum += probability(i);
    return sum;
  };
  let served = 0;
  for (let j = Math.max(0, from); j < to; j++) served += j < openOrders ? 1 : 1 - atMost(j - openOrders);
  return served;
}

describe('servedBetween', () => {
  // Worked out with 40 digits from the distribution functions: regularised incomplete gamma and beta.
  it.each([
    [0.5, 1, 0, 3, 0.498061028685387],
    [12, 1, 8, 15, 3.76422789294738],
    [50, 1, 40, 60, 9.93063974951055],
    [599, 1, 590, 640, 14.3901630904223],
    [601, 1, 590, 640, 15.6086112388904],
    [1_000, 1, 1_000, 1_010, 4.35441290168616],
    [100_000, 1, 99_800, 100_500, 242.831865241444],
    [1_000_000, 1, 999_000, 1_000_500, 885.449251753726],
    [1_000_000, 1, 1_000_000, 10_000_000, 398.942247156244],
    [1_000_000, 1, 0, 999_999, 999_600.55761986],
    [4, 3, 2, 9, 2.11024742163288],
    [900, 10, 800, 1_200, 106.275825352243],
    [1_000, 2, 950, 1_100, 52.6049960583056],
    [13_000, 100, 12_000, 14_000, 984.204966490705],
    [50_000, 4, 49_500, 51_000, 527.272467229206],
  ])('%d sales of dispersion %d: between %d and %d are %d', (mean, dispersion, from, to, expected) => {
    expect(Math.abs(servedBetween(from, to, sales(mean, dispersion)) - expected)).toBeLessThan(5e-7);
  });

  it.each([
    ['open orders are sure', 2, 9, sales(0, 1, 7), 5],
    ['less than nothing serves nothing', -40, 3, sales(0, 1, 7), 3],
    ['neither does nothing', -40, -3, sales(9, 1, 7), 0],
    ['nobody asks', 5, 50, sales(0, 1, 5), 0],
    ['the other way round', 9, 2, sales(9, 1, 7), 0],
    ['no chance of so many', 400, 500, sales(7, 1, 2), 0],
    ['no chance of so few', 10, 20, sales(10_000), 10],
  ])('%s', (_name, from, to, demand, expected) => expect(servedBetween(from, to, demand)).toBe(expected));

  it('part of a unit serves that part of the chance of the next one', () => {
    const all = servedBetween(2, 3, sales(2));
    expect(servedBetween(2, 2.25, sales(2))).toBeCloseTo(all / 4, 12);
    expect(servedBetween(1, 2.5, sales(2))).toBeCloseTo(0.75565594219863, 12);
    expect(servedBetween(999_999.5, 1_000_000, sales(1_000_000))).toBeCloseTo(0.5 / 2, 3);
  });

  const amount = fc.integer({ min: -5, max: 60 });
  const demand = fc.record({
    openOrders: fc.integer({ min: 0, max: 30 }),
    expectedSales: fc.double({ min: 0, max: 40, noNaN: true }),
    dispersion: fc.constantFrom(1, 1.000_001, 1.5, 4, 30),
  });

  it('is what the definition says', () => {
    fc.assert(
      fc.property(amount, amount, demand, (a, b, given) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        // The logarithms of the slow sum lose digits where the dispersion is next to 1.
        expect(Math.abs(servedBetween(from, to, given) - slowServed(from, to, given))).toBeLessThan(1e-6);
      }),
    );
  });

  it('adds up, never falls, and never exceeds the units, for small and for large demand', () => {
    const wide = fc.record({
      openOrders: fc.integer({ min: 0, max: 1_000_000 }),
      expectedSales: fc.oneof(
        fc.double({ min: 0, max: 900, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
      ),
      dispersion: fc.constantFrom(1, 2, 9, 100),
    });
    const near = fc.double({ min: -12, max: 12, noNaN: true });
    fc.assert(
      fc.property(wide, fc.tuple(near, near, near), (given, deviations) => {
        const { openOrders, expectedSales, dispersion } = given;
        const units = deviations.map((deviation) =>
          Math.round(openOrders + expectedSales + deviation * Math.sqrt(expectedSales * dispersion)),
        );
        const [low, middle, high] = units.sort((a, b) => a - b) as [number, number, number];
        const [lower, upper, whole] = [
          servedBetween(low, middle, given),
          servedBetween(middle, high, given),
          servedBetween(low, high, given),
        ];
        expect(Math.abs(lower + upper - whole)).toBeLessThan(1e-6);
        expect(whole).toBeGreaterThanOrEqual(lower - 1e-9);
        expect(whole).toBeLessThanOrEqual(Math.max(0, high) - Math.max(0, low) + 1e-6);
      }),
    );
  });

  it('changes smoothly where the sum gives way to the integral', () => {
    for (const dispersion of [1, 2, 100]) {
      const mean = dispersion === 1 ? 600 : (600 * (dispersion - 1)) / Math.log(dispersion);
      const at = (expected: number): number => servedBetween(mean * 0.9, mean * 1.1, sales(expected, dispersion));
      expect(Math.abs(at(mean * (1 - 1e-12)) - at(mean * (1 + 1e-12)))).toBeLessThan(1e-6);
    }
  });
});

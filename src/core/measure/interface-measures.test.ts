import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCounts, addLag, interfaceMeasures, noInterfaceCounts } from './interface-measures.ts';

const of = (change: Partial<ReturnType<typeof noInterfaceCounts>>) =>
  interfaceMeasures(new Map([['945', { ...noInterfaceCounts(), ...change }]]))[0];

describe('per million', () => {
  it('of the messages of the interface, rounded', () => {
    expect(of({ messages: 30_000, rejected: 1, duplicate: 2, unposted: 3 })).toEqual({
      interface: '945',
      messages: 30_000,
      rejected_per_million: 33,
      duplicate_per_million: 67,
      unposted_per_million: 100,
      lag_p95_seconds: null,
    });
  });

  it('without messages there is no figure', () => {
    expect(of({})).toMatchObject({ messages: 0, rejected_per_million: null, lag_p95_seconds: null });
  });
});

/** The definition: the smallest lag that 95% of the messages keep. */
function exactP95(lags: readonly number[]): number {
  const sorted = lags.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] as number;
}

describe('lag', () => {
  it.each([
    [[5], 5],
    [Array.from({ length: 100 }, (_, at) => at + 1), 95],
    [Array.from({ length: 101 }, (_, at) => at), 95],
    [[-3, 0.9], 0],
  ])('p95 of %j is %i', (lags, expected) => {
    const counts = noInterfaceCounts();
    for (const lag of lags) addLag(counts, lag);
    expect(of(counts)?.lag_p95_seconds).toBe(expected);
  });

  it('never understates, overstates by 1.6% at most, and counts of parts give the figure of the whole', () => {
    const lag = fc.oneof(fc.nat(200), fc.nat(100_000), fc.nat(2 ** 31 - 1));
    fc.assert(
      fc.property(fc.array(fc.array(lag), { minLength: 1 }), (parts) => {
        const lags = parts.flat();
        fc.pre(lags.length > 0);
        const whole = noInterfaceCounts();
        for (const part of parts) {
          const counts = noInterfaceCounts();
          for (const seconds of part) addLag(counts, seconds);
          addCounts(whole, counts);
        }
        const found = of(whole)?.lag_p95_seconds as number;
        const exact = exactP95(lags);
        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 64));
      }),
    );
  });
});

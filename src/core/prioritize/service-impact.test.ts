import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, demandOf } from './priced-line-fixture.ts';
import { DEFAULT_PRIORITY, type PrioritySettings, priorityParameters } from './priority-parameters.ts';
import { type ItemFacts, serviceImpact } from './service-impact.ts';

const SETTINGS = { ...DEFAULT_PRIORITY, cancel_cost: '4', order_cost: '35' };

/** Whole units, cents, seven days of demand. */
function impact(erp: number, wms: number, facts: Partial<ItemFacts>, settings: Partial<PrioritySettings> = {}) {
  const known = { unitCost: decimal('12.5'), margin: decimal('5.99'), demand: undefined, demandDays: 7, ...facts };
  return serviceImpact({ erp, wms }, known, priorityParameters({ ...SETTINGS, ...settings }, ['available']), 0, 2);
}

describe('serviceImpact', () => {
  // Expectations worked out with 40 digits, term by term from the probabilities; the money by hand from them.
  it.each<[string, number, number, Partial<ItemFacts>, Partial<PrioritySettings>, Record<string, unknown>]>([
    [
      'oversold: 14.722981 units · (5.99 + 4)',
      60,
      42,
      { demand: demandOf(4, 30) },
      {},
      { unitsAtStake: 14_722_981n, oversellMinor: 14_708n, ordersAtRisk: 0, lostSalesMinor: 0n, purchaseMinor: 0n },
    ],
    [
      'orders at risk: min(30, 60) − 24',
      60,
      24,
      { demand: demandOf(4, 30) },
      {},
      { unitsAtStake: 32_722_625n, oversellMinor: 32_690n, ordersAtRisk: 6 },
    ],
    [
      'lumpy sales, three times the variance',
      60,
      42,
      { demand: demandOf(4, 30) },
      { dispersion: 3 },
      { unitsAtStake: 13_251_310n, oversellMinor: 13_238n },
    ],
    [
      'a promotion: 12.625 days of demand in seven',
      60,
      42,
      { demand: demandOf(4, 30), demandDays: 12.625 },
      {},
      { unitsAtStake: 17_998_432n, oversellMinor: 17_980n },
    ],
    [
      'half a cent is rounded away from zero: 3 · 2.005',
      8,
      5,
      { demand: demandOf(0, 10), margin: decimal('2.005') },
      { cancel_cost: '0' },
      { oversellMinor: 602n, ordersAtRisk: 3 },
    ],
    [
      'less than nothing in the warehouse is nothing',
      5,
      -3,
      { demand: demandOf(1, 4), margin: decimal('10') },
      { cancel_cost: '1' },
      { unitsAtStake: 4_999_088n, oversellMinor: 5_499n, ordersAtRisk: 4 },
    ],
    [
      'understated: 14.992941 units · 8.50 · 0.5',
      12,
      40,
      { demand: demandOf(3, 6), margin: decimal('8.50') },
      {},
      { unitsAtStake: 14_992_941n, lostSalesMinor: 6_372n, oversellMinor: 0n, ordersAtRisk: 0, purchaseMinor: 0n },
    ],
    [
      'a needless purchase: 35 + 28 · 12.50 · 25% · 90 / 365',
      12,
      40,
      { demand: demandOf(0, 0, { reorderPoint: 25 }) },
      {},
      { purchaseMinor: 5_658n, lostSalesMinor: 0n },
    ],
    [
      'of 20 units at most',
      12,
      40,
      { demand: demandOf(0, 0, { reorderPoint: 25 }) },
      { order_quantity: '20' },
      { purchaseMinor: 5_041n },
    ],
    [
      'none where enough is on order',
      12,
      40,
      { demand: demandOf(0, 0, { reorderPoint: 25, onOrder: 13 }) },
      {},
      { purchaseMinor: 0n },
    ],
    ['the purchase is due anyway', 12, 24, { demand: demandOf(0, 0, { reorderPoint: 25 }) }, {}, { purchaseMinor: 0n }],
    [
      'just enough is enough',
      12,
      24,
      { demand: demandOf(0, 0, { reorderPoint: 25, onOrder: 1 }) },
      {},
      // 12 · 12.50 · 0.25 · 90 / 365 = 9.2466
      { purchaseMinor: 4_425n },
    ],
    [
      'plenty on both sides',
      500,
      400,
      { demand: demandOf(1, 2) },
      {},
      { unitsAtStake: 0n, oversellMinor: 0n, ordersAtRisk: 0 },
    ],
    [
      'without demand nothing is oversold',
      60,
      42,
      {},
      {},
      { unitsAtStake: 0n, oversellMinor: 0n, ordersAtRisk: 0, missing: ['demand'] },
    ],
    [
      'without a margin the cancelling still costs',
      60,
      42,
      { demand: demandOf(4, 30), margin: undefined },
      {},
      { oversellMinor: 5_889n, missing: ['margin'] },
    ],
    [
      'sold at a loss, nothing is lost',
      12,
      40,
      { demand: demandOf(3, 6), margin: decimal('-2') },
      {},
      { lostSalesMinor: 0n },
    ],
    [
      'without a cost only the order itself',
      12,
      40,
      { demand: demandOf(0, 0, { reorderPoint: 25 }), unitCost: undefined },
      {},
      { purchaseMinor: 3_500n, missing: ['unit_cost'] },
    ],
    [
      'no difference',
      9,
      9,
      { demand: demandOf(4, 30) },
      {},
      { unitsAtStake: 0n, oversellMinor: 0n, lostSalesMinor: 0n },
    ],
  ])('%s', (_name, erp, wms, facts, settings, expected) => {
    expect(impact(erp, wms, facts, settings)).toMatchObject(expected);
  });

  it('quantities may have decimals, and money none', () => {
    const known = { unitCost: undefined, margin: decimal('100'), demand: demandOf(0, 2_500), demandDays: 7 };
    const parameters = priorityParameters(undefined, ['available']);
    expect(serviceImpact({ erp: 2_250, wms: 1_000 }, known, parameters, 3, 0)).toMatchObject({
      unitsAtStake: 1_250_000n,
      oversellMinor: 125n,
      ordersAtRisk: 1_250,
    });
  });

  const units = fc.integer({ min: -20, max: 2_000 });
  const demand = fc
    .record({ daily: fc.double({ min: 0, max: 200, noNaN: true }), open: fc.nat(300), reorder: fc.nat(500) })
    .map(({ daily, open, reorder }) => demandOf(daily, open, { reorderPoint: reorder }));

  it('the more the ERP overstates, the more is oversold', () => {
    fc.assert(
      fc.property(units, fc.nat(500), fc.nat(500), demand, (wms, less, more, given) => {
        const [little, much] = [
          impact(wms + less, wms, { demand: given }),
          impact(wms + less + more, wms, { demand: given }),
        ];
        expect(much.oversellMinor).toBeGreaterThanOrEqual(little.oversellMinor);
        expect(much.ordersAtRisk).toBeGreaterThanOrEqual(little.ordersAtRisk);
      }),
    );
  });

  it('never more units are at stake than differ, never more orders at risk than are open, and one direction only', () => {
    fc.assert(
      fc.property(units, units, demand, (erp, wms, given) => {
        const made = impact(erp, wms, { demand: given });
        expect(made.unitsAtStake).toBeLessThanOrEqual(BigInt(Math.abs(wms - erp)) * 1_000_000n);
        expect(made.ordersAtRisk).toBeLessThanOrEqual(given.openOrders);
        if (erp <= wms) expect(made.ordersAtRisk + Number(made.oversellMinor)).toBe(0);
        if (erp >= wms) expect(made.lostSalesMinor + made.purchaseMinor).toBe(0n);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { cutOffOf, ordersAtRiskOf, type RunResult, standingOf } from './run-standing.ts';

const group = (site: string, keys: number, off: number) => ({
  site,
  keys,
  keys_in_sync: keys - off,
  keys_timing_only: 1,
  discrepancies: off,
  gross_variance_quantity: '5',
  net_variance_quantity: '1',
  gross_variance_value: '10.00',
  net_variance_value: '2.00',
  erp_overstated_value: '4.00',
  erp_understated_value: '6.00',
  sync_accuracy_keys: '0.5',
});
const SUMS = { ...group('', 0, 3), unvalued: 2 };
const TOTALS = {
  ...SUMS,
  keys: 13,
  sync_accuracy_keys: '0.769230',
  sync_accuracy_keys_exact: '0.7',
  sync_accuracy_units: '0.9',
  masking: '0.8',
};
const result = (rest: object) =>
  ({
    by_site: [group('A', 10, 1), group('B', 3, 2)],
    totals: TOTALS,
    visible: SUMS,
    inputs: [],
    ...rest,
  }) as never as RunResult;

describe('orders at risk', () => {
  const told = [
    { site: 'A', items: 2, quantity: '10.5', value: '100.10', unvalued: 1 },
    { site: 'B', items: 1, quantity: '4', value: '0.00', unvalued: 1 },
  ];

  it('are the sum over the sites that are meant', () => {
    expect(ordersAtRiskOf(result({ orders_at_risk: told }), '')).toEqual({
      items: 3,
      quantity: '14.5',
      value: '100.1',
      unvalued: 2,
    });
    expect(ordersAtRiskOf(result({ orders_at_risk: told }), 'B')).toMatchObject({ items: 1, quantity: '4' });
    expect(ordersAtRiskOf(result({ orders_at_risk: told }), 'C')).toMatchObject({ items: 0, quantity: '0' });
  });

  it('are not known of a run without demand, and none of one without any', () => {
    expect(ordersAtRiskOf(result({ orders_at_risk: null }), '')).toBeUndefined();
    expect(ordersAtRiskOf(result({ orders_at_risk: [] }), '')).toMatchObject({ items: 0 });
  });
});

describe('the standing of a run', () => {
  it('of all sites is that of its totals', () => {
    expect(standingOf(result({}), '')).toMatchObject({
      sites: ['A', 'B'],
      keys: 13,
      discrepancies: 3,
      accuracy: '0.769230',
      accuracyUnits: '0.9',
      unvalued: 2,
    });
  });

  it('of one site has no figure that only the whole has', () => {
    expect(standingOf(result({}), 'B')).toMatchObject({ sites: ['B'], keys: 3, accuracy: '0.5', accuracyUnits: '' });
    expect(standingOf(result({}), 'C')).toBeUndefined();
  });

  it('of some sites is counted from what the reader sees: 10 of 13 keys agree', () => {
    expect(standingOf(result({ totals: null }), '')).toMatchObject({
      keys: 13,
      timingOnly: 2,
      accuracy: '0.769230',
      accuracyExact: '',
      gross: '10.00',
      unvalued: 2,
    });
    expect(standingOf(result({ totals: null, visible: null }), '')).toBeUndefined();
  });

  it('the cut-off is that of the later snapshot, whatever its offset', () => {
    const inputs = [
      { source: 'erp', kind: 'balances', as_of: '2026-11-21T01:00:00+02:00' },
      { source: 'wms', kind: 'balances', as_of: '2026-11-21T00:30:00Z' },
      { source: 'messages', kind: 'messages', as_of: '2026-11-25T00:00:00Z' },
      { source: 'other', kind: 'balances', as_of: '' },
    ];
    expect(cutOffOf({ inputs })).toBe('2026-11-21T00:30:00Z');
    expect(cutOffOf({ inputs: [] })).toBe('');
  });
});

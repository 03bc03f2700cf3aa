/** Decides what the sample trends of the tests hold. Never used outside of tests. */
import type { RunMeasures, TrendDocument, TrendRow } from '../contract/measures.ts';

/** A row of 1,000 keys; `day` is in November 2026. */
export function sampleRow(day: number, change: Partial<TrendRow> = {}): TrendRow {
  return {
    run_id: `run-${day}`,
    cut_off: `2026-11-${String(day).padStart(2, '0')}T23:59:59-06:00`,
    cut_offs: 1,
    currency: 'USD',
    keys: 1000,
    discrepancies: day,
    sync_accuracy_keys: (1 - day / 1000).toFixed(6),
    gross_variance_quantity: String(day * 2),
    gross_variance_value: `${day * 100}.50`,
    net_variance_value: `-${day * 10}.25`,
    new: 1,
    continuing: day - 1,
    resolved: 2,
    recurring: 0,
    ageing: null,
    over_a_week: 3,
    explained_value_share: '0.912345',
    ...change,
  };
}

export const SAMPLE_MEASURES: RunMeasures = {
  compared_with: 'run-1',
  is_latest: true,
  sync_accuracy_units_within_tolerance: '0.987654',
  sync_accuracy_value: '',
  sync_accuracy_value_within_tolerance: '',
  masking_units: '0.500000',
  masking_value: '0.300000',
  ageing: [
    { days: '0-1', discrepancies: 3, gross_variance_value: '10.00' },
    { days: '30+', discrepancies: 1, gross_variance_value: '5.00' },
  ],
  over_a_week: 1,
  dollar_days: '1234.50',
  days_out_of_sync_mean: '8.25',
  days_out_of_sync_median: '1.00',
  explained_units_share: '0.900000',
  explained_value_share: '0.912345',
  finding_lines_share: '0.250000',
  new: 1,
  continuing: 3,
  resolved: 2,
  recurring: 0,
  self_healed: null,
  days_to_resolve_mean: '2.00',
  hours_to_detect_mean: '',
  hours_to_detect_median: '',
  onsets_known: 0,
  recurrence_share: '0.031250',
  self_healed_share: '',
  by_site: [],
  interfaces: [
    {
      interface: '945',
      messages: 1000,
      rejected_per_million: 2000,
      duplicate_per_million: 0,
      unposted_per_million: 0,
      lag_p95_seconds: null,
    },
  ],
  count_accuracy: [{ abc_class: '', counted: 10, hits: 9, count_accuracy: '0.900000' }],
};

export function sampleTrend(rows: readonly TrendRow[], change: Partial<TrendDocument> = {}): TrendDocument {
  return {
    schema: 1,
    name: 'Acme',
    by: 'day',
    days: 30,
    site: '',
    rows,
    latest: null,
    left_out: [],
    definitions: {},
    ...change,
  };
}

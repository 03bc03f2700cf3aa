import { describe, expect, test } from 'vitest';
import { refusedReport, SAMPLE_GAPS, type SampleOptions, sampleLine, sampleReport } from './sample-report-fixture.ts';
import { conditionSentences, formatTime, keyPhrase, openingSentences, sitesPhrase } from './wording.ts';

const opening = (options: SampleOptions) => openingSentences(sampleReport(options).run);
const noTiming = { keys_timing_only: 0 };
const one = sampleLine({ erp: 10, wms: 9, cents: 150 });
const uncosted = { ...one, unit_cost: '', variance_value: '' };

describe('openingSentences', () => {
  test('many', () => {
    expect(
      opening({
        totals: { sync_accuracy_keys: '0.992123', sync_accuracy_units: '0.996', gross_variance_value: '48200.00' },
      }),
    ).toEqual([
      'ERP and WMS agree on 99.2% of 23,104 keys (99.6% of units) at DC1 and DC2. 182 keys are off by $48,200 gross.',
    ]);
  });

  test.each<[string, SampleOptions, string[]]>([
    [
      'one key off',
      { lines: [one] },
      ['ERP and WMS agree on 99.99% of 23,104 keys (99.99% of units) at DC1 and DC2. 1 key is off by $1.50 gross.'],
    ],
    [
      'one of two without a cost',
      { lines: [one, uncosted] },
      [
        'ERP and WMS agree on 99.99% of 23,104 keys (99.99% of units) at DC1 and DC2. 2 keys are off by $1.50 gross; 1 of them has no unit cost and is not in that amount.',
      ],
    ],
    [
      'no cost at all',
      { lines: [uncosted] },
      [
        'ERP and WMS agree on 99.99% of 23,104 keys (99.99% of units) at DC1 and DC2. 1 key is off by 1 unit gross; no unit cost is known for it.',
      ],
    ],
    ['none off', { lines: [], totals: noTiming }, ['Nothing is out of sync: all 23,104 keys agree.']],
    ['one key', { lines: [], totals: { ...noTiming, keys: 1 } }, ['Nothing is out of sync: the one key agrees.']],
    [
      'within tolerance',
      { lines: [], totals: { ...noTiming, sync_accuracy_keys_exact: '0.998000' } },
      ['Nothing is out of sync: all 23,104 keys agree within tolerance.'],
    ],
    [
      'only timing',
      { lines: [] },
      ['Nothing is out of sync: all 23,104 keys agree, 12 of them once what is in flight is counted.'],
    ],
    ['no keys', { lines: [], totals: { keys: 0 } }, ['Nothing was compared: no key was found on either side.']],
  ])('%s', (_, options, expected) => {
    expect(opening(options)).toEqual(expected);
  });

  test.each<[string, SampleOptions, string]>([
    ['rejected rows', { totals: { ...noTiming, rejected_rows: 1 } }, '1 row was rejected.'],
    ['unmapped rows', { totals: { ...noTiming, unmapped_rows: 2 } }, '2 rows have a stock status without a category.'],
    [
      'both',
      { totals: { ...noTiming, rejected_rows: 2, unmapped_rows: 1 } },
      '2 rows were rejected, and 1 row has a stock status without a category.',
    ],
  ])('never says that nothing is out of sync with %s', (_, options, missing) => {
    expect(opening({ lines: [], ...options })).toEqual([
      'No discrepancy was found in what could be compared: all 23,104 keys agree.',
      `The comparison is incomplete: ${missing} What they hold is in no figure here.`,
    ]);
  });

  test('what is left out is said beside discrepancies too', () => {
    expect(opening(SAMPLE_GAPS)[1]).toMatch(/^The comparison is incomplete: 2 rows were rejected, and 15 rows/);
  });

  test('refused', () => {
    expect(openingSentences(refusedReport().run)).toEqual([
      'The run was refused: the files cannot be compared as they are, so there are no figures.',
    ]);
  });
});

test('a share is never 100% while a key is off', () => {
  expect(
    opening({ lines: [one], totals: { sync_accuracy_keys: '1.000000', sync_accuracy_units: '1.000000' } })[0],
  ).toContain('over 99.99% of 23,104 keys (over 99.99% of units)');
});

test('conditions: filters and who forced the run', () => {
  const { run } = sampleReport({
    run: { filters: { site: ['DC1'], item: ['00123', '00124'] }, forced: { by: 'Ana', reason: 'period end' } },
  });
  expect(conditionSentences(run)).toEqual([
    'Only site DC1 was compared.',
    'Only items 00123, 00124 were compared.',
    'The quality gate was overruled by Ana: period end',
  ]);
});

test.each([
  [[], ''],
  [['DC1'], 'DC1'],
  [['DC1', 'DC2'], 'DC1 and DC2'],
  [['DC1', 'DC2', 'DC3'], 'DC1, DC2 and DC3'],
  [['1', '2', '3', '4'], '4 sites'],
])('sitesPhrase %j', (sites, expected) => {
  expect(sitesPhrase(sites)).toBe(expected);
});

test.each([
  [['site', 'item', 'category'], 'A key is one item in one category at one site.'],
  [
    ['site', 'item', 'lot', 'owner', 'category'],
    'A key is one item of one owner and one lot in one category at one site.',
  ],
])('keyPhrase %j', (grain, expected) => {
  expect(keyPhrase(grain)).toBe(expected);
});

test.each([
  ['2026-11-22T23:59:59-06:00', '22 Nov 2026, 23:59 −06:00'],
  ['2026-01-02T03:04Z', '2 Jan 2026, 03:04 UTC'],
  ['2026-01-02T03:04:05.123+01:00', '2 Jan 2026, 03:04 +01:00'],
  ['yesterday', 'yesterday'],
  ['', ''],
])('formatTime %s', (iso, expected) => {
  expect(formatTime(iso)).toBe(expected);
});

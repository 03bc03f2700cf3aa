/**
 * Decides what the sample reports of the tests hold; deterministic, from a seed.
 * Never used outside of tests.
 */
import type { DiscrepancyLine, GroupTotals, Report, RunDocument, RunTotals } from '../contract/run.ts';
import { DISCREPANCY_COLUMNS } from '../contract/run.ts';

/** Where a sample differs from the ordinary one: 0 discrepancies, a refused run, hostile text. */
export interface SampleOptions {
  readonly discrepancies?: number;
  readonly run?: Partial<RunDocument>;
  readonly totals?: Partial<RunTotals>;
  readonly lines?: readonly DiscrepancyLine[];
  readonly rejections?: Report['rejections'];
  readonly timing?: Report['timing'];
}

const SITES = ['DC1', 'DC2'];
const CATEGORIES = ['available', 'available', 'available', 'unavailable'];
const GOODS = [
  'Kettle 1.7 l',
  'Toaster, 2 slots',
  'Wall clock, oak',
  'Desk lamp',
  'Garden hose 25 m',
  'Cordless drill',
  'Mug, blue',
  'Frying pan 28 cm',
];

/** A line from its parts; columns not given are ''. Variance, value and direction follow from the quantities and the cost in whole cents. */
export function sampleLine(
  parts: Partial<DiscrepancyLine> & { readonly erp: number; readonly wms: number; readonly cents: number },
): DiscrepancyLine {
  const { erp, wms, cents, ...columns } = parts;
  const empty = Object.fromEntries(DISCREPANCY_COLUMNS.map((name) => [name, ''])) as Record<
    (typeof DISCREPANCY_COLUMNS)[number],
    string
  >;
  const variance = wms - erp;
  return {
    ...empty,
    site: 'DC1',
    category: 'available',
    erp_quantity: String(erp),
    wms_quantity: String(wms),
    variance_quantity: String(variance),
    in_flight_quantity: '0',
    net_variance_quantity: String(variance),
    uom: 'EA',
    unit_cost: centsText(cents),
    variance_value: centsText(variance * cents),
    currency: 'USD',
    direction: variance < 0 ? 'erp-overstated' : 'erp-understated',
    absent_from: '',
    ...columns,
  };
}

/** Whole cents as a decimal with two places: −143050 is "-1430.50". */
function centsText(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function centsOf(text: string): number {
  return Number(text.replace('.', ''));
}

/** `count` lines in rank order by value, from a small linear congruential generator. */
export function sampleLines(count: number, seed = 7): DiscrepancyLine[] {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const lines = Array.from({ length: count }, (_, index) => {
    const erp = next(600);
    const size = 1 + Math.floor(next(40) ** 4 / 64_000);
    const wms = Math.max(0, next(100) < 62 ? erp - size : erp + size);
    const good = next(GOODS.length);
    const absent = erp === 0 ? 'erp' : wms === 0 ? 'wms' : '';
    return sampleLine({
      erp,
      wms: wms === erp ? wms + 1 : wms,
      cents: 250 + Math.floor(next(160) ** 3 / 100),
      site: SITES[next(2)] ?? 'DC1',
      item: String(100 + index).padStart(5, '0'),
      description: GOODS[good] ?? '',
      category: CATEGORIES[next(4)] ?? 'available',
      absent_from: absent,
    });
  });
  lines.sort((a, b) => Math.abs(centsOf(b.variance_value)) - Math.abs(centsOf(a.variance_value)));
  return lines.map((line, index) => ({ ...line, rank: String(index + 1) }));
}

function groupTotals(lines: readonly DiscrepancyLine[], keys: number, timing: number): GroupTotals {
  const sum = (of: (line: DiscrepancyLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  const value = (line: DiscrepancyLine) => (line.variance_value === '' ? 0 : centsOf(line.variance_value));
  return {
    keys,
    keys_in_sync: keys - lines.length,
    keys_timing_only: timing,
    discrepancies: lines.length,
    erp_quantity: String(keys * 21),
    wms_quantity: String(keys * 21 + sum((line) => Number(line.net_variance_quantity))),
    gross_variance_quantity: String(sum((line) => Math.abs(Number(line.net_variance_quantity)))),
    net_variance_quantity: String(sum((line) => Number(line.net_variance_quantity))),
    gross_variance_value: centsText(sum((line) => Math.abs(value(line)))),
    net_variance_value: centsText(sum(value)),
    erp_overstated_value: centsText(sum((line) => Math.max(0, -value(line)))),
    erp_understated_value: centsText(sum((line) => Math.max(0, value(line)))),
    sync_accuracy_keys: keys === 0 ? '' : ((keys - lines.length) / keys).toFixed(6),
  };
}

const INPUTS: RunDocument['inputs'] = [
  {
    source: 'sap balances',
    system: 'sap',
    kind: 'balances',
    file: 'in/erp_stock_20261122.csv',
    sha256: '9f2c4b7d1e0a5836c4d2b1f09a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c',
    bytes: 1_204_331,
    rows: 23_118,
    rejected: 2,
    excluded: 12,
    duplicates: 0,
    as_of: '2026-11-22T23:59:59-06:00',
  },
  {
    source: 'wms1 balances',
    system: 'wms1',
    kind: 'balances',
    file: 'in/wms_stock.csv',
    sha256: '1b7e0c9d8f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c',
    bytes: 2_011_870,
    rows: 31_402,
    rejected: 0,
    excluded: 40,
    duplicates: 3,
    as_of: '2026-11-22T23:59:59-06:00',
  },
]; // prettier-ignore

function sampleRun(lines: readonly DiscrepancyLine[], options: SampleOptions): RunDocument {
  const keys = Math.max(23_104, lines.length * 12);
  const all = groupTotals(lines, keys, 12);
  const gross = centsOf(all.gross_variance_value);
  const totals: RunTotals = {
    ...all,
    masking: gross === 0 ? '' : (1 - Math.abs(centsOf(all.net_variance_value)) / gross).toFixed(6),
    sync_accuracy_keys_exact: ((keys - lines.length) / keys).toFixed(6),
    sync_accuracy_units: (1 - Number(all.gross_variance_quantity) / Number(all.wms_quantity)).toFixed(6),
    explained_value_share: '',
    unvalued: lines.filter((line) => line.variance_value === '').length,
    rejected_rows: 0,
    unmapped_rows: 0,
    excluded_rows: 52,
    ...options.totals,
  };
  const half = Math.floor(keys / 2);
  return {
    schema: 1,
    run_id: '20261123T064503Z-7c1f',
    name: 'Acme',
    state: 'complete',
    currency: 'USD',
    started_at: '2026-11-23T06:45:03-06:00',
    finished_at: '2026-11-23T06:45:11-06:00',
    config_hash: 'c0ffee5d1e0a5836c4d2b1f09a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c',
    engine: 'duckdb',
    grain: ['site', 'item', 'category'],
    filters: { site: [], item: [] },
    forced: null,
    inputs: INPUTS,
    totals,
    by_site: SITES.map((site, index) => ({
      site,
      ...groupTotals(
        lines.filter((line) => line.site === site),
        index === 0 ? half : keys - half,
        index * 12,
      ),
    })),
    by_category: ['available', 'unavailable'].map((category, index) => ({
      category,
      ...groupTotals(
        lines.filter((line) => line.category === category),
        index === 0 ? keys - Math.floor(keys / 8) : Math.floor(keys / 8),
        0,
      ),
    })),
    by_cause: [],
    findings: [],
    unmapped: [],
    quality: [],
    timings_ms: { read: 812, compare: 240, write: 95 },
    ...options.run,
  };
}

/** A whole report; 182 discrepancies unless told otherwise. */
export function sampleReport(options: SampleOptions = {}): Report {
  const lines = options.lines ?? sampleLines(options.discrepancies ?? 182);
  return { run: sampleRun(lines, options), lines, rejections: options.rejections ?? [], timing: options.timing ?? [] };
}

/** Everything that may be left out of a comparison: rejected rows, unmapped statuses, warnings. */
export const SAMPLE_GAPS: SampleOptions = {
  totals: { rejected_rows: 2, unmapped_rows: 15 },
  rejections: [
    {
      source: 'sap balances',
      file: 'in/erp_stock_20261122.csv',
      row: 117,
      column: 'quantity',
      value: '12,5x',
      reason: 'not a number',
    },
    {
      source: 'sap balances',
      file: 'in/erp_stock_20261122.csv',
      row: 2_204,
      column: 'item',
      value: '',
      reason: 'item is missing',
    },
  ],
  timing: [
    {
      site: 'DC2',
      item: '00123',
      owner: '',
      lot: '',
      category: 'available',
      description: 'Kettle 1.7 l',
      erp_quantity: '120',
      wms_quantity: '108',
      variance_quantity: '-12',
      in_flight_quantity: '-12',
      net_variance_quantity: '0',
      uom: 'EA',
      unit_cost: '31.50',
      in_flight_value: '-378.00',
      currency: 'USD',
    },
  ],
  run: {
    unmapped: [
      { system: 'wms1', status: 'QC HOLD', rows: 14, quantity: '320', value: '4100.00', currency: 'USD' },
      { system: 'sap', status: '', rows: 1, quantity: '7.5', value: '', currency: '' },
    ],
    quality: [
      {
        severity: 'warning',
        code: 'duplicate-rows',
        source: 'wms1 balances',
        message: '3 rows repeat another row in every column; they were added up.',
        action: 'Say `unique: true` for the source if a repeated row is an error.',
      },
    ],
  },
}; // prettier-ignore

/** A run that the quality gate refused: no totals, two reasons. */
export function refusedReport(): Report {
  return {
    run: {
      ...sampleReport({ lines: [] }).run,
      state: 'refused',
      totals: null,
      by_site: [],
      by_category: [],
      quality: [
        {
          severity: 'refused',
          code: 'stale',
          source: 'sap balances',
          message: 'The cut-off is 22 Nov 2026, 23:59 −06:00: 31 hours old, and max_age is 26h.',
          action: 'Export the ERP stock again, or raise max_age of this source.',
        },
        {
          severity: 'refused',
          code: 'no-overlap',
          source: 'wms1 balances',
          message: 'Only 3 of 11,204 items stand on both sides (0.02%).',
          action: 'Check that both files use the same item codes; leading zeros are part of a code.',
        },
        {
          severity: 'warning',
          code: 'duplicate-rows',
          source: 'wms1 balances',
          message: '3 rows repeat another row in every column; they were added up.',
          action: '',
        },
      ],
    },
    lines: [],
    rejections: [],
    timing: [],
  }; // prettier-ignore
}

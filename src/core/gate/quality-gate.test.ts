import { describe, expect, it } from 'vitest';
import {
  DEFAULT_LIMITS,
  duration,
  type GateLimits,
  judgePair,
  judgeSource,
  type OverlapFacts,
  type SourceFacts,
} from './quality-gate.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;

function facts(change: Partial<SourceFacts> = {}, limits: Partial<GateLimits> = {}): SourceFacts {
  return {
    source: 'sap balances',
    system: 'sap',
    role: 'erp',
    file: 'erp.csv',
    sheet: undefined,
    sha256: 'a',
    rows: 100,
    accepted: 100,
    rejected: 0,
    duplicates: 0,
    mustBeUnique: false,
    asOf: { epochMs: NOON, text: '2026-11-22T12:00:00Z' },
    asOfSpreadMs: 0,
    limits: { ...DEFAULT_LIMITS, ...limits },
    previous: undefined,
    ...change,
  };
}

const last = (rows: number, change: Partial<NonNullable<SourceFacts['previous']>> = {}) => ({
  runId: 'R1',
  rows,
  sha256: 'b',
  asOf: '2026-11-21T12:00:00Z',
  ...change,
});

describe('judgeSource', () => {
  const cases: readonly [name: string, facts: SourceFacts, codes: readonly string[]][] = [
    ['nothing wrong', facts(), []],
    ['no rows', facts({ rows: 0, accepted: 0 }), ['NO_ROWS']],
    ['no rows where there were some', facts({ rows: 0, accepted: 0, previous: last(100) }), ['NO_ROWS']],
    ['all rows rejected', facts({ rows: 3, accepted: 0, rejected: 3 }), ['NOTHING_ACCEPTED']],
    ['all rows left out on purpose', facts({ accepted: 0 }), []],
    ['rejected rows at the share', facts({ rows: 1000, accepted: 900, rejected: 100 }), []],
    ['rejected rows above the share', facts({ rows: 1000, accepted: 899, rejected: 101 }), ['TOO_MANY_REJECTED']],
    ['few rejected rows say nothing, whatever their share', facts({ rows: 40, accepted: 20, rejected: 20 }), []],
    [
      'a share of its own',
      facts({ rows: 1000, accepted: 970, rejected: 30 }, { maxRejectedShare: 0.02 }),
      ['TOO_MANY_REJECTED'],
    ],
    ['repeated rows', facts({ duplicates: 3 }), []],
    ['repeated rows of a source that must be unique', facts({ duplicates: 1, mustBeUnique: true }), ['ROWS_REPEAT']],
    ['a file that holds itself twice', facts({ duplicates: 50 }), ['DOUBLED']],
    ['nearly', facts({ duplicates: 49 }), []],
    ['a small file that holds itself twice', facts({ rows: 18, accepted: 18, duplicates: 9 }), []],
    ['a cut-off at max_age', facts({}, { maxAgeMs: HOUR }), []],
    ['a cut-off older than max_age', facts({ asOf: { epochMs: NOON - 1, text: 'x' } }, { maxAgeMs: HOUR }), ['STALE']],
    ['a cut-off that is not known has no age', facts({ asOf: undefined }, { maxAgeMs: HOUR }), []],
    ['cut-offs within max_skew in one file', facts({ asOfSpreadMs: 15 * 60_000 }), []],
    ['cut-offs further apart in one file', facts({ asOfSpreadMs: 15 * 60_000 + 1 }), ['CUT_OFFS_MIXED']],
    ['rows at the share of last time', facts({ rows: 80, accepted: 80, previous: last(100) }), []],
    ['fewer rows', facts({ rows: 79, accepted: 79, previous: last(100) }), ['TOO_FEW_ROWS']],
    ['fewer rows than few', facts({ rows: 1, accepted: 1, previous: last(19) }), []],
    ['rows at the multiple of last time', facts({ rows: 180, accepted: 180, previous: last(100) }), []],
    ['more rows', facts({ rows: 181, accepted: 181, previous: last(100) }), ['TOO_MANY_ROWS']],
    [
      'the same file for the same cut-off',
      facts({ previous: last(100, { sha256: 'a', asOf: '2026-11-22T12:00:00Z' }) }),
      [],
    ],
    ['the same file for another cut-off', facts({ previous: last(100, { sha256: 'a' }) }), ['ALREADY_LOADED']],
    ['the same file, its cut-off not known then', facts({ previous: last(100, { sha256: 'a', asOf: '' }) }), []],
    [
      'several faults at once',
      facts({ rows: 70, accepted: 70, duplicates: 40, previous: last(100) }),
      ['DOUBLED', 'TOO_FEW_ROWS'],
    ],
  ];
  it.each(cases)('%s', (_name, given, codes) => {
    const verdicts = judgeSource(given, NOON + HOUR);
    expect(verdicts.map(({ code }) => code)).toEqual(codes);
    for (const { severity, source, message, action } of verdicts) {
      expect({ severity, source }).toEqual({ severity: 'refused', source: 'sap balances' });
      expect(message).toMatch(/^erp\.csv: /);
      expect(action).toMatch(/\.$/);
    }
  });
});

describe('judgePair', () => {
  const wms = (change: Partial<SourceFacts> = {}, limits: Partial<GateLimits> = {}) =>
    facts({ source: 'wms1 balances', system: 'wms1', role: 'wms', file: 'wms.csv', sha256: 'c', ...change }, limits);
  const at = (ms: number) => ({ asOf: { epochMs: NOON + ms, text: `+${ms}` } });
  const overlap = (
    erpKeys: number,
    wmsKeys: number,
    bothKeys: number,
    partial: Partial<OverlapFacts> = {},
  ): OverlapFacts => ({ erpKeys, wmsKeys, bothKeys, erpPartial: false, wmsPartial: false, ...partial });
  const fine = overlap(100, 100, 100);
  const cases: readonly [
    name: string,
    sources: readonly SourceFacts[],
    overlap: OverlapFacts,
    aligned: readonly string[],
    codes: readonly string[],
  ][] = [
    ['nothing wrong', [facts(), wms()], fine, [], []],
    ['the same file on both sides', [facts(), wms({ sha256: 'a' })], fine, [], ['SAME_FILE']],
    ['two sheets of one file', [facts({ sheet: 'ERP' }), wms({ sha256: 'a', sheet: 'WMS' })], fine, [], []],
    ['cut-offs at max_skew', [facts(), wms(at(15 * 60_000))], fine, [], []],
    ['the WMS later, not aligned', [facts(), wms(at(HOUR))], fine, ['erp'], ['CUT_OFFS_APART']],
    ['the WMS later, aligned', [facts(), wms(at(HOUR))], fine, ['wms'], ['CUT_OFFS_ALIGNED']],
    ['the ERP later, not aligned', [facts(at(HOUR)), wms()], fine, ['wms'], ['CUT_OFFS_APART']],
    ['the ERP later, aligned', [facts(at(HOUR)), wms()], fine, ['erp'], ['CUT_OFFS_ALIGNED']],
    [
      'the narrower max_skew decides',
      [facts({}, { maxSkewMs: HOUR }), wms(at(20 * 60_000))],
      fine,
      [],
      ['CUT_OFFS_APART'],
    ],
    [
      'each pair is looked at',
      [facts(), wms(), wms({ ...at(HOUR), source: 'wms2 balances', system: 'wms2', sha256: 'd' })],
      fine,
      [],
      ['CUT_OFFS_APART'],
    ],
    ['a cut-off that is not known', [facts({ asOf: undefined }), wms(at(HOUR))], fine, [], ['CUT_OFF_UNKNOWN']],
    ['the ERP holds nothing', [facts(), wms()], overlap(0, 100, 0), [], ['NO_KEYS']],
    ['the WMS holds nothing', [facts(), wms()], overlap(100, 0, 0), [], ['NO_KEYS']],
    ['a source that holds nothing was judged by itself', [facts({ accepted: 0 }), wms()], overlap(0, 100, 0), [], []],
    ['no key in common', [facts(), wms()], overlap(2, 2, 0), [], ['NO_OVERLAP']],
    ['one key each, and not the same', [facts(), wms()], overlap(1, 5, 0), [], []],
    ['keys in common at the share', [facts(), wms()], overlap(100, 60, 60), [], []],
    ['half of the WMS is missing', [facts(), wms()], overlap(100, 59, 59), [], ['HALF_MISSING']],
    ['half of the ERP is missing', [facts(), wms()], overlap(59, 100, 59), [], ['HALF_MISSING']],
    ['a partial WMS may lack them', [facts(), wms()], overlap(100, 30, 30, { wmsPartial: true }), [], []],
    ['a partial ERP may lack them', [facts(), wms()], overlap(30, 100, 30, { erpPartial: true }), [], []],
    [
      'a partial side excuses only itself',
      [facts(), wms()],
      overlap(30, 100, 30, { wmsPartial: true }),
      [],
      ['HALF_MISSING'],
    ],
    ['few keys say nothing', [facts(), wms()], overlap(19, 5, 2), [], []],
    ['a share of its own', [facts({}, { minKeyOverlap: 0.2 }), wms()], overlap(100, 30, 30), [], []],
  ];
  it.each(cases)('%s', (_name, sources, shared, aligned, codes) => {
    const verdicts = judgePair(sources, shared, (later) => (aligned.includes(later) ? 'given' : 'none'));
    expect(verdicts.map(({ code }) => code)).toEqual(codes);
    for (const { message, action } of verdicts) expect(`${message} ${action}`).not.toMatch(/undefined|NaN/);
  });

  it('a cut-off that is not known warns and does not refuse', () => {
    expect(judgePair([facts({ asOf: undefined }), wms()], fine, () => 'none')).toMatchObject([
      { severity: 'warning', source: 'sap balances' },
    ]);
  });
});

describe('duration', () => {
  it.each([
    [59_000, '59 s'],
    [60_000, '1 min'],
    [2 * HOUR - 1, '119 min'],
    [2 * HOUR, '2 h'],
    [48 * HOUR - 1, '47 h'],
    [48 * HOUR, '2 days'],
  ])('%i ms', (ms, expected) => expect(duration(ms)).toBe(expected));
});

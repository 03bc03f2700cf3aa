import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noInterfaceCounts } from '../core/measure/interface-measures.ts';
import type { Sums } from '../core/measure/judge-comparison.ts';
import { KeyHistory } from '../core/measure/key-history.ts';
import { measureRun } from '../core/measure/measure-run.ts';
import { sampleReport } from '../report/sample-report-fixture.ts';
import { MEASURES, type RunMeasures } from './measures.ts';

const all = Object.entries(MEASURES);
const guide = readFileSync(new URL('../../docs/guides/measures.md', import.meta.url), 'utf8');

const sums: Sums = {
  keys: 4,
  timingOnly: 0,
  discrepancies: 2,
  erp: 90n,
  wms: 100n,
  grossQuantity: 6n,
  netQuantity: -2n,
  overstatedMinor: 400n,
  understatedMinor: 200n,
  unvalued: 0,
  allGross: 8n,
  allGrossMinor: 800n,
  notExact: 3,
};

function measured(): RunMeasures {
  const scope = {
    sites: new Set(['DC1']),
    categories: new Set(['available']),
    items: new Set<string>(),
    isPartial: false,
  };
  const history = new KeyHistory({ epochMs: 0, text: '1970-01-01T00:00:00Z' }, scope, new Map());
  return {
    compared_with: '',
    is_latest: true,
    ...measureRun({
      history,
      handedOn: history.next([]),
      lines: [],
      total: sums,
      wmsValueMinor: 10_000n,
      interfaces: new Map([['945', noInterfaceCounts()]]),
      counts: [{ abcClass: 'A', book: 10, counted: 10 }],
      minorDecimals: 2,
    }),
  };
}

it('accuracy and masking, by hand', () => {
  expect(measured()).toMatchObject({
    sync_accuracy_units_within_tolerance: '0.940000',
    sync_accuracy_value: '0.920000',
    sync_accuracy_value_within_tolerance: '0.940000',
    masking_units: '0.666666',
    masking_value: '0.666666',
  });
});

describe('the catalogue', () => {
  it.each(all)('%s stands in run.json where it says', (_, { field }) => {
    const [object = '', list = '', inner] = field.split(/\.|\[\]\./);
    const totals: object = sampleReport().run.totals ?? {};
    const found: unknown = (object === 'totals' ? totals : (measured() as object))[list as keyof object];
    expect(found).toBeDefined();
    if (inner !== undefined) expect((found as object[])[0]).toHaveProperty(inner);
  });

  it('has every figure of a run', () => {
    const named = new Set(all.map(([, { field }]) => field.split(/\.|\[\]\./)[1]));
    const without = ['compared_with', 'is_latest', 'by_site', 'onsets_known'];
    expect(Object.keys(measured()).filter((name) => !named.has(name) && !without.includes(name))).toEqual([]);
  });

  it.each(all)('%s stands in the guide in the same words', (_, { label, field, definition }) => {
    expect(guide).toContain(`| ${label} | \`${field}\` | ${definition.replaceAll('|', '\\|')} |`);
  });

  it('says each measure in one sentence', () => {
    for (const [, { definition }] of all) expect(definition).toMatch(/^[^.]+(\.\d[^.]*)*\.$/);
  });
});

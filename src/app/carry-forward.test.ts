import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import {
  counts,
  expectRefusal,
  type Given,
  HEADER,
  type Outcome,
  type ReconciledFiles,
  useFiles,
  warnings,
} from '../../test/bad-inputs/reconciled-files.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { RunStore } from '../store/run-store.ts';
import { check } from './check.ts';

const files = useFiles();
const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T23:59:59Z`;
const full = (day: number, source: object = {}): object => ({ as_of: at(day), ...source });
const delta = (day: number, source: object = {}): object => ({ as_of: at(day), completeness: 'delta', ...source });
/** The other side is not of the same moment, and need not be. */
const QUALITY = { quality: { max_skew: '60d', min_key_overlap: 0 } };
const CARRIED = 'sap balances carried forward from run-001';
const A_AND_B = `${HEADER}DC1,A,UNRESTRICTED,5\nDC1,B,UNRESTRICTED,7\n`;

/** One run of the ERP's file against a WMS that holds one unit of something else. */
function run(erp: string | Uint8Array, erpSource: object, more: Partial<Given> = {}): Promise<Outcome> {
  const configuration = { ...QUALITY, ...more.configuration };
  return files().run({ erp, ...more, erpSource: erpSource as Record<string, unknown>, configuration });
}

const erpOf = ({ failure, lines }: Outcome): Record<string, string> => {
  expect(failure?.message).toBeUndefined();
  return Object.fromEntries(
    lines
      .filter(({ item }) => item !== 'ANCHOR')
      .map((line) => [line.item, line.erp_quantity])
      .sort(),
  );
};

async function parquetOf(columns: string): Promise<Uint8Array> {
  const { readFileSync } = await import('node:fs');
  const path = join(files().folder, 'made.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${columns}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFileSync(path);
}

describe('what a delta leaves as it was', () => {
  it('a delta replaces what it mentions, a quantity 0 removes it, and the next delta builds on that', async () => {
    expect(erpOf(await run(A_AND_B, full(1)))).toEqual({ A: '5', B: '7' });
    const second = await run(`${HEADER}DC1,B,UNRESTRICTED,8\nDC1,C,UNRESTRICTED,1\n`, delta(2));
    expect(erpOf(second)).toEqual({ A: '5', B: '8', C: '1' });
    const third = await run(`${HEADER}DC1,A,UNRESTRICTED,0\nDC1,D,UNRESTRICTED,2\n`, delta(3));
    expect(erpOf(third)).toEqual({ B: '8', C: '1', D: '2' });
    expect(erpOf(await run(`${HEADER}DC1,A,UNRESTRICTED,3\n`, delta(4)))).toEqual({ A: '3', B: '8', C: '1', D: '2' });
  });

  it('rows of one key and status add up in the delta; another status of the key stays', async () => {
    const configuration = { categories: { available: { erp: ['UNRESTRICTED', 'QI'], wms: ['AVAILABLE'] } } };
    const rows =
      'site,item,status,quantity,location\nDC1,A,UNRESTRICTED,5,L1\nDC1,A,UNRESTRICTED,6,L2\nDC1,A,QI,100,L1\n';
    expect(erpOf(await run(rows, full(1), { configuration }))).toEqual({ A: '111' });
    const changed = 'site,item,status,quantity,location\nDC1,A,UNRESTRICTED,1,L1\nDC1,A,UNRESTRICTED,2,L3\n';
    expect(erpOf(await run(changed, delta(2), { configuration }))).toEqual({ A: '103' });
  });

  it('a rejected row replaces nothing and is listed', async () => {
    await run(A_AND_B, full(1));
    const second = await run(`${HEADER}DC1,A,UNRESTRICTED,x\nDC1,B,UNRESTRICTED,9\n`, delta(2));
    expect(erpOf(second)).toEqual({ A: '5', B: '9' });
    expect(second.rejections.map(({ source, row, column }) => ({ source, row, column }))).toEqual([
      { source: 'sap balances', row: 2, column: 'quantity' },
    ]);
  });

  it('what is carried forward is an input of the run: the id of the run that kept it, no hash, its cut-off', async () => {
    const first = await run(A_AND_B, full(1));
    const second = await run(`${HEADER}DC1,B,UNRESTRICTED,8\n`, delta(2));
    expect(warnings(second.run)).toEqual([]);
    expect(second.run.inputs.map(({ source }) => source)).toEqual(['sap balances', 'wms1 balances', CARRIED]);
    const [given, , carried] = second.run.inputs;
    expect(given).toMatchObject({ rows: 1, completeness: 'delta', as_of: at(2) });
    expect(carried).toMatchObject({ system: 'sap', kind: 'balances', file: 'run-001', sha256: '', rows: 1 });
    expect(carried).toMatchObject({ rejected: 0, excluded: 0, as_of: at(1) });
    expect(carried).not.toHaveProperty('completeness');
    expect(first.run.inputs[0]).not.toHaveProperty('completeness');
  });

  it('what another site or rule leaves out now is counted as left out', async () => {
    await run(A_AND_B, full(1));
    const ignore = [{ system: 'sap', status: ['UNRESTRICTED'], when: { site: 'DC1' }, reason: 'consigned' }];
    const second = await run(`${HEADER}DC1,B,UNRESTRICTED,8\n`, delta(2), { configuration: { ignore } });
    expect(counts(second.run, CARRIED)).toEqual({ rows: 1 + 1, rejected: 0, excluded: 2 });
  });

  it('both sides by deltas, two deltas of one system, and a control total', async () => {
    const balances = (day: number, completeness: string): object[] => [
      { system: 'sap', format: 'csv', path: 'erp.csv', ...full(day), completeness, total_row: TOTAL },
      { system: 'sap', format: 'csv', path: 'erp2.csv', ...full(day), completeness },
      { system: 'wms1', format: 'csv', path: 'wms.csv', ...full(day), completeness },
    ];
    const given = (day: number, completeness: string, erp: string, erp2: string, wms: string): Given => ({
      erp: `site,item,status,quantity,location\n${erp}`,
      wms: `${HEADER}${wms}`,
      files: { 'erp2.csv': `${HEADER}${erp2}` },
      // What was kept has an older cut-off than both sides, which must not count as skew.
      configuration: { quality: { min_key_overlap: 0 }, balances: balances(day, completeness) },
    });
    const TOTAL = { column: 'location', value: 'TOTAL' };
    await files().run(
      given(
        1,
        'full',
        'DC1,A,UNRESTRICTED,5,L1\nDC1,ALL,UNRESTRICTED,5,TOTAL\n',
        'DC1,B,UNRESTRICTED,7\n',
        'DC1,A,AVAILABLE,4\n',
      ),
    );
    const second = await files().run(
      given(
        2,
        'delta',
        'DC1,C,UNRESTRICTED,1,L1\nDC1,A,UNRESTRICTED,1,TOTAL\n',
        'DC1,B,UNRESTRICTED,6\n',
        'DC1,B,AVAILABLE,6\n',
      ),
    );
    expect(second.failure).toBeUndefined();
    expect(second.lines.map(({ item, erp_quantity: erp, wms_quantity: wms }) => [item, erp, wms]).sort()).toEqual([
      ['A', '5', '4'],
      ['C', '1', '0'],
    ]);
    expect(second.run.inputs.length).toBe(3 + 2);
  });

  it('Parquet, whose binary fractions have exponents, and cut-offs in the rows', async () => {
    const source = { format: 'parquet', path: 'erp.parquet', as_of: { column: 'as_of' }, completeness: 'full' };
    const rows = (day: number, list: string): Promise<Uint8Array> =>
      parquetOf(`SELECT 'DC1' AS site, item, 'UNRESTRICTED' AS status, quantity::DOUBLE AS quantity, '${at(day)}' AS as_of
        FROM (VALUES ${list}) t(item, quantity)`);
    await run(await rows(1, "('A', 0.000001), ('B', 7.25)"), source);
    const second = await run(await rows(2, "('A', 0.000002)"), { ...source, completeness: 'delta' });
    expect(erpOf(second)).toEqual({ A: '0.000002', B: '7.25' });
    expectRefusal(
      await run(await rows(2, "('A', 3)"), { ...source, completeness: 'delta' }),
      'DELTA_NOT_NEWER',
      /erp\.parquet: the cut-off 2026-11-02T23:59:59Z of this delta is not later than .* run run-002$/,
    );
  });
});

describe('refused deltas', () => {
  const one = `${HEADER}DC1,A,UNRESTRICTED,6\n`;
  const older: readonly [name: string, first: [string, object, Partial<Given>?] | undefined][] = [
    ['nothing was kept', undefined],
    ['the only run was limited to a site', [A_AND_B, full(1), { options: { filters: { site: ['DC1'], item: [] } } }]],
    ['the only run had a partial snapshot', [A_AND_B, full(1, { completeness: 'partial' })]],
    ['the only run was refused', [HEADER, full(1)]],
  ];
  it.each(older)('no base: %s', async (_name, first) => {
    if (first !== undefined) await run(...first);
    expectRefusal(await run(one, delta(2)), 'NO_BASE_SNAPSHOT', /^a delta of sap needs kept balances; no complete run/);
  });

  const notNewer: readonly [name: string, first: object, second: object, message: RegExp][] = [
    ['the same cut-off', full(2), delta(2), /cut-off 2026-11-02T.* is not later than 2026-11-02T/],
    ['an earlier cut-off', full(2), delta(1), /cut-off 2026-11-01T.* is not later than 2026-11-02T/],
    ['no cut-off', full(1), { completeness: 'delta', as_of: undefined }, /the cut-off of this delta is not known/],
    ['no cut-off before', { as_of: undefined }, delta(2), /the cut-off of sap in run run-001 is not known/],
  ];
  it.each(notNewer)('not newer: %s', async (_name, first, second, message) => {
    await run(A_AND_B, first);
    expectRefusal(await run(one, second), 'DELTA_NOT_NEWER', message);
  });

  it('another grain', async () => {
    await run(A_AND_B, full(1));
    const configuration = { grain: ['site', 'item', 'lot', 'category'] };
    const message = /^run run-001 kept site, item, category, and the grain is site, item, lot, category now$/;
    expectRefusal(await run(one, delta(2), { configuration }), 'GRAIN_CHANGED', message);
  });

  it('a grain by rules under another configuration', async () => {
    const grain = { default: ['site', 'item', 'category'], rules: [] };
    const configuration = { grain };
    const source = { path: 'erp.csv', as_of: { column: 'as_of' }, completeness: 'delta' };
    const rows = (day: number): string => `site,item,status,quantity,as_of\nDC1,A,UNRESTRICTED,5,${at(day)}\n`;
    await run(rows(1), { ...source, completeness: 'full' }, { configuration });
    expectRefusal(await run(rows(2), source, { configuration }), 'GRAIN_CHANGED', /configuration has changed/);
  });

  it('kept balances that are damaged or gone', async () => {
    await run(A_AND_B, full(1));
    const path = join(new RunStore(files().dataDirectory).folderOf('run-001'), 'balances.parquet');
    truncateSync(path, 100);
    expectRefusal(
      await run(one, delta(2)),
      'BASE_UNREADABLE',
      /^the balances that run run-001 kept cannot be read: No magic bytes found at end of file$/,
    );
  });

  const unworkable: readonly [code: string, source: object, configuration: Record<string, unknown>][] = [
    [
      'DELTA_MIXED',
      delta(2),
      {
        balances: [
          { system: 'sap', format: 'csv', path: 'erp.csv', ...delta(2) },
          { system: 'sap', format: 'csv', path: 'erp2.csv', ...full(2) },
          { system: 'wms1', format: 'csv', path: 'wms.csv', ...full(2) },
        ],
      },
    ],
    [
      'DELTA_CATEGORIES',
      delta(2),
      {
        categories: { available: { erp: [{ status: 'UNRESTRICTED', when: { location: 'L*' } }], wms: ['AVAILABLE'] } },
      },
    ],
    [
      'DELTA_CATEGORIES',
      delta(2),
      { categories: { available: { erp: [{ status: 'UNRESTRICTED', when: { owner: 'ACME' } }], wms: ['AVAILABLE'] } } },
    ],
  ];
  it.each(unworkable)('a configuration that cannot work: %s', async (code, erpSource, configuration) => {
    await run(A_AND_B, full(1));
    const given = { erp: one, erpSource: erpSource as Record<string, unknown>, files: { 'erp2.csv': one } };
    const { failure } = await files().attempt({ ...given, configuration: { ...QUALITY, ...configuration } }, 'run-x');
    expect(failure).toMatchObject({ kind: 'configuration', code });
    expect(failure?.action).toMatch(/sap/);
  });
});

describe('the quality gate', () => {
  const many = HEADER + Array.from({ length: 40 }, (_, item) => `DC1,I${item},UNRESTRICTED,1\n`).join('');
  it('does not compare the rows of a delta with a snapshot, before or after', async () => {
    await run(many, full(1));
    const half = many.split('\n').slice(0, 21).join('\n').replaceAll(/,1$/gm, ',2');
    expect((await run(`${half}\n`, delta(2))).failure).toBeUndefined();
    expect((await run(many.replaceAll(',1\n', ',3\n'), full(3))).failure).toBeUndefined();
    expectRefusal(await run(A_AND_B, full(4)), 'TOO_FEW_ROWS', /2 rows, 5\.0% of the 40/);
  });

  it('sees the merged state of both sides in the overlap', async () => {
    const wms = many.replaceAll('UNRESTRICTED', 'AVAILABLE');
    const configuration = { quality: { max_skew: '60d', min_key_overlap: 0.9 } };
    await run(many, full(1), { wms, configuration });
    const second = await run(`${HEADER}DC1,I1,UNRESTRICTED,2\n`, delta(2), { wms, configuration });
    expect(erpOf(second)).toEqual({ I1: '2' });
    expect(second.run.totals?.keys).toBe(40);
  });

  it('refuses an empty delta', async () => {
    await run(A_AND_B, full(1));
    expectRefusal(await run(HEADER, delta(2)), 'NO_ROWS', /no rows; a delta that was cut off looks like that/);
  });

  it('a run limited to some items keeps no state: the next delta builds on the run before', async () => {
    await run(A_AND_B, full(1));
    const filters = { site: [], item: ['A'] };
    const second = await run(`${HEADER}DC1,A,UNRESTRICTED,6\n`, delta(2), { options: { filters } });
    expect(erpOf(second)).toEqual({ A: '6' });
    expect(warnings(second.run)).toEqual(['DELTA_FILTERED']);
    expect(erpOf(await run(`${HEADER}DC1,C,UNRESTRICTED,1\n`, delta(3)))).toEqual({ A: '5', B: '7', C: '1' });
  });

  it('says where unit costs are lost and where a name has become an alias', async () => {
    const costs = 'site,item,status,quantity,unit_cost\nDC1,A,UNRESTRICTED,5,2\nDC1,B,UNRESTRICTED,7,3\n';
    await run(costs, full(1));
    const second = await run(costs.replace(/DC1,B.*\n/, ''), delta(2), {
      files: { 'aliases.csv': 'system,alias,item\nsap,B,C\n' },
      configuration: { aliases: { format: 'csv', path: 'aliases.csv' } },
    });
    expect(erpOf(second)).toEqual({ A: '5', B: '7' });
    expect(warnings(second.run)).toEqual(['ALIASES_NOT_APPLIED', 'COSTS_NOT_CARRIED']);
    expect(second.run.totals?.unvalued).toBe(2);
  });

  it('a unit cost that the source declares for all rows is that of carried balances too', async () => {
    const source = { constants: { unit_cost: '2', currency: 'USD' } };
    await run(A_AND_B, full(1, source));
    const second = await run(`${HEADER}DC1,A,UNRESTRICTED,6\n`, delta(2, source));
    expect(second.lines.find(({ item }) => item === 'B')?.variance_value).toBe('-14.00');
    expect(warnings(second.run)).toEqual([]);
  });
});

describe('check', () => {
  async function checked(own: ReconciledFiles): Promise<{ verdict: string; codes: string[] }> {
    const { verdict, quality, failures } = await check({
      loaded: await loadConfiguration(join(own.folder, 'evenstock.yaml'), {}),
      dataDirectory: own.dataDirectory,
      files: [],
      threads: 1,
      memoryBytes: 1 << 30,
      now: () => new Date('2026-11-23T12:00:00Z'),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return { verdict, codes: [...quality, ...failures].map(({ code }) => code) };
  }

  it('judges a delta as a run would, and keeps nothing', async () => {
    const wms = `${HEADER}${Array.from({ length: 30 }, (_, item) => `DC1,I${item},AVAILABLE,1\n`).join('')}`;
    const configuration = { quality: { max_skew: '60d' } };
    await run(wms.replaceAll('AVAILABLE', 'UNRESTRICTED'), full(1), { wms, configuration });
    const given = { erp: `${HEADER}DC1,I1,UNRESTRICTED,2\n`, wms, configuration };
    const dry = { options: { isDryRun: true } };
    await files().attempt({ ...given, erpSource: delta(2) as Record<string, unknown>, ...dry }, 'run-dry');
    expect(await checked(files())).toEqual({ verdict: 'ready', codes: [] });
    await files().attempt({ ...given, erpSource: delta(1) as Record<string, unknown>, ...dry }, 'run-dry');
    expect(await checked(files())).toEqual({ verdict: 'refused', codes: ['DELTA_NOT_NEWER'] });
    expect(await new RunStore(files().dataDirectory).list()).toEqual(['run-001']);
  });
});

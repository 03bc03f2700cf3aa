import { describe, expect, it } from 'vitest';
import {
  CUT_OFF,
  counts,
  erpQuantities,
  expectAccepted,
  expectRefusal,
  type Given,
  HEADER,
  useFiles,
  warnings,
} from './reconciled-files.ts';

const files = useFiles();
const A5 = 'DC1,A,UNRESTRICTED,5\n';

describe('both sides', () => {
  it('34 the same file on both sides', async () => {
    const both = `${HEADER}DC1,A,STOCK,5\nDC1,B,STOCK,5\n`;
    const configuration = { categories: { available: { erp: ['STOCK'], wms: ['STOCK'] } } };
    const outcome = await files().run({ erp: both, wms: both, configuration });
    expectRefusal(outcome, 'SAME_FILE', /^wms\.csv is byte for byte the same as erp\.csv of sap balances$/);
  });

  const NOON = '2026-11-22T12:00:00-06:00';
  const THREE = '2026-11-22T15:00:00-06:00';
  const MOVEMENTS = 'movement_id,posted_at,site,item,status,quantity\n';
  const later = (name: string, rows: string, system: string): Partial<Given> => ({
    files: { [name]: MOVEMENTS + rows },
    configuration: { movements: [{ system, format: 'csv', path: name }] },
  });

  it('36 cut-offs apart without movements', async () => {
    const outcome = await files().run({
      erp: `${HEADER}${A5}`,
      erpSource: { as_of: NOON },
      wmsSource: { as_of: THREE },
    });
    expectRefusal(
      outcome,
      'CUT_OFFS_APART',
      /^the cut-offs 2026-11-22T12:00:00-06:00 \(sap balances\) and 2026-11-22T15:00:00-06:00 \(wms1 balances\) are 3 h apart, and no movements of wms1 align them$/,
    );
  });

  it('36 cut-offs apart with the movements of the other side only', async () => {
    const given = { erp: `${HEADER}${A5}`, erpSource: { as_of: NOON }, wmsSource: { as_of: THREE } };
    const outcome = await files().run({
      ...given,
      ...later('moves.csv', 'M1,2026-11-22T14:00:00-06:00,DC1,A,UNRESTRICTED,-2\n', 'sap'),
    });
    expectRefusal(outcome, 'CUT_OFFS_APART', /no movements of wms1 align them$/);
  });

  it('36 cut-offs within max_skew', async () => {
    const erpSource = { as_of: '2026-11-22T14:45:00-06:00' };
    expectAccepted(await files().run({ erp: `${HEADER}${A5}`, erpSource, wmsSource: { as_of: THREE } }), {
      erp: { A: '5' },
      rows: 1,
    });
  });

  it('36 cut-offs apart, aligned by the movements of the later side', async () => {
    const given = {
      erp: `${HEADER}DC1,A,UNRESTRICTED,5\n`,
      wms: `${HEADER}DC1,A,AVAILABLE,3\n`,
      erpSource: { as_of: NOON },
      wmsSource: { as_of: THREE },
    };
    const rows = 'M1,2026-11-22T14:00:00-06:00,DC1,A,AVAILABLE,-2\nM2,2026-11-22T16:00:00-06:00,DC1,A,AVAILABLE,-7\n';
    const { failure, run, lines } = await files().run({ ...given, ...later('moves.csv', rows, 'wms1') });
    expect(failure).toBeUndefined();
    expect(lines).toEqual([]);
    expect(run.totals).toMatchObject({ keys: 1, keys_in_sync: 0, keys_timing_only: 1, discrepancies: 0 });
  });

  it('36 what the movements do not explain stays a discrepancy', async () => {
    const given = {
      erp: `${HEADER}DC1,A,UNRESTRICTED,5\n`,
      wms: `${HEADER}DC1,A,AVAILABLE,2\n`,
      erpSource: { as_of: NOON },
      wmsSource: { as_of: THREE },
    };
    const { lines } = await files().run({
      ...given,
      ...later('moves.csv', 'M1,2026-11-22T14:00:00-06:00,DC1,A,AVAILABLE,-2\n', 'wms1'),
    });
    expect(lines.map((line) => [line.variance_quantity, line.in_flight_quantity, line.net_variance_quantity])).toEqual([
      ['-3', '-2', '-1'],
    ]);
  });

  it('36 cut-offs mixed within one file', async () => {
    const erp = `at,${HEADER}${NOON},${A5}${THREE},DC1,B,UNRESTRICTED,5\n`;
    const outcome = await files().run({ erp, erpSource: { as_of: { column: 'at' } }, wmsSource: { as_of: THREE } });
    expectRefusal(outcome, 'CUT_OFFS_MIXED', /^erp\.csv: its rows have cut-offs up to 3 h apart$/m);
  });

  it('36 a cut-off that is not known is a warning', async () => {
    const outcome = await files().run({ erp: `${HEADER}${A5}`, erpSource: { as_of: undefined } });
    expectAccepted(outcome, { erp: { A: '5' }, rows: 1, warnings: ['CUT_OFF_UNKNOWN'] });
  });

  it('36 a snapshot older than max_age', async () => {
    const outcome = await files().run({ erp: `${HEADER}${A5}`, configuration: { quality: { max_age: '1h' } } });
    expectRefusal(
      outcome,
      'STALE',
      /^erp\.csv: its cut-off 2026-11-22T23:59:59-06:00 is 6 h old \(max_age is 60 min\)$/m,
    );
  });
});

describe('repeated rows and rows below the grain', () => {
  const twice = `${HEADER}${A5}${A5}DC1,A,UNRESTRICTED,6\n`;

  it('35 rows identical in every column are counted, added and warned of', async () => {
    const outcome = await files().run({ erp: twice });
    expectAccepted(outcome, { erp: { A: '16' }, rows: 3, warnings: ['ROWS_REPEAT'] });
    expect(outcome.run.inputs[0]?.duplicates).toBe(1);
    expect(outcome.run.quality[0]?.message).toMatch(/^erp\.csv: 1 row repeats another row in every column/);
  });

  it('35 unique: true refuses them', async () => {
    const outcome = await files().run({ erp: twice, erpSource: { unique: true } });
    expectRefusal(
      outcome,
      'ROWS_REPEAT',
      /^erp\.csv: 1 rows? repeats? another row in every column, and the source says unique: true$/,
    );
  });

  it('35 locations and containers add up, in silence', async () => {
    const erp = `location,lpn,${HEADER}B1,L1,${A5}B1,L2,${A5}B2,L1,${A5}`;
    const outcome = await files().run({ erp, erpSource: { unique: true } });
    expectAccepted(outcome, { erp: { A: '15' }, rows: 3 });
  });

  it('35 a column without meaning tells rows apart too', async () => {
    const erp = `line,${HEADER}1,${A5}2,${A5}`;
    const outcome = await files().run({ erp, erpSource: { unique: true } });
    expectAccepted(outcome, { erp: { A: '10' }, rows: 2, warnings: ['UNKNOWN_COLUMNS'] });
  });

  it('every excluded row is counted', async () => {
    const erp = `${HEADER}${A5}DC9,A,UNRESTRICTED,5\nDC1,A,SCRAP,7\n`;
    const ignore = [{ system: 'sap', status: ['SCRAP'], reason: 'written off' }];
    const { run, lines } = await files().run({ erp, configuration: { ignore } });
    expect(counts(run)).toEqual({ rows: 3, rejected: 0, excluded: 2 });
    expect(erpQuantities(lines)).toEqual({ A: '5' });
    expect(warnings(run)).toEqual(['OUT_OF_SCOPE']);
    expect(run.inputs[0]?.as_of).toBe(CUT_OFF);
  });
});

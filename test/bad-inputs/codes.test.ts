import { describe, expect, it } from 'vitest';
import { type Accepted, expectAccepted, expectRefusal, type Given, HEADER, useFiles } from './reconciled-files.ts';

const files = useFiles();
const row = (item: string, quantity = '5'): string => `DC1,${item},UNRESTRICTED,${quantity}\n`;

describe('38 to 41: codes are text, on both sides', () => {
  const codes = [
    '00123',
    '123',
    '1E5',
    '100000',
    '12345678901234567890123',
    'true',
    'NULL',
    'null',
    '2026-01-02',
    '-5',
    '+5',
    '0x1F',
    '1.0',
    '1',
    '.',
    '__proto__',
    'constructor',
    "O'Brien",
    'a*b',
    '日本',
    '=1+1',
  ];
  it.each(codes)('%s', async (item) => {
    const wms = `${HEADER}DC1,ANCHOR,AVAILABLE,1\nDC1,${item},AVAILABLE,2\n`;
    const outcome = await files().run({ erp: HEADER + row(item), wms });
    expect(outcome.failure).toBeUndefined();
    const lines = outcome.lines.filter((line) => line.item !== 'ANCHOR');
    expect(lines.map((line) => [line.item, line.erp_quantity, line.wms_quantity])).toEqual([[item, '5', '2']]);
  });

  it('each is an item of its own', async () => {
    const alone = codes.filter((code) => code !== 'null');
    const { failure, lines, run } = await files().run({
      erp: HEADER + alone.map((code, at) => row(code, String(at + 1))).join(''),
      configuration: { quality: { min_key_overlap: 0 } },
    });
    expect(failure).toBeUndefined();
    expect(run.inputs[0]).toMatchObject({ rows: alone.length, rejected: 0 });
    expect(
      new Map(lines.filter(({ item }) => item !== 'ANCHOR').map((line) => [line.item, line.erp_quantity])),
    ).toEqual(new Map(alone.map((code, at) => [code, String(at + 1)])));
  });
});

describe('42 and 43: written oddly, read as meant and warned of', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    ['42 a no-break space behind', { erp: HEADER + row('A\u00a0') }, { erp: { A: '5' }, rows: 1 }],
    ['42 a no-break space within', { erp: HEADER + row('A\u00a0B') }, { erp: { 'A B': '5' }, rows: 1 }],
    ['42 a zero-width space', { erp: HEADER + row('A\u200bB') }, { erp: { AB: '5' }, rows: 1 }],
    ['42 a byte order mark in a field', { erp: HEADER + row('A\ufeffB') }, { erp: { AB: '5' }, rows: 1 }],
    ['42 spaces around', { erp: HEADER + row('  A ') }, { erp: { A: '5' }, rows: 1 }],
    ['42 a tab behind', { erp: HEADER + row('A\t') }, { erp: { A: '5' }, rows: 1 }],
    ['42 in the site', { erp: `${HEADER}DC1 ,A,UNRESTRICTED,5\n` }, { erp: { A: '5' }, rows: 1 }],
    ['42 in the stock status', { erp: `${HEADER}DC1,A,UNRESTRICTED\u200b,5\n` }, { erp: { A: '5' }, rows: 1 }],
    ['43 a decomposed accent', { erp: HEADER + row('Ka\u0308se') }, { erp: { Käse: '5' }, rows: 1 }],
    ['43 full-width digits and letters', { erp: HEADER + row('\uff21\uff11\uff12') }, { erp: { A12: '5' }, rows: 1 }],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    const outcome = await files().run(given);
    expectAccepted(outcome, { ...expected, warnings: ['CODES_CLEANED'] });
    expect(outcome.run.quality[0]?.message).toBe(
      'erp.csv: 1 row has codes with odd spaces or invisible characters, which were taken away',
    );
  });

  it('42 the same code written oddly on one side only is one key', async () => {
    const wms = `${HEADER}DC1,A,AVAILABLE,5\n`;
    const { lines, run } = await files().run({ erp: HEADER + row('A\u00a0', '3') + row('A', '2'), wms });
    expect(lines).toEqual([]);
    expect(run.totals).toMatchObject({ keys: 1, keys_in_sync: 1 });
  });
});

describe('44 codes that differ only by case', () => {
  const erp = HEADER + row('ab1') + row('AB1', '6');

  it('refused where nothing is declared', async () => {
    expectRefusal(await files().run({ erp }), 'CASE_COLLISION', /ab1 and AB1|AB1 and ab1/);
  });

  it('refused between the two sides too', async () => {
    const wms = `${HEADER}DC1,AB1,AVAILABLE,5\n`;
    expectRefusal(await files().run({ erp: HEADER + row('ab1'), wms }), 'CASE_COLLISION', /ab1|AB1/);
  });

  it('two items where item_case is exact', async () => {
    const outcome = await files().run({ erp, configuration: { item_case: 'exact' } });
    expectAccepted(outcome, { erp: { ab1: '5', AB1: '6' }, rows: 2 });
  });

  it('one item where item_case is upper', async () => {
    const outcome = await files().run({ erp, configuration: { item_case: 'upper' } });
    expectAccepted(outcome, { erp: { AB1: '11' }, rows: 2 });
  });

  it('two items where the items file has both', async () => {
    const configuration = { items: { format: 'csv', path: 'items.csv' } };
    const outcome = await files().run({ erp, configuration, files: { 'items.csv': 'item\nab1\nAB1\n' } });
    expectAccepted(outcome, { erp: { ab1: '5', AB1: '6' }, rows: 2 });
  });
});

describe('missing codes are rejected rows', () => {
  const cases: readonly [name: string, erpRow: string, column: string, value: string, reason: string][] = [
    ['a blank item', 'DC1,,UNRESTRICTED,5', 'item', '', 'item missing'],
    ['an item of spaces', 'DC1, \u00a0,UNRESTRICTED,5', 'item', ' \u00a0', 'item missing'],
    ['a blank site', ',B,UNRESTRICTED,5', 'site', '', 'site missing'],
  ];
  it.each(cases)('%s', async (_name, erpRow, column, value, reason) => {
    const outcome = await files().run({ erp: `${HEADER}${row('A')}${erpRow}\n` });
    expectAccepted(outcome, { erp: { A: '5' }, rows: 2, rejected: [{ row: 3, column, value, reason }] });
  });

  it('a site that the WMS does not answer for', async () => {
    const outcome = await files().run({
      erp: HEADER + row('A'),
      wms: `${HEADER}DC1,ANCHOR,AVAILABLE,1\nDC2,B,AVAILABLE,1\n`,
    });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.rejections).toEqual([
      {
        source: 'wms1 balances',
        file: 'wms.csv',
        row: 3,
        column: 'site',
        value: 'DC2',
        reason: 'site DC2 is not one of those that wms1 answers for',
      },
    ]);
    expect(outcome.run.totals?.rejected_rows).toBe(1);
  });

  it('a status that no category takes is reported, not dropped', async () => {
    const { run } = await files().run({ erp: `${HEADER}${row('A')}DC1,A,BLOCKED,7\nDC1,B,,2\n` });
    expect(run.unmapped.map(({ system, status, rows, quantity }) => [system, status, rows, quantity])).toEqual([
      ['sap', '', 1, '2'],
      ['sap', 'BLOCKED', 1, '7'],
    ]);
    expect(run.totals?.unmapped_rows).toBe(2);
  });

  it('a unit cost that cannot be read leaves the row without a cost, and is listed', async () => {
    const erp = 'site,item,status,quantity,unit_cost\nDC1,A,UNRESTRICTED,5,free\n';
    const outcome = await files().run({ erp });
    expect(outcome.lines.map((line) => [line.item, line.erp_quantity, line.unit_cost, line.variance_value])).toEqual([
      ['A', '5', '', ''],
      ['ANCHOR', '0', '', ''],
    ]);
    expect(outcome.rejections).toEqual([
      {
        source: 'sap balances',
        file: 'erp.csv',
        row: 2,
        column: 'unit_cost',
        value: 'free',
        reason: 'not a decimal number; the row counts, without its cost',
      },
    ]);
    expect(outcome.run.totals).toMatchObject({ rejected_rows: 0, unvalued: 2 });
  });
});

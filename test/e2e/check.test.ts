/** `evenstock check` from end to end. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckedSource, CheckResult } from '../../src/app/check-result.ts';
import type { RunDocument } from '../../src/contract/run.ts';
import { change, makeFounding } from './founding-world.ts';
import { filesBelow, makeFolder, readText, runCli, runJson } from './run-cli.ts';

const sourceOf = (result: CheckResult, name: string): CheckedSource => {
  const source = result.sources.find((each) => each.source === name);
  if (source === undefined) throw new Error(`no source ${name}`);
  return source;
};

/** A warehouse file with one of each fault. */
async function makeFaulty(name: string): Promise<string> {
  const folder = await makeFounding(name);
  change(folder, 'in/wms_stock.csv', 'DC1,00123,AVAILABLE,A-01-2,,180,EA', 'DC1,00123,Available,A-01-2,,180,EA');
  change(folder, 'in/wms_stock.csv', 'DC1,00123,DAMAGED,D-01,,10,EA', 'DC1,00123,DAMAGED,D-01,,10,BOX');
  change(folder, 'in/wms_stock.csv', 'DC1,00123,PENDING PUTAWAY,DOCK-2,,', 'DC1,00123,PENDING PUTAWAY,DOCK-2,,about ');
  return folder;
}

describe('check', () => {
  it('shows every source of the founding example as it will be read, and writes nothing', async () => {
    const folder = await makeFounding('check');
    const before = filesBelow(folder);
    const { code, out, err } = await runCli(folder, 'check');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const text of [
      'evenstock.yaml is valid: Northgate Kitchen Supply · USD',
      'sap balances  in/erp_stock.csv',
      'csv, UTF-8, delimiter comma; 32 rows',
      'as of 22 Nov 2026, 23:59 −06:00',
      'site ← WERKS, item ← MATNR',
      '2  DC1   00123  UNRESTRICTED       500  available',
      'ignored: title has passed',
      'A run would go through.',
    ])
      expect(out).toContain(text); // prettier-ignore
    expect(out).toMatch(/HOLD-QC2 +2 +8 {2}UNMAPPED/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(filesBelow(folder)).toEqual(before);
    expect(existsSync(join(folder, '.evenstock')), 'no data directory is made').toBe(false);
  });

  it('counts the same as a run, whatever the fault', async () => {
    const folder = await makeFaulty('check-counts');
    const { value: result } = await runJson<CheckResult>(folder, 'check');
    const { value: run } = await runJson<RunDocument>(folder, 'reconcile');
    for (const input of run.inputs) {
      const source = sourceOf(result, input.source);
      const excluded = Object.values(source.excluded).reduce((sum, count) => sum + count, 0);
      expect({ rows: source.rows, rejected: source.rejected, excluded }, input.source).toEqual({
        rows: input.rows,
        rejected: input.rejected,
        excluded: input.excluded,
      });
    }
    const unmapped = result.statuses
      .filter((status) => status.outcome === 'unmapped')
      .map(({ system, status, rows, quantity }) => ({ system, status, rows, quantity }));
    expect(unmapped.sort((a, b) => (a.status < b.status ? -1 : 1))).toEqual(
      run.unmapped.map(({ value, currency, ...rest }) => rest),
    );
    expect(result.quality).toEqual(run.quality);
  });

  it('reads demand and promotions, each row of them', async () => {
    const folder = await makeFounding('check-demand');
    writeFileSync(join(folder, 'demand.csv'), 'item,site,daily_demand\n00123,DC1,2\n00123,DC1,many\n');
    writeFileSync(join(folder, 'promotions.csv'), 'item,site,starts_on\n00123,DC1,2026-12-01\n');
    const added = 'demand: { format: csv, path: demand.csv }\npromotions: { format: csv, path: promotions.csv }\n';
    writeFileSync(join(folder, 'evenstock.yaml'), `${readText(folder, 'evenstock.yaml')}\n${added}`);
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect(code).toBe(3);
    expect(sourceOf(value, 'demand')).toMatchObject({ rows: 2, accepted: 1, rejected: 1 });
    expect(sourceOf(value, 'demand').rejections).toMatchObject([{ row: 3, column: 'daily_demand', value: 'many' }]);
    expect(value.failures).toMatchObject([{ source: 'promotions', code: 'COLUMN_MISSING' }]);
    const alone = await runJson<CheckResult>(folder, 'check', 'demand.csv');
    expect(alone.value.sources.map(({ source }) => source)).toEqual(['demand']);
  });

  it('names what is wrong with rows, units and statuses', async () => {
    const folder = await makeFaulty('check-faults');
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect({ code, verdict: value.verdict }).toEqual({ code: 0, verdict: 'ready' });
    expect(value.statuses).toContainEqual({
      system: 'wms1',
      status: 'Available',
      rows: 1,
      quantity: '180',
      outcome: 'unmapped',
      category: '',
      reason: '',
      did_you_mean: 'AVAILABLE',
    });
    expect(value.statuses).toContainEqual(
      expect.objectContaining({ status: 'HOLD-QC2', outcome: 'unmapped', did_you_mean: '' }),
    );
    expect(value.statuses).toContainEqual(
      expect.objectContaining({
        status: 'STAGED FOR RETURN TO VENDOR',
        outcome: 'ignored',
        quantity: '',
        reason: 'title has passed to the vendor',
      }),
    );
    expect(value.unknown_units).toEqual([
      {
        system: 'wms1',
        uom: 'BOX',
        rows: 1,
        items: 1,
        example_item: '00123',
        reason: 'unit BOX of item 00123 has no pack factor (base unit EA)',
      },
    ]);
    expect(sourceOf(value, 'wms1 balances').rejections.map(({ file, row, column }) => [file, row, column])).toEqual([
      ['wms_stock.csv', 5, 'uom'],
      ['wms_stock.csv', 7, 'quantity'],
    ]);
    expect(sourceOf(value, 'wms1 balances').first_rows[1]).toEqual({
      row: 3,
      values: expect.objectContaining({
        site: 'DC1',
        item: '00123',
        status: 'Available',
        quantity: '180',
        category: 'UNMAPPED',
      }),
      note: '',
    });
    const { out } = await runCli(folder, 'check');
    expect(out).toContain('UNMAPPED; did you mean "AVAILABLE"?');
    expect(out).toContain('! wms_stock.csv row 7, quantity "about 30"');
    expect(out).toContain('It would leave out 2 stock statuses without a category\nand 2 rejected rows.');
  });

  it('reads aliases, packs and other encodings as a run does, and says what it detected', async () => {
    const folder = await makeFounding('check-detect');
    const wide = readText(folder, 'in/wms_stock.csv')
      .replaceAll(',', ';')
      .replace('DC1;00123;AVAILABLE', 'DC1;HB-600W;AVAILABLE')
      .replace('uom\n', 'uom;colour\n');
    writeFileSync(join(folder, 'in/wms_stock.csv'), `\ufeff${wide.replace(/(?<!colour)\n/g, ';red\n')}`, 'utf16le');
    const { value } = await runJson<CheckResult>(folder, 'check', 'in/wms_stock.csv');
    const source = sourceOf(value, 'wms1 balances');
    expect(source).toMatchObject({
      format: 'csv',
      encoding: 'UTF-16LE',
      delimiter: ';',
      columns_without_meaning: ['colour'],
      rejected: 0,
    });
    expect(source.first_rows[0]?.values['item'], 'the alias is resolved').toBe('00140');
    expect(value.quality.map((note) => note.code)).toContain('UNKNOWN_COLUMNS');
  });

  it('limits itself to the files named', async () => {
    const folder = await makeFounding('check-files');
    rmSync(join(folder, 'in/erp_stock.csv'));
    const { code, value } = await runJson<CheckResult>(folder, 'check', join(folder, 'in/wms_stock.csv'));
    expect({ code, partial: value.is_partial }).toEqual({ code: 0, partial: true });
    expect(value.sources.map((source) => source.source)).toEqual(['wms1 balances']);
    const other = await runCli(folder, 'check', 'in/packs.csv', 'other.csv');
    expect(other.code).toBe(2);
    expect(other.err).toMatch(
      /no source of evenstock\.yaml reads other\.csv; its sources read in\/erp_stock\.csv, in\/wms_stock\.csv/,
    );
    expect((await runCli(folder, 'check', 'in/erp_stock.csv')).code, 'a file that is not there').toBe(4);
  });

  it('says where rules get in each other’s way', async () => {
    const folder = await makeFounding('check-rules');
    change(
      folder,
      'evenstock.yaml',
      '  unavailable:\n',
      '  spare:\n    erp: [UNRESTRICTED, { status: UNAVAILABLE, when: { site: [DC1] } }]\n  unavailable:\n',
    );
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect(code).toBe(0);
    const line = 1 + readText(folder, 'evenstock.yaml').split('\n').indexOf('  spare:');
    expect(value.overlaps.map(({ kind, status, later }) => ({ kind, status, later }))).toEqual([
      { kind: 'never-wins', status: 'UNRESTRICTED', later: `evenstock.yaml:${line + 1}:11` },
      { kind: 'partly', status: 'UNAVAILABLE', later: expect.stringMatching(/^evenstock\.yaml:\d+:11$/) },
    ]);
    expect(value.gaps).toEqual([{ category: 'spare', missing: 'wms', at: `evenstock.yaml:${line}:3` }]);
    const { out } = await runCli(folder, 'check');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `sap, status UNRESTRICTED: the rule at evenstock.yaml:${line + 1}:11 (spare, erp) never wins`,
    );
    expect(out).toContain('the category spare names no WMS status');
  });
});

describe('what a run would stumble over', () => {
  it('exits with 3 and goes on with the other sources', async () => {
    const folder = await makeFounding('check-3');
    change(folder, 'in/erp_stock.csv', 'LABST', 'MENGE');
    writeFileSync(join(folder, 'in/wms_stock.csv'), `${readText(folder, 'in/wms_stock.csv').split('\n')[0]}\n`);
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect({ code, verdict: value.verdict }).toEqual({ code: 3, verdict: 'refused' });
    expect(sourceOf(value, 'sap balances').failure).toMatchObject({
      code: 'COLUMN_MISSING',
      at: expect.stringMatching(/^evenstock\.yaml:\d+:\d+$/),
    });
    expect(value.quality).toContainEqual(
      expect.objectContaining({ severity: 'refused', code: 'NO_ROWS', source: 'wms1 balances' }),
    );
    expect(sourceOf(value, 'items').rows).toBe(12);
    const { out } = await runCli(folder, 'check');
    expect(out).toContain('✖ erp_stock.csv has no column LABST');
    expect(out).toContain('A run would be refused.');
  });

  it('compares with the last run, as the gate does', async () => {
    const folder = await makeFounding('check-last');
    await runCli(folder, 'reconcile');
    const lines = readText(folder, 'in/wms_stock.csv').split('\n');
    writeFileSync(join(folder, 'in/wms_stock.csv'), `${lines.slice(0, 20).join('\n')}\n`);
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect(code).toBe(3);
    expect(value.quality.map((note) => note.code)).toContain('TOO_FEW_ROWS');
  });

  it('exits with 3 for what only the whole file shows', async () => {
    const folder = await makeFounding('check-case');
    writeFileSync(
      join(folder, 'in/wms_stock.csv'),
      `${readText(folder, 'in/wms_stock.csv')}DC1,abc,AVAILABLE,A,,1,EA\nDC1,ABC,AVAILABLE,A,,1,EA\n`,
    );
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect(code).toBe(3);
    expect(value.failures.map((failure) => failure.code)).toEqual(['CASE_COLLISION']);
  });

  it('exits with 4 where files are not there, naming each', async () => {
    const folder = await makeFounding('check-4');
    rmSync(join(folder, 'in/erp_stock.csv'));
    rmSync(join(folder, 'in/items.csv'));
    const { code, value } = await runJson<CheckResult>(folder, 'check');
    expect(code).toBe(4);
    expect(value.failures.map(({ source, code: failure }) => [source, failure])).toEqual([
      ['sap balances', 'FILE_NOT_FOUND'],
      ['items', 'FILE_NOT_FOUND'],
    ]);
  });

  it('exits with 2 for the configuration, with places also as data', async () => {
    const folder = await makeFounding('check-2');
    change(folder, 'evenstock.yaml', /^grain:/m, 'grian:');
    const { code, value } = await runJson<{ verdict: string; problems: { at: string; message: string }[] }>(
      folder,
      'check',
    );
    expect(code).toBe(2);
    expect(value).toMatchObject({
      verdict: 'configuration',
      problems: [
        { at: expect.stringMatching(/^evenstock\.yaml:\d+:1$/), message: 'unknown key "grian"; did you mean "grain"?' },
      ],
    });
    expect((await runCli(makeFolder('empty'), 'check')).err).toContain('Run `evenstock init`');
  });
});
